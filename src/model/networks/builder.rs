//! Builder: hands a network its tensors by name while it is being put together.
//!
//! A network is described once, by what its `new(config, vb)` asks for. The same description serves four ends: over
//! parameters it builds the network for training, folded the one for inference, and with nothing behind it, it writes
//! down the outline (`outline`) that files are read against and fresh weights drawn from.
//!
//! `vb.pp("layer1")` goes one level down in the names, as in Candle. Floor 3.

use std::cell::RefCell;
use std::fmt::Display;
use std::rc::Rc;

use candle_core::{DType, Device, Result, Tensor, Var};

use super::outline::{Beginning, Declared, Kind};
use super::params::Params;
use crate::model::precision::Precision;

#[derive(Clone)]
pub(crate) struct Builder<'a> {
    source: Source<'a>,
    prefix: String,
}

#[derive(Clone)]
enum Source<'a> {
    /// Write down what is asked for.
    Outline(Rc<RefCell<Vec<Declared>>>),
    Params(&'a Params, Purpose),
}

/// What the network is built for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Purpose {
    /// Every variable seen as it is, with gradients.
    Learning,
    /// Batch norm multiplied into the convolutions, in this precision; later updates are not seen.
    Looking(Precision),
}

impl<'a> Builder<'a> {
    pub(crate) fn over(params: &'a Params, purpose: Purpose) -> Self {
        Self { source: Source::Params(params, purpose), prefix: String::new() }
    }

    /// The tensors that `new` asks for, in its order.
    pub(crate) fn outline_of<T>(new: impl FnOnce(Builder<'static>) -> Result<T>) -> Result<Vec<Declared>> {
        let asked = Rc::new(RefCell::new(Vec::new()));
        new(Builder { source: Source::Outline(Rc::clone(&asked)), prefix: String::new() })?;
        Ok(asked.take())
    }

    /// One level down: names below begin with `name` and a dot.
    pub(crate) fn pp(&self, name: impl Display) -> Self {
        Self { source: self.source.clone(), prefix: self.name(&name.to_string()) }
    }

    /// `None` while only the outline is wanted.
    pub(crate) fn purpose(&self) -> Option<Purpose> {
        match self.source {
            Source::Outline(_) => None,
            Source::Params(_, purpose) => Some(purpose),
        }
    }

    /// A trained tensor.
    pub(crate) fn weight(&self, name: &str, shape: &[usize], beginning: Beginning) -> Result<Tensor> {
        let name = self.name(name);
        match &self.source {
            Source::Params(params, _) => params.tensor(&name),
            Source::Outline(asked) => {
                asked.borrow_mut().push(Declared::new(name, shape, Kind::Weight, beginning));
                // Of that shape, yet without its memory.
                Tensor::zeros(1, DType::F32, &Device::Cpu)?.broadcast_as(shape)
            }
        }
    }

    /// A tensor that moves with the batches.
    pub(crate) fn buffer(&self, name: &str, n: usize, beginning: Beginning) -> Result<Var> {
        let name = self.name(name);
        match &self.source {
            Source::Params(params, _) => params.buffer(&name),
            Source::Outline(asked) => {
                asked.borrow_mut().push(Declared::new(name, &[n], Kind::Buffer, beginning));
                Var::zeros(n, DType::F32, &Device::Cpu)
            }
        }
    }

    fn name(&self, last: &str) -> String {
        if self.prefix.is_empty() { last.to_owned() } else { format!("{}.{last}", self.prefix) }
    }
}
