//! Outline: the names, shapes and beginnings of a network's tensors, before any of them exists.
//!
//! Not the tensors (`params`). Floor 3.
//! Source: timm 1.0 names; initial values as torchvision's and timm's CNNs draw them (Kaiming normal over fan-out,
//! batch norm 1 and 0, small uniform classifier).

use super::random::Random;

/// Trained by the optimizer, or moved by the batches.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    Weight,
    Buffer,
}

/// How a tensor begins.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum Beginning {
    Zeros,
    Ones,
    /// Normal with this standard deviation.
    Normal(f64),
    /// Uniform in ± this bound.
    Uniform(f64),
}

/// One tensor a network needs.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Declared {
    pub(crate) name: String,
    pub(crate) shape: Vec<usize>,
    pub(crate) kind: Kind,
    pub(crate) beginning: Beginning,
}

impl Declared {
    pub(crate) fn new(name: String, shape: &[usize], kind: Kind, beginning: Beginning) -> Self {
        Self { name, shape: shape.to_vec(), kind, beginning }
    }

    /// Initial values in row-major order; the same for the same seed and name, whatever else the network has.
    pub(crate) fn draw(&self, seed: u64) -> Vec<f32> {
        let n = self.shape.iter().product();
        let mut random = Random::named(seed, &self.name);
        match self.beginning {
            Beginning::Zeros => vec![0.0; n],
            Beginning::Ones => vec![1.0; n],
            Beginning::Normal(deviation) => (0..n).map(|_| (random.normal() * deviation) as f32).collect(),
            Beginning::Uniform(bound) => (0..n).map(|_| ((2.0 * random.unit() - 1.0) * bound) as f32).collect(),
        }
    }
}
