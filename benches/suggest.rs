//! Pictures a second from the folder to the table: `docent suggest` with the starter over 300 drawings, the whole process, with
//! nothing known of the pictures before.
//!
//!     cargo bench --bench suggest
//!
//! For photographs, other networks, and beside a DataLoader: benches/peers/suggest.py.

use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Duration;

use criterion::{BatchSize, Criterion, Throughput};

const N_PICTURES: u64 = 300;

fn main() -> anyhow::Result<()> {
    let scratch = tempfile::tempdir()?;
    let folder = scratch.path().join("demo");
    let drawn = docent(&["demo", "--out", &text(&folder), "--images", &N_PICTURES.to_string()])?;
    anyhow::ensure!(drawn, "no demo could be drawn");
    let mut criterion = Criterion::default()
        .sample_size(10)
        .warm_up_time(Duration::from_secs(2))
        .measurement_time(Duration::from_secs(15))
        .configure_from_args();
    let mut group = criterion.benchmark_group("suggest");
    group.throughput(Throughput::Elements(N_PICTURES));
    group.bench_function("300 drawings", |bencher| {
        let forget = || drop(std::fs::remove_dir_all(folder.join(".docent")));
        bencher.iter_batched(
            forget,
            |()| assert!(docent(&["suggest", &text(&folder)]).is_ok_and(|succeeded| succeeded), "no proposals"),
            BatchSize::PerIteration,
        );
    });
    group.finish();
    criterion.final_summary();
    Ok(())
}

fn text(path: &Path) -> String {
    path.to_string_lossy().into_owned()
}

/// Whether it succeeded.
fn docent(arguments: &[&str]) -> anyhow::Result<bool> {
    let mut command = Command::new(env!("CARGO_BIN_EXE_docent"));
    Ok(command.args(arguments).stdout(Stdio::null()).stderr(Stdio::null()).status()?.success())
}
