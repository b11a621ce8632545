//! Pictures a second that networks of random weights look at on the processor, as `Tagger` does, in f32, and in bf16 where
//! the processor has it: criterion's elements are pictures.
//!
//!     cargo bench --bench networks [-- NAME, f32, bf16, 'batch 1' ...]

use std::time::Duration;

use candle_core::{Device, Tensor};
use criterion::{Criterion, Throughput};
use docent::model::{Architecture, Mode, Network, NetworkConfig, Precision, measure};

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
    let mut criterion = Criterion::default()
        .sample_size(10)
        .warm_up_time(Duration::from_millis(500))
        .measurement_time(Duration::from_secs(2))
        .configure_from_args();
    for precision in [Precision::F32, Precision::Bf16] {
        if precision.on(&Device::Cpu).0 != precision {
            continue;
        }
        for (name, side) in NETWORKS {
            let mut group = criterion.benchmark_group(format!("{name} {}", precision.name()));
            for n in [1, 8] {
                let mut network = None;
                group.throughput(Throughput::Elements(n));
                group.bench_function(format!("batch {n}"), |bencher| {
                    // Only where it is asked for: some take seconds to be built.
                    let (network, images) =
                        network.get_or_insert_with(|| prepared(name, side, n, precision).expect("a network"));
                    bencher.iter(|| network.pooled(images, Mode::Inference).expect("what it sees"));
                });
            }
        }
    }
    criterion.final_summary();
    Ok(())
}

fn prepared(name: &str, side: usize, n: u64, precision: Precision) -> anyhow::Result<(Network, Tensor)> {
    let config = NetworkConfig::new(Architecture::from_name(name)?, 16);
    let network = measure::folded(&Network::fresh(&config, 1, &Device::Cpu)?, precision)?;
    Ok((network, Tensor::randn(0.0_f32, 1.0, (n as usize, 3, side, side), &Device::Cpu)?))
}
