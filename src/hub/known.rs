//! Known: pretrained models that Docent can use, and when to choose which.
//!
//! A table, not a promise: whether one is on this computer is for `Cache` to say. Sizes are those of the weights.
//! Source: timm 1.0.31, `get_pretrained_cfg(tag)` for id, licence and input size; the bytes of the state dictionary.

/// How a model gets here.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Place {
    Hub,
    /// timm has the weights, but not on the Hub; what to do instead.
    ByHand(&'static str),
}

#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Known {
    /// `owner/name` on the Hub.
    pub id: &'static str,
    /// timm's name of the network.
    pub architecture: &'static str,
    pub licence: &'static str,
    /// Pixels on each side.
    pub input_side: u32,
    pub megabytes: f32,
    /// When to choose it, one sentence.
    pub choose: &'static str,
    pub place: Place,
}

/// Small and quick first.
pub const KNOWN: [Known; 9] = [
    Known {
        id: "timm/mobilenetv2_050.lamb_in1k",
        architecture: "mobilenetv2_050",
        licence: "apache-2.0",
        input_side: 224,
        megabytes: 7.9,
        choose: "The quickest: for an old laptop, or for very large collections.",
        place: Place::Hub,
    },
    Known {
        id: "timm/mobilenetv2_100.ra_in1k",
        architecture: "mobilenetv2_100",
        licence: "apache-2.0",
        input_side: 224,
        megabytes: 14.2,
        choose: "The one to begin with: good features of photographs, quick without a GPU.",
        place: Place::Hub,
    },
    Known {
        id: "timm/mobilenetv2_140.ra_in1k",
        architecture: "mobilenetv2_140",
        licence: "apache-2.0",
        input_side: 224,
        megabytes: 24.6,
        choose: "A little better than mobilenetv2_100, for twice the work.",
        place: Place::Hub,
    },
    Known {
        id: "timm/resnet18.a1_in1k",
        architecture: "resnet18",
        licence: "apache-2.0",
        input_side: 224,
        megabytes: 46.8,
        choose: "A plain network that is easily fine-tuned as a whole.",
        place: Place::Hub,
    },
    Known {
        id: "timm/resnet50.a1_in1k",
        architecture: "resnet50",
        licence: "apache-2.0",
        input_side: 224,
        megabytes: 102.4,
        choose: "Strong features for fine subjects, with a GPU or some patience.",
        place: Place::Hub,
    },
    Known {
        id: "timm/resnetv2_50.a1h_in1k",
        architecture: "resnetv2_50",
        licence: "apache-2.0",
        input_side: 224,
        megabytes: 102.4,
        choose: "As resnet50, and steadier when the whole network is fine-tuned.",
        place: Place::Hub,
    },
    Known {
        id: "timm/legacy_xception.tf_in1k",
        architecture: "legacy_xception",
        licence: "apache-2.0",
        input_side: 299,
        megabytes: 91.6,
        choose: "Sees more detail at 299 pixels than a ResNet of its size.",
        place: Place::ByHand(
            "timm keeps these weights outside the Hub; make a folder of them with Python: \
             timm.models.save_for_hf(timm.create_model('legacy_xception.tf_in1k', pretrained=True), 'xception', \
             safe_serialization=True), and give it as --model",
        ),
    },
    Known {
        id: "timm/inception_resnet_v2.tf_in1k",
        architecture: "inception_resnet_v2",
        licence: "apache-2.0",
        input_side: 299,
        megabytes: 223.6,
        choose: "The most thorough of these, and slow: for a GPU, or a night.",
        place: Place::Hub,
    },
    Known {
        id: "timm/vgg19.tv_in1k",
        architecture: "vgg19",
        licence: "bsd-3-clause",
        input_side: 224,
        megabytes: 574.7,
        choose: "Only to compare with older studies: large and slow.",
        place: Place::Hub,
    },
];

/// The row of a model.
pub fn find(id: &str) -> Option<&'static Known> {
    KNOWN.iter().find(|known| known.id == id)
}

#[cfg(test)]
mod tests {
    use super::super::{HubId, Licence};
    use super::*;

    #[test]
    fn every_row_can_be_asked_for_and_none_stands_twice() {
        for (position, known) in KNOWN.iter().enumerate() {
            assert_eq!(HubId::parse(known.id).unwrap().to_string(), known.id);
            assert_eq!(find(known.id), Some(&KNOWN[position]), "{}", known.id);
            let name = known.id.rsplit('/').next().unwrap();
            assert_eq!(name.split('.').next(), Some(known.architecture));
            assert!(known.choose.ends_with('.') && known.megabytes > 1.0 && (32..=1024).contains(&known.input_side));
            assert!(!Licence(known.licence.to_owned()).is_non_commercial(), "{}: needs a warning", known.id);
        }
    }
}
