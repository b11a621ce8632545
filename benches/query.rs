//! Milliseconds from a key press in the query line to the list of images: 109,237 images, 1,103 labels, as iMet 2019 has.
//!
//!     cargo bench --bench query [IMAGES]

#![expect(clippy::print_stdout, reason = "a benchmark says what it measured")]

use std::collections::HashMap;
use std::hint::black_box;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Instant;

use docent::app::state::{Desk, asked};
use docent::collection::{Collection, ImageFile};
use docent::domain::proposal::{N_KEPT, kept};
use docent::domain::{Annotation, AttributeId, ImageId, Label, LabelSet, Vocabulary};
use docent::jobs::{ModelDetails, ModelName, Opened};
use docent::review::completion::{Setting, offers};
use docent::store::Location;
use docent::training::random::Random;

const N_IMAGES: usize = 109_237;
const N_CULTURES: u32 = 398;
const N_LABELS: u32 = 1_103;
const ROUNDS: usize = 15;

const QUERIES: [&str; 14] = [
    "",
    "7f3",
    "label 12",
    "tag:label-700",
    "tag:*9*",
    "culture:label*",
    "tags:>3",
    "name:*7f*.png",
    "folder:shelf-12",
    "reviewed:no touched:no problem:no",
    "proposed:label-700>0.6",
    "proposed:*1*",
    "proposed:*>0.999",
    "tag:*9* -culture:label-3 (proposed:label-700 OR reviewed:no) NOT name:*7f*",
];

fn main() {
    let n_images = std::env::args().skip(1).find_map(|argument| argument.parse().ok()).unwrap_or(N_IMAGES);
    let mut desk = open(n_images);
    println!("{n_images} images, {N_LABELS} labels, {N_KEPT} proposals each; least and median of {ROUNDS} rounds\n");
    println!("least  median  images  query, in milliseconds");
    let mut worst = 0.0_f64;
    for query in QUERIES {
        query.clone_into(&mut desk.filter.text);
        let (least, median) = millis(|| desk.refresh(0.0));
        worst = worst.max(least);
        println!("{least:5.1}  {median:6.1}  {:6}  {query}", desk.shown.len());
        assert!(desk.line.faults.is_empty(), "{query}: {:?}", desk.line.faults);
    }
    let folders = asked::folders(&desk.collection);
    let setting = Setting {
        vocabulary: &desk.vocabulary,
        recent: &[],
        uses: &|attribute| desk.tag_count(attribute),
        folders: &folders,
        image: None,
    };
    println!("\nleast  median  offers at the end of");
    for query in ["", "la", "lable", "tag:lable-70", "proposed:label", "folder:shelf"] {
        let (least, median) = millis(|| drop(black_box(offers(query, query.len(), &setting))));
        worst = worst.max(least);
        println!("{least:5.1}  {median:6.1}  {query}");
    }
    println!("\nslowest {worst:.1}");
}

/// The least of the rounds, which others who use the machine disturb least, and the median.
fn millis(mut run: impl FnMut()) -> (f64, f64) {
    let mut millis: Vec<f64> = (0..ROUNDS)
        .map(|_| {
            let started = Instant::now();
            run();
            started.elapsed().as_secs_f64() * 1e3
        })
        .collect();
    millis.sort_by(f64::total_cmp);
    (millis[0], millis[ROUNDS / 2])
}

/// A collection in memory; a third of it described, 3.2 tags an image; every image looked at.
fn open(n_images: usize) -> Desk {
    let mut random = Random::new(1, 0);
    let vocabulary = Vocabulary::new((0..N_LABELS).map(|id| {
        let namespace = if id < N_CULTURES { "culture" } else { "tag" };
        Label::new(id, format!("{namespace}::label-{id}"))
    }));
    let ids: Vec<ImageId> = (0..n_images).map(|number| format!("{:016x}", mixed(number as u64)).into()).collect();
    let file = |(number, id): (usize, &ImageId)| ImageFile {
        id: id.clone(),
        path: format!("shelf-{}/box-{}/{id}.png", number / 4096, number / 256).into(),
        bytes: 1,
        modified_millis: 0,
    };
    let images = ids.iter().enumerate().map(file).collect();
    let some = |random: &mut Random| {
        let n = 1 + random.below(5) + usize::from(random.below(5) == 0);
        (0..n).map(|_| AttributeId(random.below(N_LABELS as usize) as u32)).collect::<LabelSet>()
    };
    let annotations: HashMap<ImageId, Annotation> =
        ids.iter().step_by(3).map(|id| (id.clone(), Annotation::new(Some(some(&mut random))))).collect();
    let root = PathBuf::from("/collection");
    let name = ModelName("model".to_owned());
    let mut desk = Desk::new(Opened {
        collection: Arc::new(Collection::in_memory(root.clone(), images, vocabulary)),
        annotations,
        history: Vec::new(),
        n_decisions: 0,
        conflicts: Vec::new(),
        findings: Vec::new(),
        location: Location::for_reading(&root),
        models: Vec::new(),
        model: name.clone(),
        previous_model: None,
        recipes: Vec::new(),
        unfinished: None,
        demo: false,
    });
    let attribute_ids: Vec<_> = (0..N_LABELS).map(AttributeId).collect();
    let model = ModelDetails {
        name: name.clone(),
        architecture: "net".to_owned(),
        attribute_ids: attribute_ids.clone(),
        threshold: 0.3,
        metrics: None,
        report: None,
        recipe: None,
        parent: None,
        folder: PathBuf::new(),
        created_millis: 0,
    };
    desk.set_model(Arc::new(model), 0.3);
    for id in &ids {
        // Most labels are unlikely: the fifth power of an even spread.
        let probabilities: Vec<f32> = (0..N_LABELS).map(|_| random.unit().powi(5)).collect();
        desk.proposed(id, &name, kept(&attribute_ids, &probabilities).into());
    }
    desk
}

fn mixed(number: u64) -> u64 {
    (number + 1).wrapping_mul(0x9e37_79b9_7f4a_7c15)
}
