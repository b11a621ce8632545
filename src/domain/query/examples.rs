//! A collection of eight images, and which of them each query finds.

use std::borrow::Cow;
use std::collections::HashMap;

use super::compile::{Known, Nearest, compile};
use super::evaluate::Facts;
use super::parse::parse;
use crate::base::Hint as _;
use crate::domain::proposal::kept;
use crate::domain::{
    Annotation, AttributeId, Change, Decision, ImageId, Label, LabelSet, Mark, Proposal, TagState, Verdict, Vocabulary,
};

pub(super) const TAGS: [&str; 9] = [
    "culture::japan",
    "culture::french",
    "culture::north_german",
    "tag::men",
    "tag::women",
    "tag::chairs",
    "tag::armchairs",
    "tag::ships",
    "tag::sea",
];

pub(super) struct Picture {
    pub(super) number: u32,
    pub(super) id: &'static str,
    pub(super) name_lower: String,
    pub(super) path: &'static str,
    pub(super) annotation: Annotation,
    pub(super) tags: LabelSet,
    pub(super) probabilities: Vec<f32>,
    proposals: Option<Vec<Proposal>>,
    pub(super) problem: bool,
}

impl Picture {
    pub(super) fn new(number: u32, path: &'static str, annotation: Annotation, probabilities: &[f32]) -> Self {
        let id = path.rsplit_once('.').map_or(path, |(id, _)| id);
        Self {
            number,
            id,
            name_lower: id.to_lowercase(),
            path,
            tags: annotation.tags(),
            annotation,
            probabilities: probabilities.to_vec(),
            proposals: (!probabilities.is_empty()).then(|| {
                let ids: Vec<_> = (0..probabilities.len() as u32).map(AttributeId).collect();
                kept(&ids, probabilities)
            }),
            problem: false,
        }
    }
}

impl Facts for Picture {
    fn number(&self) -> u32 {
        self.number
    }

    fn name_lower(&self) -> &str {
        &self.name_lower
    }

    fn path(&self) -> Cow<'_, str> {
        self.path.into()
    }

    fn annotation(&self) -> &Annotation {
        &self.annotation
    }

    fn tags(&self) -> &LabelSet {
        &self.tags
    }

    fn proposals(&self) -> Option<&[Proposal]> {
        self.proposals.as_deref()
    }

    fn awaits_review(&self, threshold: f32) -> bool {
        let mut columns = (0..).zip(&self.probabilities);
        !self.annotation.is_reviewed()
            && columns.any(|(id, &p)| p >= threshold && self.annotation.state(AttributeId(id)) == TagState::Unseen)
    }

    fn has_problem(&self) -> bool {
        self.problem
    }
}

pub(super) struct Collection {
    pub(super) vocabulary: Vocabulary,
    pub(super) nearest: HashMap<&'static str, Vec<u32>>,
    pub(super) pictures: Vec<Picture>,
}

impl Known for Collection {
    fn vocabulary(&self) -> &Vocabulary {
        &self.vocabulary
    }

    fn threshold(&self) -> f32 {
        0.5
    }

    fn nearest(&self, id: &str) -> Nearest {
        match self.nearest.get(id) {
            Some(images) => Nearest::Of(images.clone()),
            None if self.pictures.iter().any(|picture| picture.id == id) => Nearest::NotYet,
            None => Nearest::NoSuchImage,
        }
    }
}

pub(super) fn decided(base: Option<LabelSet>, verdicts: &[(u32, Verdict)], marked: bool) -> Annotation {
    let image = ImageId::from("x");
    let mut annotation = Annotation::new(base);
    for &(attribute, verdict) in verdicts {
        let attribute = AttributeId(attribute);
        let decision = Decision { image: image.clone(), attribute, verdict, before: Verdict::Clear, proposed: None };
        annotation.apply(&Change::Decide(decision));
    }
    if marked {
        annotation.apply(&Change::Mark(Mark { image, reviewed: true, before: false }));
    }
    annotation
}

pub(super) fn collection() -> Collection {
    let given = |tags: &[u32]| Annotation::new(Some(tags.iter().copied().map(AttributeId).collect()));
    let of = |pairs: &[(usize, f32)]| {
        let mut row = vec![0.0; TAGS.len()];
        pairs.iter().for_each(|&(at, p)| row[at] = p);
        row
    };
    use Verdict::{Accept, Reject};
    let mut pictures = vec![
        Picture::new(0, "Asia/Kyoto 01.png", given(&[0, 3, 5]), &of(&[(3, 0.9), (0, 0.7)])),
        Picture::new(1, "Asia/Kyoto 02.jpg", given(&[0, 5, 7, 8]), &of(&[(3, 0.55)])),
        Picture::new(2, "Europe/Paris/salon.png", given(&[1, 6]), &of(&[(4, 0.95)])),
        Picture::new(
            3,
            "Europe/Paris/portrait.jpg",
            decided(None, &[(4, Accept), (3, Reject)], false),
            &of(&[(3, 0.65)]),
        ),
        Picture::new(
            4,
            "Europe/Kiel (harbour).tif",
            decided(None, &[(7, Accept), (2, Accept)], true),
            &of(&[(7, 0.8)]),
        ),
        Picture::new(5, "Europe/unknown.png", Annotation::default(), &of(&[(3, 0.3), (5, 0.6)])),
        Picture::new(6, "broken.jpg", Annotation::default(), &[]),
        Picture::new(7, "menu.jpg", given(&[]), &of(&[(3, 0.1)])),
    ];
    pictures[6].problem = true;
    Collection {
        vocabulary: Vocabulary::new((0..).zip(TAGS).map(|(id, name)| Label::new(id, name))),
        nearest: HashMap::from([("menu", vec![7, 2, 5])]),
        pictures,
    }
}

pub(super) fn found(text: &str, collection: &Collection) -> Vec<u32> {
    let compiled = compile(&parse(text), collection);
    let pictures = collection.pictures.iter();
    pictures.filter(|picture| compiled.admits(*picture)).map(|picture| picture.number).collect()
}

const ALL: &[u32] = &[0, 1, 2, 3, 4, 5, 6, 7];

#[test]
fn queries_find_what_they_say() {
    let collection = collection();
    let cases: [(&str, &[u32]); 57] = [
        ("", ALL),
        // Words: a name or a tag contains it.
        ("kyoto", &[0, 1]),
        ("men", &[0, 3, 7]),
        ("PARIS jpg", &[]),
        ("paris women", &[3]),
        ("kiel \"(harbour)\"", &[4]),
        ("*.tif", &[4]),
        ("not", &[]),
        // Tags: exact before beginning before part.
        ("tag:chairs", &[0, 1]),
        ("tag:chair", &[0, 1]),
        ("tag:*chairs", &[0, 1, 2]),
        ("tag:hairs", &[0, 1, 2]),
        ("tag::chairs", &[0, 1]),
        ("tag:culture::japan", &[0, 1]),
        ("tag:*", &[0, 1, 2, 3, 4]),
        ("culture:japan", &[0, 1]),
        ("culture::JAPAN", &[0, 1]),
        ("Culture:north-german", &[4]),
        ("culture:n", &[4]),
        ("culture:*", &[0, 1, 2, 4]),
        ("tag:chairs -tag:ships", &[0]),
        ("tag:chairs NOT culture:french", &[0, 1]),
        ("tag:ships OR culture:french", &[1, 2, 4]),
        ("tag:chairs tag:sea OR culture:french", &[1, 2]),
        ("tag:chairs AND (tag:sea OR culture:french)", &[1]),
        ("-(tag:chairs OR tag:ships) reviewed:yes", &[2, 7]),
        ("--tag:sea", &[1]),
        // The model: threshold 0.5.
        ("proposed:men", &[0, 1, 3]),
        ("proposed:men>0.6", &[0, 3]),
        ("proposed:men>=55%", &[0, 1, 3]),
        ("proposed:men<0.2", &[2, 4, 7]),
        ("proposed:men=0.2..0.6", &[1, 5]),
        ("proposed:tag::men>0.6", &[0, 3]),
        ("proposed:*>0.9", &[2]),
        ("proposed:*", &[0, 1, 2, 3, 4, 5]),
        ("proposals:yes", &[5]),
        ("proposals:no tag:women", &[3]),
        // People.
        ("accepted:women", &[3]),
        ("accepted:*", &[3, 4]),
        ("rejected:men", &[3]),
        ("reviewed:yes", &[0, 1, 2, 4, 7]),
        ("reviewed:no", &[3, 5, 6]),
        ("touched:no", &[5, 6]),
        ("problem:yes", &[6]),
        ("tags:0", &[5, 6, 7]),
        ("tags:>3", &[1]),
        ("tags:2..3", &[0, 2, 4]),
        ("tags:<=1", &[3, 5, 6, 7]),
        // Names and folders.
        ("name:*.png", &[0, 2, 5]),
        ("name:menu*", &[7]),
        ("name:KYOTO", &[0, 1]),
        ("name:*kyoto*", &[0, 1]),
        ("folder:europe", &[2, 3, 4, 5]),
        ("folder:Europe/Paris/", &[2, 3]),
        ("folder:eur", &[]),
        ("folder:*paris", &[2, 3]),
        ("similar:menu -similar:menu OR similar:menu", &[2, 5, 7]),
    ];
    for (text, expected) in cases {
        assert_eq!(compile(&parse(text), &collection).faults, [], "{text}");
        assert_eq!(found(text, &collection), expected, "{text}");
    }
}

#[test]
fn what_is_not_known_is_left_out_and_explained() {
    let collection = collection();
    // (query, what it finds, place, message, hint)
    let cases: [(&str, &[u32], &str, &str, &str); 14] = [
        ("tag:sea cultre:japan", &[1], "cultre", "there is no key cultre:", "did you mean culture:?"),
        (
            "zzzzz:x",
            ALL,
            "zzzzz",
            "there is no key zzzzz:",
            "use tag:, a namespace or another key; \"zzzzz:…\" in quotation marks is a name",
        ),
        ("tag:sea tag:chiars", &[1], "tag:chiars", "no tag is called chiars", "did you mean chairs?"),
        (
            "-tag:qqqqqq",
            ALL,
            "tag:qqqqqq",
            "no tag is called qqqqqq",
            "check the spelling, or use * for what you are not sure of",
        ),
        ("tag:sea tag:", &[1], "tag:", "tag: needs a value", "write a tag"),
        ("culture:\"\"", ALL, "culture:\"\"", "culture: needs a value", "write a tag"),
        ("reviewed:maybe", ALL, "reviewed:maybe", "reviewed: does not understand maybe", "write yes or no"),
        ("tags:many", ALL, "tags:many", "tags: does not understand many", "write a number, as in 3, >3 or 2..5"),
        ("tags:>", ALL, "tags:>", "tags: does not understand >", "write a number, as in 3, >3 or 2..5"),
        (
            "proposed:men>x",
            ALL,
            "proposed:men>x",
            "proposed: does not understand >x",
            "write a tag, or a tag and a number as in men>0.6",
        ),
        (
            "proposed:>0.5",
            ALL,
            "proposed:>0.5",
            "proposed: needs a value",
            "write a tag, or a tag and a number as in men>0.6",
        ),
        (
            "similar:nothing",
            ALL,
            "similar:nothing",
            "no image is called nothing",
            "give an image's name as it stands in train.csv",
        ),
        (
            "similar:broken",
            ALL,
            "similar:broken",
            "what is similar to broken is not known yet",
            "wait until the pictures were looked at",
        ),
        (
            "tag:sea OR tag:qqqqqq",
            &[1],
            "tag:qqqqqq",
            "no tag is called qqqqqq",
            "check the spelling, or use * for what you are not sure of",
        ),
    ];
    for (text, expected, place, message, hint) in cases {
        let faults = compile(&parse(text), &collection).faults;
        let [fault] = faults.as_slice() else { panic!("{text}: {faults:?}") };
        assert_eq!(&text[fault.span.clone()], place, "{text}");
        assert_eq!((fault.error.to_string(), fault.error.hint().unwrap()), (message.to_owned(), hint.to_owned()));
        assert_eq!(found(text, &collection), expected, "{text}");
    }
}

#[test]
fn tag_means_any_namespace_where_none_is_called_tag() {
    let mut collection = collection();
    let names = TAGS.map(|name| name.replace("tag::", "thing::"));
    collection.vocabulary = Vocabulary::new((0..).zip(names).map(|(id, name)| Label::new(id, name)));
    assert_eq!(found("tag:japan", &collection), [0, 1]);
    assert_eq!(found("tag:sea thing:sea", &collection), [1]);
}
