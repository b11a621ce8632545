//! Precomputed: gives Candle's tape an answer that is known already, with our own way back from there.
//!
//! CPU only. Floor 3.

use std::sync::{Mutex, PoisonError};

use candle_core::{CpuStorage, CustomOp1, Layout, Result, Shape, Storage, Tensor, bail};

type Backward = dyn Fn(&Tensor) -> Result<Option<Tensor>> + Send + Sync;

/// An answer and the function from its gradient, which is contiguous, to that of the argument.
pub(crate) struct Precomputed {
    name: &'static str,
    answer: Mutex<Option<Vec<f32>>>,
    shape: Shape,
    backward: Box<Backward>,
}

impl Precomputed {
    pub(crate) fn new(
        name: &'static str,
        answer: Vec<f32>,
        shape: impl Into<Shape>,
        backward: impl Fn(&Tensor) -> Result<Option<Tensor>> + Send + Sync + 'static,
    ) -> Self {
        Self { name, answer: Mutex::new(Some(answer)), shape: shape.into(), backward: Box::new(backward) }
    }
}

impl CustomOp1 for Precomputed {
    fn name(&self) -> &'static str {
        self.name
    }

    fn cpu_fwd(&self, _: &CpuStorage, _: &Layout) -> Result<(CpuStorage, Shape)> {
        match self.answer.lock().unwrap_or_else(PoisonError::into_inner).take() {
            Some(answer) => Ok((CpuStorage::F32(answer), self.shape.clone())),
            None => bail!("{}: the answer was handed over already", self.name),
        }
    }

    fn bwd(&self, _argument: &Tensor, _answer: &Tensor, gradient: &Tensor) -> Result<Option<Tensor>> {
        (self.backward)(&gradient.contiguous()?)
    }
}

/// Lends the floats of a CPU tensor in row-major order.
///
/// Errors: the tensor is elsewhere or not f32.
pub(crate) fn with_floats<R>(tensor: &Tensor, read: impl FnOnce(&[f32]) -> Result<R>) -> Result<R> {
    let tensor = tensor.contiguous()?;
    let (storage, layout) = tensor.storage_and_layout();
    match &*storage {
        Storage::Cpu(CpuStorage::F32(floats)) => {
            let start = layout.start_offset();
            read(&floats[start..start + layout.shape().elem_count()])
        }
        _ => bail!("f32 on the CPU expected, found {:?} {:?}", tensor.dtype(), tensor.device()),
    }
}
