//! One invented object: what it is, and the catalogue number and file it gets.
//!
//! Decides, draws nothing. The same seed and index give the same piece whatever else is drawn. Floor 2.

use std::path::PathBuf;

use super::kind::{Culture, Material, Object, Pattern, Subject, label_id};
use super::rng::Rng;

/// Everything that is drawn about one object.
#[derive(Clone, Debug, PartialEq)]
pub struct Piece {
    pub(super) seed: u64,
    pub(super) index: u32,
    pub(super) culture: Culture,
    pub(super) object: Object,
    pub(super) material: Material,
    pub(super) subject: Subject,
    pub(super) broken: bool,
    /// Pixels.
    pub(super) width: u32,
    pub(super) height: u32,
}

impl Piece {
    /// The piece number `index` (from 0) of the collection `seed`.
    pub fn new(seed: u64, index: u32) -> Self {
        let mut rng = Rng::new(seed, index, 1);
        let culture = Culture::ALL[rng.below(Culture::ALL.len())];
        let object = rng.weighted(&OBJECTS);
        let material = rng.weighted(materials(object));
        let subject = subject(culture, object, material, &mut rng);
        let brittle = matches!(material, Material::Ceramic | Material::Stone | Material::Jade | Material::Glass);
        let broken = brittle && can_break(object) && rng.chance(0.28);
        let (width, height) = size(object, &mut rng);
        Self { seed, index, culture, object, material, subject, broken, width, height }
    }

    /// The ids of its labels, ascending.
    pub fn attribute_ids(&self) -> Vec<u32> {
        let mut names = vec![self.culture.label(), self.object.label(), self.material.label()];
        names.extend(self.subject.labels());
        if self.broken {
            names.push("tag::broken");
        }
        let mut ids: Vec<u32> = names.into_iter().filter_map(label_id).collect();
        ids.sort_unstable();
        ids
    }

    /// Its catalogue number, such as `1903-017-042`: year and lot of acquisition, number. Unique within a seed.
    pub fn id(&self) -> String {
        let lot = u64::from(self.index / LOT);
        let year = 1871 + Rng::new(self.seed, self.index / LOT, 3).below(120);
        format!("{year}-{:03}-{:03}", lot + 1, self.index % LOT + 1)
    }

    /// Where its picture lies in the collection's folder: a storeroom, the catalogue number, `.jpg` or `.png`.
    pub fn relative_path(&self) -> PathBuf {
        let room = Rng::new(self.seed, self.index / LOT, 4).below(4) + 1;
        let extension = if self.is_png() { "png" } else { "jpg" };
        PathBuf::from(format!("storeroom-{room}")).join(format!("{}.{extension}", self.id()))
    }

    /// One in eight, whatever it shows.
    pub(super) fn is_png(&self) -> bool {
        Rng::new(self.seed, self.index, 5).below(8) == 0
    }
}

/// Pieces that came to the museum together; they lie in the same storeroom.
const LOT: u32 = 24;

const OBJECTS: [(Object, f32); 16] = [
    (Object::Amphora, 6.0),
    (Object::Bird, 6.0),
    (Object::Bowl, 6.0),
    (Object::Carpet, 6.0),
    (Object::Coin, 5.5),
    (Object::Comb, 5.0),
    (Object::Dagger, 5.0),
    (Object::Fan, 6.0),
    (Object::Jug, 6.0),
    (Object::Mask, 7.0),
    (Object::Necklace, 5.5),
    (Object::Plate, 6.0),
    (Object::Scroll, 12.5),
    (Object::Textile, 5.5),
    (Object::Tile, 6.0),
    (Object::Vase, 8.0),
];

fn materials(object: Object) -> &'static [(Material, f32)] {
    use Material::{Bronze, Ceramic, Glass, Gold, Jade, Silk, Silver, Stone, Wood};
    match object {
        Object::Amphora => &[(Ceramic, 4.0), (Bronze, 2.0), (Stone, 1.5), (Silver, 1.0), (Glass, 1.0)],
        Object::Bird => {
            &[(Jade, 2.0), (Bronze, 2.0), (Wood, 2.0), (Ceramic, 1.5), (Stone, 1.5), (Gold, 1.0), (Silver, 1.0)]
        }
        Object::Bowl => {
            &[(Ceramic, 3.0), (Wood, 2.0), (Glass, 1.5), (Silver, 1.2), (Gold, 1.0), (Jade, 1.2), (Stone, 1.0)]
        }
        Object::Carpet | Object::Scroll | Object::Textile => &[(Silk, 1.0)],
        Object::Coin => &[(Gold, 3.0), (Silver, 3.0), (Bronze, 2.5)],
        Object::Comb => &[(Wood, 3.0), (Jade, 2.0), (Silver, 1.0), (Gold, 1.0)],
        Object::Dagger => &[(Bronze, 3.0), (Silver, 2.0), (Gold, 1.2), (Jade, 1.2)],
        Object::Fan => &[(Silk, 2.0), (Wood, 1.5)],
        Object::Jug => &[(Ceramic, 3.0), (Glass, 2.0), (Silver, 1.5), (Bronze, 1.5), (Gold, 1.0)],
        Object::Mask => &[(Wood, 3.0), (Gold, 2.0), (Bronze, 1.5), (Jade, 1.5), (Stone, 1.5), (Ceramic, 1.0)],
        Object::Necklace => &[(Gold, 2.5), (Silver, 2.0), (Jade, 2.0), (Glass, 1.5)],
        Object::Plate => &[(Ceramic, 3.5), (Silver, 1.2), (Gold, 1.0), (Wood, 1.5), (Jade, 1.0)],
        Object::Tile => &[(Ceramic, 3.0), (Stone, 3.5), (Wood, 1.0)],
        Object::Vase => &[(Ceramic, 3.5), (Glass, 2.0), (Jade, 1.5), (Bronze, 1.2), (Silver, 1.0), (Gold, 0.8)],
    }
}

fn can_break(object: Object) -> bool {
    matches!(
        object,
        Object::Amphora | Object::Bowl | Object::Jug | Object::Mask | Object::Plate | Object::Tile | Object::Vase
    )
}

/// A culture's favourites come four times as often as the rest.
fn pattern(culture: Culture, allowed: &[Pattern], rng: &mut Rng) -> Pattern {
    use Pattern::{Checkerboard, Dots, Flowers, Leaves, Stars, Stripes, Waves, Zigzag};
    let favourites = match culture {
        Culture::Belmari => [Waves, Flowers],
        Culture::Doronne => [Checkerboard, Stripes],
        Culture::Ilvane => [Stars, Dots],
        Culture::Karvash => [Zigzag, Checkerboard],
        Culture::Nuvari => [Dots, Waves],
        Culture::Omirai => [Flowers, Stars],
        Culture::Tessune => [Leaves, Stripes],
    };
    let weigh = |p: &Pattern| (*p, if favourites.contains(p) { 4.0 } else { 1.0 });
    rng.weighted(&allowed.iter().map(weigh).collect::<Vec<_>>())
}

fn subject(culture: Culture, object: Object, material: Material, rng: &mut Rng) -> Subject {
    use Pattern::{Checkerboard, Dots, Flowers, Leaves, Stars, Stripes, Waves, Zigzag};
    let patterned = |rng: &mut Rng, allowed: &[Pattern]| Subject::Pattern(pattern(culture, allowed, rng));
    let landscape = |rng: &mut Rng| Subject::Mountains { moon: rng.chance(0.55) };
    let roll = rng.unit();
    match object {
        Object::Bird | Object::Necklace => Subject::Plain,
        Object::Coin if roll < 0.75 => patterned(rng, &[Flowers, Leaves, Stars]),
        Object::Coin => Subject::Inscription,
        Object::Mask if roll < 0.3 => Subject::Plain,
        Object::Mask => patterned(rng, &[Dots, Stripes, Zigzag]),
        Object::Comb if roll < 0.8 => patterned(rng, &[Checkerboard, Dots, Flowers, Leaves, Stars, Waves, Zigzag]),
        Object::Dagger if roll < 0.75 => patterned(rng, &[Checkerboard, Dots, Leaves, Stars, Waves, Zigzag]),
        Object::Comb | Object::Dagger => Subject::Plain,
        Object::Scroll if roll < 0.5 => landscape(rng),
        Object::Scroll if roll < 0.8 => Subject::Inscription,
        Object::Scroll => patterned(rng, &[Flowers, Leaves]),
        Object::Tile if material == Material::Stone && roll < 0.6 => Subject::Inscription,
        Object::Tile if roll < 0.2 => Subject::Inscription,
        Object::Fan if material == Material::Silk && roll < 0.35 => landscape(rng),
        Object::Plate if roll < 0.2 => landscape(rng),
        Object::Amphora | Object::Bowl | Object::Jug | Object::Vase if roll < 0.12 => Subject::Plain,
        _ => patterned(rng, Pattern::ALL),
    }
}

/// Width and height of the picture in pixels; the longer side 480 to 650, of scrolls 720 to 860.
fn size(object: Object, rng: &mut Rng) -> (u32, u32) {
    let (low, high) = match object {
        Object::Scroll if rng.chance(0.55) => (0.29, 0.42),
        Object::Scroll => (2.5, 3.5),
        Object::Amphora | Object::Vase => (0.68, 0.82),
        Object::Jug | Object::Mask | Object::Necklace => (0.76, 0.92),
        Object::Carpet | Object::Textile => (0.68, 0.8),
        Object::Bird | Object::Coin | Object::Plate | Object::Tile => (0.92, 1.12),
        Object::Bowl | Object::Fan | Object::Comb | Object::Dagger => (1.15, 1.38),
    };
    let aspect = rng.range(low, high);
    let long = if object == Object::Scroll { rng.range(680.0, 800.0) } else { rng.range(440.0, 580.0) };
    let (w, h) = if aspect < 1.0 { (long * aspect, long) } else { (long, long / aspect) };
    (w.round() as u32, h.round() as u32)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;
    use crate::demo::labels;

    fn collection(seed: u64, n: u32) -> Vec<Piece> {
        (0..n).map(|i| Piece::new(seed, i)).collect()
    }

    #[test]
    fn every_label_occurs_often_enough_to_be_learned() {
        let mut counts = vec![0; labels().len()];
        for piece in collection(1, 600) {
            piece.attribute_ids().iter().for_each(|&id| counts[id as usize] += 1);
        }
        for (name, count) in labels().iter().zip(counts) {
            assert!(10 <= count, "{name}: {count} of 600");
        }
    }

    #[test]
    fn a_piece_has_three_to_six_labels_and_about_four_on_average() {
        let sizes: Vec<usize> = collection(2, 600).iter().map(|p| p.attribute_ids().len()).collect();
        assert!(sizes.iter().all(|n| (3..=6).contains(n)));
        let mean = sizes.iter().sum::<usize>() as f32 / 600.0;
        assert!((3.5..4.5).contains(&mean), "{mean}");
    }

    #[test]
    fn ids_are_ascending_and_catalogue_numbers_unique() {
        let pieces = collection(3, 2000);
        assert!(pieces.iter().all(|p| p.attribute_ids().is_sorted_by(|a, b| a < b)));
        let ids: BTreeSet<String> = pieces.iter().map(Piece::id).collect();
        assert_eq!(ids.len(), 2000);
    }

    #[test]
    fn about_an_eighth_is_elongated_and_the_rest_is_not() {
        let pieces = collection(4, 800);
        let elongated = |p: &&Piece| !(0.5..=2.0).contains(&(p.width as f32 / p.height as f32));
        let share = pieces.iter().filter(elongated).count() as f32 / 800.0;
        assert!((0.09..0.16).contains(&share), "{share}");
        assert!(pieces.iter().all(|p| (p.object == Object::Scroll) == elongated(&p)));
    }

    #[test]
    fn another_seed_gives_another_collection() {
        let same = collection(5, 200).iter().zip(collection(6, 200)).filter(|(a, b)| a.object == b.object).count();
        assert!(same < 40, "{same} of 200 are the same object");
        assert_eq!(Piece::new(5, 17), Piece::new(5, 17));
    }
}
