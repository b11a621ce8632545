//! Device: where tensors are computed. A graphics card that does not answer is a notice, not an error.
//!
//! Floor 3.

pub use candle_core::Device;

/// What the user asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Choice {
    /// The first graphics card if this build can use one and it answers, else the CPU.
    #[default]
    Auto,
    Cpu,
    /// The n-th NVIDIA card.
    Cuda(usize),
    Metal,
}

/// An open device.
#[derive(Debug, Clone)]
pub struct Opened {
    pub device: Device,
    /// For people: "CPU, 2 threads".
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
    Ok(Opened { device, name: format!("CUDA device {ordinal}"), notice: None })
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

#[cfg(test)]
mod tests {
    use super::*;

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
