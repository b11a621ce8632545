//! Floor 4: learning. (Signatures first; the code follows.)
#[derive(Debug, Clone)]
pub struct Recipe {
    pub loss: Loss,
    pub epochs: usize,
    pub seed: u64,
    pub validation: f64,
}
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Loss {
    Focal { gamma: f64 },
    Binary,
}
#[derive(Debug, Clone)]
pub struct Metrics {
    pub f2_micro: f64,
    pub f2_per_image: f64,
    pub f2_macro: f64,
    pub map: f64,
    pub threshold: f64,
}
#[derive(Debug, Clone)]
pub struct Progress {
    pub epoch: usize,
    pub epochs: usize,
    pub step: usize,
    pub steps: usize,
    pub train_loss: f64,
    pub validation_loss: Option<f64>,
    pub f2_micro: Option<f64>,
    pub f2_per_image: Option<f64>,
    pub threshold: Option<f64>,
    pub seconds: f64,
}
