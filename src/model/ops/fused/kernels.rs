//! Weights of a convolution that learns: forwards, or turned round for the way back, brought in order or lifted anew in
//! every step. Floor 3.

use std::ops::Range;

use pulp::{Simd, WithSimd};

use super::crew;
use super::instructions::arch;
use super::panels::{PANEL, Panels};
use super::target::Target;
use super::transform;
use super::winograd::{SEEN, TAPS, matrix};
use crate::model::ops::lanes::{LANES, interleave};

/// Weights as one direction sees them; backwards, outputs are the convolution's inputs, and the taps are turned round.
#[derive(Debug, Clone, Copy)]
pub(super) struct Kernels<'a> {
    /// `[O, C, kh, kw]`.
    values: &'a [f32],
    n_taps: usize,
    pub(super) n_out: usize,
    pub(super) n_in: usize,
    /// Of the convolution's outputs, whichever way.
    scale: Option<&'a [f32]>,
    is_back: bool,
}

impl<'a> Kernels<'a> {
    pub(super) fn forward(values: &'a [f32], [n_out, n_in, kh, kw]: [usize; 4], scale: Option<&'a [f32]>) -> Self {
        Self { values, n_taps: kh * kw, n_out, n_in, scale, is_back: false }
    }

    pub(super) fn back(values: &'a [f32], [n_out, n_in, kh, kw]: [usize; 4], scale: Option<&'a [f32]>) -> Self {
        Self { values, n_taps: kh * kw, n_out: n_in, n_in: n_out, scale, is_back: true }
    }

    /// The taps of one pair, in the order in which they lie.
    fn taps(&self, output: usize, input: usize) -> &'a [f32] {
        let pair = if self.is_back { input * self.n_out + output } else { output * self.n_in + input };
        &self.values[pair * self.n_taps..][..self.n_taps]
    }

    fn factor(&self, output: usize, input: usize) -> f32 {
        self.scale.map_or(1.0, |scale| scale[if self.is_back { input } else { output }])
    }

    /// All taps, in the order of the pixels under them.
    pub(super) fn panels(&self) -> Panels {
        let taps = 0..self.n_taps;
        let taps: Vec<usize> = if self.is_back { taps.rev().collect() } else { taps.collect() };
        self.panels_of(&taps)
    }

    /// These taps, each with all inputs, one after the other.
    pub(super) fn panels_of(&self, taps: &[usize]) -> Panels {
        /// Steps that one core handles at a time.
        const STEPS: usize = 32;
        let depth = taps.len() * self.n_in;
        let mut values = vec![0.0; self.n_out.next_multiple_of(LANES) * depth];
        let n_parts = self.n_in.div_ceil(STEPS);
        let target = Target::new(&mut values);
        crew::each(self.n_out.div_ceil(PANEL) * n_parts, |task| {
            let (panel, part) = (task / n_parts, task % n_parts);
            let outputs = panel * PANEL..((panel + 1) * PANEL).min(self.n_out);
            let inputs = part * STEPS..((part + 1) * STEPS).min(self.n_in);
            self.pack(taps, outputs, inputs, target, panel * PANEL * depth);
        });
        Panels::ordered(values, depth, self.n_out)
    }

    /// Some inputs of one panel, which begins at `start`.
    #[expect(unsafe_code, reason = "several cores write one list")]
    fn pack(&self, taps: &[usize], outputs: Range<usize>, inputs: Range<usize>, target: Target<'_>, start: usize) {
        let width = outputs.len().next_multiple_of(LANES);
        let mut row = [0.0; PANEL];
        for input in inputs {
            let mut pairs = [&[][..]; PANEL];
            let mut factors = [0.0; PANEL];
            for (lane, output) in outputs.clone().enumerate() {
                pairs[lane] = self.taps(output, input);
                factors[lane] = self.factor(output, input);
            }
            for (at, tap) in taps.iter().enumerate() {
                for ((value, pair), factor) in row.iter_mut().zip(&pairs[..outputs.len()]).zip(&factors) {
                    *value = pair[*tap] * factor;
                }
                // SAFETY: this panel's rows of these inputs are nobody else's.
                unsafe { target.copy(start + (at * self.n_in + input) * width, &row[..width]) };
            }
        }
    }
}

/// 3x3 kernels of some outputs, at most a panel, and some inputs to the 36 matrices `[inputs, PANEL]`.
pub(super) struct LiftKernels<'a> {
    pub(super) kernels: Kernels<'a>,
    pub(super) outputs: Range<usize>,
    pub(super) inputs: Range<usize>,
    pub(super) lifted: &'a mut [f32],
}

impl LiftKernels<'_> {
    pub(super) fn run(self) {
        arch().dispatch(self);
    }
}

impl WithSimd for LiftKernels<'_> {
    type Output = ();

    #[inline(always)]
    fn with_simd<S: Simd>(self, simd: S) {
        let per_block = LANES / S::F32_LANES;
        let matrix = matrix(self.inputs.len(), PANEL) / S::F32_LANES;
        let lifted = S::as_mut_simd_f32s(self.lifted).0;
        let mut taps = [[0.0; LANES]; TAPS];
        for (block, first) in self.outputs.clone().step_by(LANES).enumerate() {
            for (at, input) in self.inputs.clone().enumerate() {
                // Lanes left over repeat the last output; nobody reads them.
                let mut rows = [&[][..]; LANES];
                let mut factors = [1.0; LANES];
                for lane in 0..LANES {
                    let output = (first + lane).min(self.outputs.end - 1);
                    rows[lane] = self.kernels.taps(output, input);
                    factors[lane] = self.kernels.factor(output, input);
                }
                interleave(&mut taps, &rows);
                if self.kernels.is_back {
                    taps.reverse();
                }
                let values = S::as_simd_f32s(taps.as_flattened()).0;
                let factors = S::as_simd_f32s(&factors).0;
                for part in 0..per_block {
                    let mut square = [[factors[part]; 3]; 3];
                    for (y, line) in square.iter_mut().enumerate() {
                        for (x, value) in line.iter_mut().enumerate() {
                            *value = simd.mul_f32s(values[(3 * y + x) * per_block + part], factors[part]);
                        }
                    }
                    let transformed = transform::both(
                        square,
                        #[inline(always)]
                        |g| transform::kernel(simd, g),
                    );
                    let target = (at * PANEL + block * LANES) / S::F32_LANES + part;
                    for (point, value) in transformed.as_flattened().iter().enumerate() {
                        lifted[point * matrix + target] = *value;
                    }
                }
            }
        }
    }
}

/// Gradients of lifted kernels, 36 matrices `[inputs, PANEL]`, to those of the weights `[O, C, 3, 3]`.
pub(super) struct LandKernels<'a> {
    pub(super) lifted: &'a [f32],
    pub(super) outputs: Range<usize>,
    pub(super) inputs: Range<usize>,
    pub(super) target: Target<'a>,
    /// Of the target's weights.
    pub(super) n_in: usize,
    /// Where they begin.
    pub(super) start: usize,
}

impl LandKernels<'_> {
    pub(super) fn run(self) {
        arch().dispatch(self);
    }
}

impl WithSimd for LandKernels<'_> {
    type Output = ();

    #[expect(unsafe_code, reason = "several cores write one list")]
    #[inline(always)]
    fn with_simd<S: Simd>(self, simd: S) {
        let per_block = LANES / S::F32_LANES;
        let matrix = matrix(self.inputs.len(), PANEL) / S::F32_LANES;
        let lifted = S::as_simd_f32s(self.lifted).0;
        for (block, first) in self.outputs.clone().step_by(LANES).enumerate() {
            let mut taps = [0.0; TAPS * LANES];
            for (at, input) in self.inputs.clone().enumerate() {
                let values = S::as_mut_simd_f32s(&mut taps).0;
                for part in 0..per_block {
                    let start = (at * PANEL + block * LANES) / S::F32_LANES + part;
                    let mut square = [[lifted[start]; SEEN]; SEEN];
                    for (y, line) in square.iter_mut().enumerate() {
                        for (x, value) in line.iter_mut().enumerate() {
                            *value = lifted[start + (y * SEEN + x) * matrix];
                        }
                    }
                    let kernel = transform::both(
                        square,
                        #[inline(always)]
                        |u| transform::for_kernel(simd, u),
                    );
                    for (tap, value) in kernel.as_flattened().iter().enumerate() {
                        values[tap * per_block + part] = *value;
                    }
                }
                for lane in 0..LANES.min(self.outputs.end - first) {
                    let mut kernel = [0.0; TAPS];
                    for (tap, value) in kernel.iter_mut().enumerate() {
                        *value = taps[tap * LANES + lane];
                    }
                    let at = self.start + ((first + lane) * self.n_in + input) * TAPS;
                    // SAFETY: these outputs of these inputs are nobody else's.
                    unsafe { self.target.copy(at, &kernel) };
                }
            }
        }
    }
}
