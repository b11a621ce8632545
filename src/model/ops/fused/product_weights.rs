//! ProductWeights of a convolution that is one product: in f32, or in bf16 where that is wanted and the processor has it.
//! Floor 3.

use super::direct::{self, Job};
#[cfg(target_arch = "x86_64")]
use super::halves::Halves;
#[cfg(target_arch = "x86_64")]
pub(super) use super::halves::Kernel;
use super::panels::Panels;
use super::product::Finish;
use super::target::Target;

#[derive(Debug)]
pub(super) enum ProductWeights {
    Floats(Panels),
    #[cfg(target_arch = "x86_64")]
    Halves(Halves),
}

/// How bf16 is multiplied: on other processors, not at all.
#[cfg(not(target_arch = "x86_64"))]
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[expect(dead_code, reason = "it is asked for, and never there")]
pub(super) enum Kernel {
    Tiles,
}

#[cfg(not(target_arch = "x86_64"))]
impl Kernel {
    pub(super) fn of_this_machine() -> Option<Self> {
        None
    }
}

/// Whether convolutions in bf16 are faster here than those in f32.
pub(crate) fn has_bf16() -> bool {
    Kernel::of_this_machine().is_some()
}

impl ProductWeights {
    /// Of `[O, C, kh, kw]`, in the order of the pixels: rows of the kernel, columns, channels.
    pub(super) fn new(kernel: Option<Kernel>, weight: &[f32], [n_out, n_in, height, width]: [usize; 4]) -> Self {
        let depth = height * width * n_in;
        let weight = |output: usize, step: usize| {
            let (tap, channel) = (step / n_in, step % n_in);
            weight[(output * n_in + channel) * height * width + tap]
        };
        match kernel {
            #[cfg(target_arch = "x86_64")]
            Some(kernel) => Self::Halves(Halves::new(kernel, n_out, depth, weight)),
            _ => Self::Floats(Panels::new(n_out, depth, weight)),
        }
    }

    /// Steps of a sum.
    pub(super) fn depth(&self) -> usize {
        match self {
            Self::Floats(panels) => panels.depth(),
            #[cfg(target_arch = "x86_64")]
            Self::Halves(halves) => halves.depth(),
        }
    }

    pub(super) fn n_out(&self) -> usize {
        match self {
            Self::Floats(panels) => panels.n_out(),
            #[cfg(target_arch = "x86_64")]
            Self::Halves(halves) => halves.n_out(),
        }
    }

    /// Any kernel, stride and padding.
    pub(super) fn run(&self, job: &Job<'_>) {
        match self {
            Self::Floats(panels) => direct::run(job, panels),
            #[cfg(target_arch = "x86_64")]
            Self::Halves(halves) => halves.run(job),
        }
    }

    /// Pixels that lie one after the other, `[rows, C]`, by all weights of a 1x1 kernel, to `at` in the target on.
    ///
    /// # Safety
    /// Nobody else reads or writes these rows of the target meanwhile.
    #[expect(unsafe_code, reason = "several cores write one map")]
    pub(super) unsafe fn pixels(
        &self,
        finish: Finish<'_>,
        pixels: (&[f32], usize),
        more: Option<&[f32]>,
        to: (Target<'_>, usize),
    ) {
        match self {
            // SAFETY: by the caller's word.
            Self::Floats(panels) => unsafe { direct::pixels(panels, finish, pixels, more, to) },
            #[cfg(target_arch = "x86_64")]
            // SAFETY: as above.
            Self::Halves(halves) => unsafe { halves.pixels(finish, pixels, more, to) },
        }
    }
}
