//! A convolution with everything that follows it: folded batch norm, a residual, an activation.
//!
//! ProductWeights are brought in order once, when the first map of a kind comes. Which way a map goes is decided by its shape.
//! Inference on the CPU in f32 only; learning goes through `conv_norm_act`. Floor 3.

use std::sync::OnceLock;

use candle_core::{Result, Tensor, bail};

use super::depthwise::Depthwise;
use super::direct::Job;
use super::map::{Size, map_of, with_pixels};
use super::product::Finish;
use super::product_weights::{Kernel, ProductWeights};
use super::separable::{Pointwise, Separable};
use super::target::written;
use super::winograd::Winograd;
use crate::model::ops::conv::{self, Groups};
use crate::model::ops::conv_norm_act::Shape;
use crate::model::ops::lanes::LANES;
use crate::model::ops::norm::Activation;
use crate::model::ops::precomputed::with_floats;
use crate::model::ops::window::Padding;

#[derive(Debug)]
pub(crate) struct Convolution {
    /// `[O, C / groups, kh, kw]`, batch norm multiplied in.
    weight: Vec<f32>,
    dims: [usize; 4],
    /// `[O]`, and zeros up to whole vectors.
    shift: Vec<f32>,
    shape: Shape,
    /// How products in bf16 are computed, if they are to be.
    kernel: Option<Kernel>,
    direct: OnceLock<ProductWeights>,
    winograd: OnceLock<Winograd>,
    depthwise: OnceLock<Depthwise>,
}

impl Convolution {
    /// `None` where it does not serve: elsewhere than on the CPU, for maps in other precisions, in several groups.
    pub(crate) fn new(weight: &Tensor, shift: Option<&Tensor>, shape: &Shape) -> Result<Option<Self>> {
        let serves = crate::model::ops::is_native(weight) && !matches!(shape.groups, Groups::Many(_));
        if !serves {
            return Ok(None);
        }
        let (n_out, n_in, height, width) = weight.dims4()?;
        let mut floats = match shift {
            Some(shift) => shift.to_vec1()?,
            None => vec![0.0; n_out],
        };
        floats.resize(n_out.next_multiple_of(LANES), 0.0);
        Ok(Some(Self {
            weight: with_floats(weight, |weight| Ok(weight.to_vec()))?,
            dims: [n_out, n_in, height, width],
            shift: floats,
            shape: *shape,
            kernel: None,
            direct: OnceLock::new(),
            winograd: OnceLock::new(),
            depthwise: OnceLock::new(),
        }))
    }

    /// The same with its products in bf16, where the processor has them.
    pub(crate) fn in_bf16(self) -> Self {
        self.with_kernel(Kernel::of_this_machine())
    }

    pub(super) fn with_kernel(mut self, kernel: Option<Kernel>) -> Self {
        self.kernel = kernel;
        self
    }

    /// `x` `[C, B, h, w]` in any order; answers `[O, B, oh, ow]` with channels together: `activation(convolution + more)`,
    /// where the activation is the convolution's own if nothing is added.
    #[expect(unsafe_code, reason = "the answer's memory is not cleared first")]
    pub(crate) fn forward(&self, x: &Tensor, more: Option<(&Tensor, Activation)>) -> Result<Tensor> {
        let size = Size::of(x)?;
        let frame = conv::frame(x, &self.shape.window)?;
        let [n_out, n_in, ..] = self.dims;
        if size.n_channels != if self.is_depthwise() { n_out } else { n_in } {
            bail!("a convolution {:?} of a map {:?}", self.dims, x.dims())
        }
        if size.n_batch == 0 || (self.is_depthwise() && more.is_some()) {
            bail!("a convolution of no pictures, or a depthwise one added to something")
        }
        let activation = more.map_or(self.shape.activation, |(_, activation)| activation);
        let finish = self.finish(activation);
        let answer = Size { height: frame.output.0, width: frame.output.1, n_channels: n_out, ..size };
        let compute = |pixels: &[f32], more: Option<&[f32]>| {
            // SAFETY: each of the three ways writes every output of every pixel.
            let values = unsafe {
                written(answer.n_floats(), |target| {
                    self.run(&Job { pixels, size, frame, finish, more, target, n_out });
                })
            };
            map_of(values, answer)
        };
        with_pixels(x, |pixels| match more {
            None => compute(pixels, None),
            Some((more, _)) if Size::of(more)? == answer => with_pixels(more, |more| compute(pixels, Some(more))),
            Some((more, _)) => bail!("a map {:?} added to one of {answer:?}", more.dims()),
        })
    }

    /// A depthwise convolution `self`, perhaps a 1x1 convolution before it, and one after it, with what `forward` adds.
    #[expect(unsafe_code, reason = "the answer's memory is not cleared first")]
    pub(crate) fn forward_separable(
        &self,
        x: &Tensor,
        widen: Option<&Self>,
        project: &Self,
        more: Option<(&Tensor, Activation)>,
    ) -> Result<Tensor> {
        let narrow = Size::of(x)?;
        let n_wide = self.dims[0];
        let n_seen = widen.map_or(n_wide, |widen| widen.dims[1]);
        let widens = widen.is_none_or(|widen| widen.dims[0] == n_wide && widen.is_pointwise());
        let projects = project.dims[1] == n_wide && project.is_pointwise();
        if !self.is_depthwise() || !widens || !projects || narrow.n_channels != n_seen || narrow.n_batch == 0 {
            bail!("convolutions {:?} and {:?} of a map {:?}", self.dims, project.dims, x.dims())
        }
        let size = Size { n_channels: n_wide, ..narrow };
        let frame = self.shape.window.over(size.height, size.width)?;
        let answer = Size { height: frame.output.0, width: frame.output.1, n_channels: project.dims[0], ..size };
        let compute = |pixels: &[f32], more: Option<&[f32]>, activation: Activation| {
            // SAFETY: every band writes its rows, and together they are all.
            let values = unsafe {
                written(answer.n_floats(), |target| {
                    let wide = Job {
                        pixels: &[],
                        size,
                        frame,
                        finish: self.finish(self.shape.activation),
                        more: None,
                        target,
                        n_out: n_wide,
                    };
                    let widen = widen.map(|widen| Pointwise {
                        weights: widen.weights(),
                        finish: widen.finish(widen.shape.activation),
                    });
                    let project = Pointwise { weights: project.weights(), finish: project.finish(activation) };
                    Separable { widen, depthwise: self.by_channel(), wide, project, pixels, more, target }.run();
                })
            };
            map_of(values, answer)
        };
        with_pixels(x, |pixels| match more {
            None => compute(pixels, None, project.shape.activation),
            Some((more, activation)) if Size::of(more)? == answer => {
                with_pixels(more, |more| compute(pixels, Some(more), activation))
            }
            Some((more, _)) => bail!("a map {:?} added to one of {answer:?}", more.dims()),
        })
    }

    pub(crate) fn is_depthwise(&self) -> bool {
        self.shape.groups == Groups::Depthwise
    }

    /// Whether one pixel makes one pixel.
    pub(crate) fn is_pointwise(&self) -> bool {
        let window = self.shape.window;
        let is_padded = matches!(window.padding, Padding::Explicit { .. }) && window.padding != Padding::NONE;
        !self.is_depthwise() && window.kernel == (1, 1) && window.stride == 1 && !is_padded
    }

    fn finish(&self, activation: Activation) -> Finish<'_> {
        let (low, high) = activation.limits();
        Finish { shift: &self.shift, low, high }
    }

    fn weights(&self) -> &ProductWeights {
        self.direct.get_or_init(|| ProductWeights::new(self.kernel, &self.weight, self.dims))
    }

    fn by_channel(&self) -> &Depthwise {
        self.depthwise.get_or_init(|| Depthwise::new(&self.weight, self.dims))
    }

    fn run(&self, job: &Job<'_>) {
        if self.is_depthwise() {
            return self.by_channel().run(job);
        }
        // Tiles of bf16 are faster than what Winograd saves.
        if self.kernel != Some(Kernel::Tiles) && Winograd::serves(job) {
            return self.winograd.get_or_init(|| Winograd::new(&self.weight, self.dims)).run(job);
        }
        self.weights().run(job);
    }
}
