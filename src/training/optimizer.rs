//! AdamW over named variables in a fixed order, each with its own rate and decay.
//!
//! On the CPU a step is one pass over each variable in place. The state can be taken out and put back, so that a run
//! continued is the run it would have been. Floor 4.
//! Source: Loshchilov and Hutter 2017, arXiv 1711.05101, algorithm 2; the arithmetic of `torch.optim.AdamW`.

use std::cell::RefCell;
use std::collections::BTreeMap;

use candle_core::{CpuStorage, InplaceOp2, Layout, Result, Tensor, Var, bail};
use rayon::prelude::*;

const BETA_1: f64 = 0.9;
const BETA_2: f64 = 0.999;
const EPSILON: f64 = 1e-8;

/// One variable and how it learns.
#[derive(Debug, Clone)]
pub struct Parameter {
    pub name: String,
    pub var: Var,
    /// Multiplies the rate of each step.
    pub rate: f64,
    /// Share of the value taken off per step and unit of rate; 0 for biases and norms.
    pub decay: f64,
}

impl Parameter {
    /// Decays only what has two or more dimensions: not biases, not norms.
    pub fn new(name: &str, var: &Var, rate: f64, decay: f64) -> Self {
        let decay = if var.rank() < 2 { 0.0 } else { decay };
        Self { name: name.to_owned(), var: var.clone(), rate, decay }
    }
}

/// First and second moments of one variable's gradient.
enum Moments {
    Host { first: Vec<f32>, second: Vec<f32> },
    Device { first: Tensor, second: Tensor },
}

/// What a run needs to go on as if it had never stopped.
#[derive(Debug, Clone, Default)]
pub struct State {
    pub steps: u64,
    /// `NAME.first` and `NAME.second` of every variable that has moved, in its shape.
    pub moments: BTreeMap<String, Tensor>,
}

pub struct AdamW {
    parameters: Vec<Parameter>,
    moments: Vec<Option<Moments>>,
    steps: u64,
}

impl AdamW {
    pub fn new(parameters: Vec<Parameter>) -> Self {
        let moments = parameters.iter().map(|_| None).collect();
        Self { parameters, moments, steps: 0 }
    }

    pub fn parameters(&self) -> &[Parameter] {
        &self.parameters
    }

    /// Moves every variable that `gradient` has one for, in order. `rate`: this step's learning rate.
    ///
    /// Errors: a gradient of another shape than its variable.
    pub fn step(&mut self, rate: f64, gradient: impl Fn(usize, &Parameter) -> Option<Tensor>) -> Result<()> {
        self.steps += 1;
        let steps = self.steps as f64;
        for (index, parameter) in self.parameters.iter().enumerate() {
            let Some(gradient) = gradient(index, parameter) else {
                continue;
            };
            if gradient.dims() != parameter.var.dims() {
                bail!("{}: gradient {:?}, variable {:?}", parameter.name, gradient.dims(), parameter.var.dims())
            }
            let rate = rate * parameter.rate;
            let factors = Factors {
                keep: 1.0 - rate * parameter.decay,
                size: rate / (1.0 - BETA_1.powf(steps)),
                second: 1.0 / (1.0 - BETA_2.powf(steps)),
            };
            let moments = match &mut self.moments[index] {
                Some(moments) => moments,
                none => none.insert(Moments::new(&parameter.var)?),
            };
            moments.step(&parameter.var, &gradient.contiguous()?.detach(), factors)?;
        }
        Ok(())
    }

    pub fn state(&self) -> Result<State> {
        let mut moments = BTreeMap::new();
        for (parameter, found) in self.parameters.iter().zip(&self.moments) {
            let (dims, device) = (parameter.var.dims(), parameter.var.device());
            let (first, second) = match found {
                None => continue,
                Some(Moments::Device { first, second }) => (first.copy()?, second.copy()?),
                Some(Moments::Host { first, second }) => {
                    (Tensor::from_slice(first, dims, device)?, Tensor::from_slice(second, dims, device)?)
                }
            };
            moments.insert(format!("{}.first", parameter.name), first);
            moments.insert(format!("{}.second", parameter.name), second);
        }
        Ok(State { steps: self.steps, moments })
    }

    /// Puts a state back. Variables it does not name start afresh; names this optimizer does not have are left out.
    pub fn restore(&mut self, state: &State) -> Result<()> {
        self.steps = state.steps;
        for (parameter, place) in self.parameters.iter().zip(&mut self.moments) {
            let get = |kind: &str| state.moments.get(&format!("{}.{kind}", parameter.name));
            *place = match (get("first"), get("second")) {
                (Some(first), Some(second)) => Some(Moments::from_tensors(&parameter.var, first, second)?),
                _ => None,
            };
        }
        Ok(())
    }
}

#[derive(Clone, Copy)]
struct Factors {
    /// 1 - rate · decay.
    keep: f64,
    /// rate / (1 - beta_1^t).
    size: f64,
    /// 1 / (1 - beta_2^t).
    second: f64,
}

impl Moments {
    fn new(var: &Var) -> Result<Self> {
        let zeros = var.as_tensor().zeros_like()?;
        Self::from_tensors(var, &zeros, &zeros)
    }

    fn from_tensors(var: &Var, first: &Tensor, second: &Tensor) -> Result<Self> {
        if first.dims() != var.dims() || second.dims() != var.dims() {
            bail!("moments of shape {:?} for a variable of shape {:?}", first.dims(), var.dims())
        }
        if var.device().is_cpu() {
            let values = |tensor: &Tensor| tensor.flatten_all()?.to_vec1::<f32>();
            Ok(Self::Host { first: values(first)?, second: values(second)? })
        } else {
            Ok(Self::Device { first: first.clone(), second: second.clone() })
        }
    }

    fn step(&mut self, var: &Var, gradient: &Tensor, by: Factors) -> Result<()> {
        match self {
            Self::Host { first, second } => {
                var.inplace_op2(gradient, &Step { moments: RefCell::new((first, second)), by })
            }
            Self::Device { first, second } => {
                *first = ((&*first * BETA_1)? + (gradient * (1.0 - BETA_1))?)?.detach();
                *second = ((&*second * BETA_2)? + (gradient.sqr()? * (1.0 - BETA_2))?)?.detach();
                let depth = ((&*second * by.second)?.sqrt()? + EPSILON)?;
                let moved = ((var.as_tensor() * by.keep)? - ((&*first * by.size)? / depth)?)?;
                var.set(&moved.detach())
            }
        }
    }
}

/// One step of one variable in host memory.
struct Step<'a> {
    moments: RefCell<(&'a mut Vec<f32>, &'a mut Vec<f32>)>,
    by: Factors,
}

impl InplaceOp2 for Step<'_> {
    fn name(&self) -> &'static str {
        "adamw"
    }

    fn cpu_fwd(&self, var: &mut CpuStorage, var_at: &Layout, slope: &CpuStorage, slope_at: &Layout) -> Result<()> {
        let (Some(var_at), Some(slope_at)) = (var_at.contiguous_offsets(), slope_at.contiguous_offsets()) else {
            bail!("adamw needs contiguous tensors")
        };
        let CpuStorage::F32(var) = var else { bail!("adamw works on f32") };
        let slopes = &slope.as_slice::<f32>()?[slope_at.0..slope_at.1];
        let mut moments = self.moments.borrow_mut();
        let (first, second) = &mut *moments;
        let by = self.by;
        let (keep, size, scale) = (by.keep as f32, by.size as f32, by.second as f32);
        let (b1, b2, epsilon) = (BETA_1 as f32, BETA_2 as f32, EPSILON as f32);
        let (c1, c2) = ((1.0 - BETA_1) as f32, (1.0 - BETA_2) as f32);
        const PART: usize = 1 << 15;
        let values = var[var_at.0..var_at.1].par_chunks_mut(PART);
        let parts =
            values.zip(slopes.par_chunks(PART)).zip(first.par_chunks_mut(PART)).zip(second.par_chunks_mut(PART));
        parts.for_each(|(((values, slopes), first), second)| {
            for (((value, &slope), first), second) in values.iter_mut().zip(slopes).zip(first).zip(second) {
                *first = b1 * *first + c1 * slope;
                *second = b2 * *second + c2 * slope * slope;
                *value = keep * *value - size * *first / ((*second * scale).sqrt() + epsilon);
            }
        });
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use candle_core::Device;

    use super::*;

    fn variable(values: &[f32]) -> Var {
        Var::from_slice(values, (1, values.len()), &Device::Cpu).unwrap()
    }

    fn values(var: &Var) -> Vec<f32> {
        var.flatten_all().unwrap().to_vec1().unwrap()
    }

    fn constant(var: &Var, value: f32) -> Tensor {
        var.as_tensor().ones_like().unwrap().affine(f64::from(value), 0.0).unwrap()
    }

    #[test]
    fn the_first_steps_are_adamws() {
        // By hand: with a constant gradient g both corrected moments are g and g^2, so each step is -rate · sign(g)
        // after the decay: 1 · (1 - 0.1 · 0.5) - 0.1 = 0.85, then 0.85 · 0.95 - 0.1 = 0.7075.
        let var = variable(&[1.0, 1.0]);
        let mut optimizer = AdamW::new(vec![Parameter::new("w", &var, 1.0, 0.5)]);
        for expected in [0.85, 0.7075] {
            optimizer.step(0.1, |_, _| Some(constant(&var, 3.0))).unwrap();
            assert!(values(&var).iter().all(|found| (found - expected).abs() < 1e-6), "{:?}", values(&var));
        }
    }

    #[test]
    fn the_pass_in_host_memory_is_the_one_made_of_tensors() {
        let (a, b) = (variable(&[0.5, -2.0, 3.0]), variable(&[0.5, -2.0, 3.0]));
        let by = Factors { keep: 0.99, size: 0.01, second: 1.5 };
        let slope = Tensor::new(&[[0.3_f32, -4.0, 0.0]], &Device::Cpu).unwrap();
        let zeros = a.as_tensor().zeros_like().unwrap();
        let mut host = Moments::new(&a).unwrap();
        let mut device = Moments::Device { first: zeros.clone(), second: zeros };
        for _ in 0..5 {
            host.step(&a, &slope, by).unwrap();
            device.step(&b, &slope, by).unwrap();
        }
        assert!(values(&a).iter().zip(values(&b)).all(|(a, b)| (a - b).abs() < 1e-6), "{a} {b}");
    }

    #[test]
    fn rates_differ_by_parameter_and_norms_do_not_decay() {
        let (slow, fast) = (variable(&[0.0]), variable(&[0.0]));
        let norm = Var::from_slice(&[1.0_f32], 1, &Device::Cpu).unwrap();
        let parameters = vec![
            Parameter::new("slow", &slow, 0.1, 0.5),
            Parameter::new("fast", &fast, 1.0, 0.5),
            Parameter::new("norm", &norm, 1.0, 0.5),
        ];
        let mut optimizer = AdamW::new(parameters);
        let slope = |_: usize, parameter: &Parameter| {
            Some(constant(&parameter.var, if parameter.name == "norm" { 0.0 } else { 1.0 }))
        };
        optimizer.step(0.1, slope).unwrap();
        assert!((values(&slow)[0] + 0.01).abs() < 1e-6 && (values(&fast)[0] + 0.1).abs() < 1e-6);
        assert_eq!(values(&norm), [1.0]);
    }

    #[test]
    fn a_run_continued_from_its_state_is_the_run_it_would_have_been() {
        let slope =
            |step: u32| move |_: usize, parameter: &Parameter| Some(constant(&parameter.var, step as f32 - 1.5));
        let whole = variable(&[1.0, -1.0]);
        let mut optimizer = AdamW::new(vec![Parameter::new("w", &whole, 1.0, 0.1)]);
        (0..4).for_each(|step| optimizer.step(0.1, slope(step)).unwrap());

        let parts = variable(&[1.0, -1.0]);
        let mut before = AdamW::new(vec![Parameter::new("w", &parts, 1.0, 0.1)]);
        (0..2).for_each(|step| before.step(0.1, slope(step)).unwrap());
        let mut after = AdamW::new(vec![Parameter::new("w", &parts, 1.0, 0.1)]);
        after.restore(&before.state().unwrap()).unwrap();
        (2..4).for_each(|step| after.step(0.1, slope(step)).unwrap());
        assert_eq!(values(&whole), values(&parts));
    }
}
