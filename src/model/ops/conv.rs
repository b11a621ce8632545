//! What convolutions have in common, whoever computes them. Floor 3.

use candle_core::{Result, Tensor, bail};

use super::window::{Frame, Window};

/// Which inputs an output sees.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Groups {
    /// All of them.
    One,
    /// Its own channel.
    Depthwise,
    /// Those of its own part, of so many equal parts.
    #[cfg_attr(not(test), expect(dead_code, reason = "none of the networks so far is grouped; ResNeXt will be"))]
    Many(usize),
}

impl Groups {
    /// How many parts `n_channels` input channels fall into.
    pub(crate) fn count(self, n_channels: usize) -> usize {
        match self {
            Self::One => 1,
            Self::Depthwise => n_channels,
            Self::Many(n) => n,
        }
    }
}

/// The frame of `window` over a map of our own loops.
pub(crate) fn frame(x: &Tensor, window: &Window) -> Result<Frame> {
    let (_c, _b, h, w) = x.dims4()?;
    window.over(h, w)
}

/// Errors: `weight` `[O, C / groups, kh, kw]` does not fit `n_channels` inputs.
pub(crate) fn check(n_channels: usize, weight: &Tensor, groups: Groups) -> Result<()> {
    let (o, per_group, _kh, _kw) = weight.dims4()?;
    let n = groups.count(n_channels);
    let depthwise_fits = groups != Groups::Depthwise || o == n_channels;
    if n == 0 || n * per_group != n_channels || !o.is_multiple_of(n) || !depthwise_fits {
        bail!("convolution weights {:?} do not fit {n_channels} channels in {n} groups", weight.dims())
    }
    Ok(())
}
