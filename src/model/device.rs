//! Device: where tensors are computed. A graphics card that does not answer is a notice, not an error.
//!
//! Also what to do when a card's memory is full: take smaller helpings.
//!
//! Floor 3.

use std::fmt;
use std::ops::Range;
use std::str::FromStr;
use std::sync::atomic::AtomicUsize;
use std::sync::atomic::Ordering::Relaxed;

pub use candle_core::Device;
use serde::{Deserialize, Serialize};

/// What the user asked for; written `auto`, `cpu`, `cuda`, `cuda:1`, `metal`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub enum Choice {
    /// The first graphics card if this build can use one and it answers, else the CPU.
    #[default]
    Auto,
    Cpu,
    /// The n-th NVIDIA card, from 0.
    Cuda(usize),
    Metal,
}

impl Choice {
    /// Why this build can never use it, in a sentence.
    pub fn obstacle(self) -> Option<&'static str> {
        match self {
            Self::Cuda(_) if !cfg!(feature = "cuda") => Some("This build has no CUDA."),
            Self::Metal if !cfg!(feature = "metal") => Some("This build has no Metal."),
            _ => None,
        }
    }
}

impl fmt::Display for Choice {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Auto => write!(f, "auto"),
            Self::Cpu => write!(f, "cpu"),
            Self::Cuda(0) => write!(f, "cuda"),
            Self::Cuda(ordinal) => write!(f, "cuda:{ordinal}"),
            Self::Metal => write!(f, "metal"),
        }
    }
}

/// What was asked for is no device.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("expected auto, cpu, cuda, cuda:N or metal")]
pub struct UnknownChoice;

impl FromStr for Choice {
    type Err = UnknownChoice;

    fn from_str(text: &str) -> Result<Self, UnknownChoice> {
        match text {
            "auto" => Ok(Self::Auto),
            "cpu" => Ok(Self::Cpu),
            "cuda" => Ok(Self::Cuda(0)),
            "metal" => Ok(Self::Metal),
            _ => {
                let ordinal = text.strip_prefix("cuda:").and_then(|ordinal| ordinal.parse().ok());
                ordinal.map(Self::Cuda).ok_or(UnknownChoice)
            }
        }
    }
}

impl TryFrom<String> for Choice {
    type Error = UnknownChoice;

    fn try_from(text: String) -> Result<Self, UnknownChoice> {
        text.parse()
    }
}

impl From<Choice> for String {
    fn from(choice: Choice) -> Self {
        choice.to_string()
    }
}

/// An open device.
#[derive(Debug, Clone)]
pub struct Opened {
    pub device: Device,
    /// For people: "CPU, 2 threads", "NVIDIA H100 80GB HBM3, 79 GiB".
    pub name: String,
    /// Why it is not the device that was asked for.
    pub notice: Option<String>,
}

/// Opens the chosen device, or the CPU with a notice.
pub fn open(choice: Choice) -> Opened {
    let (wanted, attempt) = match choice {
        Choice::Cpu => return cpu(None),
        Choice::Auto => return automatic(),
        Choice::Cuda(ordinal) => (format!("CUDA device {ordinal}"), cuda(ordinal)),
        Choice::Metal => ("Metal".to_owned(), metal()),
    };
    match attempt {
        Ok(opened) => opened,
        Err(reason) => cpu(Some(format!("{wanted} cannot be used ({reason}); computing on the CPU"))),
    }
}

fn automatic() -> Opened {
    cuda(0).or_else(|_| metal()).unwrap_or_else(|_| cpu(None))
}

fn cuda(ordinal: usize) -> Result<Opened, String> {
    if !cfg!(feature = "cuda") {
        return Err("this build has no CUDA".to_owned());
    }
    let device = Device::new_cuda(ordinal).map_err(|error| first_line(&error))?;
    let name = card(&device).unwrap_or_else(|| format!("CUDA device {ordinal}"));
    Ok(Opened { device, name, notice: None })
}

/// The card's own name and its memory.
#[cfg(feature = "cuda")]
fn card(device: &Device) -> Option<String> {
    let stream = device.as_cuda_device().ok()?.cuda_stream();
    let context = stream.context();
    let gibibytes = context.total_mem().ok()? as f64 / f64::from(1 << 30);
    Some(format!("{}, {gibibytes:.0} GiB", context.name().ok()?))
}

#[cfg(not(feature = "cuda"))]
fn card(_device: &Device) -> Option<String> {
    None
}

fn metal() -> Result<Opened, String> {
    if !cfg!(feature = "metal") {
        return Err("this build has no Metal".to_owned());
    }
    let device = Device::new_metal(0).map_err(|error| first_line(&error))?;
    Ok(Opened { device, name: "Metal".to_owned(), notice: None })
}

/// Candle's errors carry a backtrace below the message.
fn first_line(error: &candle_core::Error) -> String {
    error.to_string().lines().next().unwrap_or_default().to_owned()
}

fn cpu(notice: Option<String>) -> Opened {
    let n_threads = rayon::current_num_threads();
    let threads = if n_threads == 1 { "thread" } else { "threads" };
    Opened { device: Device::Cpu, name: format!("CPU, {n_threads} {threads}"), notice }
}

/// Whether a card's memory was too small for what was asked of it.
///
/// Candle passes the drivers' errors on as text: CUDA's, cuBLAS' and cuDNN's names, and Metal's refusal of a buffer.
pub fn is_out_of_memory(error: &candle_core::Error) -> bool {
    use candle_core::Error as E;
    const SIGNS: [&str; 5] =
        ["out of memory", "out_of_memory", "alloc_failed", "insufficient memory", "failed to create metal resource"];
    match error {
        // The backtrace below names functions, this one perhaps among them.
        E::WithBacktrace { inner, .. } | E::Context { inner, .. } => is_out_of_memory(inner),
        other => {
            let text = other.to_string().to_lowercase();
            SIGNS.iter().any(|sign| text.contains(sign))
        }
    }
}

/// Does `n` things in parts, in order, first all at once: where a part does not fit into the memory, it is done again at
/// half its size, and those after it too. The results of the parts, in order.
///
/// Errors: those of `part`; out of memory only once a part has `least` things (at least one) or fewer.
pub fn halving<T>(
    n: usize,
    least: usize,
    part: impl FnMut(Range<usize>) -> candle_core::Result<T>,
) -> candle_core::Result<Vec<T>> {
    halving_from(&AtomicUsize::new(n), n, least, part)
}

/// The same in parts of `size`, where what fits is remembered for the next time.
pub fn halving_from<T, E>(
    size: &AtomicUsize,
    n: usize,
    least: usize,
    mut part: impl FnMut(Range<usize>) -> Result<T, E>,
) -> Result<Vec<T>, E>
where
    E: AsComputing,
{
    let least = least.max(1);
    let (mut done, mut results) = (0, Vec::new());
    while done < n {
        let end = n.min(done.saturating_add(size.load(Relaxed).max(1)));
        match part(done..end) {
            Ok(result) => {
                results.push(result);
                done = end;
            }
            Err(error) if error.as_computing().is_some_and(is_out_of_memory) && end - done > least => {
                size.store(((end - done) / 2).max(least), Relaxed);
                tracing::warn!("the device's memory is full; going on with {} at a time", size.load(Relaxed));
            }
            Err(error) => return Err(error),
        }
    }
    Ok(results)
}

/// An error that may be the device's.
pub trait AsComputing {
    fn as_computing(&self) -> Option<&candle_core::Error>;
}

impl AsComputing for candle_core::Error {
    fn as_computing(&self) -> Option<&candle_core::Error> {
        Some(self)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn out_of_memory() -> candle_core::Error {
        // As cudarc prints it.
        candle_core::Error::Cuda("DriverError(CUDA_ERROR_OUT_OF_MEMORY, \"out of memory\")".into()).bt()
    }

    #[test]
    fn a_choice_is_read_as_it_is_written() {
        for (text, expected) in [
            ("auto", Choice::Auto),
            ("cpu", Choice::Cpu),
            ("cuda", Choice::Cuda(0)),
            ("cuda:3", Choice::Cuda(3)),
            ("metal", Choice::Metal),
        ] {
            assert_eq!(text.parse(), Ok(expected));
            assert_eq!(expected.to_string(), text);
            assert_eq!(serde_json::to_value(expected).unwrap(), text);
        }
        for text in ["", "CPU", "cuda:", "cuda:-1", "cuda1", "gpu"] {
            assert_eq!(text.parse::<Choice>(), Err(UnknownChoice), "{text}");
        }
    }

    #[test]
    fn what_this_build_cannot_use_says_why() {
        assert_eq!((Choice::Auto.obstacle(), Choice::Cpu.obstacle()), (None, None));
        assert_eq!(Choice::Cuda(0).obstacle().is_none(), cfg!(feature = "cuda"));
        assert_eq!(Choice::Metal.obstacle().is_none(), cfg!(feature = "metal"));
    }

    #[test]
    fn memory_that_is_full_is_told_from_other_errors() {
        let wrapped = out_of_memory().context("while looking at 32 pictures");
        let blas = candle_core::Error::Cuda("CublasError(CUBLAS_STATUS_ALLOC_FAILED)".into());
        let other =
            candle_core::Error::Cuda("DriverError(CUDA_ERROR_ILLEGAL_ADDRESS, \"an illegal memory access\")".into());
        for (error, expected) in [(out_of_memory(), true), (wrapped, true), (blas, true), (other, false)] {
            assert_eq!(is_out_of_memory(&error), expected, "{error}");
        }
    }

    /// The parts that were done, on a card that holds `room` things.
    fn parts(n: usize, least: usize, room: usize) -> candle_core::Result<Vec<Range<usize>>> {
        halving(n, least, |part| if part.len() <= room { Ok(part) } else { Err(out_of_memory()) })
    }

    #[test]
    fn the_size_that_fits_is_remembered() {
        let size = AtomicUsize::new(usize::MAX);
        let mut sizes = Vec::new();
        for _ in 0..2 {
            let part = |part: Range<usize>| {
                sizes.push(part.len());
                if part.len() <= 5 { Ok(()) } else { Err(out_of_memory()) }
            };
            halving_from(&size, 8, 1, part).unwrap();
        }
        assert_eq!(sizes, [8, 4, 4, 4, 4]);
    }

    #[test]
    fn parts_are_halved_until_they_fit_and_stay_so() {
        // (things, room, sizes of the parts): 16 → 8 → 4, and 13 → 6 → 3 with a single one at the end.
        let cases: [(usize, usize, &[usize]); 5] =
            [(16, 16, &[16]), (16, 5, &[4, 4, 4, 4]), (13, 3, &[3, 3, 3, 3, 1]), (1, 1, &[1]), (0, 1, &[])];
        for (n, room, expected) in cases {
            let found = parts(n, 1, room).unwrap();
            let sizes: Vec<_> = found.iter().map(Range::len).collect();
            assert_eq!(sizes, expected, "{n} things, room for {room}");
            assert!(found.into_iter().flatten().eq(0..n));
        }
    }

    #[test]
    fn what_does_not_fit_at_the_least_size_is_an_error_and_other_errors_are_not_tried_again() {
        assert!(is_out_of_memory(&parts(16, 4, 3).unwrap_err()));
        assert!(is_out_of_memory(&parts(3, 0, 0).unwrap_err()));
        let mut calls = 0;
        let result = halving(8, 1, |_| -> candle_core::Result<()> {
            calls += 1;
            Err(candle_core::Error::Msg("broken".to_owned()))
        });
        assert_eq!((result.is_err(), calls), (true, 1));
    }

    #[test]
    fn a_card_that_is_not_there_is_a_notice_and_the_cpu() {
        let opened = open(Choice::Cuda(63));
        assert!(opened.device.is_cpu());
        assert!(opened.name.starts_with("CPU, "));
        assert!(opened.notice.unwrap().starts_with("CUDA device 63 cannot be used"));
    }

    #[test]
    fn the_cpu_needs_no_notice() {
        assert_eq!(open(Choice::Cpu).notice, None);
    }
}
