//! Pictures a second that networks look at on the processor, as `Tagger` does, at batch sizes 1 and 8.
//!
//!     cargo bench --bench networks                        networks of random weights
//!     cargo bench --bench networks -- resnet50            one of them
//!     cargo bench --bench networks -- bf16                with products in bf16, where the processor has it
//!     cargo bench --bench networks -- FOLDER PIXELS N S P a checkpoint over N pictures of raw RGB bytes, for S seconds, in
//!                                                         precision P; `benches/peers/networks.py` calls it so

#![expect(clippy::print_stdout, reason = "a benchmark says what it measured")]
#![expect(clippy::disallowed_methods, reason = "scratch files need no durability")]

use std::path::Path;
use std::time::Instant;

use candle_core::{Device, Tensor};
use docent::model::{Architecture, Mode, Network, NetworkConfig, Precision, Tagger, measure};

const NETWORKS: [(&str, usize); 6] = [
    ("resnet50", 224),
    ("mobilenetv2_100", 224),
    ("legacy_xception", 256),
    ("inception_resnet_v2", 256),
    ("vgg19", 256),
    ("resnet18", 224),
];

fn main() -> anyhow::Result<()> {
    docent::base::memory::keep_for_a_while();
    let arguments: Vec<String> = std::env::args().skip(1).filter(|argument| !argument.starts_with("--")).collect();
    if let [folder, pixels, n, seconds, precision] = arguments.as_slice() {
        let seconds = seconds.parse()?;
        return of_checkpoint(Path::new(folder), Path::new(pixels), n.parse()?, seconds, precision.parse()?);
    }
    let (precisions, names): (Vec<String>, Vec<String>) = arguments.into_iter().partition(|text| text == "bf16");
    let precision = if precisions.is_empty() { Precision::F32 } else { Precision::Bf16 };
    for (name, side) in NETWORKS {
        if !names.is_empty() && !names.iter().any(|asked| asked == name) {
            continue;
        }
        let architecture = Architecture::from_name(name)?;
        let network = Network::fresh(&NetworkConfig::new(architecture, 16), 1, &Device::Cpu)?;
        let network = measure::folded(&network, precision)?;
        for n in [1, 8] {
            let images = Tensor::randn(0.0_f32, 1.0, (n, 3, side, side), &Device::Cpu)?;
            let speed = speed(n, 2.5, || {
                network.pooled(&images, Mode::Inference)?;
                Ok(())
            })?;
            println!("{name:<20} batch {n}: {speed:.1} pictures a second");
        }
    }
    Ok(())
}

/// Prints pictures a second and leaves the embeddings beside the pixels, as raw floats.
fn of_checkpoint(folder: &Path, pixels: &Path, n: usize, seconds: f64, precision: Precision) -> anyhow::Result<()> {
    let tagger = Tagger::load(folder, &Device::Cpu)?.looking_in(precision)?;
    let (width, height) = tagger.input_size();
    let bytes = std::fs::read(pixels)?;
    let bytes = bytes.get(..n * width * height * 3).ok_or_else(|| anyhow::anyhow!("too few pixels"))?;
    let embeddings = tagger.embed(bytes)?;
    let floats: Vec<u8> = embeddings.iter().flat_map(|value| value.to_le_bytes()).collect();
    std::fs::write(pixels.with_extension("embeddings"), floats)?;
    let speed = speed(n, seconds, || {
        tagger.embed(bytes)?;
        Ok(())
    })?;
    println!("{speed:.3}");
    Ok(())
}

/// Pictures a second, the median of runs over so many seconds, after one that warms up.
fn speed(n: usize, seconds: f64, mut run: impl FnMut() -> anyhow::Result<()>) -> anyhow::Result<f64> {
    run()?;
    let started = Instant::now();
    let mut times = Vec::new();
    while started.elapsed().as_secs_f64() < seconds || times.len() < 3 {
        let at = Instant::now();
        run()?;
        times.push(at.elapsed().as_secs_f64());
    }
    times.sort_by(f64::total_cmp);
    Ok(n as f64 / times[times.len() / 2])
}
