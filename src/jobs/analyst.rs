//! The analyst: computes the charts of the Insights page, and reads how large pictures are from their headers.
//!
//! Works on snapshots; decodes nothing. While headers are read, charts are computed between two helpings.

use std::sync::Arc;
use std::sync::mpsc::Receiver;
use std::time::Instant;

use rayon::prelude::*;

use super::outlet::{Gone, Outlet};
use super::queue::{Next, next};
use super::{ChartSpec, Desk, Event, WorkDone};
use crate::collection::{Collection, ImageFile};
use crate::domain::AttributeId;
use crate::domain::insights::{self, Answer, Chart, Deed, Judged, Known, Measure};
use crate::imaging;

/// Headers read at once, then orders are looked at again.
pub const HELPING: usize = 256;

pub(super) enum AnalystOrder {
    Desk(Option<Desk>),
    Chart(Box<ChartSpec>),
    /// Go on with the headers that were not read yet.
    Measure,
    StopMeasuring,
}

struct Measuring {
    sizes: Vec<Measure>,
    n_done: usize,
    runs: bool,
    /// When this run began, and with how many.
    since: (Instant, usize),
}

struct Analyst<'a> {
    outlet: &'a Outlet,
    desk: Option<Desk>,
    measuring: Option<Measuring>,
}

pub(super) fn run(orders: &Receiver<AnalystOrder>, outlet: &Outlet) {
    let mut analyst = Analyst { outlet, desk: None, measuring: None };
    loop {
        let is_idle = !analyst.measuring.as_ref().is_some_and(|measuring| measuring.runs);
        let result = match next(orders, is_idle) {
            Next::Order(order) => analyst.take(order),
            Next::None => analyst.measure(),
            Next::HungUp => return,
        };
        if result == Err(Gone) {
            return;
        }
    }
}

impl Analyst<'_> {
    fn take(&mut self, order: AnalystOrder) -> Result<(), Gone> {
        match order {
            AnalystOrder::Desk(desk) => {
                self.outlet.speak_of(desk.as_ref().map(|desk| desk.opening));
                (self.desk, self.measuring) = (desk, None);
                Ok(())
            }
            AnalystOrder::Chart(spec) => self.outlet.send(Event::Charted { charts: Arc::new(charts(&spec)) }),
            AnalystOrder::Measure => {
                if let Some(desk) = &self.desk {
                    let n = desk.collection.images.len();
                    let start = || Measuring {
                        sizes: vec![Measure::Unknown; n],
                        n_done: 0,
                        runs: true,
                        since: (Instant::now(), 0),
                    };
                    let measuring = self.measuring.get_or_insert_with(start);
                    measuring.runs = true;
                    measuring.since = (Instant::now(), measuring.n_done);
                }
                Ok(())
            }
            AnalystOrder::StopMeasuring => self.rest(),
        }
    }

    /// One helping more.
    fn measure(&mut self) -> Result<(), Gone> {
        let (Some(desk), Some(measuring)) = (&self.desk, &mut self.measuring) else {
            return Ok(());
        };
        let files = &desk.collection.images;
        let to = (measuring.n_done + HELPING).min(files.len());
        let read = measure(&desk.collection, &files[measuring.n_done..to]);
        measuring.sizes[measuring.n_done..to].copy_from_slice(&read);
        measuring.n_done = to;
        if to == files.len() {
            return self.rest();
        }
        let (since, before) = measuring.since;
        let per_second = (to - before) as f32 / since.elapsed().as_secs_f32().max(1e-3);
        self.outlet.send(Event::Measuring(WorkDone { done: to, total: files.len(), per_second }))
    }

    /// Hands over what was read so far; the rest is read when it is asked for again.
    fn rest(&mut self) -> Result<(), Gone> {
        let Some(measuring) = self.measuring.as_mut().filter(|measuring| measuring.runs) else {
            return Ok(());
        };
        measuring.runs = false;
        self.outlet.send(Event::Measured { sizes: measuring.sizes.as_slice().into(), n_done: measuring.n_done })
    }
}

/// Width and height of each of these, from the headers alone.
pub fn measure(collection: &Collection, files: &[ImageFile]) -> Vec<Measure> {
    let of = |file: &ImageFile| match imaging::dimensions(&collection.path_of(file)) {
        Ok((width, height)) => Measure::Of(width, height),
        Err(_problem) => Measure::Failed, // The Library says what is wrong with it once it is shown.
    };
    files.par_iter().map(of).collect()
}

/// Every chart, from what the spec knows.
pub fn charts(spec: &ChartSpec) -> Vec<Chart> {
    let ids = spec.collection.images.iter().map(|file| file.id.as_str());
    let sizes: Option<Vec<(&str, Measure)>> = spec.sizes.as_ref().map(|sizes| ids.zip(sizes.iter().copied()).collect());
    let deeds: Option<Vec<Deed>> = spec.deeds.as_ref().map(|deeds| {
        let of = |on: &crate::store::deeds::OnDay| Deed {
            day: on.day,
            image: spec.collection.position(&on.image).map(|image| image as u32),
            n_decisions: on.n_decisions,
            is_reviewed: on.is_reviewed,
        };
        deeds.days.iter().map(of).collect()
    });
    let model = spec.model.as_ref();
    let judged: Option<Vec<Judged>> = model.and_then(|model| model.metrics.as_ref()).map(|metrics| {
        let labels = metrics.per_label.iter();
        let of = |label: &crate::training::evaluate::LabelMetrics| Judged {
            attribute: AttributeId(label.attribute_id),
            tp: label.tp,
            fp: label.fp,
            fn_: label.fn_,
        };
        labels.map(of).collect()
    });
    let answers: Option<Vec<Answer>> = model.zip(spec.deeds.as_ref()).map(|(model, deeds)| {
        let own = deeds.answers.iter().filter(|answer| answer.model == model.name.0);
        own.map(|answer| Answer { probability: answer.probability, accepted: answer.accepted }).collect()
    });
    let proposals = spec.open.as_ref().zip(answers.as_ref());
    insights::charts(Known {
        vocabulary: &spec.vocabulary,
        collected: &spec.collected,
        sizes: sizes.as_deref(),
        deeds: deeds.as_deref(),
        judged: judged.as_deref(),
        proposals: proposals.map(|(open, answers)| (answers.as_slice(), open.as_slice(), spec.threshold)),
    })
}
