//! Resampling to a given size: nearest and bilinear up-sampling, and averaging into a given number of bins.
//!
//! Each is linear and treats rows and columns apart. Floor 3.
//! Source: PyTorch's `interpolate` (`nearest`; `bilinear`, `align_corners=False`) and `AdaptiveAvgPool2d`.

use candle_core::{Result, Tensor};

use super::fused;
use super::fused::map::{Size, map_of, with_pixels};
use super::fused::resample::Shares;
use super::tape::Map;

/// How a pixel of the answer is made of those of the map.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Resampling {
    /// Pixel `floor(i * from / to)`.
    Nearest,
    /// Between pixel centres; the edge is continued.
    Bilinear,
    /// The mean of pixels `floor(i * from / to)` to `ceil((i + 1) * from / to)`.
    Average,
}

/// `x` in its layout to `height` by `width`.
pub(crate) fn resample(x: &Map, (height, width): (usize, usize), how: Resampling) -> Result<Map> {
    let (h, w) = x.size()?;
    if (h, w) == (height, width) {
        return Ok(x.clone());
    }
    if !x.is_native() {
        return Ok(composed(x.values(), (height, width), how)?.into());
    }
    let size = Size::of(x.values())?;
    let [rows, columns] = [(h, height), (w, width)].map(|(from, to)| Shares::new(&how.weights(from, to), from));
    let values = with_pixels(x.values(), |x| Ok(fused::resample::resample(x, size, &rows, &columns)))?;
    let answer = Size { height, width, ..size };
    let (x, learns) = (x.clone(), x.learns());
    Ok(Map::new(map_of(values, answer)?, learns, move |gradient, gradients| {
        let [rows, columns] = [(rows, h), (columns, w)].map(|(shares, from)| shares.transposed(from));
        gradients.add(&x, fused::resample::resample(&gradient, answer, &rows, &columns));
        Ok(())
    }))
}

/// As two small matrix products, for devices without our loops: exact (nearest only ever multiplies by 0 and 1), with
/// Candle's own gradient.
fn composed(x: &Tensor, (height, width): (usize, usize), how: Resampling) -> Result<Tensor> {
    let (first, second, h, w) = x.dims4()?;
    let n = first * second;
    let matrix = |from: usize, to: usize| {
        let weights = Tensor::from_vec(how.weights(from, to), (to, from), x.device())?;
        weights.to_dtype(x.dtype())?.t()?.contiguous() // [from, to]
    };
    let wide = x.contiguous()?.reshape((n * h, w))?.matmul(&matrix(w, width)?)?; // [N * h, width]
    let turned = wide.reshape((n, h, width))?.transpose(1, 2)?.contiguous()?; // [N, width, h]
    let high = turned.reshape((n * width, h))?.matmul(&matrix(h, height)?)?; // [N * width, height]
    high.reshape((n, width, height))?.transpose(1, 2)?.contiguous()?.reshape((first, second, height, width))
}

impl Resampling {
    /// The share of every input in every output, `[to, from]`.
    fn weights(self, from: usize, to: usize) -> Vec<f32> {
        let mut weights = vec![0.0; from * to];
        for (i, row) in weights.chunks_mut(from).enumerate() {
            match self {
                Self::Nearest => row[i * from / to] = 1.0,
                Self::Average => {
                    let bin = i * from / to..((i + 1) * from).div_ceil(to);
                    let share = 1.0 / bin.len() as f32;
                    row[bin].fill(share);
                }
                Self::Bilinear => {
                    let at = ((i as f64 + 0.5) * from as f64 / to as f64 - 0.5).max(0.0);
                    let before = (at as usize).min(from - 1);
                    let share = (at - before as f64) as f32;
                    row[before] += 1.0 - share;
                    row[(before + 1).min(from - 1)] += share;
                }
            }
        }
        weights
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use Resampling::{Average, Bilinear, Nearest};

    #[test]
    fn shares_are_those_of_pytorch() {
        // PyTorch 2.11, F.interpolate and F.adaptive_avg_pool1d of the unit vectors.
        type Case<'a> = (Resampling, usize, usize, &'a [f32]);
        let cases: [Case<'_>; 5] = [
            (Nearest, 2, 3, &[1.0, 0.0, 1.0, 0.0, 0.0, 1.0]),
            (Nearest, 3, 2, &[1.0, 0.0, 0.0, 0.0, 1.0, 0.0]),
            (Bilinear, 2, 4, &[1.0, 0.0, 0.75, 0.25, 0.25, 0.75, 0.0, 1.0]),
            (Average, 2, 3, &[1.0, 0.0, 0.5, 0.5, 0.0, 1.0]),
            (Average, 5, 2, &[1.0 / 3.0, 1.0 / 3.0, 1.0 / 3.0, 0.0, 0.0, 0.0, 0.0, 1.0 / 3.0, 1.0 / 3.0, 1.0 / 3.0]),
        ];
        for (how, from, to, expected) in cases {
            assert_eq!(how.weights(from, to), expected, "{how:?} {from} to {to}");
        }
    }
}
