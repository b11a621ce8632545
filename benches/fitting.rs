//! Pictures a second on one thread from file to network input and fingerprint: large JPEGs decoded scaled and in full, in
//! turn, and how far the inputs differ.
//!
//!     cargo bench --bench fitting -- FOLDER [SIDE]      every JPEG of a folder, for an input of SIDE (224) pixels

#![expect(clippy::print_stdout, reason = "a benchmark says what it measured")]

use std::fs;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use docent::imaging::reduced::fitted_with_fingerprint;
use docent::imaging::{Decoding, Fit, Interpolation, Preprocess};

fn main() -> anyhow::Result<()> {
    let arguments: Vec<String> = std::env::args().skip(1).filter(|argument| !argument.starts_with('-')).collect();
    let Some(folder) = arguments.first() else {
        println!("name a folder with JPEG files");
        return Ok(());
    };
    let side = arguments.get(1).map_or(Ok(224), |side| side.parse())?;
    let fit = Fit {
        width: side,
        height: side,
        preprocess: Preprocess::Padded,
        interpolation: Interpolation::Bicubic,
        crop_pct: 1.0,
    };
    let mut paths: Vec<PathBuf> = fs::read_dir(folder)?.flatten().map(|entry| entry.path()).collect();
    paths.retain(|path| path.extension().is_some_and(|ending| ending == "jpg"));
    paths.sort();
    let mut took = [Duration::ZERO; 2];
    let (mut squares, mut n_values, mut largest) = (0.0, 0, 0);
    for path in &paths {
        let [scaled, full] = [(Decoding::Scaled, 0), (Decoding::Full, 1)].map(|(decoding, at)| {
            let started = Instant::now();
            let bytes = fs::read(path)?;
            let (pixels, _) = fitted_with_fingerprint(&bytes, &fit, decoding, Path::new(path))?;
            took[at] += started.elapsed();
            anyhow::Ok(pixels)
        });
        for (a, b) in scaled?.iter().zip(full?) {
            let difference = a.abs_diff(b);
            squares += f64::from(difference).powi(2);
            largest = largest.max(difference);
            n_values += 1;
        }
    }
    let [scaled, full] = took.map(|took| paths.len() as f64 / took.as_secs_f64());
    let rms = (squares / f64::from(n_values.max(1))).sqrt();
    println!("pictures_per_second scaled {scaled:.1} full {full:.1}; levels apart: rms {rms:.2}, largest {largest}");
    Ok(())
}
