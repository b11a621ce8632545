//! Convolution by strips: a few hundred columns of the unfolded map at a time, multiplied while they are in cache.
//!
//! Maps are channel-major; any kernel, stride, padding and number of groups. How work is divided depends on shapes
//! alone, and sums run in a fixed order, so that answers do not depend on the number of cores. CPU only. Floor 3.

use std::ops::Range;

use rayon::prelude::*;

use super::lanes::zeros;
use super::product::{Matrix, product};
use super::unfold::{fold, unfold};
use super::window::Frame;

/// Floats of the columns that a core works on: a megabyte.
const CACHED: usize = 1 << 18;
/// Narrower strips would spend their time on bringing the weights in order.
const LEAST: usize = 192;

/// A convolution of known shape.
#[derive(Debug, Clone, Copy)]
pub(super) struct Strips {
    pub(super) frame: Frame,
    pub(super) n_batch: usize,
    pub(super) n_in: usize,
    pub(super) n_out: usize,
    pub(super) n_groups: usize,
}

impl Strips {
    /// `x` `[C, B, h, w]`, `weight` `[O, C / groups, kh, kw]`; answers `[O, B, oh, ow]`.
    pub(super) fn forward(&self, x: &[f32], weight: &[f32]) -> Vec<f32> {
        let (n, k) = (self.n_columns(), self.depth());
        let outputs = self.n_out / self.n_groups;
        let strips = self.strips(0..n);
        let mut answer = zeros(self.n_out * n);
        // Every strip's part of every row.
        let mut parts: Vec<Vec<&mut [f32]>> = strips.iter().map(|_| Vec::with_capacity(self.n_out)).collect();
        for mut row in answer.chunks_mut(n) {
            for (strip, parts) in strips.iter().zip(&mut parts) {
                let (part, rest) = row.split_at_mut(strip.len());
                parts.push(part);
                row = rest;
            }
        }
        strips.into_par_iter().zip(parts).for_each(|(strip, mut parts)| {
            let mut columns = vec![0.0; k * strip.len()];
            let mut block = vec![0.0; outputs * strip.len()];
            for group in 0..self.n_groups {
                unfold(x, &self.frame, self.n_batch, self.channels(group), strip.clone(), &mut columns);
                let weight = Matrix::new(self.weights(weight, group), outputs, k);
                product(&mut block, weight, Matrix::new(&columns, k, strip.len()), false);
                let rows = parts[group * outputs..(group + 1) * outputs].iter_mut();
                rows.zip(block.chunks(strip.len())).for_each(|(part, row)| part.copy_from_slice(row));
            }
        });
        answer
    }

    /// The weights' gradient `[O, C / groups, kh, kw]` from that of the answer.
    pub(super) fn for_weight(&self, x: &[f32], gradient: &[f32]) -> Vec<f32> {
        let (n, k) = (self.n_columns(), self.depth());
        let outputs = self.n_out / self.n_groups;
        let strips = self.strips(0..n);
        // Each a sum of its own, added up in order.
        let n_sums = if self.n_out * k < 1 << 19 { 8 } else { 4 };
        let sums: Vec<Vec<f32>> = strips
            .par_chunks(strips.len().div_ceil(n_sums))
            .map(|strips| {
                let mut sum = vec![0.0; self.n_out * k];
                let mut columns = Vec::new();
                for strip in strips {
                    columns.resize(k * strip.len(), 0.0);
                    for group in 0..self.n_groups {
                        unfold(x, &self.frame, self.n_batch, self.channels(group), strip.clone(), &mut columns);
                        let gradient = &gradient[group * outputs * n + strip.start..];
                        let gradient = Matrix::window(gradient, outputs, strip.len(), n);
                        let columns = Matrix::new(&columns, k, strip.len()).transposed();
                        product(&mut sum[group * outputs * k..(group + 1) * outputs * k], gradient, columns, true);
                    }
                }
                sum
            })
            .collect();
        let mut sums = sums.into_iter();
        let mut total = sums.next().unwrap_or_default();
        for sum in sums {
            total.par_iter_mut().zip(sum).for_each(|(total, part)| *total += part);
        }
        total
    }

    /// The input's gradient `[C, B, h, w]` from that of the answer.
    pub(super) fn for_input(&self, weight: &[f32], gradient: &[f32]) -> Vec<f32> {
        let (n, k) = (self.n_columns(), self.depth());
        let (inputs, outputs) = (self.n_in / self.n_groups, self.n_out / self.n_groups);
        let (plane, n_pixels) = (self.frame.input.0 * self.frame.input.1, self.frame.output.0 * self.frame.output.1);
        // Windows overlap within a picture, never beyond it: a task is some whole pictures.
        let n_images = LEAST.div_ceil(n_pixels).min(self.n_batch);
        let mut for_input = zeros(self.n_in * self.n_batch * plane);
        let mut tasks: Vec<Vec<&mut [f32]>> = Vec::new();
        tasks.resize_with(self.n_batch.div_ceil(n_images), Vec::new);
        for (at, plane) in for_input.chunks_mut(plane).enumerate() {
            tasks[at % self.n_batch / n_images].push(plane);
        }
        tasks.into_par_iter().enumerate().for_each(|(task, mut planes)| {
            let first = task * n_images;
            let images = n_images.min(self.n_batch - first);
            let mut columns = Vec::new();
            for strip in self.strips(first * n_pixels..(first + images) * n_pixels) {
                columns.resize(k * strip.len(), 0.0);
                for group in 0..self.n_groups {
                    let weight = Matrix::new(self.weights(weight, group), outputs, k).transposed();
                    let gradient = &gradient[group * outputs * n + strip.start..];
                    product(&mut columns, weight, Matrix::window(gradient, outputs, strip.len(), n), false);
                    let place = |channel, image| (group * inputs + channel) * images + image - first;
                    fold(&columns, &self.frame, &strip, &mut planes, place);
                }
            }
        });
        for_input
    }

    /// Columns of the unfolded map.
    fn n_columns(&self) -> usize {
        self.n_batch * self.frame.output.0 * self.frame.output.1
    }

    /// Rows of the unfolded map that one group has.
    fn depth(&self) -> usize {
        self.n_in / self.n_groups * self.frame.kernel.0 * self.frame.kernel.1
    }

    fn channels(&self, group: usize) -> Range<usize> {
        let n = self.n_in / self.n_groups;
        group * n..(group + 1) * n
    }

    fn weights<'a>(&self, weight: &'a [f32], group: usize) -> &'a [f32] {
        let n = self.n_out / self.n_groups * self.depth();
        &weight[group * n..(group + 1) * n]
    }

    /// `columns` in strips that fit into a core's cache, at least four where there is enough for them.
    fn strips(&self, columns: Range<usize>) -> Vec<Range<usize>> {
        let n = columns.len();
        let length = (CACHED / self.depth()).max(LEAST).min(n.div_ceil(4).max(LEAST)).next_multiple_of(16);
        columns.clone().step_by(length).map(|start| start..(start + length).min(columns.end)).collect()
    }
}
