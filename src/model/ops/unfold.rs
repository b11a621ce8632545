//! Unfold: the pixels under every kernel position as the rows of a matrix, and its transpose, fold.
//!
//! Channel-major maps `[C, B, h, w]` to columns `[C * kh * kw, B * oh * ow]`: a convolution is then one matrix product.
//! CPU only. Floor 3.

use rayon::prelude::*;

use super::window::Frame;

pub(crate) fn unfold(x: &[f32], frame: &Frame, n_batch: usize) -> Vec<f32> {
    let (kh, kw) = frame.kernel;
    let (n_in, n_out) = (frame.input.0 * frame.input.1, frame.output.0 * frame.output.1);
    let n_channels = x.len() / (n_batch * n_in);
    let mut columns = vec![0.0; n_channels * kh * kw * n_batch * n_out];
    columns.par_chunks_mut(n_batch * n_out).enumerate().for_each(|(row, columns)| {
        let (channel, ky, kx) = (row / (kh * kw), row / kw % kh, row % kw);
        let x = &x[channel * n_batch * n_in..(channel + 1) * n_batch * n_in];
        for (columns, x) in columns.chunks_mut(n_out).zip(x.chunks(n_in)) {
            each_row(frame, ky, kx, |at_out, at_in, n| {
                let source = x[at_in..].iter().step_by(frame.stride);
                if frame.stride == 1 {
                    columns[at_out..at_out + n].copy_from_slice(&x[at_in..at_in + n]);
                } else {
                    for (target, value) in columns[at_out..at_out + n].iter_mut().zip(source) {
                        *target = *value;
                    }
                }
            });
        }
    });
    columns
}

/// Adds every column entry back to the pixel it came from.
pub(crate) fn fold(columns: &[f32], frame: &Frame, n_batch: usize) -> Vec<f32> {
    let (kh, kw) = frame.kernel;
    let (n_in, n_out) = (frame.input.0 * frame.input.1, frame.output.0 * frame.output.1);
    let n_channels = columns.len() / (kh * kw * n_batch * n_out);
    let mut x = vec![0.0; n_channels * n_batch * n_in];
    x.par_chunks_mut(n_in).enumerate().for_each(|(plane, x)| {
        let (channel, b) = (plane / n_batch, plane % n_batch);
        for tap in 0..kh * kw {
            let columns = &columns[((channel * kh * kw + tap) * n_batch + b) * n_out..][..n_out];
            each_row(frame, tap / kw, tap % kw, |at_out, at_in, n| {
                let target = x[at_in..].iter_mut().step_by(frame.stride);
                for (target, value) in target.zip(&columns[at_out..at_out + n]) {
                    *target += *value;
                }
            });
        }
    });
    x
}

/// Calls `row(first output, first input, how many)` for each output row of one kernel position.
fn each_row(frame: &Frame, ky: usize, kx: usize, mut row: impl FnMut(usize, usize, usize)) {
    let (first_row, n_rows, start_row) = frame.rows(ky);
    let (first, n, start) = frame.columns(kx);
    if n == 0 {
        return;
    }
    for y in 0..n_rows {
        let at_out = (first_row + y) * frame.output.1 + first;
        let at_in = (start_row + y * frame.stride) * frame.input.1 + start;
        row(at_out, at_in, n);
    }
}
