//! Weights in the order in which they are multiplied. Floor 3.

use crate::model::ops::lanes::LANES;

/// Outputs of a full panel.
pub(super) const PANEL: usize = 64;

/// Weights in the order in which they are multiplied: panels of outputs, each `[depth, width]`.
#[derive(Debug)]
pub(super) struct Panels {
    values: Vec<f32>,
    depth: usize,
    n_out: usize,
}

impl Panels {
    /// `weight(output, step)` for `n_out` outputs and `depth` steps. The last panel is filled up with zeros.
    pub(super) fn new(n_out: usize, depth: usize, weight: impl Fn(usize, usize) -> f32) -> Self {
        let mut panels = Self { values: Vec::with_capacity(n_out.next_multiple_of(LANES) * depth), depth, n_out };
        for panel in 0..panels.len() {
            let width = panels.width(panel);
            for step in 0..depth {
                let outputs = panel * PANEL..panel * PANEL + width;
                panels.values.extend(outputs.map(|out| if out < n_out { weight(out, step) } else { 0.0 }));
            }
        }
        panels
    }

    /// Weights that are in that order already.
    pub(super) fn ordered(values: Vec<f32>, depth: usize, n_out: usize) -> Self {
        Self { values, depth, n_out }
    }

    /// Whether they do not stay in a core's second cache.
    pub(super) fn is_large(&self) -> bool {
        self.values.len() >= 1 << 17
    }

    /// Steps of a sum.
    pub(super) fn depth(&self) -> usize {
        self.depth
    }

    pub(super) fn n_out(&self) -> usize {
        self.n_out
    }

    pub(super) fn len(&self) -> usize {
        self.n_out.div_ceil(PANEL)
    }

    /// Columns of a panel: a multiple of `LANES`.
    fn width(&self, panel: usize) -> usize {
        (self.n_out - panel * PANEL).min(PANEL).next_multiple_of(LANES)
    }

    pub(super) fn panel(&self, panel: usize) -> Panel<'_> {
        let width = self.width(panel);
        let values = &self.values[panel * PANEL * self.depth..][..width * self.depth];
        Panel { values, width, first: panel * PANEL, n_out: (self.n_out - panel * PANEL).min(PANEL) }
    }
}

/// The weights of up to `PANEL` outputs, `[depth, width]`.
#[derive(Debug, Clone, Copy)]
pub(super) struct Panel<'a> {
    pub(super) values: &'a [f32],
    pub(super) width: usize,
    /// The first output.
    pub(super) first: usize,
    /// Outputs that there are; columns beyond are nothing.
    pub(super) n_out: usize,
}
