//! Rows of pixels in bf16, brought together for the kernels. Floor 3.

use std::arch::x86_64::{
    __m256bh, __m256i, _mm256_storeu_si256, _mm512_cvtneps_pbh, _mm512_loadu_ps, _mm512_maskz_loadu_ps,
};
use std::mem::transmute;
use std::ops::Range;

use pulp::bytemuck::cast_slice_mut;

use super::STEPS;
use super::kernel::GROUP;
use crate::model::ops::fused::crew;
use crate::model::ops::fused::direct::{Job, fill_starts};
use crate::model::ops::fused::map::Size;
use crate::model::ops::lanes::LANES;
use crate::model::ops::scratch::with_scratch;

/// Rows `[n, depth]`, each filled up with zeros to whole steps, and apart by an odd number of cache lines, or those of a
/// tile would compete for the same places.
pub(super) struct Packed<'a> {
    values: &'a mut [u16],
    n_rows: usize,
    depth: usize,
}

impl Packed<'_> {
    pub(super) fn with<R>(n_rows: usize, depth: usize, fill: impl FnOnce(&mut Packed<'_>) -> R) -> R {
        let n = n_rows.next_multiple_of(GROUP) * stride(depth);
        with_scratch(n.div_ceil(2), |floats| fill(&mut Packed { values: cast_slice_mut(floats), n_rows, depth }))
    }

    pub(super) fn n_rows(&self) -> usize {
        self.n_rows
    }

    pub(super) fn whole_depth(&self) -> usize {
        self.depth.next_multiple_of(STEPS)
    }

    /// From row to row.
    pub(super) fn stride(&self) -> usize {
        stride(self.depth)
    }

    /// From this row on, beyond the last one too.
    pub(super) fn rows(&self, first: usize) -> &[u16] {
        &self.values[first * self.stride()..]
    }

    /// From `[rows, depth]` floats that lie together.
    pub(super) fn fill(&mut self, pixels: &[f32]) {
        for (row, pixels) in pixels.chunks_exact(self.depth).enumerate() {
            round(pixels, self.row(row));
        }
    }

    /// A row, which ends in zeros already.
    fn row(&mut self, row: usize) -> &mut [u16] {
        let (stride, whole) = (self.stride(), self.whole_depth());
        let row = &mut self.values[row * stride..(row + 1) * stride];
        row[whole - STEPS..].fill(0);
        row
    }
}

fn stride(depth: usize) -> usize {
    STEPS * (depth.div_ceil(STEPS) | 1)
}

/// Where the pixels under a kernel come from.
pub(super) struct Map<'a> {
    job: &'a Job<'a>,
    source: Source<'a>,
    size: Size,
}

enum Source<'a> {
    /// One pixel each, from the map itself.
    Floats(&'a [f32]),
    /// From a copy with its margins.
    Halves(&'a [u16]),
}

impl<'a> Map<'a> {
    pub(super) fn with<R>(job: &'a Job<'a>, read: impl FnOnce(&Map<'_>) -> R) -> R {
        let frame = job.frame;
        let (height, width) = frame.used();
        let is_inside = (frame.top, frame.left) == (0, 0) && height <= job.size.height && width <= job.size.width;
        if frame.kernel == (1, 1) && is_inside {
            return read(&Map { job, source: Source::Floats(job.pixels), size: job.size });
        }
        let width = width.max(frame.left + job.size.width);
        // Two halves to a float: rows of an even number.
        let width = if job.size.n_channels.is_multiple_of(2) { width } else { width.next_multiple_of(2) };
        let size = Size { height, width, ..job.size };
        with_scratch(size.n_floats() / 2 + LANES, |floats| {
            let (row, line) = (size.row(), job.size.row());
            let first = frame.left * size.n_channels;
            crew::parts(&mut floats[..size.n_floats() / 2], row / 2, |at, margin| {
                let margin: &mut [u16] = cast_slice_mut(margin);
                let (image, y) = (at / size.height, (at % size.height).wrapping_sub(frame.top));
                if y >= job.size.height {
                    return margin.fill(0);
                }
                let (before, rest) = margin.split_at_mut(first);
                let (inside, after) = rest.split_at_mut(line);
                before.fill(0);
                round(&job.pixels[(image * job.size.height + y) * line..][..line], inside);
                after.fill(0);
            });
            read(&Map { job, source: Source::Halves(pulp::bytemuck::cast_slice(floats)), size })
        })
    }

    /// The pixels under the kernel for some rows of answers.
    pub(super) fn pack(&self, rows: Range<usize>, packed: &mut Packed<'_>) {
        const AT_ONCE: usize = 64;
        let frame = &self.job.frame;
        let run = frame.kernel.1 * self.size.n_channels;
        let mut starts = [0; AT_ONCE];
        for first in rows.clone().step_by(AT_ONCE) {
            let starts = &mut starts[..AT_ONCE.min(rows.end - first)];
            fill_starts(starts, first, frame, self.size);
            for (at, &start) in starts.iter().enumerate() {
                let row = packed.row(first - rows.start + at);
                match self.source {
                    Source::Floats(pixels) => round(&pixels[start..start + run], row),
                    Source::Halves(pixels) => {
                        for (y, row) in row[..run * frame.kernel.0].chunks_exact_mut(run).enumerate() {
                            row.copy_from_slice(&pixels[start + y * self.size.row()..][..run]);
                        }
                    }
                }
            }
        }
    }
}

/// To the nearest, halves to the even one. What is beyond in `to` stays.
fn round(from: &[f32], to: &mut [u16]) {
    assert!(from.len() <= to.len(), "rounded into too little");
    // SAFETY: as many as are there; a kernel is only chosen where the processor has AVX512-BF16.
    #[expect(unsafe_code, reason = "bounds are checked once here")]
    unsafe {
        round_vectors(from, to);
    }
}

/// # Safety
/// `to` is as long as `from`; the processor has AVX512-BF16.
#[expect(unsafe_code, reason = "`round` has checked every bound")]
#[target_feature(enable = "avx512f,avx512bf16,avx512bw,avx512vl")]
unsafe fn round_vectors(from: &[f32], to: &mut [u16]) {
    use std::arch::x86_64::_mm256_mask_storeu_epi16;
    let (n, from, to) = (from.len(), from.as_ptr(), to.as_mut_ptr());
    let whole = n / LANES * LANES;
    // SAFETY: by the caller's word; what the mask leaves out is not touched.
    unsafe {
        for at in (0..whole).step_by(LANES) {
            let rounded = transmute::<__m256bh, __m256i>(_mm512_cvtneps_pbh(_mm512_loadu_ps(from.add(at))));
            _mm256_storeu_si256(to.add(at).cast(), rounded);
        }
        if whole < n {
            let mask = ((1_u32 << (n - whole)) - 1) as u16;
            let rounded =
                transmute::<__m256bh, __m256i>(_mm512_cvtneps_pbh(_mm512_maskz_loadu_ps(mask, from.add(whole))));
            _mm256_mask_storeu_epi16(to.add(whole).cast(), mask, rounded);
        }
    }
}
