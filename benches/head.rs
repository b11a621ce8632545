//! The fit of a head at the size of iMet 2019: 109,237 images, 1,103 labels, 2,048 features.
//!
//!     cargo bench --bench head                  milliseconds of one loss step (batch 128) and of the loss alone
//!     cargo bench --bench head -- full 5        a fit of five epochs: seconds, F2 and the most memory it took
//!
//! Embeddings are random with planted structure: every label has a direction, and an image the sum of its labels' and
//! noise; 3.2 labels per image, their frequencies falling as 1 / rank.

#![expect(clippy::print_stdout, reason = "a benchmark says what it measured")]

use std::time::Instant;

use candle_core::Device;
use docent::domain::AttributeId;
use docent::domain::f_beta::Truth;
use docent::training::Recipe;
use docent::training::fine_tune::{self, Material, Spec};
use docent::training::loss::Loss;
use docent::training::observer::Progress;
use docent::training::random::Random;
use docent::training::standardise::Features;

const N_IMAGES: usize = 109_237;
const N_LABELS: usize = 1_103;
const N_FEATURES: usize = 2_048;
const BATCH: usize = 128;

fn main() -> anyhow::Result<()> {
    let arguments: Vec<String> = std::env::args().skip(1).filter(|argument| !argument.starts_with("--")).collect();
    match arguments.first().map(String::as_str) {
        Some("full") => full(arguments.get(1).and_then(|epochs| epochs.parse().ok()).unwrap_or(5)),
        _ => step(),
    }
}

/// What a step consists of: the loss with its gradient, and both matrix products.
fn step() -> anyhow::Result<()> {
    let (values, truth) = planted(4 * BATCH);
    let logits: Vec<f32> = values.iter().cycle().take(BATCH * N_LABELS).map(|value| 2.0 * value - 3.0).collect();
    for loss in [Loss::focal(2.0), Loss::Binary, Loss::asymmetric()] {
        let seconds = median(20, || {
            std::hint::black_box(loss.of(&logits, &truth[..BATCH * N_LABELS], N_LABELS));
        });
        println!("{loss:?}: {:.2} ms", 1e3 * seconds);
    }
    let per_epoch = fit(&values, &truth, 4 * BATCH, 21)? / 20.0;
    println!("step of {BATCH} images: {:.1} ms", 1e3 * per_epoch * BATCH as f64 / (3.4 * BATCH as f64));
    Ok(())
}

fn full(epochs: usize) -> anyhow::Result<()> {
    let (values, truth) = planted(N_IMAGES);
    println!("{N_IMAGES} images, {N_LABELS} labels, {N_FEATURES} features");
    let seconds = fit(&values, &truth, N_IMAGES, epochs)?;
    println!("{epochs} epochs in {seconds:.1} s; most memory {}", most_memory());
    Ok(())
}

/// Seconds.
fn fit(values: &[f32], truth: &[Truth], n_images: usize, epochs: usize) -> anyhow::Result<f64> {
    let ids: Vec<String> = (0..n_images).map(|image| format!("{image:016x}")).collect();
    let attributes: Vec<AttributeId> = (0..N_LABELS as u32).map(AttributeId).collect();
    let recipe = Recipe { epochs, batch: BATCH, ..Recipe::default() };
    let features = Features::new(N_FEATURES, values).ok_or_else(|| anyhow::anyhow!("no features"))?;
    let material = Material::Features { features, start: None, device: &Device::Cpu };
    let spec = Spec { recipe: &recipe, ids: &ids, groups: &[], attributes: &attributes, truth, material };
    let started = Instant::now();
    let mut last = 0;
    let mut observer = |progress: &Progress| {
        if n_images == N_IMAGES && progress.epoch != last {
            last = progress.epoch;
            println!("epoch {last} begins after {:.1} s, F2 micro {:?}", progress.seconds, progress.f2_micro);
        }
        std::ops::ControlFlow::Continue(())
    };
    let outcome = fine_tune::run(spec, None, &mut observer)?;
    let seconds = started.elapsed().as_secs_f64();
    if n_images == N_IMAGES {
        let metrics = &outcome.report.metrics;
        println!("F2 micro {:.3}, per image {:.3}, mAP {:.3}", metrics.f2_micro, metrics.f2_per_image, metrics.map);
    }
    Ok(seconds)
}

fn planted(n_images: usize) -> (Vec<f32>, Vec<Truth>) {
    let mut values = vec![0.0; n_images * N_FEATURES];
    let mut truth = vec![Truth::Implied; n_images * N_LABELS];
    let weights: Vec<f32> = (0..N_LABELS).map(|rank| 1.0 / (rank as f32 + 10.0)).collect();
    let total: f32 = weights.iter().sum();
    for (image, row) in values.chunks_exact_mut(N_FEATURES).enumerate() {
        let mut random = Random::new(1, image as u64);
        row.iter_mut().for_each(|value| *value = random.unit() + random.unit() - 1.0);
        for (label, weight) in weights.iter().enumerate() {
            if random.unit() < 3.2 * weight / total {
                truth[image * N_LABELS + label] = Truth::Present;
                // The label's direction: 64 features of its own choice.
                let mut direction = Random::new(2, label as u64);
                (0..64).for_each(|_| row[direction.below(N_FEATURES)] += 0.6);
            }
        }
    }
    (values, truth)
}

/// Of this process so far, as the system says it.
fn most_memory() -> String {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    line.map_or_else(|| "unknown".to_owned(), |line| line.trim().to_owned())
}

/// Of `n` runs after one that warms up, in seconds.
fn median(n: usize, mut run: impl FnMut()) -> f64 {
    run();
    let mut seconds: Vec<f64> = (0..n)
        .map(|_| {
            let started = Instant::now();
            run();
            started.elapsed().as_secs_f64()
        })
        .collect();
    seconds.sort_by(f64::total_cmp);
    seconds[n / 2]
}
