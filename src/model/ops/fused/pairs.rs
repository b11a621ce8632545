//! Which pixels fall under which tap of a window, one image at a time. Floor 3.

use super::map::Size;
use crate::model::ops::window::Frame;

/// Calls `pair(tap, input, output)` for every pixel under every window of an image, each by its first float.
#[inline(always)]
pub(super) fn each_pair(frame: &Frame, size: Size, mut pair: impl FnMut(usize, usize, usize)) {
    let n = size.n_channels;
    for y in 0..frame.output.0 {
        for x in 0..frame.output.1 {
            let output = (y * frame.output.1 + x) * n;
            for tap in 0..frame.kernel.0 * frame.kernel.1 {
                let from_y = (y * frame.stride + tap / frame.kernel.1).wrapping_sub(frame.top);
                let from_x = (x * frame.stride + tap % frame.kernel.1).wrapping_sub(frame.left);
                if from_y < size.height && from_x < size.width {
                    pair(tap, (from_y * size.width + from_x) * n, output);
                }
            }
        }
    }
}
