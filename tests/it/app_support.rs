//! A window over a collection that exists only in memory: events are scripted, pictures are drawn here.

#![expect(clippy::unwrap_used, reason = "a test may panic")]

use std::collections::HashMap;
use std::path::PathBuf;
use std::sync::Arc;

use docent::app::{DocentApp, Settings, Start, ThemeChoice};
use docent::collection::{Collection, ImageFile};
use docent::demo::Plan;
use docent::domain::proposal::kept;
use docent::domain::{Annotation, AttributeId, ImageId, Label, LabelSet, Vocabulary};
use docent::imaging::Pixels;
use docent::jobs::{Event, Jobs, JobsConfig, ModelDetails, ModelName, Opened, WorkDone};
use docent::model::device::Choice;
use docent::store::Location;
use docent::training::Metrics;
use eframe::egui;
use egui_kittest::Harness;

pub(crate) type Window = Harness<'static, DocentApp>;

pub(crate) const TAGS: [&str; 12] = [
    "culture::aegean",
    "culture::lowland",
    "culture::northern",
    "culture::riverine",
    "material::bronze",
    "material::clay",
    "material::glass",
    "tag::birds",
    "tag::bowls",
    "tag::masks",
    "tag::vases",
    "tag::waves",
];

/// A window that shows the welcome page; nothing runs behind it.
pub(crate) fn window(width: f32, height: f32, settings: Settings) -> Window {
    Harness::builder()
        .with_size([width, height])
        .with_max_steps(12)
        .with_theme(match settings.theme {
            ThemeChoice::Light => egui::Theme::Light,
            _ => egui::Theme::Dark,
        })
        .build_eframe(move |cc| {
            let config = JobsConfig {
                demo_folder: PathBuf::from("demo"),
                demo: Plan::default(),
                who: "a test".to_owned(),
                device: Choice::Cpu,
                hub: crate::support::silent_hub(),
            };
            let jobs = Jobs::start(config, Arc::new(|| ())).unwrap();
            DocentApp::new(&cc.egui_ctx, jobs, Start::Welcome, settings, None)
        })
}

pub(crate) fn id(number: usize) -> ImageId {
    ImageId::from(format!("objects/{:04}", number + 1))
}

pub(crate) fn model(name: &str, f2: f64, created_millis: u64) -> Arc<ModelDetails> {
    Arc::new(ModelDetails {
        name: ModelName(name.to_owned()),
        architecture: "mobilenetv2_035".to_owned(),
        attribute_ids: (0..TAGS.len() as u32).map(AttributeId).collect(),
        threshold: 0.37,
        metrics: Some(metrics(f2)),
        report: None,
        recipe: None,
        parent: None,
        folder: PathBuf::from("models").join(name),
        created_millis,
    })
}

fn metrics(f2: f64) -> Metrics {
    Metrics {
        f2_micro: f2,
        f2_per_image: f2 + 0.011,
        f2_macro: f2 - 0.04,
        map: f2 + 0.03,
        threshold: 0.37,
        threshold_per_image: 0.4,
        n_images: 47,
        own_thresholds: None,
        per_label: Vec::new(),
    }
}

/// A collection of `n` images, the first `n_described` of them with a row in `train.csv`.
pub(crate) fn opened(n: usize, n_described: usize) -> Opened {
    let root = PathBuf::from("/collections/river finds");
    let images = (0..n).map(|number| ImageFile {
        id: id(number),
        path: format!("objects/{:04}.jpg", number + 1).into(),
        bytes: 40_000 + 731 * number as u64,
        modified_millis: 0,
    });
    let vocabulary = Vocabulary::new((0..).zip(TAGS).map(|(id, name)| Label::new(id, name)));
    let annotations: HashMap<_, _> = (0..n_described)
        .map(|number| {
            let tags = LabelSet::from([number as u32 % 4, 4 + number as u32 % 3, 7 + number as u32 % 5]);
            (id(number), Annotation::new(Some(tags)))
        })
        .collect();
    Opened {
        collection: Arc::new(Collection::in_memory(root.clone(), images.collect(), vocabulary)),
        annotations,
        history: Vec::new(),
        n_decisions: 1284,
        conflicts: Vec::new(),
        findings: Vec::new(),
        location: Location::for_reading(&root),
        models: vec![model("starter", 0.812, 0), model("head 14", 0.861, 0)],
        model: ModelName("head 14".to_owned()),
        previous_model: None,
        recipes: Vec::new(),
        unfinished: None,
        demo: false,
    }
}

/// Opens it, loads the model and lets it look at everything.
pub(crate) fn open(window: &mut Window, opened: Opened) {
    let n = opened.collection.images.len();
    let app = window.state_mut();
    app.receive(Event::Opened(Box::new(opened)));
    app.receive(Event::ModelLoaded(model("head 14", 0.861, 0)));
    for number in 0..n {
        app.receive(proposed(number));
    }
    app.receive(Event::Embedding(WorkDone { done: n, total: n, per_second: 96.0 }));
    window.run();
}

pub(crate) fn proposed(number: usize) -> Event {
    let n = number as u32;
    let probabilities = (0..TAGS.len() as u32).map(|label| {
        let hash = (n * 7919 + label * 104_729).wrapping_mul(2_654_435_761) >> 16;
        let share = (hash % 1000) as f32 / 1000.0;
        if label == n % 4 || label == 4 + n % 3 || label == 7 + n % 5 {
            0.55 + share * 0.44
        } else {
            share * share * 0.5
        }
    });
    let attribute_ids: Vec<_> = (0..TAGS.len() as u32).map(AttributeId).collect();
    let proposals = kept(&attribute_ids, &probabilities.collect::<Vec<_>>()).into();
    Event::Proposed { image: id(number), by: ModelName("head 14".to_owned()), proposals }
}

pub(crate) fn thumbnails(window: &mut Window, numbers: impl IntoIterator<Item = usize>) {
    for number in numbers {
        let thumbnail = picture(number, 200);
        window.state_mut().receive(Event::ThumbnailMade { image: id(number), thumbnail });
    }
    window.run();
}

pub(crate) fn whole(window: &mut Window, number: usize) {
    let picture = picture(number, 900);
    window.state_mut().receive(Event::PictureLoaded {
        image: id(number),
        full_size: (picture.width, picture.height),
        picture,
        details: Vec::new(),
    });
    window.run();
}

/// A vessel on a coloured ground, another for each number; every ninth is a long scroll.
pub(crate) fn picture(number: usize, side: u32) -> Pixels {
    let (width, height) = match number % 9 {
        5 => (side / 3, side),
        7 => (side, side / 3),
        _ => (side, side * 3 / 4),
    };
    let hue = number as f32 * 0.618;
    let ground = colour(hue, 0.25, 0.72);
    let body = colour(hue + 0.45 + 0.1 * (number % 3) as f32, 0.55, 0.45);
    let band = colour(hue + 0.1, 0.6, 0.85);
    let mut rgba = Vec::with_capacity((4 * width * height) as usize);
    for y in 0..height {
        for x in 0..width {
            let u = (x as f32 + 0.5) / width as f32 * 2.0 - 1.0;
            let v = (y as f32 + 0.5) / height as f32 * 2.0 - 1.0;
            let half = 0.34 + 0.16 * ((v + 0.3) * (2.0 + (number % 4) as f32)).cos();
            let inside = v.abs() < 0.78 && u.abs() < half * height as f32 / width as f32 * 1.1;
            let stripes = ((v * (8.0 + (number % 5) as f32)).sin() > 0.55) && number.is_multiple_of(2);
            let base = if !inside {
                ground
            } else if stripes {
                band
            } else {
                body
            };
            let light = if inside {
                1.12 - 0.5 * (u / half + 0.4).abs().min(1.0)
            } else {
                1.05 - 0.25 * (u * u + v * v).min(1.0)
            };
            rgba.extend(base.map(|value| (value * light * 255.0).clamp(0.0, 255.0) as u8));
            rgba.push(255);
        }
    }
    Pixels { width, height, rgba: rgba.into() }
}

fn colour(hue: f32, saturation: f32, value: f32) -> [f32; 3] {
    [0.0, 0.33, 0.67].map(|shift| {
        let wave = (0.5 + 0.5 * ((hue + shift) * std::f32::consts::TAU).cos()).clamp(0.0, 1.0);
        value * (1.0 - saturation + saturation * wave)
    })
}
