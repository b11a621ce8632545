//! Single convolutions on the processor, as `Tagger` computes them: criterion's elements are operations, so `Gelem/s` is
//! billions of operations a second.
//!
//!     cargo bench --bench layers [-- NAME]
//!
//! Two for every multiplication of a direct convolution, whichever way it is computed: above what the processor can do
//! where Winograd's way saves some.

use std::time::Duration;

use candle_core::{Device, Tensor};
use criterion::{Criterion, Throughput};
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

fn main() -> candle_core::Result<()> {
    docent::base::memory::keep_for_a_while();
    let mut criterion = Criterion::default()
        .sample_size(10)
        .warm_up_time(Duration::from_millis(200))
        .measurement_time(Duration::from_millis(500))
        .configure_from_args();
    for layer in LAYERS {
        measured(&mut criterion, layer)?;
    }
    criterion.final_summary();
    Ok(())
}

fn measured(criterion: &mut Criterion, layer: Layer) -> candle_core::Result<()> {
    let (name, n_in, n_out, side, kernel, stride, is_depthwise) = layer;
    let per_output = if is_depthwise { 1 } else { n_in };
    let weight = Tensor::randn(0.0_f32, 0.1, (n_out, per_output, kernel.0, kernel.1), &Device::Cpu)?;
    let layer = measure::layer(&weight, stride, is_depthwise)?;
    // Its answer has the order that maps have between two layers.
    let before = Tensor::randn(0.0_f32, 0.1, (n_in, n_in, 1, 1), &Device::Cpu)?;
    let before = measure::layer(&before, 1, false)?;
    let kind = if is_depthwise { " each" } else { "" };
    let mut group = criterion
        .benchmark_group(format!("{name} {n_in} to {n_out}{kind} {side} px {}x{} by {stride}", kernel.0, kernel.1));
    for n_batch in [1, 8] {
        let x = before(&Tensor::randn(0.0_f32, 1.0, (n_in, n_batch, side, side), &Device::Cpu)?)?;
        let n_pixels = n_batch * side.div_ceil(stride).pow(2);
        group.throughput(Throughput::Elements((2 * n_pixels * n_out * per_output * kernel.0 * kernel.1) as u64));
        group.bench_function(format!("batch {n_batch}"), |bencher| bencher.iter(|| layer(&x)));
    }
    group.finish();
    Ok(())
}
