//! Precision: how many bits a network looks with. Learning is always in f32.
//!
//! Half precision is for devices that are faster in it; the embeddings differ a little, so they are kept apart from those
//! in f32. On a processor only products are in bf16, what goes from one to the next stays f32. Floor 3.

use std::str::FromStr;

use candle_core::{DType, Device};
use serde::{Deserialize, Serialize};

use super::ops::fused::has_bf16;

/// Written `f32`, `f16`, `bf16`.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Precision {
    #[default]
    F32,
    /// More digits than bf16, nothing beyond 65,504.
    F16,
    /// The range of f32, three digits.
    Bf16,
}

impl Precision {
    pub fn name(self) -> &'static str {
        match self {
            Self::F32 => "f32",
            Self::F16 => "f16",
            Self::Bf16 => "bf16",
        }
    }

    /// This one where the device has it, else f32, and why.
    pub fn on(self, device: &Device) -> (Self, Option<String>) {
        match self {
            _ if !device.is_cpu() => (self, None),
            Self::Bf16 if !has_bf16() => {
                (Self::F32, Some("this processor has no instructions for bf16; it computes in f32".to_owned()))
            }
            Self::F16 => (Self::F32, Some("f16 is for graphics cards; the processor computes in f32".to_owned())),
            Self::F32 | Self::Bf16 => (self, None),
        }
    }

    /// Of what goes from one operation to the next.
    pub(crate) fn of_maps(self, device: &Device) -> DType {
        match self {
            Self::Bf16 if !device.is_cpu() => DType::BF16,
            Self::F32 | Self::Bf16 => DType::F32,
            Self::F16 => DType::F16,
        }
    }
}

/// What was asked for is no precision.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("expected f32, f16 or bf16")]
pub struct UnknownPrecision;

impl FromStr for Precision {
    type Err = UnknownPrecision;

    fn from_str(text: &str) -> Result<Self, UnknownPrecision> {
        let all = [Self::F32, Self::F16, Self::Bf16];
        all.into_iter().find(|precision| precision.name() == text).ok_or(UnknownPrecision)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_precision_is_read_by_its_name() {
        for (text, expected) in
            [("f32", Ok(Precision::F32)), ("bf16", Ok(Precision::Bf16)), ("f8", Err(UnknownPrecision))]
        {
            assert_eq!(text.parse(), expected);
            assert_eq!(serde_json::from_value(text.into()).ok(), expected.ok(), "as settings are written");
        }
    }

    #[test]
    fn a_processor_that_cannot_says_that_it_computes_in_f32() {
        assert_eq!(Precision::F32.on(&Device::Cpu), (Precision::F32, None));
        let (precision, notice) = Precision::F16.on(&Device::Cpu);
        assert_eq!(precision, Precision::F32);
        assert!(notice.unwrap().starts_with("f16 is for graphics cards"));
        let (precision, notice) = Precision::Bf16.on(&Device::Cpu);
        assert_eq!((precision == Precision::Bf16, notice.is_none()), (has_bf16(), has_bf16()));
    }
}
