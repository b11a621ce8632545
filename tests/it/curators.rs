//! Several curators without a server: two copies of a collection, both decided on, merged by the real binary, and settled
//! by keyboard in the real window.

use std::fs;
use std::ops::ControlFlow;
use std::path::PathBuf;
use std::process::Output;

use docent::app::Action;
use docent::app::state::{Order, View, review};
use docent::collection::Collection;
use docent::demo;
use docent::domain::{AttributeId, Change, Decision, ImageId, Mark, Step, TagState, Verdict};
use docent::store::{Location, Record};
use eframe::egui::Key;
use egui_kittest::kittest::Queryable as _;

use crate::app_main_job::{Desktop, shoot};
use crate::support::{docent, succeed};

/// Twelve pictures nobody has described, in two copies.
struct Copies {
    scratch: tempfile::TempDir,
    images: Vec<ImageId>,
    tags: Vec<AttributeId>,
}

impl Copies {
    fn new() -> Self {
        let scratch = tempfile::tempdir().unwrap();
        let plan = demo::Plan { images: 12, seed: 77, annotated: 0.0 };
        for name in ["ada", "ben"] {
            demo::write(&scratch.path().join(name), &plan, &|_, _| ControlFlow::Continue(())).unwrap();
        }
        let folder = scratch.path().join("ada");
        let collection = Collection::open(&folder, &folder).unwrap();
        let images = collection.images.iter().map(|file| file.id.clone()).collect();
        let tags = collection.vocabulary.labels().iter().map(|label| label.id).collect();
        Self { scratch, images, tags }
    }

    fn folder(&self, name: &str) -> PathBuf {
        self.scratch.path().join(name)
    }

    fn text(&self, name: &str) -> &str {
        Box::leak(self.folder(name).to_str().unwrap().to_owned().into_boxed_str())
    }

    fn record(&self, name: &str) -> Record {
        Record::open(&Location::of(&self.folder(name)).unwrap()).unwrap()
    }

    fn decide(&self, image: usize, tag: usize, verdict: Verdict) -> Change {
        let (image, attribute) = (self.images[image].clone(), self.tags[tag]);
        Change::Decide(Decision { image, attribute, verdict, before: Verdict::Clear, proposed: None })
    }

    /// Ada says yes to the first two of ten pictures and no to the others, Ben yes only to the first. Ben alone says yes
    /// to the eleventh, and reviews the twelfth.
    fn decided(self) -> Self {
        let by = |n_yes: usize| {
            let verdict = move |image| if image < n_yes { Verdict::Accept } else { Verdict::Reject };
            (0..10).map(move |image| (image, verdict(image)))
        };
        let mut ada = self.record("ada");
        for (image, verdict) in by(2) {
            ada.append(&Step::of(vec![self.decide(image, 0, verdict)]), "Ada", 1_772_496_000_000).unwrap();
        }
        let mut ben = self.record("ben");
        for (image, verdict) in by(1) {
            ben.append(&Step::of(vec![self.decide(image, 0, verdict)]), "Ben", 1_772_582_400_000).unwrap();
        }
        let mark = Change::Mark(Mark { image: self.images[11].clone(), reviewed: true, before: false });
        let both = vec![self.decide(10, 0, Verdict::Accept), mark];
        ben.append(&Step::of(both), "Ben", 1_772_582_400_001).unwrap();
        let undone = ben.append(&Step::of(vec![self.decide(10, 1, Verdict::Accept)]), "Ben", 2).unwrap();
        ben.undo(undone, "Ben", 3).unwrap();
        drop((ada, ben));
        self
    }

    fn train_csv(&self, name: &str) -> String {
        fs::read_to_string(self.folder(name).join("train.csv")).unwrap_or_default()
    }

    /// What `train.csv` says, in whichever order: a row that went and came back stands last.
    fn rows(&self, name: &str) -> Vec<String> {
        let mut rows: Vec<String> = self.train_csv(name).lines().map(str::to_owned).collect();
        rows.sort();
        rows
    }
}

fn said(output: &Output) -> String {
    format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr))
}

#[test]
fn another_curators_record_is_folded_in_once_with_its_names_and_conflicts() {
    let copies = Copies::new().decided();
    let home = copies.scratch.path();
    let (ada, ben) = (copies.text("ada"), copies.folder("ben").join(".docent/docent.db"));
    let ben_before = fs::read(&ben).unwrap();
    let merge = ["merge", ada, ben.to_str().unwrap(), "--as", "Ada"];
    let line = "1 decision and 1 review mark taken, 9 the same here, 1 conflict, 0 known before";
    let rehearsed = succeed(home, &[&merge[..], &["--dry-run"]].concat());
    assert!(rehearsed.contains(line), "{rehearsed}");
    assert!(copies.train_csv("ada").lines().count() <= 1 && copies.record("ada").conflicts().unwrap().is_empty());
    let merged = succeed(home, &merge);
    assert!(merged.contains(line), "{merged}");
    let conflict = format!("conflict\t{}\t", copies.images[1]);
    assert!(merged.contains(&conflict) && merged.contains("here yes by Ada\tthere no by Ben"), "{merged}");
    // Both yes 1, only Ada 1, both no 8: scikit-learn's cohen_kappa_score gives 0.615385.
    assert!(merged.contains("Ada and Ben") && merged.contains("10    90 %   0.615"), "{merged}");
    let csv = succeed(home, &["agreement", ada, "--csv"]);
    assert!(csv.lines().any(|line| line.ends_with(",10,1,1,0,8,0.9000,0.6154")), "{csv}");
    // Ben's words keep his name and time; what Ada said stays.
    let record = copies.record("ada");
    let [origin] = &record.origins(&copies.images[10]).unwrap()[..] else { panic!() };
    assert_eq!((origin.who.as_str(), origin.at_millis, origin.accepted), ("Ben", 1_772_582_400_001, true));
    let [origin] = &record.origins(&copies.images[1]).unwrap()[..] else { panic!() };
    assert_eq!((origin.who.as_str(), origin.accepted), ("Ada", true));
    assert_eq!(record.history().unwrap().len(), 11, "one step");
    drop(record);
    let rows = copies.train_csv("ada");
    let row = |image: usize| rows.lines().find(|row| row.starts_with(&format!("{},", copies.images[image])));
    assert_eq!(row(10).unwrap().split(',').nth(1).unwrap(), copies.tags[0].to_string());
    assert_eq!(row(11).unwrap().split(',').nth(1).unwrap(), "");
    // Once only, also the other way round and through the folder's name; and Ben's record was only read.
    let again = succeed(home, &["merge", ada, copies.text("ben")]);
    assert!(again.contains("nothing new: 12 words there were known here"), "{again}");
    assert_eq!(copies.train_csv("ada"), rows);
    assert_eq!(fs::read(&ben).unwrap(), ben_before);
    let back = succeed(home, &["merge", copies.text("ben"), ada]);
    assert!(
        back.contains("0 decisions and 0 review marks taken, 9 the same here, 1 conflict, 2 known before"),
        "{back}"
    );
    // Something new of Ben's is all that comes.
    let mut record = copies.record("ben");
    record.append(&Step::of(vec![copies.decide(11, 2, Verdict::Accept)]), "Ben", 1_772_582_400_002).unwrap();
    drop(record);
    let later = succeed(home, &merge);
    assert!(later.contains("1 decision and 0 review marks taken, 0 the same here, 0 conflicts, 12 known"), "{later}");
}

#[test]
fn what_cannot_be_merged_says_what_to_do_and_changes_nothing() {
    let copies = Copies::new().decided();
    let home = copies.scratch.path();
    let (ada, own) = (copies.text("ada"), copies.folder("ada").join(".docent/docent.db"));
    let before = fs::read(&own).unwrap();
    let place = |name: &str| home.join(name).to_str().unwrap().to_owned();
    fs::write(home.join("words.txt"), "not a database at all, but a text that is long enough to be read as one")
        .unwrap();
    let newer = Location::of(&home.join("ben")).unwrap().folder().join("docent.db");
    fs::copy(&newer, home.join("newer.db")).unwrap();
    let version = [0, 0, 0, 99];
    let mut bytes = fs::read(home.join("newer.db")).unwrap();
    bytes[60..64].copy_from_slice(&version); // `user_version`, in SQLite's file format.
    fs::write(home.join("newer.db"), &bytes).unwrap();
    fs::write(home.join("torn.db"), &fs::read(&newer).unwrap()[..6000]).unwrap();
    for (other, code, message, hint) in [
        (place("nothing.db"), 2, "No such file", "docent.db in the .docent folder"),
        (place("words.txt"), 2, "not the record of a collection", "docent.db in the .docent folder"),
        (place("newer.db"), 2, "has version 99", "install the newer Docent"),
        (place("torn.db"), 2, "damaged", "fresh copy"),
        (own.to_str().unwrap().to_owned(), 2, "of this very collection", "the other curator's copy"),
    ] {
        let output = docent(home, &["merge", ada, &other]);
        assert_eq!(output.status.code(), Some(code), "{other}: {}", said(&output));
        assert!(said(&output).contains(message) && said(&output).contains(hint), "{other}: {}", said(&output));
        assert!(fs::read(&own).unwrap() == before, "{other}");
    }
    // A window has the one or the other open.
    for (name, code, message) in [("ben", 2, "is open in a Docent"), ("ada", 1, "has this collection open")] {
        let open = copies.record(name);
        let output = docent(home, &["merge", ada, copies.text("ben")]);
        assert_eq!(output.status.code(), Some(code), "{name}: {}", said(&output));
        assert!(
            said(&output).contains(message) && said(&output).contains("close the other window"),
            "{}",
            said(&output)
        );
        drop(open);
    }
}

#[test]
fn a_name_is_chosen_once_and_signs_whatever_the_command_line_records() {
    let copies = Copies::new();
    let home = copies.scratch.path();
    let folder = copies.folder("ada");
    let first = copies.images[0].to_string();
    fs::write(folder.join("train.csv"), format!("id,attribute_ids\n{first},{} {}\n", copies.tags[0], copies.tags[1]))
        .unwrap();
    let collection = Collection::open(&folder, &folder).unwrap();
    let name = |tag: usize| collection.vocabulary.get(copies.tags[tag]).unwrap().name.clone();
    let chosen = home.join("config/docent");
    fs::create_dir_all(&chosen).unwrap();
    fs::write(chosen.join("window.json"), r#"{"name": "Ada L."}"#).unwrap();
    let merge = |from: usize, into: usize, more: &[&str]| {
        let words = ["vocabulary", "merge", copies.text("ada"), &name(from), &name(into)];
        succeed(home, &[&words[..], more].concat());
        let origins = copies.record("ada").origins(&copies.images[0]).unwrap();
        origins.into_iter().map(|origin| origin.who).collect::<Vec<_>>()
    };
    assert_eq!(merge(0, 2, &[]), ["Ada L.", "Ada L."]);
    let mut names = merge(1, 3, &["--as", "Guest"]);
    names.sort();
    assert_eq!(names, ["Ada L.", "Ada L.", "Guest", "Guest"]);
    let refused = docent(home, &["merge", copies.text("ada"), copies.text("ben"), "--as", "train.csv"]);
    assert_eq!(refused.status.code(), Some(2), "{}", said(&refused));
}

#[test]
fn a_conflict_is_settled_by_keyboard_and_undo_brings_it_back_and_then_the_whole_merge() {
    let copies = Copies::new().decided();
    let home = copies.scratch.path();
    let folder = copies.folder("ada");
    // What Docent makes of Ada's decisions alone.
    let mut desktop = Desktop::start(&folder);
    desktop.saved();
    drop(desktop);
    let alone = copies.rows("ada");
    succeed(home, &["merge", copies.text("ada"), copies.text("ben"), "--as", "Ada"]);
    let merged = copies.rows("ada");
    assert_ne!(alone, merged);

    let mut desktop = Desktop::start(&folder);
    desktop.window.state_mut().perform(Action::SignAs("Ada".to_owned()));
    desktop.press(Key::O);
    desktop.write("conflicts");
    desktop.press(Key::Enter);
    let image = desktop.desk().index(&copies.images[1]).unwrap();
    assert_eq!((desktop.desk().lineup.order(), &desktop.desk().shown[..]), (Order::Conflicts, &[image][..]));
    desktop.press(Key::R);
    assert_eq!((desktop.state().view, desktop.desk().cursor), (View::Review, Some(image)));
    desktop.window.get_by_label("IN QUESTION");
    desktop.window.get_by_label("Ben: no, 4 March 2026; you: yes, 3 March 2026");
    shoot(&mut desktop, "conflict");
    let row = |desktop: &Desktop| review::rows(desktop.desk(), image)[0];
    assert!(row(&desktop).attribute == copies.tags[0] && row(&desktop).is_contested());
    // A keeps what holds here, and says so.
    let n_before = desktop.desk().n_decisions;
    desktop.press(Key::A);
    assert!(!row(&desktop).is_contested() && desktop.desk().lineup.n_open() == 0);
    assert_eq!((desktop.desk().n_decisions, row(&desktop).state), (n_before + 1, TagState::Accepted));
    desktop.press(Key::Backspace);
    assert!(row(&desktop).is_contested() && desktop.desk().lineup.n_open() == 1);
    // X takes the other's side.
    desktop.press(Key::X);
    assert_eq!((row(&desktop).state, desktop.desk().conflicts.n_open()), (TagState::Rejected, 0));
    desktop.saved();
    drop(desktop);

    // Over a restart it is settled still; undo opens it, and once more takes the merge back.
    let mut desktop = Desktop::start(&folder);
    assert_eq!(desktop.desk().conflicts.n_open(), 0);
    desktop.press(Key::Backspace);
    assert_eq!(desktop.desk().conflicts.n_open(), 1);
    desktop.saved();
    assert_eq!(copies.rows("ada"), merged);
    desktop.press(Key::Backspace);
    assert_eq!(desktop.desk().conflicts.n_open(), 0);
    desktop.saved();
    assert_eq!(copies.rows("ada"), alone);
    drop(desktop);
    let again = succeed(home, &["merge", copies.text("ada"), copies.text("ben")]);
    assert!(again.contains("1 decision and 1 review mark taken"), "what was taken back can be merged again: {again}");
}
