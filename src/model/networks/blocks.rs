//! The one block networks are built of: convolution, batch norm, activation. And the classifier.
//!
//! A `ConvSpec` says what a block is; it declares the tensors before they exist and builds the block from them after.
//! Floor 3.

use candle_core::{Result, Tensor};

use super::outline::{Beginning, Declared, Kind};
use super::params::Params;
use crate::model::ops::conv::Groups;
use crate::model::ops::conv_norm_act::{Mode, Norm, Shape, conv_norm_act, conv_shift_act};
use crate::model::ops::norm::Activation;
use crate::model::ops::window::{Padding, Window};

/// One block, by the names of its two modules.
#[derive(Debug, Clone)]
pub(crate) struct ConvSpec {
    pub(crate) conv: String,
    pub(crate) norm: String,
    pub(crate) n_in: usize,
    pub(crate) n_out: usize,
    pub(crate) kernel: usize,
    pub(crate) stride: usize,
    pub(crate) groups: Groups,
    pub(crate) padding: Padding,
    pub(crate) activation: Activation,
    pub(crate) eps: f64,
}

impl ConvSpec {
    pub(crate) fn declare(&self, into: &mut Vec<Declared>) {
        let per_group = if self.groups == Groups::Depthwise { 1 } else { self.n_in };
        // Kaiming normal: fan-out counts what one input pixel reaches within its group.
        let groups = self.n_in / per_group;
        let fan_out = (self.kernel * self.kernel * self.n_out / groups).max(1);
        into.push(Declared::new(
            format!("{}.weight", self.conv),
            &[self.n_out, per_group, self.kernel, self.kernel],
            Kind::Weight,
            Beginning::Normal((2.0 / fan_out as f64).sqrt()),
        ));
        for (name, kind, beginning) in [
            ("weight", Kind::Weight, Beginning::Ones),
            ("bias", Kind::Weight, Beginning::Zeros),
            ("running_mean", Kind::Buffer, Beginning::Zeros),
            ("running_var", Kind::Buffer, Beginning::Ones),
        ] {
            let name = format!("{}.{name}", self.norm);
            into.push(Declared::new(name, &[self.n_out], kind, beginning));
        }
    }

    pub(crate) fn build(&self, params: &Params) -> Result<ConvNormAct> {
        let of_norm = |name: &str| format!("{}.{name}", self.norm);
        Ok(ConvNormAct {
            weight: params.tensor(&format!("{}.weight", self.conv))?,
            shape: Shape {
                window: Window::square(self.kernel, self.stride, self.padding),
                groups: self.groups,
                activation: self.activation,
            },
            form: Form::Normed(Norm {
                gamma: params.tensor(&of_norm("weight"))?,
                beta: params.tensor(&of_norm("bias"))?,
                mean: params.buffer(&of_norm("running_mean"))?,
                variance: params.buffer(&of_norm("running_var"))?,
                eps: self.eps,
            }),
        })
    }
}

/// Convolution, batch norm, activation; on maps in the device's layout.
#[derive(Debug, Clone)]
pub(crate) struct ConvNormAct {
    weight: Tensor,
    shape: Shape,
    form: Form,
}

#[derive(Debug, Clone)]
enum Form {
    Normed(Norm),
    /// Frozen for good: the scale is in the weights, this is the shift `[O]`.
    Folded(Tensor),
}

impl ConvNormAct {
    pub(crate) fn forward(&self, x: &Tensor, mode: Mode) -> Result<Tensor> {
        match &self.form {
            Form::Normed(norm) => conv_norm_act(x, &self.weight, norm, &self.shape, mode),
            Form::Folded(shift) => conv_shift_act(x, &self.weight, shift, &self.shape),
        }
    }

    /// The same block for inference only, with the stored statistics multiplied into the weights.
    pub(crate) fn folded(&self) -> Result<Self> {
        let Form::Normed(norm) = &self.form else {
            return Ok(self.clone());
        };
        let scale = norm.gamma.detach().div(&(norm.variance.as_detached_tensor() + norm.eps)?.sqrt()?)?; // [O]
        let shift = norm.beta.detach().sub(&norm.mean.as_detached_tensor().mul(&scale)?)?; // [O]
        Ok(Self {
            weight: self.weight.detach().broadcast_mul(&scale.reshape(((), 1, 1, 1))?)?,
            shape: self.shape,
            form: Form::Folded(shift),
        })
    }
}

/// The linear head: `[B, F]` to logits `[B, L]`.
#[derive(Debug, Clone)]
pub(crate) struct Classifier {
    weight: Tensor,
    bias: Tensor,
}

impl Classifier {
    pub(crate) fn declare(name: &str, n_features: usize, n_labels: usize, into: &mut Vec<Declared>) {
        // PyTorch's bound for a linear layer.
        let beginning = Beginning::Uniform(1.0 / (n_features as f64).sqrt());
        let weight = Declared::new(format!("{name}.weight"), &[n_labels, n_features], Kind::Weight, beginning);
        let bias = Declared::new(format!("{name}.bias"), &[n_labels], Kind::Weight, Beginning::Zeros);
        into.extend([weight, bias]);
    }

    pub(crate) fn build(name: &str, params: &Params) -> Result<Self> {
        Ok(Self { weight: params.tensor(&format!("{name}.weight"))?, bias: params.tensor(&format!("{name}.bias"))? })
    }

    pub(crate) fn forward(&self, pooled: &Tensor) -> Result<Tensor> {
        pooled.matmul(&self.weight.t()?)?.broadcast_add(&self.bias) // [B, L]
    }
}
