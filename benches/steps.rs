//! Seconds of one training step of `resnet18` (8 pictures of 224 pixels, everything trained, batch norm frozen), and
//! milliseconds of one depthwise layer of 728 x 16 x 16 per picture.
//!
//!     cargo bench --bench steps                      medians
//!     python benches/peers/steps.py                  in turn with PyTorch

#![expect(clippy::print_stdout, reason = "a benchmark says what it measured")]

use std::hint::black_box;
use std::time::Instant;

use candle_core::{Device, Tensor};
use docent::model::{Architecture, Mode, Network, NetworkConfig, backward, measure};
use docent::training::optimizer::{AdamW, Parameter};

const BATCH: usize = 8;
const SIDE: usize = 224;

fn main() -> anyhow::Result<()> {
    docent::base::memory::keep_for_a_while();
    let n_steps = std::env::args().skip(1).find_map(|argument| argument.parse().ok()).unwrap_or(10);
    let mut step = step()?;
    println!("resnet18 step     {:.3} s", median(n_steps, &mut step)?);
    let mut layer = depthwise()?;
    println!("depthwise layer   {:.3} ms per picture", 1e3 / BATCH as f64 * median(20 * n_steps, &mut layer)?);
    Ok(())
}

/// Forward, backward and AdamW over all variables.
fn step() -> anyhow::Result<impl FnMut() -> anyhow::Result<()>> {
    let network = Network::fresh(&NetworkConfig::new(Architecture::ResNet18, 16), 1, &Device::Cpu)?;
    let images = Tensor::randn(0.0_f32, 1.0, (BATCH, 3, SIDE, SIDE), &Device::Cpu)?;
    let parameters =
        network.params().named_vars().map(|(name, var)| Parameter::new(name, var, 1.0, 1e-2)).collect::<Vec<_>>();
    let mut optimizer = AdamW::new(parameters);
    Ok(move || {
        let logits = network.forward(&images, Mode::Inference)?;
        let gradients = backward(&logits.sqr()?.mean_all()?)?;
        optimizer.step(1e-6, |_, parameter| gradients.get(&parameter.var).cloned())?;
        Ok(())
    })
}

fn depthwise() -> anyhow::Result<impl FnMut() -> anyhow::Result<()>> {
    let x = Tensor::randn(0.0_f32, 1.0, (BATCH, 16, 16, 728), &Device::Cpu)?.permute((3, 0, 1, 2))?;
    let weight = Tensor::randn(0.0_f32, 1.0, (728, 1, 3, 3), &Device::Cpu)?;
    Ok(move || {
        black_box(measure::depthwise(&x, &weight)?);
        Ok(())
    })
}

/// Of `n` runs after one that warms up, in seconds.
fn median(n: usize, mut run: impl FnMut() -> anyhow::Result<()>) -> anyhow::Result<f64> {
    run()?;
    let mut seconds = Vec::with_capacity(n);
    for _ in 0..n.max(1) {
        let started = Instant::now();
        run()?;
        seconds.push(started.elapsed().as_secs_f64());
    }
    seconds.sort_by(f64::total_cmp);
    Ok(seconds[seconds.len() / 2])
}
