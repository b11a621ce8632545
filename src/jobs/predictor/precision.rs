//! Another precision than f32: measured on the collection at hand, in pieces between orders, before the model looks in it.
//!
//! Pictures in view come first and are looked at in f32 meanwhile; all others wait for the answer.

use super::Predictor;
use crate::jobs::outlet::Gone;
use crate::jobs::{Event, Problem, WorkDone};
use crate::model::{Precision, Tagger};
use crate::training::agreement::{Agreement, Trial};

impl Predictor<'_> {
    pub(super) fn use_precision(&mut self, precision: Precision) -> Result<(), Gone> {
        self.precision = precision;
        let Some(seat) = &mut self.seat else {
            return Ok(());
        };
        seat.trial = None;
        if seat.tagger.precision() == precision.on(&self.device).0 {
            return Ok(());
        }
        if seat.tagger.precision() != Precision::F32 {
            match seat.tagger.looking_in(Precision::F32) {
                Ok(tagger) => self.look_with(tagger),
                Err(error) => return self.measured_nothing(error.to_string()),
            }
        }
        self.begin_trial()
    }

    /// Nothing, where f32 was asked for or the device has nothing else.
    pub(super) fn begin_trial(&mut self) -> Result<(), Gone> {
        let (precision, _) = self.precision.on(&self.device);
        let (Some(desk), Some(cache), Some(seat)) = (&self.desk, &self.cache, &mut self.seat) else {
            return Ok(());
        };
        if precision == Precision::F32 {
            return Ok(());
        }
        let half = match seat.tagger.looking_in(precision) {
            Ok(half) => half,
            Err(error) => return self.measured_nothing(error.to_string()),
        };
        let decoding = seat.embedder(&desk.collection, cache).decoding;
        let trial = Trial::new(half, decoding, &seat.columns, &desk.collection);
        if let Some(agreement) = trial.remembered(&desk.collection, cache) {
            return self.measured(agreement, trial);
        }
        seat.trial = Some(trial);
        self.say_progress()
    }

    pub(super) fn is_measuring(&self) -> bool {
        self.seat.as_ref().is_some_and(|seat| seat.trial.is_some())
    }

    /// One piece; at the end the model looks in the other precision, or stays as it is.
    pub(super) fn measure(&mut self) -> Result<(), Gone> {
        let (Some(desk), Some(cache), Some(seat)) = (&self.desk, &self.cache, &mut self.seat) else {
            return Ok(());
        };
        let Some(mut trial) = seat.trial.take() else {
            return Ok(());
        };
        match trial.step(&seat.tagger, &desk.collection) {
            Ok(true) => {
                seat.trial = Some(trial);
                self.say_progress()
            }
            Ok(false) => {
                trial.remember(&desk.collection, cache);
                self.measured(trial.agreement(), trial)
            }
            Err(error) => self.measured_nothing(error.to_string()),
        }
    }

    fn measured(&mut self, agreement: Agreement, trial: Trial) -> Result<(), Gone> {
        if agreement.is_worth_it() {
            self.look_with(trial.into_tagger());
        }
        self.say_measured(Ok(agreement))
    }

    /// Everything is to be looked at anew, or to be found in the cache: embeddings of one precision are not those of another.
    fn look_with(&mut self, tagger: Tagger) {
        if let Some(seat) = &mut self.seat {
            seat.tagger = tagger;
            self.pupil.seat(&seat.name, &seat.tagger, &seat.columns, &self.vocabulary);
            self.begin();
        }
    }

    fn say_progress(&self) -> Result<(), Gone> {
        let Some((name, trial)) = self.seat.as_ref().and_then(|seat| Some((&seat.name, seat.trial.as_ref()?))) else {
            return Ok(());
        };
        let (done, total) = trial.progress();
        self.outlet.send(Event::Agreeing { model: name.clone(), work: WorkDone { done, total, per_second: 0.0 } })
    }

    pub(super) fn measured_nothing(&self, message: String) -> Result<(), Gone> {
        self.say_measured(Err(Problem { message, hint: None }))
    }

    fn say_measured(&self, agreement: Result<Agreement, Problem>) -> Result<(), Gone> {
        let model = self.seat.as_ref().map(|seat| seat.name.clone());
        model.map_or(Ok(()), |model| self.outlet.send(Event::AgreementMeasured { model, agreement }))
    }
}
