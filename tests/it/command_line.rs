//! The main job and bad input, through the real binary.

use std::fs;
use std::path::Path;

use serde_json::Value;

use crate::support::{docent, succeed};

fn json(text: &str) -> Value {
    serde_json::from_str(text).unwrap_or_else(|error| panic!("{error} in {text}"))
}

fn figure(object: &Value, name: &str) -> f64 {
    object[name].as_f64().unwrap_or_else(|| panic!("no {name} in {object}"))
}

fn text(path: &Path) -> &str {
    path.to_str().unwrap()
}

#[test]
fn the_main_job_runs_on_the_demo_without_a_display() {
    let scratch = tempfile::tempdir().unwrap();
    let (home, folder) = (scratch.path(), scratch.path().join("demo"));
    let folder = text(&folder);
    succeed(home, &["demo", "--out", folder, "--images", "120", "--seed", "77", "--annotated", "0.75"]);
    let rows_before = fs::read(Path::new(folder).join("train.csv")).unwrap();

    let stats = json(&succeed(home, &["stats", folder, "--json"]));
    assert_eq!((stats["images"].as_u64(), stats["rows"].as_u64()), (Some(120), Some(90)));

    // The starter has never seen this seed. Its figure over 300 pictures is in the README; 90 are enough to see a break.
    let starter = json(&succeed(home, &["evaluate", folder, "--model", "starter", "--json"]));
    assert!(figure(&starter, "f2_per_image") > 0.8, "{starter}");

    // Two runs with one seed give one checkpoint.
    let train =
        |name: &str| json(&succeed(home, &["train", folder, "--epochs", "6", "--seed", "5", "--out", name, "--json"]));
    let (first, second) = (train("first"), train("second"));
    assert!(figure(&first, "f2_micro") > 0.7 && figure(&first, "n_train") > figure(&first, "n_valid"), "{first}");
    let weights =
        |run: &Value| fs::read(Path::new(run["checkpoint"].as_str().unwrap()).join("model.safetensors")).unwrap();
    assert!(weights(&first) == weights(&second));

    let scores = scratch.path().join("scores.csv");
    let proposals = succeed(home, &["suggest", folder, "--model", "first", "--scores", text(&scores)]);
    assert_eq!(proposals.lines().count(), 121);
    assert_eq!(proposals.lines().next(), Some("id,attribute_ids"));
    let n_labels = stats["labels"].as_u64().unwrap() as usize;
    assert_eq!(fs::read_to_string(scores).unwrap().lines().count(), 1 + 120 * n_labels);

    // A card that this build has not, or that is not there, is a word on standard error and the CPU.
    let scores = |device: &str| {
        let path = scratch.path().join("scores on a device.csv");
        let output =
            docent(home, &["suggest", folder, "--model", "first", "--device", device, "--scores", text(&path)]);
        assert_eq!(output.status.code(), Some(0), "{device}");
        (fs::read_to_string(path).unwrap(), String::from_utf8(output.stderr).unwrap())
    };
    let (on_cpu, said) = scores("cpu");
    assert!(!said.contains("cannot be used"), "{said}");
    let (elsewhere, said) = scores("cuda:63");
    assert!(said.contains("CUDA device 63 cannot be used") && said.contains("computing on the CPU"), "{said}");
    assert!(elsewhere == on_cpu);

    // In bf16 it says how far proposals are those in f32, measured on every other picture; or that it cannot.
    let path = scratch.path().join("scores in bf16.csv");
    let command = ["suggest", folder, "--model", "first", "--device", "cpu", "--precision", "bf16"];
    let output = docent(home, &[&command[..], &["--scores", text(&path)]].concat());
    let said = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(0), "{said}");
    let has_measured = said.contains("bf16 on 60 pictures: ") && said.contains(" proposals the same");
    assert!(has_measured || said.contains("no instructions for bf16"), "{said}");
    let probabilities = |scores: &str| -> Vec<f32> {
        scores.lines().skip(1).map(|row| row.rsplit(',').next().unwrap().parse().unwrap()).collect()
    };
    let (halves, whole) = (probabilities(&fs::read_to_string(&path).unwrap()), probabilities(&on_cpu));
    let apart = halves.iter().zip(&whole).fold(0.0_f32, |most, (a, b)| most.max((a - b).abs()));
    assert!(halves.len() == whole.len() && apart < 0.1, "{apart}");

    // What was held back when a checkpoint was made is found again, and gives the figures it was written with.
    let first_again = json(&succeed(home, &["evaluate", folder, "--model", "first", "--held-back", "--json"]));
    assert_eq!(first_again["n_images"], first["n_valid"]);
    assert!((figure(&first_again, "f2_micro") - figure(&first, "f2_micro")).abs() < 1e-3, "{first_again}");
    assert!(first_again["per_label"][0]["recall_interval"].is_array() || first_again["per_label"][0]["tp"] == 0);

    // The thirty pictures without a row, in every order; the rows with one are what doubts are about.
    for order in ["uncertain", "rare", "disagreeing", "diverse", "name", "time"] {
        let next = succeed(home, &["next", folder, "--order", order, "--model", "first"]);
        let ids: std::collections::BTreeSet<&str> =
            next.lines().skip(1).map(|row| row.split(',').next().unwrap()).collect();
        assert_eq!((next.lines().next(), ids.len(), next.lines().count()), (Some("id,worth"), 30, 31), "{order}");
        let first = succeed(home, &["next", folder, "--order", order, "--model", "first", "--limit", "7"]);
        assert!(next.starts_with(first.trim_end()) && first.lines().count() == 8, "{order}");
    }
    let doubts = succeed(home, &["doubts", folder, "--model", "starter"]);
    assert_eq!(doubts.lines().next(), Some("id,attribute_id,attribute_name,kind,probability"));
    assert!(doubts.lines().skip(1).all(|row| row.contains(",missing,") || row.contains(",wrong,")), "{doubts}");

    // Queries find what the tables say; what a model says only where one is named.
    let n_found = |query: &[&str]| succeed(home, &[&["find", folder], query].concat()).lines().count();
    assert_eq!((n_found(&[""]), n_found(&["reviewed:yes"]), n_found(&["-reviewed:yes"])), (120, 90, 30));
    let (proposed, unlikely) =
        (n_found(&["proposed:*", "--model", "first"]), n_found(&["proposed:*>0.9999999", "--model", "first"]));
    assert!(proposed > 100 && unlikely < proposed, "{proposed} {unlikely}");

    // The command line proposes; it decides nothing.
    assert_eq!(fs::read(Path::new(folder).join("train.csv")).unwrap(), rows_before);
}

#[test]
fn charts_of_a_small_collection_hold_its_numbers() {
    let scratch = tempfile::tempdir().unwrap();
    let (home, folder, out) = (scratch.path(), scratch.path().join("small"), scratch.path().join("charts"));
    fs::create_dir(&folder).unwrap();
    for (name, width, height) in [("a", 40, 30), ("b", 220, 100), ("c", 30, 90)] {
        image::RgbImage::new(width, height).save(folder.join(format!("{name}.png"))).unwrap();
    }
    fs::write(folder.join("labels.csv"), "attribute_id,attribute_name\n0,culture::greek\n1,tag::cup\n").unwrap();
    fs::write(folder.join("train.csv"), "id,attribute_ids\na,0 1\nb,0\n").unwrap();
    let written = succeed(home, &["insights", text(&folder), "--out", text(&out)]);
    // Two files each; there are neither decisions nor a model that was measured.
    assert_eq!(written.lines().count(), 10, "{written}");
    for (name, expected) in [
        ("tags-per-image", "tags,images\n0,0\n1,1\n2,1\n"),
        ("images-per-label", "attribute_id,namespace,label,images\n0,culture,greek,2\n1,tag,cup,1\n"),
        ("image-sizes", "id,width,height,elongated\na,40,30,0\nb,220,100,1\nc,30,90,1\n"),
        // Two images are described: 1 · 2 / (2 · 1).
        (
            "labels-together",
            "attribute_id_a,label_a,attribute_id_b,label_b,images,lift\n0,culture::greek,1,tag::cup,1,1.0000\n",
        ),
        (
            "coverage",
            "what,name,n,low,high\nlabels by examples,20 or more,0,,\nlabels by examples,5 to 19,0,,\n\
             labels by examples,1 to 4,2,,\nlabels by examples,none,0,,\nimages,Reviewed,2,,\n\
             images,\"Tagged, not reviewed\",0,,\nimages,\"Without a tag, not reviewed\",1,,\n",
        ),
    ] {
        assert_eq!(fs::read_to_string(out.join(format!("{name}.csv"))).unwrap(), expected, "{name}");
        let picture = image::open(out.join(format!("{name}.png"))).unwrap();
        assert_eq!((picture.width(), picture.height()), (1600, 1000), "{name}");
    }
    // Files that are no pictures are counted, named, and make the exit code 1; the rest is written.
    fs::write(folder.join("d.png"), b"no picture").unwrap();
    let output = docent(home, &["insights", text(&folder), "--out", text(&out)]);
    assert_eq!(output.status.code(), Some(1));
    assert!(String::from_utf8_lossy(&output.stderr).contains("1 pictures have no header"));
}

#[test]
fn every_problem_of_a_bad_collection_is_named_and_nothing_is_rewritten() {
    let scratch = tempfile::tempdir().unwrap();
    let folder = scratch.path().join("bad");
    fs::create_dir(&folder).unwrap();
    let labels = b"attribute_id,attribute_name\r\n0,\"tag::a, b\"\r\n1,tag::c\r\n1,tag::twice\r\nx,tag::bad\r\n";
    let train = b"\xef\xbb\xbfid,attribute_ids\r\ntext,0 1\r\ntext,1\r\nghost,0 77\r\ncut\r\n\xff\xfe,1\r\n";
    for (name, bytes) in
        [("labels.csv", &labels[..]), ("train.csv", train), ("text.jpg", b"no picture"), ("empty.png", b"")]
    {
        fs::write(folder.join(name), bytes).unwrap();
    }
    let output = docent(scratch.path(), &["check", text(&folder)]);
    let said = String::from_utf8_lossy(&output.stdout).into_owned() + &String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(1), "{said}");
    for expected in [
        "labels.csv:4",
        "labels.csv:5",
        "train.csv:3",
        "ghost",
        "77",
        "train.csv:5",
        "train.csv:6",
        "text.jpg",
        "empty.png",
    ] {
        assert!(said.contains(expected), "{expected} is not in:\n{said}");
    }
    assert_eq!(fs::read(folder.join("labels.csv")).unwrap(), labels);
    assert_eq!(fs::read(folder.join("train.csv")).unwrap(), train);
}

#[test]
fn a_wrong_call_says_what_is_wrong_and_what_to_do() {
    let scratch = tempfile::tempdir().unwrap();
    let missing = scratch.path().join("missing");
    // (arguments, exit code, what must be said)
    let cases: [(&[&str], i32, &str); 9] = [
        (&["stats", text(&missing)], 2, "Hint:"),
        (&["suggest", text(scratch.path()), "--model", "nowhere"], 2, "nowhere"),
        (&["suggest", text(scratch.path()), "--threshold", "7"], 2, "from 0 to 1"),
        (&["suggest", text(scratch.path()), "--device", "abacus"], 2, "cuda:N"),
        (&["frobnicate", "x"], 2, "Usage"),
        (&["find", text(scratch.path()), "x OR"], 2, "At: OR"),
        (&["find", text(scratch.path()), "proposed:x"], 2, "--model"),
        (&["find", text(scratch.path()), "problem:yes"], 2, "docent check"),
        (&["train", text(scratch.path())], 1, "vocabulary"),
    ];
    for (arguments, code, expected) in cases {
        let output = docent(scratch.path(), arguments);
        let said = String::from_utf8_lossy(&output.stderr);
        assert_eq!(output.status.code(), Some(code), "{arguments:?}: {said}");
        assert!(said.contains(expected) && !said.contains("panicked"), "{arguments:?}: {said}");
    }
}
