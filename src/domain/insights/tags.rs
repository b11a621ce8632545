//! Tags per image: how many described images have 0, 1, 2, … tags.

use std::fmt::Write as _;

use super::chart::{Bar, Behind, Chart, Form, Part, Topic, images};
use super::collected::Collected;
use crate::base::numbers::counted;

pub fn chart(collected: &Collected) -> Chart {
    const HEADER: &str = "tags,images";
    let mut images_with: Vec<Vec<u32>> = Vec::new();
    for (image, tags, _) in collected.iter().filter(|(.., is_reviewed)| *is_reviewed) {
        images_with.resize(images_with.len().max(tags.len() + 1), Vec::new());
        images_with[tags.len()].push(image);
    }
    let n_images: usize = images_with.iter().map(Vec::len).sum();
    if n_images == 0 {
        let why = "No image is described yet. A row in train.csv describes one, and so does Enter in the Review.";
        return Chart::empty(Topic::Tags, HEADER, why);
    }
    let n_tags: usize = images_with.iter().enumerate().map(|(n, images)| n * images.len()).sum();
    let mean = n_tags as f64 / n_images as f64;
    let mut csv = format!("{HEADER}\n");
    for (n, images) in images_with.iter().enumerate() {
        let _ = writeln!(csv, "{n},{}", images.len()); // Into a String: cannot fail.
    }
    let bars = images_with.into_iter().enumerate().map(|(n, with)| Bar {
        name: n.to_string(),
        value: with.len() as f64,
        said: images(with.len()),
        interval: None,
        behind: Behind::new(format!("{} per image", counted(n, "tag", "tags")), with),
    });
    let form = Form::Upright { x: "tags", y: "images", bars: bars.collect(), sums: false };
    Chart {
        topic: Topic::Tags,
        headline: format!("{mean:.1}"),
        note: format!(
            "Of {} described, how many have so many tags; {mean:.2} on average. Those that nobody has looked at are left out.",
            images(n_images)
        ),
        parts: vec![Part { title: "Described images by number of tags".to_owned(), form }],
        csv,
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::{collected, rows};
    use super::*;

    #[test]
    fn described_images_are_counted_by_their_number_of_tags() {
        let chart = chart(&collected());
        let expected = [("0", 1.0, &[2][..]), ("1", 1.0, &[3]), ("2", 1.0, &[0]), ("3", 1.0, &[1])];
        assert_eq!(rows(&chart, 0), expected);
        // 0 + 1 + 2 + 3 tags on four images.
        assert_eq!((chart.headline.as_str(), chart.csv.as_str()), ("1.5", "tags,images\n0,1\n1,1\n2,1\n3,1\n"));
    }

    #[test]
    fn without_a_described_image_it_says_so() {
        let chart = chart(&Collected::default());
        assert!(chart.parts.is_empty() && chart.note.starts_with("No image is described yet"));
    }
}
