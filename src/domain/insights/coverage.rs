//! Coverage: how much of the vocabulary has examples, how many images are reviewed, and what is probably still to be found.

use std::fmt::Write as _;

use super::Known;
use super::chart::{Bar, Behind, Chart, Form, Part, Scale, Topic, images};
use super::unfound::{Estimate, LEAST_ANSWERS, estimate};
use crate::base::numbers::{counted, percent};
use crate::domain::Vocabulary;
use crate::domain::tables::field;

/// From so many examples on a head proposes a label rather than its neighbours.
pub const SOME: usize = 5;
/// From so many on a label can be measured as well as learned.
pub const PLENTY: usize = 20;

/// `images_of`: by position in the vocabulary.
pub fn chart(known: Known<'_>, images_of: &[Vec<u32>]) -> Chart {
    const HEADER: &str = "what,name,n,low,high";
    if known.collected.is_empty() {
        return Chart::empty(Topic::Coverage, HEADER, "There are no images yet.");
    }
    let mut parts = vec![vocabulary(images_of), reviewed(known)];
    let n_plenty = images_of.iter().filter(|images| images.len() >= PLENTY).count();
    let n_some = images_of.iter().filter(|images| images.len() >= SOME).count();
    let share = |n: usize| percent(n as f64 / images_of.len().max(1) as f64);
    let mut note = format!(
        "{} of the vocabulary has at least {SOME} examples, {} at least {PLENTY}. ",
        share(n_some),
        share(n_plenty)
    );
    let estimate = known.proposals.map(|(answers, open, threshold)| estimate(answers, open, threshold));
    note += &match &estimate {
        None => "Without proposals there is no estimate of what is still to be found.".to_owned(),
        Some(Err(n)) => format!(
            "What is still to be found is estimated once {LEAST_ANSWERS} proposals of this model were accepted or rejected by you; {n} so far."
        ),
        Some(Ok(estimate)) => said(estimate),
    };
    if let Some(Ok(estimate)) = estimate
        && !estimate.labels.is_empty()
    {
        parts.push(unfound(&estimate, known.vocabulary));
    }
    let mut csv = format!("{HEADER}\n");
    for (part, what) in parts.iter().zip(["labels by examples", "images", "not found yet"]) {
        let Form::Lying { bars, .. } = &part.form else { continue };
        for bar in bars {
            let digits = if bar.interval.is_some() { 2 } else { 0 };
            let _ = write!(csv, "{what},{},{:.digits$},", field(&bar.name), bar.value); // Into a String: cannot fail.
            let _ = match bar.interval {
                Some([low, high]) => writeln!(csv, "{low:.2},{high:.2}"),
                None => writeln!(csv, ","),
            };
        }
    }
    Chart { topic: Topic::Coverage, headline: format!("{} reviewed", reviewed_share(known)), note, parts, csv }
}

fn said(estimate: &Estimate) -> String {
    let mut text = format!(
        "Not found yet: open proposals of images that nobody has reviewed, each counted by how often proposals of its probability were right in your {} answers so far. What is not proposed is not in it, so there are at least about so many, if the rest is like what was reviewed.",
        estimate.n_answers
    );
    if estimate.n_left_out > 0 {
        let proposals = counted(estimate.n_left_out, "proposal is", "proposals are");
        let _ = write!(text, " {proposals} left out: too few of their probability were answered."); // Into a String.
    }
    text
}

fn vocabulary(images_of: &[Vec<u32>]) -> Part {
    let steps = [
        (PLENTY, usize::MAX, format!("{PLENTY} or more")),
        (SOME, PLENTY, format!("{SOME} to {}", PLENTY - 1)),
        (1, SOME, format!("1 to {}", SOME - 1)),
        (0, 1, "none".to_owned()),
    ];
    let bars = steps.into_iter().map(|(least, below, name)| {
        let with: Vec<&Vec<u32>> = images_of.iter().filter(|of| (least..below).contains(&of.len())).collect();
        let mut behind: Vec<u32> = with.iter().flat_map(|images| images.iter().copied()).collect();
        behind.sort_unstable();
        behind.dedup();
        let share = percent(with.len() as f64 / images_of.len().max(1) as f64);
        Bar {
            value: with.len() as f64,
            said: format!("{}, {share}", counted(with.len(), "label", "labels")),
            interval: None,
            behind: Behind::new(format!("with a label of {name} examples"), behind),
            name,
        }
    });
    let scale = Scale::Linear(images_of.len() as f64);
    Part { title: "Labels by number of examples".to_owned(), form: Form::Lying { scale, bars: bars.collect() } }
}

fn reviewed_share(known: Known<'_>) -> String {
    percent(known.collected.n_reviewed() as f64 / known.collected.len().max(1) as f64)
}

fn reviewed(known: Known<'_>) -> Part {
    let kinds = ["Reviewed", "Tagged, not reviewed", "Without a tag, not reviewed"];
    let mut by_kind: [Vec<u32>; 3] = Default::default();
    for (image, tags, is_reviewed) in known.collected.iter() {
        let kind = match (is_reviewed, tags.is_empty()) {
            (true, _) => 0,
            (false, false) => 1,
            (false, true) => 2,
        };
        by_kind[kind].push(image);
    }
    let all = known.collected.len();
    let bars = kinds.into_iter().zip(by_kind).map(|(name, of)| Bar {
        name: name.to_owned(),
        value: of.len() as f64,
        said: format!("{}, {}", images(of.len()), percent(of.len() as f64 / all.max(1) as f64)),
        interval: None,
        behind: Behind::new(name.to_lowercase(), of),
    });
    let form = Form::Lying { scale: Scale::Linear(all as f64), bars: bars.collect() };
    Part { title: "Images".to_owned(), form }
}

fn unfound(estimate: &Estimate, vocabulary: &Vocabulary) -> Part {
    let most = estimate.labels.iter().map(|label| label.high).fold(0.0, f64::max);
    let bars = estimate.labels.iter().filter_map(|label| {
        let name = vocabulary.get(label.attribute)?.short_name();
        Some(Bar {
            name: name.to_owned(),
            value: label.n,
            said: format!("about {:.0}, {:.0} to {:.0}", label.n, label.low, label.high),
            interval: Some([label.low, label.high]),
            behind: Behind::new(format!("probably with {name}"), label.images.as_slice()),
        })
    });
    let form = Form::Lying { scale: Scale::Linear(most), bars: bars.collect() };
    Part { title: "Images not found yet, estimated from proposals".to_owned(), form }
}

#[cfg(test)]
mod tests {
    use super::super::testing::{collected, rows, vocabulary};
    use super::super::{Answer, Open};
    use super::*;
    use crate::domain::AttributeId;

    #[test]
    fn the_vocabulary_the_images_and_what_is_missing_are_counted() {
        let (vocabulary, collected) = (vocabulary(), collected());
        let answers = vec![Answer { probability: 0.9, accepted: true }; 60];
        let open = [Open { image: 5, attribute: AttributeId(3), probability: 0.93 }];
        let known = Known {
            vocabulary: &vocabulary,
            collected: &collected,
            sizes: None,
            deeds: None,
            judged: None,
            proposals: Some((&answers, &open, 0.5)),
        };
        let mut images_of = collected.images_of(&vocabulary);
        images_of[0] = (0..6).collect();
        let chart = chart(known, &images_of);
        let expected = [
            ("20 or more", 0.0, &[][..]),
            ("5 to 19", 1.0, &[0, 1, 2, 3, 4, 5]),
            ("1 to 4", 3.0, &[0, 1, 3]),
            ("none", 1.0, &[]),
        ];
        assert_eq!(rows(&chart, 0), expected);
        let expected = [
            ("Reviewed", 4.0, &[0, 1, 2, 3][..]),
            ("Tagged, not reviewed", 1.0, &[4]),
            ("Without a tag, not reviewed", 1.0, &[5]),
        ];
        assert_eq!(rows(&chart, 1), expected);
        assert_eq!(rows(&chart, 2), [("horse", 1.0, &[5][..])]);
        assert_eq!(chart.headline, "67 % reviewed");
        // Wilson of 60 of 60: 1 / (1 + 1.95996² / 60) = 0.9398.
        assert_eq!(chart.csv.lines().last(), Some("not found yet,horse,1.00,0.94,1.00"));
        assert!(chart.note.starts_with("20 % of the vocabulary has at least 5 examples, 0 % at least 20."));
    }

    #[test]
    fn too_few_answers_are_said_and_nothing_is_estimated() {
        let (vocabulary, collected) = (vocabulary(), collected());
        let mut known = Known {
            vocabulary: &vocabulary,
            collected: &collected,
            sizes: None,
            deeds: None,
            judged: None,
            proposals: Some((&[], &[], 0.5)),
        };
        let images_of = collected.images_of(&vocabulary);
        let with = chart(known, &images_of);
        assert!(with.parts.len() == 2 && with.note.contains("accepted or rejected by you; 0 so far"));
        known.proposals = None;
        assert!(chart(known, &images_of).note.contains("Without proposals"));
    }
}
