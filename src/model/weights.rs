//! Weights: `model.safetensors` to a network's parameters and back.
//!
//! The file is read into memory, not mapped: it may be replaced while we run. Floor 3.
//! Source: safetensors 0.8; timm's names, with the `num_batches_tracked` counters PyTorch insists on.

use std::collections::{BTreeMap, HashMap};

use candle_core::safetensors::Load as _;
use candle_core::{DType, Device, Tensor};
use safetensors::tensor::{Dtype, TensorView};
use safetensors::{SafeTensorError, SafeTensors};

use super::networks::outline::Declared;
use super::networks::{NetworkConfig, Params};

/// PyTorch counts the batches batch norm has seen; nothing depends on it.
const COUNTER: &str = "num_batches_tracked";

/// How many tensors a message names.
const N_NAMED: usize = 5;

/// Tensors of a file against what a network needs.
#[derive(Debug)]
pub(crate) struct Fitted {
    pub(crate) params: Params,
    /// What the user should know though it is no error, one sentence each.
    pub(crate) notices: Vec<String>,
}

#[derive(Debug, thiserror::Error)]
pub(crate) enum WeightsError {
    #[error("not a readable safetensors file: {0}")]
    Unreadable(#[from] SafeTensorError),
    /// Lines of "name: expected ..., found ...".
    #[error("{n} tensors do not fit {architecture}\n{}", .named.join("\n"))]
    Misfit { n: usize, architecture: &'static str, named: Vec<String> },
    #[error("tensor {name} holds values that are not numbers")]
    NotFinite { name: String },
    #[error(transparent)]
    Tensor(#[from] candle_core::Error),
}

/// Parameters for `config` from the bytes of a safetensors file; f16, bf16 and f64 become f32.
///
/// A classifier of another size (or none) is replaced by a fresh one, which a notice tells.
pub(crate) fn read(bytes: &[u8], config: &NetworkConfig, device: &Device) -> Result<Fitted, WeightsError> {
    let file = SafeTensors::deserialize(bytes)?;
    let mut found: BTreeMap<String, TensorView<'_>> = file.tensors().into_iter().collect();
    found.retain(|name, _| name.rsplit('.').next() != Some(COUNTER));
    let outline = config.outline();
    let mut notices = Vec::new();
    let mut tensors = BTreeMap::new();
    let head = format!("{}.", config.architecture.classifier());
    let (head, body): (Vec<_>, Vec<_>) = outline.iter().partition(|declared| declared.name.starts_with(&head));
    if head.iter().all(|declared| misfit(declared, &found).is_none()) {
        take(&head, &mut found, &mut tensors)?;
    } else {
        let rows = head.first().and_then(|declared| found.get(&declared.name)?.shape().first().copied());
        notices.push(match rows {
            Some(rows) => format!("the classifier has {rows} labels, not {}: a fresh one is used", config.num_labels),
            None => format!("there is no classifier: a fresh one of {} labels is used", config.num_labels),
        });
        for declared in head {
            found.remove(&declared.name);
            let values = Tensor::from_vec(declared.draw(0), declared.shape.as_slice(), &Device::Cpu)?;
            tensors.insert(declared.name.clone(), values);
        }
    }
    let misfits: Vec<_> = body.iter().filter_map(|declared| misfit(declared, &found)).collect();
    if !misfits.is_empty() {
        return Err(WeightsError::Misfit {
            n: misfits.len(),
            architecture: config.architecture.name(),
            named: shortened(misfits),
        });
    }
    take(&body, &mut found, &mut tensors)?;
    if !found.is_empty() {
        let n = found.len();
        let names = shortened(found.into_keys().collect()).join(", ");
        notices.push(format!("{n} tensors are not part of the network and were left out: {names}"));
    }
    let params = Params::from_tensors(&outline, tensors, device)?;
    Ok(Fitted { params, notices })
}

/// Why a tensor cannot be used, if so.
fn misfit(declared: &Declared, found: &BTreeMap<String, TensorView<'_>>) -> Option<String> {
    let Declared { name, shape, .. } = declared;
    match found.get(name) {
        None => Some(format!("{name}: expected {shape:?}, not found")),
        Some(view) if view.shape() != shape => Some(format!("{name}: expected {shape:?}, found {:?}", view.shape())),
        Some(view) if !matches!(view.dtype(), Dtype::F16 | Dtype::BF16 | Dtype::F32 | Dtype::F64) => {
            Some(format!("{name}: expected floating point, found {:?}", view.dtype()))
        }
        Some(_) => None,
    }
}

fn take(
    wanted: &[&Declared],
    found: &mut BTreeMap<String, TensorView<'_>>,
    tensors: &mut BTreeMap<String, Tensor>,
) -> Result<(), WeightsError> {
    for declared in wanted {
        let Some(view) = found.remove(&declared.name) else {
            continue;
        };
        let tensor = view.load(&Device::Cpu)?.to_dtype(DType::F32)?;
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
