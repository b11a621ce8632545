//! Resampling of maps whose channels lie together: sums of a few pixels, each times its share. Floor 3.

use super::crew;
use super::map::Size;

/// Which inputs each output of one direction is made of, and their shares.
#[derive(Debug, Clone)]
pub(in crate::model::ops) struct Shares(Vec<Vec<(usize, f32)>>);

impl Shares {
    /// `weights` `[to, from]`, mostly zeros.
    pub(in crate::model::ops) fn new(weights: &[f32], from: usize) -> Self {
        let of = |row: &[f32]| row.iter().copied().enumerate().filter(|(_, share)| *share != 0.0).collect();
        Self(weights.chunks(from.max(1)).map(of).collect())
    }

    /// The way back to `n` inputs.
    pub(in crate::model::ops) fn transposed(&self, n: usize) -> Self {
        let mut turned = vec![Vec::new(); n];
        for (output, row) in self.0.iter().enumerate() {
            for (input, share) in row {
                turned[*input].push((output, *share));
            }
        }
        Self(turned)
    }
}

pub(in crate::model::ops) fn resample(pixels: &[f32], size: Size, rows: &Shares, columns: &Shares) -> Vec<f32> {
    let (n, height, width) = (size.n_channels, rows.0.len(), columns.0.len());
    let mut values = vec![0.0; size.n_batch * height * width * n];
    crew::parts(&mut values, width * n, |row, targets| {
        let (image, y) = (row / height, row % height);
        for (target, columns) in targets.chunks_exact_mut(n).zip(&columns.0) {
            for (from_y, down) in &rows.0[y] {
                for (from_x, across) in columns {
                    let pixel = &pixels[((image * size.height + from_y) * size.width + from_x) * n..][..n];
                    let share = down * across;
                    target.iter_mut().zip(pixel).for_each(|(target, value)| *target += share * value);
                }
            }
        }
    });
    values
}
