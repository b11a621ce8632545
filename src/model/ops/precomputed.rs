//! Precomputed: gives Candle's tape an answer that is known already, with our own gradient.
//!
//! Candle asks a custom operation for its answer from raw storage. Ours compute on tensors first (they need Candle's
//! matrix product) and hand the answer over here. CPU only. Floor 3.

use std::sync::{Mutex, PoisonError};

use candle_core::{CpuStorage, CustomOp1, CustomOp2, CustomOp3, Layout, Result, Shape, Storage, Tensor, bail};

type Backward<const N: usize> = dyn Fn([&Tensor; N], &Tensor, &Tensor) -> Result<[Option<Tensor>; N]> + Send + Sync;

/// An answer and the function from (arguments, answer, its gradient) to the gradients of the arguments.
/// The gradient handed to the function is contiguous; `None` is right only for arguments off the tape.
pub(crate) struct Precomputed<const N: usize> {
    name: &'static str,
    answer: Mutex<Option<Vec<f32>>>,
    shape: Shape,
    backward: Box<Backward<N>>,
}

impl<const N: usize> Precomputed<N> {
    pub(crate) fn new(
        name: &'static str,
        answer: Vec<f32>,
        shape: impl Into<Shape>,
        backward: impl Fn([&Tensor; N], &Tensor, &Tensor) -> Result<[Option<Tensor>; N]> + Send + Sync + 'static,
    ) -> Self {
        Self { name, answer: Mutex::new(Some(answer)), shape: shape.into(), backward: Box::new(backward) }
    }

    fn hand_over(&self) -> Result<(CpuStorage, Shape)> {
        match self.answer.lock().unwrap_or_else(PoisonError::into_inner).take() {
            Some(answer) => Ok((CpuStorage::F32(answer), self.shape.clone())),
            None => bail!("{}: the answer was handed over already", self.name),
        }
    }
}

impl CustomOp1 for Precomputed<1> {
    fn name(&self) -> &'static str {
        self.name
    }

    fn cpu_fwd(&self, _: &CpuStorage, _: &Layout) -> Result<(CpuStorage, Shape)> {
        self.hand_over()
    }

    fn bwd(&self, arg: &Tensor, answer: &Tensor, gradient: &Tensor) -> Result<Option<Tensor>> {
        let [first] = (self.backward)([arg], answer, &gradient.contiguous()?)?;
        Ok(first)
    }
}

impl CustomOp2 for Precomputed<2> {
    fn name(&self) -> &'static str {
        self.name
    }

    fn cpu_fwd(&self, _: &CpuStorage, _: &Layout, _: &CpuStorage, _: &Layout) -> Result<(CpuStorage, Shape)> {
        self.hand_over()
    }

    fn bwd(
        &self,
        arg1: &Tensor,
        arg2: &Tensor,
        answer: &Tensor,
        gradient: &Tensor,
    ) -> Result<(Option<Tensor>, Option<Tensor>)> {
        let [first, second] = (self.backward)([arg1, arg2], answer, &gradient.contiguous()?)?;
        Ok((first, second))
    }
}

impl CustomOp3 for Precomputed<3> {
    fn name(&self) -> &'static str {
        self.name
    }

    fn cpu_fwd(
        &self,
        _: &CpuStorage,
        _: &Layout,
        _: &CpuStorage,
        _: &Layout,
        _: &CpuStorage,
        _: &Layout,
    ) -> Result<(CpuStorage, Shape)> {
        self.hand_over()
    }

    fn bwd(
        &self,
        arg1: &Tensor,
        arg2: &Tensor,
        arg3: &Tensor,
        answer: &Tensor,
        gradient: &Tensor,
    ) -> Result<(Option<Tensor>, Option<Tensor>, Option<Tensor>)> {
        let [first, second, third] = (self.backward)([arg1, arg2, arg3], answer, &gradient.contiguous()?)?;
        Ok((first, second, third))
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
