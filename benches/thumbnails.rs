//! Thumbnails a second on one thread, as the window makes them: read, key of the content, decode reduced, resize, encode.
//!
//!     cargo bench --bench thumbnails -- FOLDER      every JPEG of a folder, once; benches/peers/thumbnails.py draws one

#![expect(clippy::print_stdout, reason = "a benchmark says what it measured")]

use std::fs;
use std::hint::black_box;
use std::path::PathBuf;
use std::time::Instant;

use docent::imaging::pixels;
use docent::training::content;

/// Longer side, in pixels: as the window keeps them.
const SIDE: u32 = 384;

fn main() -> anyhow::Result<()> {
    let Some(folder) = std::env::args().skip(1).find(|argument| !argument.starts_with('-')) else {
        println!("name a folder with JPEG files");
        return Ok(());
    };
    let mut paths: Vec<PathBuf> = fs::read_dir(folder)?.flatten().map(|entry| entry.path()).collect();
    paths.retain(|path| path.extension().is_some_and(|ending| ending == "jpg"));
    paths.sort();
    let started = Instant::now();
    for path in &paths {
        let (key, picture) = content::decode_with_key_at_least(path, SIDE)?;
        let small = pixels::at_most(&picture, SIDE).unwrap_or(picture);
        black_box((key, pixels::to_jpeg(&small)));
    }
    println!("thumbnails_per_second {:.2}", paths.len() as f64 / started.elapsed().as_secs_f64());
    Ok(())
}
