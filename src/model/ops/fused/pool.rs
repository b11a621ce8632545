//! Pooling of maps whose channels lie together: whole pixels are compared, or added. Floor 3.

use candle_core::{Result, Tensor};
use pulp::{Simd, WithSimd};

use super::crew;
use super::instructions::arch;
use super::map::{Size, map_of, with_pixels};
use crate::model::ops::window::Frame;

/// How the pixels under a window become one.
#[derive(Debug, Clone, Copy)]
pub(in crate::model::ops) enum Kind<'a> {
    Max,
    /// Their sum times the share of the answer's pixel.
    Sum(&'a [f32]),
}

pub(in crate::model::ops) fn pool(x: &Tensor, frame: &Frame, kind: Kind<'_>) -> Result<Tensor> {
    let size = Size::of(x)?;
    let answer = Size { height: frame.output.0, width: frame.output.1, ..size };
    with_pixels(x, |pixels| {
        let mut values = vec![0.0; answer.n_floats()];
        crew::parts(&mut values, answer.row(), |row, target| {
            arch().dispatch(Line { pixels, size, frame, kind, row, target });
        });
        map_of(values, answer)
    })
}

/// One row of answers.
struct Line<'a> {
    pixels: &'a [f32],
    size: Size,
    frame: &'a Frame,
    kind: Kind<'a>,
    row: usize,
    target: &'a mut [f32],
}

impl WithSimd for Line<'_> {
    type Output = ();

    #[inline(always)]
    fn with_simd<S: Simd>(self, _simd: S) {
        let Frame { kernel, stride, output, top, left, .. } = *self.frame;
        let (image, y) = (self.row / output.0, self.row % output.0);
        let n = self.size.n_channels;
        for (x, target) in self.target.chunks_exact_mut(n.max(1)).enumerate() {
            let mut is_first = true;
            for tap in 0..kernel.0 * kernel.1 {
                let y = (y * stride + tap / kernel.1).wrapping_sub(top);
                let x = (x * stride + tap % kernel.1).wrapping_sub(left);
                if y >= self.size.height || x >= self.size.width {
                    continue;
                }
                let pixel = &self.pixels[((image * self.size.height + y) * self.size.width + x) * n..][..n];
                match self.kind {
                    _ if is_first => target.copy_from_slice(pixel),
                    Kind::Max => {
                        for (target, value) in target.iter_mut().zip(pixel) {
                            *target = if *value > *target { *value } else { *target };
                        }
                    }
                    Kind::Sum(_) => {
                        for (target, value) in target.iter_mut().zip(pixel) {
                            *target += value;
                        }
                    }
                }
                is_first = false;
            }
            if let Kind::Sum(shares) = self.kind {
                let share = shares[y * output.1 + x];
                for target in target.iter_mut() {
                    *target *= share;
                }
            }
        }
    }
}
