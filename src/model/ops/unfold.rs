//! Unfold: the pixels under every kernel position as the rows of a matrix, and its transpose, fold.
//!
//! Channel-major maps `[C, B, h, w]` to columns `[C * kh * kw, B * oh * ow]`: a convolution is then one matrix product.
//! Never the whole matrix, which is many times the map: a strip of columns at a time, that stays in a core's cache.
//! CPU only. Floor 3.

use std::ops::Range;

use super::window::Frame;

/// The columns `strip` of the matrix of these channels, row after row, into `columns`.
/// `x` holds all the channels, each with `n_batch` planes.
pub(super) fn unfold(
    x: &[f32],
    frame: &Frame,
    n_batch: usize,
    channels: Range<usize>,
    strip: Range<usize>,
    columns: &mut [f32],
) {
    let n_taps = frame.kernel.0 * frame.kernel.1;
    let n_in = frame.input.0 * frame.input.1;
    columns.fill(0.0);
    for (row, columns) in columns.chunks_mut(strip.len()).enumerate() {
        let planes = &x[(channels.start + row / n_taps) * n_batch * n_in..][..n_batch * n_in];
        each_run(frame, row % n_taps, &strip, |image, at_out, at_in, n| {
            let source = &planes[image * n_in..(image + 1) * n_in][at_in..];
            let target = &mut columns[at_out..at_out + n];
            if frame.stride == 1 {
                target.copy_from_slice(&source[..n]);
            } else {
                target.iter_mut().zip(source.iter().step_by(frame.stride)).for_each(|(target, value)| *target = *value);
            }
        });
    }
}

/// Adds every entry of the columns `strip` back to the pixel it came from.
/// `plane(channel, image)` finds a plane, channels counted from 0 within the columns.
pub(super) fn fold(
    columns: &[f32],
    frame: &Frame,
    strip: &Range<usize>,
    planes: &mut [&mut [f32]],
    plane: impl Fn(usize, usize) -> usize,
) {
    let n_taps = frame.kernel.0 * frame.kernel.1;
    for (row, columns) in columns.chunks(strip.len()).enumerate() {
        each_run(frame, row % n_taps, strip, |image, at_out, at_in, n| {
            let target = planes[plane(row / n_taps, image)][at_in..].iter_mut().step_by(frame.stride);
            target.zip(&columns[at_out..at_out + n]).for_each(|(target, value)| *target += *value);
        });
    }
}

/// Calls `run(image, first column within the strip, first pixel of its plane, how many)` for every run of columns that
/// one kernel position fills from within the map.
fn each_run(frame: &Frame, tap: usize, strip: &Range<usize>, mut run: impl FnMut(usize, usize, usize, usize)) {
    let (oh, ow) = frame.output;
    let n_out = oh * ow;
    let (first_row, n_rows, start_row) = frame.rows(tap / frame.kernel.1);
    let (first, n_columns, start) = frame.columns(tap % frame.kernel.1);
    if strip.is_empty() || n_columns == 0 {
        return;
    }
    for image in strip.start / n_out..=(strip.end - 1) / n_out {
        let from = strip.start.saturating_sub(image * n_out);
        let to = (strip.end - image * n_out).min(n_out);
        for y in first_row.max(from / ow)..(first_row + n_rows).min(to.div_ceil(ow)) {
            let left = first.max(from.saturating_sub(y * ow));
            let right = (first + n_columns).min(to - y * ow);
            if left < right {
                let at_out = image * n_out + y * ow + left - strip.start;
                let at_in = (start_row + (y - first_row) * frame.stride) * frame.input.1;
                run(image, at_out, at_in + start + (left - first) * frame.stride, right - left);
            }
        }
    }
}
