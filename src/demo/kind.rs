//! What a drawn object can be: its culture, object, material, pattern and subject, each with its label.
//!
//! All cultures are invented. Every label can be told from the picture alone. Floor 2.

/// The demo's vocabulary; the position is the attribute id. `culture::` comes first, as in iMet.
const LABELS: [&str; 44] = [
    "culture::belmari",
    "culture::doronne",
    "culture::ilvane",
    "culture::karvash",
    "culture::nuvari",
    "culture::omirai",
    "culture::tessune",
    "tag::amphora",
    "tag::bird",
    "tag::bowl",
    "tag::broken",
    "tag::bronze",
    "tag::carpet",
    "tag::ceramic",
    "tag::checkerboard",
    "tag::coin",
    "tag::comb",
    "tag::dagger",
    "tag::dots",
    "tag::fan",
    "tag::flowers",
    "tag::glass",
    "tag::gold",
    "tag::inscription",
    "tag::jade",
    "tag::jug",
    "tag::leaves",
    "tag::mask",
    "tag::moon",
    "tag::mountains",
    "tag::necklace",
    "tag::plate",
    "tag::scroll",
    "tag::silk",
    "tag::silver",
    "tag::stars",
    "tag::stone",
    "tag::stripes",
    "tag::textile",
    "tag::tile",
    "tag::vase",
    "tag::waves",
    "tag::wood",
    "tag::zigzag",
];

/// Beside the enums' labels: broken, inscription, moon, mountains.
const _: () = assert!(
    LABELS.len() == Culture::ALL.len() + Object::ALL.len() + Material::ALL.len() + Pattern::ALL.len() + 4,
    "every label belongs to a kind"
);

/// The names of all labels; the position is the attribute id.
pub fn labels() -> &'static [&'static str] {
    &LABELS
}

/// The id of a label of this module.
pub(super) fn label_id(name: &str) -> Option<u32> {
    LABELS.iter().position(|l| *l == name).map(|i| i as u32)
}

/// Declares an enum whose every variant has a label, and the list of all of them.
macro_rules! kinds {
    ($(#[$doc:meta])* $name:ident { $($variant:ident = $label:literal),+ $(,)? }) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub(super) enum $name { $($variant),+ }

        impl $name {
            pub(super) const ALL: &'static [Self] = &[$(Self::$variant),+];

            pub(super) fn label(self) -> &'static str {
                match self { $(Self::$variant => $label),+ }
            }
        }
    };
}

kinds! {
    /// An invented people; decides the palette and the ornament of the borders.
    Culture {
        Belmari = "culture::belmari",
        Doronne = "culture::doronne",
        Ilvane = "culture::ilvane",
        Karvash = "culture::karvash",
        Nuvari = "culture::nuvari",
        Omirai = "culture::omirai",
        Tessune = "culture::tessune",
    }
}

kinds! {
    /// What the thing is; decides the silhouette.
    Object {
        Amphora = "tag::amphora",
        Bird = "tag::bird",
        Bowl = "tag::bowl",
        Carpet = "tag::carpet",
        Coin = "tag::coin",
        Comb = "tag::comb",
        Dagger = "tag::dagger",
        Fan = "tag::fan",
        Jug = "tag::jug",
        Mask = "tag::mask",
        Necklace = "tag::necklace",
        Plate = "tag::plate",
        Scroll = "tag::scroll",
        Textile = "tag::textile",
        Tile = "tag::tile",
        Vase = "tag::vase",
    }
}

kinds! {
    /// What it is made of; decides colour, gloss and grain of the body.
    Material {
        Bronze = "tag::bronze",
        Ceramic = "tag::ceramic",
        Glass = "tag::glass",
        Gold = "tag::gold",
        Jade = "tag::jade",
        Silk = "tag::silk",
        Silver = "tag::silver",
        Stone = "tag::stone",
        Wood = "tag::wood",
    }
}

kinds! {
    /// A pattern that fills the main field.
    Pattern {
        Checkerboard = "tag::checkerboard",
        Dots = "tag::dots",
        Flowers = "tag::flowers",
        Leaves = "tag::leaves",
        Stars = "tag::stars",
        Stripes = "tag::stripes",
        Waves = "tag::waves",
        Zigzag = "tag::zigzag",
    }
}

/// What the main field shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Subject {
    /// The bare material.
    Plain,
    Pattern(Pattern),
    /// Mountains, with or without a moon above them.
    Mountains {
        moon: bool,
    },
    /// Signs of an invented script.
    Inscription,
}

impl Subject {
    pub(super) fn labels(self) -> Vec<&'static str> {
        match self {
            Self::Plain => vec![],
            Self::Pattern(pattern) => vec![pattern.label()],
            Self::Mountains { moon: false } => vec!["tag::mountains"],
            Self::Mountains { moon: true } => vec!["tag::moon", "tag::mountains"],
            Self::Inscription => vec!["tag::inscription"],
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_kind_has_its_label_and_every_label_is_sorted_and_unique() {
        let mut named: Vec<&str> = Culture::ALL.iter().map(|k| k.label()).collect();
        named.extend(Object::ALL.iter().map(|k| k.label()));
        named.extend(Material::ALL.iter().map(|k| k.label()));
        named.extend(Pattern::ALL.iter().map(|k| k.label()));
        named.extend(Subject::Mountains { moon: true }.labels());
        named.extend(Subject::Inscription.labels());
        named.push("tag::broken");
        named.sort_unstable();
        assert_eq!(named, labels());
    }
}
