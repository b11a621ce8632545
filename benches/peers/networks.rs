//! What `networks.py` calls: a checkpoint over N pictures of raw RGB bytes, again and again for S seconds, in precision P.
//!
//!     FOLDER PIXELS N S P
//!
//! Prints pictures a second, of the median pass, and leaves the embeddings beside the pixels, as raw floats.

#![expect(clippy::print_stdout, reason = "a benchmark says what it measured")]
#![expect(clippy::disallowed_methods, reason = "scratch files need no durability")]

use std::path::Path;
use std::time::Instant;

use candle_core::Device;
use docent::model::Tagger;

fn main() -> anyhow::Result<()> {
    docent::base::memory::keep_for_a_while();
    let arguments: Vec<String> = std::env::args().skip(1).filter(|argument| !argument.starts_with("--")).collect();
    let [folder, pixels, n, seconds, precision] = arguments.as_slice() else {
        println!("benches/peers/networks.py calls this program");
        return Ok(());
    };
    let (pixels, n, seconds) = (Path::new(pixels), n.parse::<usize>()?, seconds.parse::<f64>()?);
    let tagger = Tagger::load(Path::new(folder), &Device::Cpu)?.looking_in(precision.parse()?)?;
    let (width, height) = tagger.input_size();
    let bytes = std::fs::read(pixels)?;
    let bytes = bytes.get(..n * width * height * 3).ok_or_else(|| anyhow::anyhow!("too few pixels"))?;
    let embeddings = tagger.embed(bytes)?;
    let floats: Vec<u8> = embeddings.iter().flat_map(|value| value.to_le_bytes()).collect();
    std::fs::write(pixels.with_extension("embeddings"), floats)?;
    let started = Instant::now();
    let mut times = Vec::new();
    while started.elapsed().as_secs_f64() < seconds || times.len() < 3 {
        let at = Instant::now();
        tagger.embed(bytes)?;
        times.push(at.elapsed().as_secs_f64());
    }
    times.sort_by(f64::total_cmp);
    println!("{:.3}", n as f64 / times[times.len() / 2]);
    Ok(())
}
