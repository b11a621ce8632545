//! What the Insights page knows: which chart is chosen, the charts as last computed, and what they are computed from.

use std::sync::Arc;

use crate::domain::insights::{Behind, Chart, Collected, Measure, Open, Topic};
use crate::jobs::{Problem, WorkDone};
use crate::store::Deeds;

#[derive(Debug, Default)]
pub struct Insights {
    pub topic: Topic,
    /// In the order of [`Topic::ALL`]; `None` before the first were computed.
    pub charts: Option<Arc<Vec<Chart>>>,
    pub computed: Computed,
    pub sizes: Option<Arc<[Measure]>>,
    /// How many headers were read.
    pub n_measured: usize,
    /// Headers are being read.
    pub measuring: Option<Measuring>,
    pub deeds: Option<Arc<Deeds>>,
    pub deeds_problem: Option<Problem>,
    /// Up to which change of the record `deeds` were asked for.
    pub deeds_of: Option<u64>,
    /// They are being read.
    pub reading_deeds: bool,
    /// The system's dialog is open, or a file is being written.
    pub saving: bool,
}

/// How current the charts are.
#[derive(Debug, Default)]
pub struct Computed {
    /// Sizes and deeds that came in: they are worth new charts at once.
    pub n_inputs: u64,
    /// For which version of the collection, and with how many inputs.
    pub of: Option<(u64, u64)>,
    /// When they were asked for, in seconds since the window opened.
    pub asked_at: f64,
    pub gathering: Option<Gathering>,
    /// A worker has what was gathered.
    pub under_way: bool,
}

/// What is copied for the worker, over as many frames as it takes.
#[derive(Debug, Default)]
pub struct Gathering {
    pub of: (u64, u64),
    /// The image to go on with.
    pub next: u32,
    pub collected: Collected,
    pub open: Vec<Open>,
}

#[derive(Debug, Clone, Copy, Default)]
pub struct Measuring {
    pub work: WorkDone,
    pub stopping: bool,
}

impl Insights {
    pub fn chart(&self, topic: Topic) -> Option<&Chart> {
        self.charts.as_ref()?.iter().find(|chart| chart.topic == topic)
    }

    /// Whether nothing is on its way for this version of the collection.
    pub fn is_current(&self, version: u64) -> bool {
        self.computed.of == Some((version, self.computed.n_inputs)) && !self.is_busy()
    }

    pub fn is_busy(&self) -> bool {
        self.reading_deeds || self.computed.under_way || self.computed.gathering.is_some()
    }
}

/// The images behind a piece of a chart, as a filter.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Only {
    /// Such as `3 tags per image`.
    pub name: String,
    /// By image.
    admitted: Vec<bool>,
}

impl Only {
    pub fn new(behind: &Behind, n_images: usize) -> Self {
        let mut admitted = vec![false; n_images];
        for &image in behind.images.iter() {
            if let Some(admitted) = admitted.get_mut(image as usize) {
                *admitted = true;
            }
        }
        Self { name: behind.name.clone(), admitted }
    }

    pub fn admits(&self, image: u32) -> bool {
        self.admitted.get(image as usize).copied().unwrap_or(false)
    }
}
