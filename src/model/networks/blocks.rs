//! The blocks networks are built of: a convolution with what follows it, batch norm alone, and the classifier.
//!
//! Built for looking (`Purpose::Looking`), a block multiplies batch norm into its convolution. Floor 3.

use std::sync::Arc;

use candle_core::{Result, Tensor, Var, bail};

use super::builder::{Builder, Purpose};
use super::outline::Beginning;
use crate::model::ops::batch_norm::{Mode, Norm, norm_act};
use crate::model::ops::conv::Groups;
use crate::model::ops::conv_norm_act::{After, Shape, conv_norm_act};
use crate::model::ops::fused::Convolution;
use crate::model::ops::norm::Activation;
use crate::model::ops::tape::Map;
use crate::model::ops::valuewise::{add, add_relu, scaled};
use crate::model::ops::window::{Padding, Window};
use crate::model::precision::Precision;

/// A convolution, before it has weights.
#[derive(Debug, Clone, Copy)]
pub(crate) struct ConvSpec {
    n_in: usize,
    n_out: usize,
    window: Window,
    groups: Groups,
    has_bias: bool,
    /// What the answer is multiplied by.
    factor: f64,
}

impl ConvSpec {
    /// With a square kernel, padded as PyTorch does, no bias.
    pub(crate) const fn new(n_in: usize, n_out: usize, kernel: usize, stride: usize) -> Self {
        let window = Window::square(kernel, stride, Padding::Symmetric);
        Self { n_in, n_out, window, groups: Groups::One, has_bias: false, factor: 1.0 }
    }

    /// Every channel for itself.
    pub(crate) const fn depthwise(n_channels: usize, kernel: usize, stride: usize) -> Self {
        let mut spec = Self::new(n_channels, n_channels, kernel, stride);
        spec.groups = Groups::Depthwise;
        spec
    }

    pub(crate) const fn padded(mut self, padding: Padding) -> Self {
        self.window.padding = padding;
        self
    }

    /// A kernel of another height than width.
    pub(crate) const fn with_kernel(mut self, height: usize, width: usize) -> Self {
        self.window.kernel = (height, width);
        self
    }

    /// The answer, which has no activation, times a constant.
    pub(crate) const fn scaled(mut self, factor: f64) -> Self {
        self.factor = factor;
        self
    }

    pub(crate) const fn with_bias(mut self) -> Self {
        self.has_bias = true;
        self
    }

    /// `weight` and, where it has one, `bias`.
    fn tensors(&self, vb: &Builder<'_>) -> Result<(Tensor, Option<Tensor>)> {
        let n_groups = self.groups.count(self.n_in);
        let (kh, kw) = self.window.kernel;
        // Kaiming normal: fan-out counts what one input pixel reaches within its group.
        let fan_out = (kh * kw * self.n_out / n_groups).max(1);
        let beginning = Beginning::Normal((2.0 / fan_out as f64).sqrt());
        let weight = vb.weight("weight", &[self.n_out, self.n_in / n_groups, kh, kw], beginning)?;
        let bias = self.has_bias.then(|| vb.weight("bias", &[self.n_out], Beginning::Zeros)).transpose()?;
        Ok((weight, bias))
    }
}

/// Convolution, batch norm, activation; on maps in their layout.
#[derive(Debug, Clone)]
pub(crate) struct ConvNormAct {
    shape: Shape,
    factor: f64,
    form: Form,
}

#[derive(Debug, Clone)]
enum Form {
    Learning {
        weight: Tensor,
        bias: Option<Tensor>,
        norm: Option<Norm>,
    },
    /// The scale is in the weights, this is the shift `[O]`.
    Folded {
        weight: Tensor,
        shift: Option<Tensor>,
    },
    /// The same on the CPU, where all of it is one operation.
    Fused(Arc<Convolution>),
}

impl ConvNormAct {
    /// Tensors of the convolution below `conv`, of batch norm below `norm`.
    pub(crate) fn new(
        spec: &ConvSpec,
        conv: &Builder<'_>,
        norm: &Builder<'_>,
        eps: f64,
        activation: Activation,
    ) -> Result<Self> {
        let (weight, bias) = spec.tensors(conv)?;
        Self::of(spec, weight, bias, Some(norm_of(norm, spec.n_out, eps)?), activation, conv.purpose())
    }

    /// Without batch norm.
    pub(crate) fn plain(spec: &ConvSpec, conv: &Builder<'_>, activation: Activation) -> Result<Self> {
        let (weight, bias) = spec.tensors(conv)?;
        Self::of(spec, weight, bias, None, activation, conv.purpose())
    }

    fn of(
        spec: &ConvSpec,
        weight: Tensor,
        bias: Option<Tensor>,
        norm: Option<Norm>,
        activation: Activation,
        purpose: Option<Purpose>,
    ) -> Result<Self> {
        let shape = Shape { window: spec.window, groups: spec.groups, activation };
        let factor = spec.factor;
        let Some(Purpose::Looking(precision)) = purpose else {
            return Ok(Self { shape, factor, form: Form::Learning { weight, bias, norm } });
        };
        let bias = bias.map(|bias| bias.detach());
        let (mut weight, mut shift) = match norm {
            None => (weight.detach(), bias),
            Some(norm) => {
                let (scale, shift) = norm.scale_and_shift()?; // [O]
                let shift = match bias {
                    None => shift,
                    Some(bias) => (bias.mul(&scale)? + shift)?,
                };
                (weight.detach().broadcast_mul(&scale.reshape(((), 1, 1, 1))?)?, Some(shift))
            }
        };
        if factor != 1.0 {
            weight = (weight * factor)?;
            shift = shift.map(|shift| shift * factor).transpose()?;
        }
        let of_maps = precision.of_maps(weight.device());
        let shift = shift.map(|shift| shift.to_dtype(of_maps)).transpose()?;
        let weight = weight.to_dtype(of_maps)?;
        let form = match Convolution::new(&weight, shift.as_ref(), &shape)? {
            Some(convolution) if precision == Precision::Bf16 => Form::Fused(Arc::new(convolution.in_bf16())),
            Some(convolution) => Form::Fused(Arc::new(convolution)),
            None => Form::Folded { weight, shift },
        };
        Ok(Self { shape, factor, form })
    }

    pub(crate) fn forward(&self, x: &Map, mode: Mode) -> Result<Map> {
        match &self.form {
            Form::Learning { weight, bias, norm } => {
                let after = After { bias: bias.as_ref(), norm: norm.as_ref(), onto: None };
                let answer = conv_norm_act(x, weight, after, &self.shape, mode)?;
                if self.factor == 1.0 { Ok(answer) } else { scaled(&answer, self.factor) }
            }
            Form::Folded { weight, shift } => {
                let after = After { bias: shift.as_ref(), ..After::default() };
                conv_norm_act(x, weight, after, &self.shape, mode)
            }
            Form::Fused(convolution) => Ok(convolution.forward(x.values(), None)?.into()),
        }
    }

    /// What `forward` answers, which has no activation of its own, and `around`, activated together: the end of a
    /// residual block.
    pub(crate) fn forward_onto(&self, x: &Map, around: &Map, activation: Activation, mode: Mode) -> Result<Map> {
        match &self.form {
            Form::Fused(convolution) => {
                return Ok(convolution.forward(x.values(), Some((around.values(), activation)))?.into());
            }
            Form::Learning { weight, bias, norm } if self.factor == 1.0 => {
                let after = After { bias: bias.as_ref(), norm: norm.as_ref(), onto: Some(around) };
                return conv_norm_act(x, weight, after, &Shape { activation, ..self.shape }, mode);
            }
            _ => {}
        }
        let inner = self.forward(x, mode)?;
        match activation {
            Activation::None => add(&inner, around),
            Activation::Relu => add_relu(&inner, around),
            Activation::Relu6 => bail!("no network ends a block so"),
        }
    }
}

/// One block after the other.
#[derive(Debug, Clone)]
pub(crate) struct Chain(Vec<ConvNormAct>);

impl Chain {
    pub(crate) fn forward(&self, x: &Map, mode: Mode) -> Result<Map> {
        run(&self.0, x, None, mode)
    }

    /// The same with the last one's answer added to `around`; see `ConvNormAct::forward_onto`.
    pub(crate) fn forward_onto(&self, x: &Map, around: &Map, activation: Activation, mode: Mode) -> Result<Map> {
        run(&self.0, x, Some((around, activation)), mode)
    }
}

/// One convolution after the other; on the CPU a depthwise one goes with those of 1x1 around it.
fn run(convs: &[ConvNormAct], x: &Map, onto: Option<(&Map, Activation)>, mode: Mode) -> Result<Map> {
    let more = |n_used: usize| onto.filter(|_| n_used == convs.len());
    let values = |n_used: usize| more(n_used).map(|(around, activation)| (around.values(), activation));
    let (answer, n_used) = match convs {
        [] => return Ok(x.clone()),
        [widen, depthwise, project, ..]
            if let Some([widen, depthwise, project]) = separable(widen, depthwise, project) =>
        {
            (depthwise.forward_separable(x.values(), Some(widen), project, values(3))?.into(), 3)
        }
        [depthwise, project, ..] if let Some([depthwise, project]) = projected(depthwise, project) => {
            (depthwise.forward_separable(x.values(), None, project, values(2))?.into(), 2)
        }
        [conv, ..] => match more(1) {
            Some((around, activation)) => (conv.forward_onto(x, around, activation, mode)?, 1),
            None => (conv.forward(x, mode)?, 1),
        },
    };
    run(&convs[n_used..], &answer, onto, mode)
}

fn projected<'a>(depthwise: &'a ConvNormAct, project: &'a ConvNormAct) -> Option<[&'a Convolution; 2]> {
    match (&depthwise.form, &project.form) {
        (Form::Fused(depthwise), Form::Fused(project)) if depthwise.is_depthwise() && project.is_pointwise() => {
            Some([depthwise, project])
        }
        _ => None,
    }
}

fn separable<'a>(
    widen: &'a ConvNormAct,
    depthwise: &'a ConvNormAct,
    project: &'a ConvNormAct,
) -> Option<[&'a Convolution; 3]> {
    let [depthwise, project] = projected(depthwise, project)?;
    match &widen.form {
        Form::Fused(widen) if widen.is_pointwise() => Some([widen, depthwise, project]),
        _ => None,
    }
}

impl FromIterator<ConvNormAct> for Chain {
    fn from_iter<I: IntoIterator<Item = ConvNormAct>>(convs: I) -> Self {
        Self(convs.into_iter().collect())
    }
}

/// Batch norm and activation with no convolution before them.
#[derive(Debug, Clone)]
pub(crate) struct NormAct {
    norm: Norm,
    activation: Activation,
}

impl NormAct {
    pub(crate) fn new(n_channels: usize, vb: &Builder<'_>, eps: f64, activation: Activation) -> Result<Self> {
        let norm = norm_of(vb, n_channels, eps)?;
        let norm = match vb.purpose() {
            Some(Purpose::Looking(precision)) => {
                // The scale as gamma over statistics that do nothing.
                let (scale, shift) = norm.scale_and_shift()?;
                let of_maps = precision.of_maps(shift.device());
                let zeros = Tensor::zeros_like(&shift)?.to_dtype(of_maps)?;
                let ones = Tensor::ones_like(&shift)?.to_dtype(of_maps)?;
                Norm {
                    gamma: scale.to_dtype(of_maps)?,
                    beta: shift.to_dtype(of_maps)?,
                    mean: Var::from_tensor(&zeros)?,
                    variance: Var::from_tensor(&ones)?,
                    eps: 0.0,
                }
            }
            Some(Purpose::Learning) | None => norm,
        };
        Ok(Self { norm, activation })
    }

    pub(crate) fn forward(&self, x: &Map, mode: Mode) -> Result<Map> {
        norm_act(x, &self.norm, self.activation, mode)
    }
}

fn norm_of(vb: &Builder<'_>, n: usize, eps: f64) -> Result<Norm> {
    Ok(Norm {
        gamma: vb.weight("weight", &[n], Beginning::Ones)?,
        beta: vb.weight("bias", &[n], Beginning::Zeros)?,
        mean: vb.buffer("running_mean", n, Beginning::Zeros)?,
        variance: vb.buffer("running_var", n, Beginning::Ones)?,
        eps,
    })
}

/// The linear head: `[B, F]` to logits `[B, L]`.
#[derive(Debug, Clone)]
pub(crate) struct Classifier {
    /// `[L, F]`, or `[L, F, 1, 1]` where timm has a convolution instead.
    weight: Tensor,
    bias: Tensor,
}

impl Classifier {
    pub(crate) fn new(n_features: usize, n_labels: usize, is_conv: bool, vb: &Builder<'_>) -> Result<Self> {
        // PyTorch's bound for a linear layer.
        let beginning = Beginning::Uniform(1.0 / (n_features as f64).sqrt());
        let shape = [n_labels, n_features, 1, 1];
        let weight = vb.weight("weight", if is_conv { &shape } else { &shape[..2] }, beginning)?;
        Ok(Self { weight, bias: vb.weight("bias", &[n_labels], Beginning::Zeros)? })
    }

    pub(crate) fn forward(&self, pooled: &Tensor) -> Result<Tensor> {
        let weight = self.weight.flatten_from(1)?; // [L, F]
        pooled.matmul(&weight.t()?)?.broadcast_add(&self.bias) // [B, L]
    }
}
