//! Billions of operations a second that single convolutions reach on the processor, as `Tagger` computes them.
//!
//!     cargo bench --bench layers [-- NAME]
//!
//! Two for every multiplication of a direct convolution, whichever way it is computed: above what the processor can do
//! where Winograd's way saves some.

#![expect(clippy::print_stdout, reason = "a benchmark says what it measured")]

use std::time::Instant;

use candle_core::{Device, Tensor};
use docent::model::measure;

/// (name, inputs, outputs, side, kernel, stride, depthwise)
type Layer = (&'static str, usize, usize, usize, (usize, usize), usize, bool);

const LAYERS: [Layer; 31] = [
    ("resnet50 stem", 3, 64, 224, (7, 7), 2, false),
    ("resnet50 1", 64, 64, 56, (1, 1), 1, false),
    ("resnet50 1", 64, 64, 56, (3, 3), 1, false),
    ("resnet50 1", 64, 256, 56, (1, 1), 1, false),
    ("resnet50 1", 256, 64, 56, (1, 1), 1, false),
    ("resnet50 2", 128, 128, 56, (3, 3), 2, false),
    ("resnet50 2", 128, 128, 28, (3, 3), 1, false),
    ("resnet50 2", 128, 512, 28, (1, 1), 1, false),
    ("resnet50 2", 512, 128, 28, (1, 1), 1, false),
    ("resnet50 3", 256, 256, 28, (3, 3), 2, false),
    ("resnet50 3", 256, 256, 14, (3, 3), 1, false),
    ("resnet50 3", 256, 1024, 14, (1, 1), 1, false),
    ("resnet50 3", 1024, 256, 14, (1, 1), 1, false),
    ("resnet50 4", 512, 512, 7, (3, 3), 1, false),
    ("resnet50 4", 512, 2048, 7, (1, 1), 1, false),
    ("resnet50 4", 2048, 512, 7, (1, 1), 1, false),
    ("xception", 728, 728, 16, (1, 1), 1, false),
    ("xception", 728, 728, 16, (3, 3), 1, true),
    ("xception", 128, 128, 64, (3, 3), 1, true),
    ("inception", 128, 160, 14, (1, 7), 1, false),
    ("inception", 160, 192, 14, (7, 1), 1, false),
    ("inception", 384, 1088, 14, (1, 1), 1, false),
    ("inception", 1088, 192, 14, (1, 1), 1, false),
    ("mobilenet", 3, 32, 224, (3, 3), 2, false),
    ("mobilenet", 16, 96, 112, (1, 1), 1, false),
    ("mobilenet", 96, 96, 112, (3, 3), 2, true),
    ("mobilenet", 96, 24, 56, (1, 1), 1, false),
    ("mobilenet", 144, 144, 56, (3, 3), 1, true),
    ("mobilenet", 384, 384, 14, (3, 3), 1, true),
    ("mobilenet", 384, 64, 14, (1, 1), 1, false),
    ("vgg19", 64, 64, 256, (3, 3), 1, false),
];

fn main() -> anyhow::Result<()> {
    docent::base::memory::keep_for_a_while();
    let wanted = std::env::args().skip(1).find(|argument| !argument.starts_with("--"));
    println!("{:<14} {:>12} {:>5} {:>7} {:>8} {:>8}", "layer", "channels", "side", "kernel", "batch 1", "batch 8");
    for (name, n_in, n_out, side, kernel, stride, is_depthwise) in LAYERS {
        if wanted.as_ref().is_some_and(|wanted| !name.contains(wanted.as_str())) {
            continue;
        }
        let per_output = if is_depthwise { 1 } else { n_in };
        let weight = Tensor::randn(0.0_f32, 0.1, (n_out, per_output, kernel.0, kernel.1), &Device::Cpu)?;
        let layer = measure::layer(&weight, stride, is_depthwise)?;
        // Its answer has the order that maps have between two layers.
        let before = Tensor::randn(0.0_f32, 0.1, (n_in, n_in, 1, 1), &Device::Cpu)?;
        let before = measure::layer(&before, 1, false)?;
        let mut speeds = [0.0; 2];
        for (speed, n_batch) in speeds.iter_mut().zip([1, 8]) {
            let x = before(&Tensor::randn(0.0_f32, 1.0, (n_in, n_batch, side, side), &Device::Cpu)?)?;
            let n_pixels = n_batch * side.div_ceil(stride).pow(2);
            let n_operations = 2 * n_pixels * n_out * per_output * kernel.0 * kernel.1;
            *speed = n_operations as f64 / 1e9 / median(|| layer(&x))?;
        }
        let channels = format!("{n_in} to {n_out}");
        let kernel = format!("{}x{}/{stride}", kernel.0, kernel.1);
        println!("{name:<14} {channels:>12} {side:>5} {kernel:>7} {:>8.0} {:>8.0}", speeds[0], speeds[1]);
    }
    Ok(())
}

/// Seconds, of as many runs as fit into a third of a second.
fn median(run: impl Fn() -> candle_core::Result<Tensor>) -> anyhow::Result<f64> {
    run()?;
    let started = Instant::now();
    let mut times = Vec::new();
    while started.elapsed().as_secs_f64() < 0.3 || times.len() < 5 {
        let at = Instant::now();
        std::hint::black_box(run()?);
        times.push(at.elapsed().as_secs_f64());
    }
    times.sort_by(f64::total_cmp);
    Ok(times[times.len() / 2])
}
