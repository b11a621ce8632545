//! The way back to the input of a convolution with any stride, in phases: pixels whose places agree modulo the stride.
//!
//! Each phase sees a part of the kernel and of the gradient's pixels, next to each other, so it is a convolution of its
//! own with stride 1. Floor 3.

use super::crew;
use super::direct::{Job, pad};
use super::kernels::Kernels;
use super::map::Size;
use super::panels::Panels;
use super::product::{Finish, Product, Rows};
use super::target::written;
use crate::model::ops::scratch::with_scratch;
use crate::model::ops::window::Frame;

/// One direction of one phase.
#[derive(Debug, Clone)]
struct Phase {
    /// The first pixel, and how many there are.
    first: usize,
    n: usize,
    /// Of the kernel, as they fall on neighbouring pixels of the gradient.
    taps: Vec<usize>,
    /// The gradient's first pixel under the first pixel's kernel; may be before the map.
    start: isize,
}

/// All phases of one direction: `size` pixels, of which `before` more are padding.
fn phases(stride: usize, kernel: usize, before: usize, size: usize) -> Vec<Phase> {
    let mut phases = Vec::with_capacity(stride);
    for first in 0..stride.min(size) {
        let least = (first + before) % stride;
        let mut taps: Vec<usize> = (least..kernel).step_by(stride).collect();
        taps.reverse();
        let start = ((first + before) / stride) as isize - (taps.len() as isize - 1);
        phases.push(Phase { first, n: (size - first).div_ceil(stride), taps, start });
    }
    phases
}

/// Margins that all phases together need before and behind `size` pixels of the gradient.
fn margins(phases: &[Phase], size: usize) -> (usize, usize) {
    let (mut before, mut behind) = (0, 0);
    for phase in phases.iter().filter(|phase| !phase.taps.is_empty()) {
        let end = phase.start + (phase.n + phase.taps.len()) as isize - 1;
        before = before.max((-phase.start).max(0) as usize);
        behind = behind.max((end - size as isize).max(0) as usize);
    }
    (before, behind)
}

/// The gradient of the input, `size`, and `more` of it that is there already.
#[expect(unsafe_code, reason = "the answer's memory is not cleared first")]
pub(super) fn for_input(
    kernels: &Kernels<'_>,
    frame: &Frame,
    size: Size,
    gradient: &[f32],
    more: Option<&[f32]>,
) -> Vec<f32> {
    let down = phases(frame.stride, frame.kernel.0, frame.top, size.height);
    let across = phases(frame.stride, frame.kernel.1, frame.left, size.width);
    let seen = Size { height: frame.output.0, width: frame.output.1, n_channels: kernels.n_in, ..size };
    let ((top, bottom), (left, right)) = (margins(&down, seen.height), margins(&across, seen.width));
    let padded = Size { height: seen.height + top + bottom, width: seen.width + left + right, ..seen };
    with_scratch(padded.n_floats(), |margins| {
        let around = Frame { top, left, ..*frame };
        let shift = vec![0.0; size.n_channels.next_multiple_of(super::panels::PANEL)];
        let finish = Finish { shift: &shift, low: f32::NEG_INFINITY, high: f32::INFINITY };
        // SAFETY: every pixel is in one phase, and each phase writes all of its pixels.
        unsafe {
            written(size.n_floats(), |target| {
                let job =
                    Job { pixels: gradient, size: seen, frame: around, finish, more, target, n_out: size.n_channels };
                pad(&job, padded, margins);
                for down in &down {
                    for across in &across {
                        let back = Back { job: &job, down, across, margins, padded, size, begin: (top, left) };
                        back.run(kernels, frame.kernel.1);
                    }
                }
            })
        }
    })
}

/// One phase in both directions.
struct Back<'a> {
    job: &'a Job<'a>,
    down: &'a Phase,
    across: &'a Phase,
    /// The gradient with what is around it.
    margins: &'a [f32],
    padded: Size,
    /// Of the input.
    size: Size,
    /// Where in the margins the gradient begins.
    begin: (usize, usize),
}

impl Back<'_> {
    fn run(&self, kernels: &Kernels<'_>, kernel_width: usize) {
        /// Rows of pixels that go through each panel of weights together.
        const ROWS: usize = 4;
        let rows = self.down.taps.iter();
        let taps: Vec<usize> = rows.flat_map(|y| self.across.taps.iter().map(move |x| y * kernel_width + x)).collect();
        let panels = (!taps.is_empty()).then(|| kernels.panels_of(&taps));
        let n_rows = self.size.n_batch * self.down.n;
        crew::each(n_rows.div_ceil(ROWS), |task| {
            let rows = task * ROWS..((task + 1) * ROWS).min(n_rows);
            match &panels {
                Some(panels) => {
                    for panel in 0..panels.len() {
                        for row in rows.clone() {
                            self.row(panels, panel, row);
                        }
                    }
                }
                None => {
                    for row in rows {
                        self.unseen(row);
                    }
                }
            }
        });
    }

    /// Where the first pixel of a row is.
    fn place(&self, row: usize) -> usize {
        let (image, y) = (row / self.down.n, row % self.down.n * self.job.frame.stride + self.down.first);
        ((image * self.size.height + y) * self.size.width + self.across.first) * self.size.n_channels
    }

    #[expect(unsafe_code, reason = "several cores write one map")]
    fn row(&self, panels: &Panels, index: usize, row: usize) {
        let Size { n_channels, .. } = self.padded;
        let (image, j) = (row / self.down.n, row % self.down.n);
        let at = |start: isize, begin: usize| (start + begin as isize) as usize;
        let y = image * self.padded.height + j + at(self.down.start, self.begin.0);
        let start = (y * self.padded.width + at(self.across.start, self.begin.1)) * n_channels;
        let starts: Vec<usize> = (0..self.across.n).map(|i| start + i * n_channels).collect();
        let runs: Vec<usize> = (0..self.down.taps.len()).map(|y| y * self.padded.row()).collect();
        let panel = panels.panel(index);
        let product = Product {
            rows: Rows { pixels: self.margins, starts: &starts, runs: &runs, run: self.across.taps.len() * n_channels },
            panel,
            next: None,
            finish: self.job.finish,
            more: self.job.more,
            target: self.job.target,
            at: self.place(row) + panel.first,
            stride: self.job.frame.stride * self.size.n_channels,
        };
        // SAFETY: no other task has this row of this phase.
        unsafe { product.run() };
    }

    /// Pixels that no kernel has seen.
    #[expect(unsafe_code, reason = "several cores write one map")]
    fn unseen(&self, row: usize) {
        let n = self.size.n_channels;
        let nothing = vec![0.0; n];
        for i in 0..self.across.n {
            let at = self.place(row) + i * self.job.frame.stride * n;
            let pixel = self.job.more.map_or(&nothing[..], |more| &more[at..at + n]);
            // SAFETY: as above.
            unsafe { self.job.target.copy(at, pixel) };
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn phases_name_every_pair_of_an_input_and_an_output_once() {
        for (size, kernel, stride, before) in
            [(7, 3, 2, 1), (8, 3, 2, 0), (9, 7, 2, 3), (5, 1, 2, 0), (6, 2, 3, 1), (4, 3, 1, 2)]
        {
            let mut found = Vec::new();
            for phase in phases(stride, kernel, before, size) {
                for i in 0..phase.n {
                    for (at, tap) in phase.taps.iter().enumerate() {
                        found.push((phase.first + i * stride, *tap, phase.start + (i + at) as isize));
                    }
                }
            }
            found.sort_unstable();
            let mut expected = Vec::new();
            for x in 0..size {
                for tap in 0..kernel {
                    let out = (x + before) as isize - tap as isize;
                    if out.rem_euclid(stride as isize) == 0 {
                        expected.push((x, tap, out.div_euclid(stride as isize)));
                    }
                }
            }
            assert_eq!(found, expected, "{size} {kernel} {stride} {before}");
        }
    }
}
