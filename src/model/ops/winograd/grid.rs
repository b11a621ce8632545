//! Grid: the squares of pixels that a channel-major map falls into, and the ways between its rows and vectors of channels.
//!
//! Every square of 4x4 pixels is a tile; around it lie the 6x6 pixels that its convolution sees. Tiles are counted
//! along the rows, row after row, image after image, and dealt with by whole rows of tiles, which in every channel
//! are one stretch of memory. Floor 3.

use std::ops::Range;

use super::super::lanes::{LANES, interleave};

/// Side of a tile.
pub(super) const TILE: usize = 4;

/// The tiles of a map of `height` by `width`.
#[derive(Debug, Clone, Copy)]
pub(super) struct Grid {
    pub(super) n_batch: usize,
    pub(super) height: usize,
    pub(super) width: usize,
}

impl Grid {
    /// Rows of tiles in one image.
    fn down(&self) -> usize {
        self.height.div_ceil(TILE)
    }

    /// Tiles in a row.
    pub(super) fn across(&self) -> usize {
        self.width.div_ceil(TILE)
    }

    /// Rows of tiles in all images.
    pub(super) fn n_rows(&self) -> usize {
        self.n_batch * self.down()
    }

    /// The image that a row of tiles is in, and its first row of pixels there.
    pub(super) fn place(&self, row: usize) -> (usize, usize) {
        (row / self.down(), row % self.down() * TILE)
    }

    /// Where in a channel a row of tiles begins.
    pub(super) fn start(&self, row: usize) -> usize {
        let (image, y) = self.place(row);
        (image * self.height + y) * self.width
    }

    /// `n_rows` rows in runs of about `n_tiles` tiles; at least four where each then has 32.
    pub(super) fn runs(&self, n_tiles: usize) -> Vec<Range<usize>> {
        let n_rows = self.n_rows();
        let quarter = (n_rows * self.across()).div_ceil(4).max(32);
        let n_runs = (n_rows * self.across()).div_ceil(n_tiles.min(quarter)).min(n_rows);
        (0..n_runs).map(|run| run * n_rows / n_runs..(run + 1) * n_rows / n_runs).collect()
    }

    /// Cuts every channel of `map` at the borders of `runs`: for each run its part of every channel.
    pub(super) fn cut<'a>(&self, map: &'a mut [f32], runs: &[Range<usize>]) -> Vec<Vec<&'a mut [f32]>> {
        let plane = self.height * self.width * self.n_batch;
        let mut parts: Vec<Vec<&mut [f32]>> = runs.iter().map(|_| Vec::with_capacity(map.len() / plane)).collect();
        for mut channel in map.chunks_mut(plane) {
            for (run, parts) in runs.iter().zip(&mut parts) {
                let (part, rest) = channel.split_at_mut(self.start(run.end) - self.start(run.start));
                parts.push(part);
                channel = rest;
            }
        }
        parts
    }
}

/// Pixels of up to `LANES` channels, one vector each.
pub(super) struct Pixels {
    pub(super) values: Vec<f32>,
    pub(super) width: usize,
}

impl Pixels {
    pub(super) fn new(height: usize, width: usize) -> Self {
        Self { values: vec![0.0; height * width * LANES], width }
    }

    /// The pixels from row `top` and column `left` on, zero outside the map. `channels`: the plane of each lane.
    /// `left` is the same every time, so that columns outside stay zero.
    pub(super) fn gather(
        &mut self,
        channels: &[&[f32]; LANES],
        (height, width): (usize, usize),
        (top, left): (isize, isize),
    ) {
        let columns = overlap(left, self.width, width);
        let first = (columns.start as isize - left) as usize;
        for (y, target) in self.values.chunks_mut(self.width * LANES).enumerate() {
            let y = top + y as isize;
            if y < 0 || height as isize <= y {
                target.fill(0.0);
                continue;
            }
            let start = y as usize * width + columns.start;
            let (target, _) = target[first * LANES..].as_chunks_mut::<LANES>();
            interleave(&mut target[..columns.len()], &channels.map(|plane| &plane[start..]));
        }
    }

    /// One lane's pixels to as many rows of a plane.
    pub(super) fn scatter(&self, lane: usize, rows: &mut [f32], width: usize) {
        for (target, row) in rows.chunks_mut(width).zip(self.values.chunks(self.width * LANES)) {
            let (row, _) = row.as_chunks::<LANES>();
            for (target, value) in target.iter_mut().zip(row) {
                *target = value[lane];
            }
        }
    }
}

/// Which of `n` positions from `start` on are inside `0..size`.
fn overlap(start: isize, n: usize, size: usize) -> Range<usize> {
    let end = (start + n as isize).clamp(0, size as isize) as usize;
    (start.max(0) as usize).min(end)..end
}
