//! A depthwise convolution and the 1x1 convolutions around it, a band of rows at a time: the wide maps between them never
//! leave a core's cache.
//!
//! Where a first convolution widens, the rows on the border of two bands are computed twice. Floor 3.
//! Source of the blocks: Sandler et al. 2018, arXiv 1801.04381; Chollet 2016, arXiv 1610.02357.

use std::ops::Range;

use super::crew;
use super::depthwise::Depthwise;
use super::direct::Job;
use super::map::Size;
use super::product::Finish;
use super::product_weights::ProductWeights;
use super::target::Target;
use crate::model::ops::scratch::with_scratch;
use crate::model::ops::window::Frame;

/// ProductWeights of a 1x1 convolution, and what is done to its answers.
#[derive(Clone, Copy)]
pub(super) struct Pointwise<'a> {
    pub(super) weights: &'a ProductWeights,
    pub(super) finish: Finish<'a>,
}

pub(super) struct Separable<'a> {
    pub(super) widen: Option<Pointwise<'a>>,
    pub(super) depthwise: &'a Depthwise,
    /// Of the depthwise convolution; its pixels and target are not looked at.
    pub(super) wide: Job<'a>,
    pub(super) project: Pointwise<'a>,
    /// `[B, h, w, C]`, what the first of them sees.
    pub(super) pixels: &'a [f32],
    /// Added to the answer, and laid out like it.
    pub(super) more: Option<&'a [f32]>,
    /// `[B, oh, ow, O]`.
    pub(super) target: Target<'a>,
}

impl Separable<'_> {
    pub(super) fn run(&self) {
        /// Floats between the convolutions: a megabyte.
        const CACHED: usize = 1 << 18;
        let Job { size, frame, .. } = self.wide;
        let n_rows = frame.output.0;
        let per_row = size.row() * frame.stride + frame.output.1 * size.n_channels;
        let tallest = (CACHED / per_row).max(1);
        // A band for each core, two where no row is computed twice; and as many for each.
        let n_cores = rayon::current_num_threads();
        let wanted = (n_cores * if self.widen.is_some() { 1 } else { 2 }).div_ceil(size.n_batch);
        let n_bands = n_rows.div_ceil(tallest).max(wanted.min(n_rows));
        let is_even = n_bands < n_cores || size.n_batch > 1;
        let n_bands = if is_even { n_bands } else { n_bands.next_multiple_of(n_cores).min(n_rows) };
        let outside = vec![0.0; size.row()];
        crew::each(size.n_batch * n_bands, |task| {
            let (image, band) = (task / n_bands, task % n_bands);
            self.band(image, band * n_rows / n_bands..(band + 1) * n_rows / n_bands, &outside);
        });
    }

    /// Rows of pixels that the kernel sees from these rows of answers.
    fn seen(&self, rows: &Range<usize>) -> Range<usize> {
        let Frame { kernel, stride, top, .. } = self.wide.frame;
        let end = (rows.end.saturating_sub(1) * stride + kernel.0).saturating_sub(top).min(self.wide.size.height);
        (rows.start * stride).saturating_sub(top).min(end)..end
    }

    #[expect(unsafe_code, reason = "several cores write one map")]
    fn band(&self, image: usize, rows: Range<usize>, outside: &[f32]) {
        let Job { size, frame, .. } = self.wide;
        let Size { height, width, n_channels, .. } = size;
        let seen = self.seen(&rows);
        let n_widened = if self.widen.is_some() { seen.len() * size.row() } else { 0 };
        let line = frame.output.1 * n_channels;
        with_scratch(n_widened + rows.len() * line, |scratch| {
            let (widened, between) = scratch.split_at_mut(n_widened);
            let lines: &[f32] = match self.widen {
                None => &self.pixels[(image * height + seen.start) * size.row()..][..seen.len() * size.row()],
                Some(widen) => {
                    let first = (image * height + seen.start) * width * widen.weights.depth();
                    let target = Target::new(widened);
                    let pixels = (&self.pixels[first..], seen.len() * width);
                    // SAFETY: the scratch is this task's own.
                    unsafe { widen.weights.pixels(widen.finish, pixels, None, (target, 0)) };
                    widened
                }
            };
            let target = Target::new(between);
            for (at, y) in rows.clone().enumerate() {
                // SAFETY: the scratch is this task's own.
                unsafe { self.depthwise.row(&self.wide, outside, (lines, seen.start), y, (target, at * line)) };
            }
            let Pointwise { weights, finish } = self.project;
            let at = (image * frame.output.0 + rows.start) * frame.output.1 * weights.n_out();
            let pixels = (&*between, rows.len() * frame.output.1);
            // SAFETY: no other task has these rows of the answer.
            unsafe { weights.pixels(finish, pixels, self.more, (self.target, at)) };
        });
    }
}
