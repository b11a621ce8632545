//! Window: kernel, stride and zero padding of a convolution or pooling, and where it falls on a map of a given size.
//!
//! Floor 3. Source: PyTorch's size formula; TensorFlow's "same" padding puts the odd pixel right and below.

use candle_core::{Result, bail};

/// How a map is padded before the window slides over it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Padding {
    /// `(kernel - 1) / 2` on every side, PyTorch's habit.
    Symmetric,
    /// Just enough for `ceil(size / stride)` outputs, TensorFlow's habit.
    Same,
    /// Given pixel for pixel, mostly none.
    Explicit { top: usize, bottom: usize, left: usize, right: usize },
}

impl Padding {
    pub(crate) const NONE: Self = Self::Explicit { top: 0, bottom: 0, left: 0, right: 0 };
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Window {
    /// Height and width.
    pub(crate) kernel: (usize, usize),
    pub(crate) stride: usize,
    pub(crate) padding: Padding,
}

/// A window laid over a map of known size.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Frame {
    pub(crate) kernel: (usize, usize),
    pub(crate) stride: usize,
    pub(crate) input: (usize, usize),
    pub(crate) output: (usize, usize),
    pub(crate) top: usize,
    pub(crate) bottom: usize,
    pub(crate) left: usize,
    pub(crate) right: usize,
}

impl Window {
    pub(crate) const fn square(kernel: usize, stride: usize, padding: Padding) -> Self {
        Self { kernel: (kernel, kernel), stride, padding }
    }

    /// Errors: the padded map is smaller than the kernel.
    pub(crate) fn over(&self, height: usize, width: usize) -> Result<Frame> {
        let (top, bottom) = self.pads(self.kernel.0, height);
        let (left, right) = self.pads(self.kernel.1, width);
        let (top, bottom, left, right) = match self.padding {
            Padding::Explicit { top, bottom, left, right } => (top, bottom, left, right),
            Padding::Symmetric | Padding::Same => (top, bottom, left, right),
        };
        let padded = (height + top + bottom, width + left + right);
        if height == 0 || width == 0 || self.stride == 0 || padded.0 < self.kernel.0 || padded.1 < self.kernel.1 {
            bail!("a map of {height} x {width} is too small for a window of {:?}", self.kernel)
        }
        Ok(Frame {
            kernel: self.kernel,
            stride: self.stride,
            input: (height, width),
            output: ((padded.0 - self.kernel.0) / self.stride + 1, (padded.1 - self.kernel.1) / self.stride + 1),
            top,
            bottom,
            left,
            right,
        })
    }

    fn pads(&self, kernel: usize, size: usize) -> (usize, usize) {
        match self.padding {
            Padding::Explicit { .. } => (0, 0),
            Padding::Symmetric => ((kernel - 1) / 2, (kernel - 1) / 2),
            Padding::Same => {
                let needed = (size.div_ceil(self.stride.max(1)).max(1) - 1) * self.stride + kernel;
                let total = needed.saturating_sub(size);
                (total / 2, total - total / 2)
            }
        }
    }
}

impl Frame {
    /// Height and width of the padded map up to the last pixel a kernel reaches.
    pub(crate) fn used(&self) -> (usize, usize) {
        let reach = |n_out: usize, kernel: usize| (n_out - 1) * self.stride + kernel;
        (reach(self.output.0, self.kernel.0), reach(self.output.1, self.kernel.1))
    }

    /// Calls `pair(output, input)` for every pixel under every window, kernel position by kernel position.
    pub(crate) fn each_pair(&self, mut pair: impl FnMut(usize, usize)) {
        for tap in 0..self.kernel.0 * self.kernel.1 {
            let (first_row, n_rows, start_row) = self.rows(tap / self.kernel.1);
            let (first, n, start) = self.columns(tap % self.kernel.1);
            for y in 0..n_rows {
                let at_out = (first_row + y) * self.output.1 + first;
                let at_in = (start_row + y * self.stride) * self.input.1 + start;
                for i in 0..n {
                    pair(at_out + i, at_in + i * self.stride);
                }
            }
        }
    }

    /// Positions of one kernel column that fall inside the map: the first output, how many, and the first input.
    pub(crate) fn columns(&self, kx: usize) -> (usize, usize, usize) {
        run(kx, self.left, self.stride, self.input.1, self.output.1)
    }

    /// The same for one kernel row.
    pub(crate) fn rows(&self, ky: usize) -> (usize, usize, usize) {
        run(ky, self.top, self.stride, self.input.0, self.output.0)
    }
}

fn run(tap: usize, before: usize, stride: usize, input: usize, output: usize) -> (usize, usize, usize) {
    let first = before.saturating_sub(tap).div_ceil(stride);
    let start = first * stride + tap - before.min(first * stride + tap);
    if first >= output || start >= input {
        return (0, 0, 0);
    }
    let fits = (input - start).div_ceil(stride);
    (first, fits.min(output - first), start)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tensorflow_padding_puts_the_odd_pixel_right_and_below() {
        // (size, kernel, stride, output, before, after), by hand from TensorFlow's formula.
        for (size, kernel, stride, output, before, after) in
            [(224, 3, 2, 112, 0, 1), (97, 3, 2, 49, 1, 1), (8, 5, 2, 4, 1, 2), (7, 3, 1, 7, 1, 1), (7, 1, 2, 4, 0, 0)]
        {
            let frame = Window::square(kernel, stride, Padding::Same).over(size, size).unwrap();
            assert_eq!((frame.output.0, frame.top, frame.bottom), (output, before, after), "{size} {kernel} {stride}");
        }
    }

    #[test]
    fn runs_name_every_position_inside_the_map_and_no_other() {
        for padding in [Padding::Symmetric, Padding::Same] {
            for (size, kernel, stride) in [(5, 3, 1), (5, 3, 2), (6, 7, 2), (4, 2, 3), (9, 1, 2), (2, 5, 1)] {
                let frame = Window::square(kernel, stride, padding).over(size, size).unwrap();
                for tap in 0..kernel {
                    let inside: Vec<_> = (0..frame.output.0)
                        .map(|o| (o, (o * stride + tap).wrapping_sub(frame.top)))
                        .filter(|(_, i)| *i < size)
                        .collect();
                    let (first, n, start) = frame.rows(tap);
                    let named: Vec<_> = (0..n).map(|i| (first + i, start + i * stride)).collect();
                    assert_eq!(named, inside, "{size} {kernel} {stride} {tap}");
                }
            }
        }
    }

    #[test]
    fn a_map_smaller_than_the_kernel_is_an_error() {
        let window =
            Window { kernel: (3, 3), stride: 1, padding: Padding::Explicit { top: 0, bottom: 0, left: 0, right: 0 } };
        assert!(window.over(2, 5).is_err());
    }
}
