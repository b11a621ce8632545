//! Weights: the tensors of a file against what a network needs, and back.
//!
//! Not the files themselves (`weights_file`). Floor 3.
//! Source: timm's names, with the `num_batches_tracked` counters PyTorch insists on; safetensors 0.8.

use std::collections::{BTreeMap, HashMap};

use candle_core::{DType, Device, Tensor};
use safetensors::SafeTensorError;
use safetensors::tensor::{Dtype, TensorView};

use super::networks::outline::{Declared, Kind};
use super::networks::{NetworkConfig, Params};
use super::weights_file::Stored;

/// PyTorch counts the batches batch norm has seen; nothing depends on it.
const COUNTER: &str = "num_batches_tracked";

/// How many tensors a message names.
const N_NAMED: usize = 5;

/// Tensors of a file as a network's parameters.
#[derive(Debug)]
pub(crate) struct Fitted {
    pub(crate) params: Params,
    /// What the user should know though it is no error, one sentence each.
    pub(crate) notices: Vec<String>,
}

#[derive(Debug, thiserror::Error)]
pub(crate) enum WeightsError {
    /// Lines of "name: expected ..., found ...".
    #[error("{n} tensors do not fit {architecture}\n{}", .named.join("\n"))]
    Misfit { n: usize, architecture: String, named: Vec<String> },
    #[error("tensor {name} holds values that are not numbers")]
    NotFinite { name: String },
    #[error("the tensors cannot be written: {0}")]
    Unwritable(#[from] SafeTensorError),
    #[error(transparent)]
    Tensor(#[from] candle_core::Error),
}

/// Parameters for `config` out of a file's tensors; f16, bf16 and f64 become f32.
///
/// A classifier of another size (or none) is replaced by a fresh one, and batch norm that was multiplied into the
/// convolutions by one that only shifts; a notice tells.
pub(crate) fn fit(mut found: Stored, config: &NetworkConfig, device: &Device) -> Result<Fitted, WeightsError> {
    found.retain(|name| name.rsplit('.').next() != Some(COUNTER));
    let outline = config.outline()?;
    let mut notices = Vec::new();
    let mut tensors = BTreeMap::new();
    if unfold_norms(&outline, config.norm_eps, &mut found)? {
        notices.push("batch norm is part of the convolutions in this file".to_owned());
    }
    let (head, body): (Vec<_>, Vec<_>) = outline.iter().partition(|declared| config.is_head(&declared.name));
    if head.iter().all(|declared| misfit(declared, &found).is_none()) {
        take(&head, &mut found, &mut tensors)?;
    } else {
        let rows = head.first().and_then(|declared| found.shape(&declared.name)?.first().copied());
        notices.push(match rows {
            Some(rows) => format!("the classifier has {rows} labels, not {}: a fresh one is used", config.num_labels),
            None => format!("there is no classifier: a fresh one of {} labels is used", config.num_labels),
        });
        for declared in head {
            found.forget(&declared.name);
            let values = Tensor::from_vec(declared.draw(0), declared.shape.as_slice(), &Device::Cpu)?;
            tensors.insert(declared.name.clone(), values);
        }
    }
    let misfits: Vec<_> = body.iter().filter_map(|declared| misfit(declared, &found)).collect();
    if !misfits.is_empty() {
        return Err(WeightsError::Misfit { n: misfits.len(), architecture: config.name(), named: shortened(misfits) });
    }
    take(&body, &mut found, &mut tensors)?;
    let left = found.into_names();
    if !left.is_empty() {
        let n = left.len();
        let names = shortened(left).join(", ");
        notices.push(format!("{n} tensors are not part of the network and were left out: {names}"));
    }
    let params = Params::from_tensors(&outline, tensors, device)?;
    Ok(Fitted { params, notices })
}

/// Where a convolution has a bias instead of the batch norm that belongs behind it, makes a batch norm of the bias.
/// Whether there was one.
fn unfold_norms(outline: &[Declared], eps: f64, found: &mut Stored) -> Result<bool, WeightsError> {
    let mut any = false;
    for conv_and_norm in outline.windows(5) {
        let [conv, gamma, beta, mean, variance] = conv_and_norm else { continue };
        let bias = conv.name.strip_suffix(".weight").map(|module| format!("{module}.bias"));
        let Some(bias) = bias.filter(|_| conv.shape.len() == 4 && variance.kind == Kind::Buffer) else {
            continue;
        };
        let norm = [gamma, beta, mean, variance];
        let is_folded = mean.kind == Kind::Buffer
            && found.shape(&bias) == Some(beta.shape.clone())
            && norm.iter().all(|declared| found.shape(&declared.name).is_none());
        if !is_folded {
            continue;
        }
        let Some(shift) = found.take(&bias) else { continue };
        let full = |value: f64| Tensor::full(value as f32, beta.shape.as_slice(), &Device::Cpu);
        found.insert(&gamma.name, full(1.0)?);
        found.insert(&beta.name, shift);
        found.insert(&mean.name, full(0.0)?);
        found.insert(&variance.name, full(1.0 - eps)?);
        any = true;
    }
    Ok(any)
}

/// Why a tensor cannot be used, if so.
fn misfit(declared: &Declared, found: &Stored) -> Option<String> {
    let Declared { name, shape, .. } = declared;
    match found.shape(name) {
        None => Some(format!("{name}: expected {shape:?}, not found")),
        Some(other) if other != *shape => Some(format!("{name}: expected {shape:?}, found {other:?}")),
        Some(_) => found.odd_type(name).map(|kind| format!("{name}: expected floating point, found {kind}")),
    }
}

fn take(wanted: &[&Declared], found: &mut Stored, tensors: &mut BTreeMap<String, Tensor>) -> Result<(), WeightsError> {
    for declared in wanted {
        let Some(tensor) = found.take(&declared.name) else {
            continue;
        };
        let tensor = tensor.to_dtype(DType::F32)?;
        // One value that is not finite makes the sum so.
        if !tensor.to_dtype(DType::F64)?.sum_all()?.to_scalar::<f64>()?.is_finite() {
            return Err(WeightsError::NotFinite { name: declared.name.clone() });
        }
        tensors.insert(declared.name.clone(), tensor);
    }
    Ok(())
}

fn shortened(mut lines: Vec<String>) -> Vec<String> {
    let n = lines.len();
    if N_NAMED < n {
        lines.truncate(N_NAMED);
        lines.push(format!("and {} more", n - N_NAMED));
    }
    lines
}

/// The bytes of a safetensors file that PyTorch loads strictly.
pub(crate) fn write(params: &Params) -> Result<Vec<u8>, WeightsError> {
    let mut stored: Vec<(String, Dtype, Vec<usize>, Vec<u8>)> = Vec::new();
    for (name, tensor) in params.named_tensors() {
        let floats = tensor.flatten_all()?.to_vec1::<f32>()?;
        let bytes = floats.iter().flat_map(|value| value.to_le_bytes()).collect();
        stored.push((name.to_owned(), Dtype::F32, tensor.dims().to_vec(), bytes));
        if let Some(norm) = name.strip_suffix("running_var") {
            stored.push((format!("{norm}{COUNTER}"), Dtype::I64, Vec::new(), vec![0; 8]));
        }
    }
    let views = stored
        .iter()
        .map(|(name, dtype, shape, bytes)| Ok((name, TensorView::new(*dtype, shape.clone(), bytes)?)))
        .collect::<Result<Vec<_>, SafeTensorError>>()?;
    let about = HashMap::from([("format".to_owned(), "pt".to_owned())]);
    Ok(safetensors::serialize(views, Some(about))?)
}
