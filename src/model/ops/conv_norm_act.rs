//! Convolution, batch norm and activation as one step of the tape; any of the latter two may be missing.
//!
//! One step, because each one costs Candle's backward pass three more walks over the map; and because so only the
//! convolution's raw answer has to be kept. Floor 3.

use candle_core::{Result, Tensor};

use super::batch_norm::{Mode, Norm, channels, identity, shift_in_place};
use super::composed;
use super::conv::{self, Groups};
use super::norm::{self, Activation, Channel};
use super::precomputed::{Precomputed, with_floats};
use super::window::{Frame, Window};
use super::{is_native, lanes};

/// The convolution's geometry and what follows it.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Shape {
    pub(crate) window: Window,
    pub(crate) groups: Groups,
    pub(crate) activation: Activation,
}

/// What is added to or done with the convolution's answer before the activation.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct After<'a> {
    /// `[O]`.
    pub(crate) bias: Option<&'a Tensor>,
    pub(crate) norm: Option<&'a Norm>,
}

/// `x` in its layout (see `ops`), `weight` `[O, C / groups, kh, kw]`; answers in the same layout.
pub(crate) fn conv_norm_act(
    x: &Tensor,
    weight: &Tensor,
    after: After<'_>,
    shape: &Shape,
    mode: Mode,
) -> Result<Tensor> {
    if !is_native(x) {
        return composed::conv_norm_act(x, weight, after, shape, mode);
    }
    let mode = after.norm.map_or(Mode::Inference, |norm| norm.mode(mode));
    let frame = conv::frame(x, &shape.window)?;
    let z = conv::forward(&x.detach(), &weight.detach(), shape.groups, &frame)?; // [O, B, oh, ow]
    if let Some(bias) = after.bias {
        shift_in_place(&z, bias, Activation::None)?;
    }
    let is_plain = after.norm.is_none() && shape.activation == Activation::None;
    let channels = match after.norm {
        Some(norm) => channels(&z, norm, mode)?,
        None => identity(z.dim(0)?),
    };
    let affine = affine(&after, x)?;
    let tracked = x.track_op() || weight.track_op() || affine.track_op();
    if is_plain && !tracked {
        return Ok(z);
    }
    let answer =
        with_floats(&z, |z| Ok(if is_plain { z.to_vec() } else { norm::apply(z, &channels, shape.activation) }))?;
    if !tracked {
        return Tensor::from_vec(answer, z.dims(), z.device());
    }
    let backward = Backward {
        frozen: mode == Mode::Inference,
        has_norm: after.norm.is_some(),
        has_bias: after.bias.is_some(),
        shape: *shape,
        frame,
        channels,
        z: (!is_plain).then(|| z.clone()),
    };
    let operation =
        Precomputed::<3>::new("conv-norm-act", answer, z.shape().clone(), move |arguments, _answer, gradient| {
            backward.run(arguments, gradient)
        });
    x.apply_op3(weight, &affine, operation)
}

/// What is trained besides the weights, as one argument of the step: gamma and beta, then the bias, `[0..3, O]`.
fn affine(after: &After<'_>, x: &Tensor) -> Result<Tensor> {
    let norm = after.norm.iter().flat_map(|norm| [&norm.gamma, &norm.beta]);
    let rows: Vec<&Tensor> = norm.chain(after.bias).collect();
    if rows.is_empty() { Tensor::zeros(1, x.dtype(), x.device()) } else { Tensor::stack(&rows, 0) }
}

struct Backward {
    /// The statistics were constants.
    frozen: bool,
    has_norm: bool,
    has_bias: bool,
    shape: Shape,
    frame: Frame,
    channels: Vec<Channel>,
    /// What norm and activation were applied to; `None` where there was neither.
    z: Option<Tensor>,
}

impl Backward {
    fn run(&self, [x, weight, affine]: [&Tensor; 3], gradient: &Tensor) -> Result<[Option<Tensor>; 3]> {
        let (for_z, mut for_affine) = match &self.z {
            None => (gradient.clone(), Vec::new()),
            Some(z) => {
                let (for_z, sums) = with_floats(z, |z| {
                    with_floats(gradient, |gradient| {
                        Ok(norm::backward(z, gradient, &self.channels, self.shape.activation, self.frozen))
                    })
                })?;
                (Tensor::from_vec(for_z, z.dims(), z.device())?, if self.has_norm { sums } else { Vec::new() })
            }
        };
        let wanted = (x.track_op(), weight.track_op());
        let (for_x, for_weight) =
            conv::backward(&x.detach(), &weight.detach(), &for_z, self.shape.groups, &self.frame, wanted)?;
        if self.has_bias && affine.track_op() {
            let n = for_z.elem_count() / self.channels.len();
            for_affine.extend(with_floats(&for_z, |for_z| {
                Ok(for_z.chunks(n.max(1)).map(|channel| lanes::sum(channel) as f32).collect::<Vec<_>>())
            })?);
        }
        let for_affine = match affine.track_op() {
            true => Some(Tensor::from_vec(for_affine, affine.dims(), affine.device())?),
            false => None,
        };
        Ok([for_x.filter(|_| wanted.0), for_weight.filter(|_| wanted.1), for_affine])
    }
}

/// With batch norm folded in: `weight` already scaled, `shift` `[O]`. For inference, no gradient.
pub(crate) fn conv_shift_act(x: &Tensor, weight: &Tensor, shift: Option<&Tensor>, shape: &Shape) -> Result<Tensor> {
    if !is_native(x) {
        let after = After { bias: shift, norm: None };
        return composed::conv_norm_act(x, weight, after, shape, Mode::Inference);
    }
    let frame = conv::frame(x, &shape.window)?;
    let z = conv::forward(x, weight, shape.groups, &frame)?;
    match shift {
        None if shape.activation == Activation::None => {}
        None => shift_in_place(&z, &Tensor::zeros(z.dim(0)?, z.dtype(), z.device())?, shape.activation)?,
        Some(shift) => shift_in_place(&z, shift, shape.activation)?,
    }
    Ok(z)
}
