//! Images per label, most used first, a part for each namespace; lengths on a logarithmic scale.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use super::chart::{Bar, Behind, Chart, Form, Part, Scale, Topic, images};
use crate::base::numbers::counted;
use crate::domain::Vocabulary;
use crate::domain::tables::field;

pub fn chart(vocabulary: &Vocabulary, images_of: &[Vec<u32>]) -> Chart {
    const HEADER: &str = "attribute_id,namespace,label,images";
    if vocabulary.is_empty() {
        let why = "There is no vocabulary yet. Select an image and press / to make the first tag.";
        return Chart::empty(Topic::Labels, HEADER, why);
    }
    let most = images_of.iter().map(Vec::len).max().unwrap_or(0);
    let mut groups: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
    for (position, label) in vocabulary.labels().iter().enumerate() {
        groups.entry(label.namespace().unwrap_or("")).or_default().push(position);
    }
    let mut csv = format!("{HEADER}\n");
    let mut parts = Vec::new();
    for (namespace, mut positions) in groups {
        positions.sort_by_key(|&position| (std::cmp::Reverse(images_of[position].len()), position));
        let bars = positions.iter().map(|&position| {
            let (label, of) = (&vocabulary.labels()[position], &images_of[position]);
            let names = (field(namespace), field(label.short_name()));
            let _ = writeln!(csv, "{},{},{},{}", label.id, names.0, names.1, of.len()); // Into a String.
            Bar {
                name: label.short_name().to_owned(),
                value: of.len() as f64,
                said: images(of.len()),
                interval: None,
                behind: Behind::new(format!("with {}", label.short_name()), of.as_slice()),
            }
        });
        let bars: Vec<Bar> = bars.collect();
        let name = if namespace.is_empty() { "no namespace" } else { namespace };
        let title = format!("{name}: {}", counted(bars.len(), "label", "labels"));
        parts.push(Part { title, form: Form::Lying { scale: Scale::Logarithmic(most as f64), bars } });
    }
    let n_used = images_of.iter().filter(|images| !images.is_empty()).count();
    Chart {
        topic: Topic::Labels,
        headline: counted(vocabulary.len(), "label", "labels"),
        note: format!(
            "{n_used} of {} are used. Lengths are logarithmic: each further step means so many times as many images.",
            counted(vocabulary.len(), "label", "labels")
        ),
        parts,
        csv,
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::{collected, rows, vocabulary};
    use super::*;

    #[test]
    fn each_namespace_lists_its_labels_most_used_first() {
        let vocabulary = vocabulary();
        let chart = chart(&vocabulary, &collected().images_of(&vocabulary));
        let titles: Vec<&str> = chart.parts.iter().map(|part| part.title.as_str()).collect();
        assert_eq!(titles, ["no namespace: 1 label", "culture: 2 labels", "tag: 2 labels"]);
        assert_eq!(rows(&chart, 0), [("unused", 0.0, &[][..])]);
        assert_eq!(rows(&chart, 1), [("greek", 3.0, &[0, 1, 4][..]), ("roman", 1.0, &[3])]);
        assert_eq!(rows(&chart, 2), [("cup", 2.0, &[0, 1][..]), ("horse", 1.0, &[1])]);
        let expected = "attribute_id,namespace,label,images\n4,,unused,0\n0,culture,greek,3\n1,culture,roman,1\n2,tag,cup,2\n3,tag,horse,1\n";
        assert_eq!(chart.csv, expected);
    }
}
