//! Seconds from a decision to what was learned from it: 10,000 described images, 1,103 labels, 2,048 features.
//!
//!     cargo bench --bench instant

#![expect(clippy::print_stdout, reason = "a benchmark says what it measured")]

use std::time::Instant as Clock;

use docent::domain::{Annotation, AttributeId, ImageId, Label, LabelSet, Vocabulary};
use docent::training::Learner;
use docent::training::random::Random;
use docent::training::standardise::LinearHead;

const N_IMAGES: usize = 10_000;
const N_LABELS: u32 = 1_103;
const N_FEATURES: usize = 2_048;

fn main() -> anyhow::Result<()> {
    let n_images = std::env::args().skip(1).find_map(|argument| argument.parse().ok()).unwrap_or(N_IMAGES);
    let vocabulary = Vocabulary::new((0..N_LABELS).map(|id| Label::new(id, format!("tag::{id}"))));
    let nothing = LinearHead { n_features: N_FEATURES, weight: Vec::new(), bias: Vec::new() };
    let mut learner = Learner::new(nothing, &[], &vocabulary, None)?;
    let started = Clock::now();
    for number in 0..n_images {
        let (embedding, annotation) = picture(number);
        learner.see(&embedding, number + 1 == n_images)?;
        learner.put(&image(number), &embedding, &annotation, false)?;
    }
    println!("taken in          {:.2} s for {n_images} images", started.elapsed().as_secs_f64());
    let started = Clock::now();
    learner.update()?;
    println!("first update      {:.2} s", started.elapsed().as_secs_f64());
    let (mut updates, mut slices) = (Vec::new(), Vec::new());
    for number in n_images..n_images + 9 {
        let (embedding, annotation) = picture(number);
        let started = Clock::now();
        learner.put(&image(number), &embedding, &annotation, true)?;
        learner.begin();
        loop {
            let slice = Clock::now();
            let more = learner.step()?;
            slices.push(slice.elapsed().as_secs_f64());
            if !more {
                break;
            }
        }
        updates.push(started.elapsed().as_secs_f64());
    }
    println!("one more image    {:.3} s", median(&mut updates));
    println!("one slice of it   {:.3} s", median(&mut slices));
    let in_view: Vec<f32> = (0..64).flat_map(|number| picture(number).0).collect();
    let mut renewed = Vec::new();
    for _ in 0..9 {
        let started = Clock::now();
        learner.probabilities(&in_view)?;
        renewed.push(started.elapsed().as_secs_f64());
    }
    println!("64 images in view {:.3} s", median(&mut renewed));
    Ok(())
}

fn image(number: usize) -> ImageId {
    ImageId::from(format!("{number}"))
}

/// Three tags, each of which lights some features.
fn picture(number: usize) -> (Vec<f32>, Annotation) {
    let mut random = Random::new(1, number as u64);
    let tags: Vec<u32> = (0..3).map(|_| random.below(N_LABELS as usize) as u32).collect();
    let mut embedding: Vec<f32> = (0..N_FEATURES).map(|_| random.unit()).collect();
    for &tag in &tags {
        let mut lit = Random::new(2, u64::from(tag));
        (0..40).for_each(|_| embedding[lit.below(N_FEATURES)] += 1.0);
    }
    (embedding, Annotation::new(Some(tags.into_iter().map(AttributeId).collect::<LabelSet>())))
}

fn median(seconds: &mut [f64]) -> f64 {
    seconds.sort_by(f64::total_cmp);
    seconds[seconds.len() / 2]
}
