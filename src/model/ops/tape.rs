//! Tape: feature maps, and how each came about, so that a network learns from what it answered.
//!
//! Candle's tape lays out zeros for every gradient, adds to them on one core and forgets in which order a map lies: for
//! maps that is a third of a step. On the CPU in f32 maps therefore have a tape of their own, whose gradients are plain
//! floats `[B, h, w, C]`, added to in place where a map has several uses. Elsewhere a map is Candle's tensor on Candle's
//! tape. `to_tensor` goes from here to there, `backward` through both. Floor 3.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::fmt;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use candle_core::backprop::GradStore;
use candle_core::{DType, Device, Result, Tensor, Var, bail};

use super::fused::map::{Size, is_channels_last, map_of, pixels_of, planes, with_pixels};
use super::is_native;
use super::precomputed::{Precomputed, with_floats};

/// A feature map in its layout (see `ops`), and where its gradient goes.
#[derive(Debug, Clone)]
pub(crate) struct Map {
    /// On Candle's tape unless our own loops compute with it.
    values: Tensor,
    origin: Option<Arc<Step>>,
}

/// How a map came about.
struct Step {
    /// Later steps have greater numbers.
    number: u64,
    /// Hands the map's gradient on; once.
    backward: Mutex<Option<Box<Backward>>>,
}

type Backward = dyn FnOnce(Vec<f32>, &mut Gradients) -> Result<()> + Send;

impl fmt::Debug for Step {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Step {}", self.number)
    }
}

impl Step {
    fn new(backward: impl FnOnce(Vec<f32>, &mut Gradients) -> Result<()> + Send + 'static) -> Arc<Self> {
        static STEPS: AtomicU64 = AtomicU64::new(0);
        let number = STEPS.fetch_add(1, Ordering::Relaxed);
        Arc::new(Self { number, backward: Mutex::new(Some(Box::new(backward))) })
    }
}

impl Map {
    /// A tensor in the layout of maps. Of those on Candle's tape our own can only follow variables.
    pub(crate) fn of(values: &Tensor) -> Self {
        if !is_native(values) || !values.is_variable() {
            return Self { values: values.clone(), origin: None };
        }
        let variable = values.clone();
        let leaf = Step::new(move |gradient, gradients| {
            let gradient = planes(&gradient, Size::of(&variable)?);
            gradients.variable(&variable, gradient)
        });
        Self { values: values.detach(), origin: Some(leaf) }
    }

    /// The first two dimensions of a map of ours changed for each other, and its channels brought together.
    pub(crate) fn turned(self) -> Result<Self> {
        let values = self.values.transpose(0, 1)?;
        let turned = Size::of(&values)?;
        let values = match is_channels_last(&values) {
            true => values,
            false => map_of(with_floats(&self.values, |pictures| Ok(pixels_of(pictures, turned)))?, turned)?,
        };
        let learns = self.learns();
        Ok(Self::new(values, learns, move |gradient, gradients| {
            let gradient = map_of(gradient, turned)?.transpose(0, 1)?.contiguous()?;
            gradients.add(&self, with_pixels(&gradient, |gradient| Ok(gradient.to_vec()))?);
            Ok(())
        }))
    }

    /// A map of our own loops. `backward` gets its gradient and hands it on; it is called only if the map `learns`,
    /// that is if anything it was made of does.
    pub(crate) fn new(
        values: Tensor,
        learns: bool,
        backward: impl FnOnce(Vec<f32>, &mut Gradients) -> Result<()> + Send + 'static,
    ) -> Self {
        Self { values, origin: learns.then(|| Step::new(backward)) }
    }

    pub(crate) fn values(&self) -> &Tensor {
        &self.values
    }

    pub(crate) fn is_native(&self) -> bool {
        is_native(&self.values)
    }

    /// Whether anything wants its gradient, on our tape.
    pub(crate) fn learns(&self) -> bool {
        self.origin.is_some()
    }

    /// Height and width.
    pub(crate) fn size(&self) -> Result<(usize, usize)> {
        let (_, _, h, w) = self.values.dims4()?;
        Ok((h, w))
    }

    /// The values on Candle's tape, in the same layout.
    pub(crate) fn to_tensor(&self) -> Result<Tensor> {
        let Some(step) = self.origin.clone() else {
            return Ok(self.values.clone());
        };
        let shape = self.values.shape().clone();
        let answer = with_pixels(&self.values, |pixels| Ok(planes(pixels, Size::of(&self.values)?)))?;
        let start = Var::zeros(1, DType::F32, &Device::Cpu)?; // What Candle takes it to be made of.
        start.apply_op1(Precomputed::new("map", answer, shape, move |gradient| {
            let gradient = with_pixels(gradient, |pixels| Ok(pixels.to_vec()))?;
            let found = walk(&step, gradient)?;
            FOUND.with_borrow_mut(|all| all.extend(found));
            Ok(None)
        }))
    }
}

impl From<Tensor> for Map {
    /// For answers of Candle's own operations.
    fn from(values: Tensor) -> Self {
        Self { values, origin: None }
    }
}

/// Gradients on their way back.
#[derive(Default)]
pub(crate) struct Gradients {
    /// Of maps, by the number of the step that made them.
    maps: BTreeMap<u64, (Arc<Step>, Vec<f32>)>,
    variables: Vec<(Tensor, Tensor)>,
}

impl Gradients {
    /// What other uses of a map have handed back so far; to be put back, with more added, by `add`.
    pub(crate) fn take(&mut self, map: &Map) -> Option<Vec<f32>> {
        let (_, gradient) = self.maps.remove(&map.origin.as_ref()?.number)?;
        Some(gradient)
    }

    /// Adds to a map's gradient; nothing where nobody learns from it.
    pub(crate) fn add(&mut self, map: &Map, mut gradient: Vec<f32>) {
        let Some(step) = &map.origin else { return };
        if let Some(before) = self.take(map) {
            super::fused::pixelwise::add_to(&mut gradient, &before);
        }
        self.maps.insert(step.number, (Arc::clone(step), gradient));
    }

    /// The gradient of a variable, in its order; nothing if it is none.
    pub(crate) fn variable(&mut self, variable: &Tensor, gradient: Vec<f32>) -> Result<()> {
        if variable.track_op() {
            let gradient = Tensor::from_vec(gradient, variable.dims(), variable.device())?;
            self.variables.push((variable.clone(), gradient));
        }
        Ok(())
    }
}

/// From the last step back to the first.
fn walk(last: &Arc<Step>, gradient: Vec<f32>) -> Result<Vec<(Tensor, Tensor)>> {
    let mut gradients = Gradients::default();
    gradients.maps.insert(last.number, (Arc::clone(last), gradient));
    while let Some((_, (step, gradient))) = gradients.maps.pop_last() {
        match step.backward.lock().unwrap_or_else(PoisonError::into_inner).take() {
            Some(backward) => backward(gradient, &mut gradients)?,
            None => bail!("the way back through a map was gone already"),
        }
    }
    Ok(gradients.variables)
}

thread_local! {
    /// Gradients of variables that our tape has found while Candle walks its own.
    static FOUND: RefCell<Vec<(Tensor, Tensor)>> = const { RefCell::new(Vec::new()) };
}

/// Gradients of all variables that `loss` was computed from. Candle's own `backward` does not see those under maps.
#[expect(clippy::disallowed_methods, reason = "this is what is allowed instead")]
pub fn backward(loss: &Tensor) -> Result<GradStore> {
    FOUND.take();
    let mut gradients = loss.backward()?;
    for (variable, gradient) in FOUND.take() {
        let sum = match gradients.remove(&variable) {
            Some(before) => (before + gradient)?,
            None => gradient,
        };
        gradients.insert(&variable, sum);
    }
    Ok(gradients)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::ops::valuewise::add;

    fn floats(tensor: &Tensor) -> Vec<f32> {
        tensor.flatten_all().unwrap().to_vec1().unwrap()
    }

    #[test]
    fn every_use_of_a_map_adds_to_its_gradient() {
        let x = Var::from_vec(vec![1.0_f32, 2.0, 3.0, 4.0], (2, 1, 1, 2), &Device::Cpu).unwrap();
        let map = Map::of(&x);
        let twice = add(&map, &map).unwrap();
        let thrice = add(&twice, &map).unwrap();
        let loss = thrice.to_tensor().unwrap().mul(x.as_tensor()).unwrap().sum_all().unwrap(); // 3 x²
        assert_eq!(floats(backward(&loss).unwrap().get(&x).unwrap()), [6.0, 12.0, 18.0, 24.0]);
        assert!(backward(&loss).is_err(), "a second time");
    }
}
