//! What follows a normalisation. Floor 3.

use candle_core::{Result, Tensor};

use super::fused::{map, norm};

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Activation {
    None,
    Relu,
    /// Between 0 and 6; its gradient is 0 at both ends.
    Relu6,
}

impl Activation {
    /// The least and the greatest value that it lets through.
    pub(crate) fn limits(self) -> (f32, f32) {
        match self {
            Self::None => (f32::NEG_INFINITY, f32::INFINITY),
            Self::Relu => (0.0, f32::INFINITY),
            Self::Relu6 => (0.0, 6.0),
        }
    }

    /// The way back: of an answer's gradient `[B, h, w, C]`, what was not held at a limit.
    pub(super) fn mask(self, gradient: &mut [f32], answer: &Tensor) -> Result<()> {
        if self == Self::None {
            return Ok(());
        }
        map::with_pixels(answer, |answer| {
            norm::mask(gradient, answer, self.limits());
            Ok(())
        })
    }
}
