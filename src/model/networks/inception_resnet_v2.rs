//! Inception-ResNet v2: branches of several kernel sizes, added to their input with a small factor.
//!
//! Stem, one Inception block, then three sizes of residual blocks (35, 17 and 8 pixels wide at an input of 299) with
//! reductions between them. Floor 3.
//! Source: Szegedy et al. 2016, arXiv 1602.07261, figures 3 and 15 to 19; names and order as timm's `inception_resnet_v2`.

use candle_core::Result;

use super::blocks::{Chain, ConvNormAct, ConvSpec};
use super::builder::Builder;
use super::{Body, NetworkConfig, Stage};
use crate::model::ops::avg_pool::{Divisor, avg_pool};
use crate::model::ops::batch_norm::Mode;
use crate::model::ops::concat_channels;
use crate::model::ops::max_pool::max_pool;
use crate::model::ops::norm::Activation;
use crate::model::ops::tape::Map;
use crate::model::ops::window::{Padding, Window};

pub(crate) const N_FEATURES: usize = 1536;

const MAX_POOL: Window = Window::square(3, 2, Padding::NONE);
const AVG_POOL: Window = Window::square(3, 1, Padding::Symmetric);

/// (kernel height and width, channels out, stride); a stride of 2 goes without padding.
type Step = ((usize, usize), usize, usize);

const fn step(kernel: usize, n_out: usize) -> Step {
    ((kernel, kernel), n_out, 1)
}

const fn reduce(n_out: usize) -> Step {
    ((3, 3), n_out, 2)
}

/// A row of residual blocks of one kind.
struct Row {
    name: &'static str,
    n_blocks: usize,
    n_channels: usize,
    factor: f64,
    branches: &'static [&'static [Step]],
}

const ROWS: [Row; 3] = [
    Row {
        name: "repeat",
        n_blocks: 10,
        n_channels: 320,
        factor: 0.17,
        branches: &[&[step(1, 32)], &[step(1, 32), step(3, 32)], &[step(1, 32), step(3, 48), step(3, 64)]],
    },
    Row {
        name: "repeat_1",
        n_blocks: 20,
        n_channels: 1088,
        factor: 0.10,
        branches: &[&[step(1, 192)], &[step(1, 128), ((1, 7), 160, 1), ((7, 1), 192, 1)]],
    },
    Row {
        name: "repeat_2",
        n_blocks: 9,
        n_channels: 2080,
        factor: 0.20,
        branches: &[&[step(1, 192)], &[step(1, 192), ((1, 3), 224, 1), ((3, 1), 256, 1)]],
    },
];

pub(crate) fn stages() -> Vec<Stage> {
    vec![
        Stage::new("stem", &["conv2d_1a", "conv2d_2a", "conv2d_2b", "conv2d_3b", "conv2d_4a"]),
        Stage::new("inception 35", &["mixed_5b", "repeat"]),
        Stage::new("inception 17", &["mixed_6a", "repeat_1"]),
        Stage::new("inception 8", &["mixed_7a", "repeat_2", "block8", "conv2d_7b"]),
    ]
}

#[derive(Debug)]
pub(crate) struct InceptionResNetV2 {
    /// Before the first pool, between the two, and after.
    stem: [Chain; 2],
    mixed_5b: Branches,
    rows: [Vec<Residual>; 3],
    reductions: [Branches; 2],
    head: ConvNormAct,
}

/// Chains side by side, their answers one after the other along the channels.
#[derive(Debug)]
struct Branches {
    chains: Vec<Chain>,
    pool: Option<Pool>,
}

/// The last branch of some blocks.
#[derive(Debug)]
enum Pool {
    /// Max pool with stride 2 and nothing after it.
    Max,
    /// Average pool, then a 1x1 convolution.
    Average(ConvNormAct),
}

#[derive(Debug)]
struct Residual {
    branches: Branches,
    project: ConvNormAct,
    activates: bool,
}

/// Convolution and norm named `conv` and `bn` below one name.
fn conv(n_in: usize, (kernel, n_out, stride): Step, eps: f64, vb: &Builder<'_>) -> Result<ConvNormAct> {
    let padding = if stride == 1 { Padding::Symmetric } else { Padding::NONE };
    conv_padded(n_in, (kernel, n_out, stride), padding, eps, vb)
}

fn conv_padded(
    n_in: usize,
    (kernel, n_out, stride): Step,
    padding: Padding,
    eps: f64,
    vb: &Builder<'_>,
) -> Result<ConvNormAct> {
    let spec = ConvSpec::new(n_in, n_out, 1, stride).with_kernel(kernel.0, kernel.1).padded(padding);
    ConvNormAct::new(&spec, &vb.pp("conv"), &vb.pp("bn"), eps, Activation::Relu)
}

/// timm numbers the steps of a branch, unless there is only one.
fn chain(n_in: usize, steps: &[Step], eps: f64, vb: &Builder<'_>) -> Result<Chain> {
    let mut n_in = n_in;
    let mut convs = Vec::with_capacity(steps.len());
    for (index, step) in steps.iter().enumerate() {
        let vb = if steps.len() == 1 { vb.clone() } else { vb.pp(index) };
        convs.push(conv(n_in, *step, eps, &vb)?);
        n_in = step.1;
    }
    Ok(convs.into_iter().collect())
}

fn branches(n_in: usize, chains: &[&[Step]], eps: f64, vb: &Builder<'_>) -> Result<Branches> {
    let chains =
        chains.iter().enumerate().map(|(index, steps)| chain(n_in, steps, eps, &vb.pp(format!("branch{index}"))));
    Ok(Branches { chains: chains.collect::<Result<_>>()?, pool: None })
}

impl InceptionResNetV2 {
    pub(crate) fn new(config: &NetworkConfig, vb: &Builder<'_>) -> Result<Self> {
        let eps = config.norm_eps;
        let unpadded = |n_in, step, name: &str| conv_padded(n_in, step, Padding::NONE, eps, &vb.pp(name));
        let first = [
            unpadded(3, reduce(32), "conv2d_1a")?,
            unpadded(32, step(3, 32), "conv2d_2a")?,
            conv(32, step(3, 64), eps, &vb.pp("conv2d_2b"))?,
        ];
        let second = [unpadded(64, step(1, 80), "conv2d_3b")?, unpadded(80, step(3, 192), "conv2d_4a")?];
        let in_5b = vb.pp("mixed_5b");
        let chains: [&[Step]; 3] =
            [&[step(1, 96)], &[step(1, 48), step(5, 64)], &[step(1, 64), step(3, 96), step(3, 96)]];
        let mut mixed_5b = branches(192, &chains, eps, &in_5b)?;
        // After the pool, which is number 0 of its branch.
        mixed_5b.pool = Some(Pool::Average(conv(192, step(1, 64), eps, &in_5b.pp("branch3.1"))?));
        let reduction = |n_in, chains: &[&[Step]], name: &str| {
            Ok::<_, candle_core::Error>(Branches {
                pool: Some(Pool::Max),
                ..branches(n_in, chains, eps, &vb.pp(name))?
            })
        };
        let [row_35, row_17, row_8] = &ROWS;
        let rows_35 = row_35.build(eps, vb)?;
        let mixed_6a = reduction(320, &[&[reduce(384)], &[step(1, 256), step(3, 256), reduce(384)]], "mixed_6a")?;
        let rows_17 = row_17.build(eps, vb)?;
        let chains: [&[Step]; 3] =
            [&[step(1, 256), reduce(384)], &[step(1, 256), reduce(288)], &[step(1, 256), step(3, 288), reduce(320)]];
        let mixed_7a = reduction(1088, &chains, "mixed_7a")?;
        let mut rows_8 = row_8.build(eps, vb)?;
        let last = Row { factor: 1.0, ..ROWS[2] };
        rows_8.push(Residual { activates: false, ..last.block(eps, &vb.pp("block8"))? });
        Ok(Self {
            stem: [first.into_iter().collect(), second.into_iter().collect()],
            mixed_5b,
            rows: [rows_35, rows_17, rows_8],
            reductions: [mixed_6a, mixed_7a],
            head: conv(2080, step(1, N_FEATURES), eps, &vb.pp("conv2d_7b"))?,
        })
    }
}

impl Row {
    fn build(&self, eps: f64, vb: &Builder<'_>) -> Result<Vec<Residual>> {
        (0..self.n_blocks).map(|index| self.block(eps, &vb.pp(self.name).pp(index))).collect()
    }

    fn block(&self, eps: f64, vb: &Builder<'_>) -> Result<Residual> {
        let n_wide = self.branches.iter().filter_map(|steps| steps.last()).map(|step| step.1).sum();
        let project = ConvSpec::new(n_wide, self.n_channels, 1, 1).with_bias().scaled(self.factor);
        Ok(Residual {
            branches: branches(self.n_channels, self.branches, eps, vb)?,
            project: ConvNormAct::plain(&project, &vb.pp("conv2d"), Activation::None)?,
            activates: true,
        })
    }
}

impl Branches {
    fn forward(&self, x: &Map, mode: Mode) -> Result<Map> {
        let mut answers = self.chains.iter().map(|chain| chain.forward(x, mode)).collect::<Result<Vec<_>>>()?;
        match &self.pool {
            None => {}
            Some(Pool::Max) => answers.push(max_pool(x, &MAX_POOL)?),
            Some(Pool::Average(conv)) => {
                answers.push(conv.forward(&avg_pool(x, &AVG_POOL, Divisor::Inside)?, mode)?);
            }
        }
        concat_channels(&answers)
    }
}

impl Residual {
    fn forward(&self, x: &Map, mode: Mode) -> Result<Map> {
        let activation = if self.activates { Activation::Relu } else { Activation::None };
        self.project.forward_onto(&self.branches.forward(x, mode)?, x, activation, mode)
    }
}

impl Body for InceptionResNetV2 {
    fn forward(&self, images: &Map, mode: Mode) -> Result<Map> {
        let [first, second] = &self.stem;
        let x = max_pool(&first.forward(images, mode)?, &MAX_POOL)?;
        let x = max_pool(&second.forward(&x, mode)?, &MAX_POOL)?;
        let mut x = self.mixed_5b.forward(&x, mode)?;
        for (at, row) in self.rows.iter().enumerate() {
            x = row.iter().try_fold(x, |x, block| block.forward(&x, mode))?;
            if let Some(reduction) = self.reductions.get(at) {
                x = reduction.forward(&x, mode)?;
            }
        }
        self.head.forward(&x, mode)
    }
}
