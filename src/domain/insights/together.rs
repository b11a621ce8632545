//! Which labels are met together, and how much more often than by chance.

use std::collections::HashMap;
use std::fmt::Write as _;

use super::chart::{Bar, Behind, Chart, Form, Part, Scale, Topic, images};
use super::collected::Collected;
use crate::base::numbers::counted;
use crate::domain::Vocabulary;
use crate::domain::tables::field;

/// Pairs that are shown and written.
pub const N_PAIRS: usize = 100;

/// `images_of`: by position in the vocabulary.
pub fn chart(vocabulary: &Vocabulary, collected: &Collected, images_of: &[Vec<u32>]) -> Chart {
    const HEADER: &str = "attribute_id_a,label_a,attribute_id_b,label_b,images,lift";
    let mut counts: HashMap<(u32, u32), u32> = HashMap::new();
    let mut n_described = 0_usize;
    for (_, tags, is_reviewed) in collected.iter() {
        n_described += usize::from(is_reviewed || !tags.is_empty());
        let positions: Vec<u32> =
            tags.iter().filter_map(|&tag| vocabulary.position(tag)).map(|position| position as u32).collect();
        for (at, &a) in positions.iter().enumerate() {
            for &b in &positions[at + 1..] {
                *counts.entry((a.min(b), a.max(b))).or_default() += 1;
            }
        }
    }
    if counts.is_empty() {
        let why = "No image has two tags yet. Pairs appear here as images are described.";
        return Chart::empty(Topic::Together, HEADER, why);
    }
    let n_pairs = counts.len();
    let mut pairs: Vec<((u32, u32), u32)> = counts.into_iter().collect();
    pairs.sort_unstable_by_key(|&(pair, n)| (std::cmp::Reverse(n), pair));
    pairs.truncate(N_PAIRS);
    let most = f64::from(pairs[0].1);
    let mut csv = format!("{HEADER}\n");
    let bars = pairs.into_iter().map(|((a, b), n)| {
        let [of_a, of_b] = [a, b].map(|position| &images_of[position as usize]);
        let lift = f64::from(n) * n_described as f64 / (of_a.len() as f64 * of_b.len() as f64);
        let [a, b] = [a, b].map(|position| &vocabulary.labels()[position as usize]);
        // Into a String: cannot fail.
        let _ = writeln!(csv, "{},{},{},{},{n},{lift:.4}", a.id, field(&a.name), b.id, field(&b.name));
        let name = format!("{} and {}", a.short_name(), b.short_name());
        Bar {
            value: f64::from(n),
            said: format!("{}, lift {lift:.1}", images(n as usize)),
            interval: None,
            behind: Behind::new(format!("with {name}"), both(of_a, of_b)),
            name,
        }
    });
    let bars: Vec<Bar> = bars.collect();
    let shown = if bars.len() < n_pairs { format!("The {} most frequent of ", bars.len()) } else { String::new() };
    Chart {
        topic: Topic::Together,
        headline: counted(n_pairs, "pair", "pairs"),
        note: format!(
            "{shown}{} met on one image. Lift says how many times as often as by chance: 1 where the two have nothing to do with each other, counted over {} described.",
            counted(n_pairs, "pair", "pairs"),
            images(n_described)
        ),
        parts: vec![Part {
            title: "Images with both labels".to_owned(),
            form: Form::Lying { scale: Scale::Linear(most), bars },
        }],
        csv,
    }
}

/// In both; all ascending.
fn both(a: &[u32], b: &[u32]) -> Vec<u32> {
    let (short, long) = if a.len() < b.len() { (a, b) } else { (b, a) };
    short.iter().copied().filter(|image| long.binary_search(image).is_ok()).collect()
}

#[cfg(test)]
mod tests {
    use super::super::testing::{collected, rows, vocabulary};
    use super::*;

    #[test]
    fn pairs_are_counted_with_their_lift() {
        let (vocabulary, collected) = (vocabulary(), collected());
        let chart = chart(&vocabulary, &collected, &collected.images_of(&vocabulary));
        let expected =
            [("greek and cup", 2.0, &[0, 1][..]), ("greek and horse", 1.0, &[1]), ("cup and horse", 1.0, &[1])];
        assert_eq!(rows(&chart, 0), expected);
        // Five images are described: 2 · 5 / (3 · 2), 1 · 5 / (3 · 1), 1 · 5 / (2 · 1).
        let expected = "attribute_id_a,label_a,attribute_id_b,label_b,images,lift\n\
            0,culture::greek,2,tag::cup,2,1.6667\n\
            0,culture::greek,3,tag::horse,1,1.6667\n\
            2,tag::cup,3,tag::horse,1,2.5000\n";
        assert_eq!(chart.csv, expected);
    }
}
