//! A chart: what is drawn, what lies behind each piece of it, and the table that says the same.

use std::sync::Arc;

use crate::base::numbers::counted;

/// What a chart is about.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Topic {
    #[default]
    Tags,
    Labels,
    Sizes,
    Together,
    Progress,
    Judged,
    Coverage,
}

impl Topic {
    pub const ALL: [Self; 7] =
        [Self::Tags, Self::Labels, Self::Sizes, Self::Together, Self::Progress, Self::Judged, Self::Coverage];

    pub fn name(self) -> &'static str {
        match self {
            Self::Tags => "Tags per image",
            Self::Labels => "Images per label",
            Self::Sizes => "Image sizes",
            Self::Together => "Labels together",
            Self::Progress => "Progress",
            Self::Judged => "The model, by label",
            Self::Coverage => "Coverage",
        }
    }

    /// Of its files, without an extension.
    pub fn file_name(self) -> &'static str {
        match self {
            Self::Tags => "tags-per-image",
            Self::Labels => "images-per-label",
            Self::Sizes => "image-sizes",
            Self::Together => "labels-together",
            Self::Progress => "progress",
            Self::Judged => "model-by-label",
            Self::Coverage => "coverage",
        }
    }
}

#[derive(Debug, Clone, PartialEq)]
pub struct Chart {
    pub topic: Topic,
    /// Its one number, as short as can be; empty where there is none.
    pub headline: String,
    /// What is shown, how it was counted, and what it does not say. Where there is nothing to show: why, and what to do.
    pub note: String,
    /// Empty where there is nothing to show.
    pub parts: Vec<Part>,
    /// With a header; lines end in `\n`.
    pub csv: String,
}

impl Chart {
    /// With the reason and what to do about it.
    pub fn empty(topic: Topic, header: &str, why: impl Into<String>) -> Self {
        Self { topic, headline: String::new(), note: why.into(), parts: Vec::new(), csv: format!("{header}\n") }
    }
}

/// A drawing of a chart with a title of its own.
#[derive(Debug, Clone, PartialEq)]
pub struct Part {
    pub title: String,
    pub form: Form,
}

#[derive(Debug, Clone, PartialEq)]
pub enum Form {
    /// Bars that stand side by side; the names of both axes. `sums`: with a line of what it comes to so far.
    Upright { x: &'static str, y: &'static str, bars: Vec<Bar>, sums: bool },
    /// Bars that lie below one another, each with its name.
    Lying { scale: Scale, bars: Vec<Bar> },
    /// Pictures by width and height, both on a logarithmic scale.
    Marks(Vec<Mark>),
}

/// How the length of a lying bar follows from its value.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Scale {
    /// Up to this value.
    Linear(f64),
    /// From 0.5, so that 1 has a length too, up to this value.
    Logarithmic(f64),
}

impl Scale {
    /// 0..=1.
    pub fn length(self, value: f64) -> f64 {
        const LEAST: f64 = 0.5;
        let length = match self {
            Self::Linear(most) => value / most,
            Self::Logarithmic(_) if value < LEAST => 0.0,
            Self::Logarithmic(most) => (value / LEAST).ln() / (most.max(1.0) / LEAST).ln(),
        };
        if length.is_finite() { length.clamp(0.0, 1.0) } else { 0.0 }
    }
}

/// Round whole numbers for an axis from 0 on, two to six of them; the last is not below `most`.
pub fn ticks(most: f64) -> Vec<f64> {
    let magnitude = 10_f64.powf((most.max(1.0) / 5.0).log10().floor()).max(1.0);
    let steps = [1.0, 2.0, 5.0, 10.0].map(|factor| factor * magnitude);
    let step = steps.into_iter().find(|step| most / step <= 5.0).unwrap_or(10.0 * magnitude);
    let n = (most.max(1.0) / step).ceil() as u32;
    (0..=n).map(|tick| f64::from(tick) * step).collect()
}

#[derive(Debug, Clone, PartialEq)]
pub struct Bar {
    pub name: String,
    /// What its length stands for.
    pub value: f64,
    /// The value in words, such as `17 images`.
    pub said: String,
    /// 95 %, on the scale of `value`.
    pub interval: Option<[f64; 2]>,
    pub behind: Behind,
}

/// Pictures of about the same width and height.
#[derive(Debug, Clone, PartialEq)]
pub struct Mark {
    /// Their mean on a logarithmic scale.
    pub width: f64,
    pub height: f64,
    pub elongated: bool,
    pub behind: Behind,
}

/// The images that a piece of a chart stands for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Behind {
    /// Completes `Only images: …`, such as `3 tags per image`.
    pub name: String,
    /// Ascending.
    pub images: Arc<[u32]>,
}

impl Behind {
    pub fn new(name: impl Into<String>, images: impl Into<Arc<[u32]>>) -> Self {
        Self { name: name.into(), images: images.into() }
    }
}

/// `1 image`, `2,000 images`.
pub fn images(n: usize) -> String {
    counted(n, "image", "images")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_axis_has_round_numbers() {
        for (most, expected) in [
            (0.0, &[0.0, 1.0][..]),
            (1.0, &[0.0, 1.0]),
            (5.0, &[0.0, 1.0, 2.0, 3.0, 4.0, 5.0]),
            (6.0, &[0.0, 2.0, 4.0, 6.0]),
            (82.0, &[0.0, 20.0, 40.0, 60.0, 80.0, 100.0]),
            (109_237.0, &[0.0, 50_000.0, 100_000.0, 150_000.0]),
        ] {
            assert_eq!(ticks(most), expected, "{most}");
        }
    }

    #[test]
    fn lengths_follow_their_scale() {
        // (scale, value, length); of the logarithmic one by hand: ln(v / 0.5) / ln(most / 0.5).
        for (scale, value, expected) in [
            (Scale::Linear(4.0), 1.0, 0.25),
            (Scale::Linear(0.0), 0.0, 0.0),
            (Scale::Logarithmic(32.0), 32.0, 1.0),
            (Scale::Logarithmic(32.0), 4.0, 0.5),
            (Scale::Logarithmic(32.0), 1.0, 1.0 / 6.0),
            (Scale::Logarithmic(32.0), 0.0, 0.0),
            (Scale::Logarithmic(0.0), 0.0, 0.0),
        ] {
            assert!((scale.length(value) - expected).abs() < 1e-12, "{scale:?} {value}");
        }
    }
}
