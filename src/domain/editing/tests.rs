//! Every edit, by tables: what it asks of the vocabulary and of images, and when it is refused.

use super::*;
use crate::domain::LabelSet;

const SWORDS: AttributeId = AttributeId(1);
const BLADES: AttributeId = AttributeId(2);
const BOWS: AttributeId = AttributeId(3);
const PIKES: AttributeId = AttributeId(4);

/// Three labels that are offered, with `katana` for swords; `tag::pikes` is retired.
fn vocabulary() -> Vocabulary {
    let names = ["tag::swords", "tag::blades", "tag::bows", "tag::pikes"];
    let mut vocabulary = Vocabulary::new((1..).zip(names).map(|(id, name)| Label::new(id, name)));
    let alias = add_alias(&vocabulary, SWORDS, "katana");
    do_it(&mut vocabulary, alias);
    let retired = retire(&vocabulary, PIKES, [].into_iter());
    do_it(&mut vocabulary, retired);
    vocabulary
}

fn do_it(vocabulary: &mut Vocabulary, step: Result<Step, Refusal>) {
    step.unwrap().edit(vocabulary, false);
}

/// Everything about a vocabulary that can be told apart.
fn told(vocabulary: &Vocabulary) -> String {
    let label = |label: &Label| format!("{} {} {:?}", label.id, label.name, vocabulary.standing(label.id));
    let labels: Vec<_> = vocabulary.labels().iter().map(label).collect();
    let aliases: Vec<_> = vocabulary.aliases().map(|(alias, of)| format!("{alias} = {of}")).collect();
    format!("{labels:?} {aliases:?}")
}

fn image(base: Option<LabelSet>, verdicts: &[(AttributeId, Verdict)]) -> Annotation {
    let mut annotation = Annotation::new(base);
    for &(attribute, verdict) in verdicts {
        annotation.apply(&decide(&ImageId::from("x"), &annotation, attribute, verdict));
    }
    annotation
}

/// Given, accepted, both, rejected, neither.
fn images() -> Vec<(ImageId, Annotation)> {
    let all = [
        ("given", image(Some(LabelSet::from([1])), &[])),
        ("accepted", image(None, &[(SWORDS, Verdict::Accept)])),
        ("both", image(Some(LabelSet::from([1, 2])), &[])),
        ("overruled", image(None, &[(SWORDS, Verdict::Accept), (BLADES, Verdict::Reject)])),
        ("other", image(Some(LabelSet::from([3])), &[])),
    ];
    all.map(|(id, annotation)| (ImageId::from(id), annotation)).into()
}

fn of(images: &[(ImageId, Annotation)]) -> impl Iterator<Item = (&ImageId, &Annotation)> {
    images.iter().map(|(image, annotation)| (image, annotation))
}

#[test]
fn a_name_that_belongs_to_something_else_is_refused_with_its_owner() {
    let taken = |name: &str, attribute| Err(Refusal::Taken { name: name.to_owned(), attribute });
    for (typed, expected) in [
        ("tag::sabres", Ok(())),
        ("  tag::sea   swords ", Ok(())),
        ("tag::Swords", Ok(())),
        ("tag::katana", Ok(())),
        ("tag::blades", taken("tag::blades", BLADES)),
        ("TAG::Blades", taken("tag::blades", BLADES)),
        ("tag::swords", Err(Refusal::Same { name: "tag::swords".to_owned() })),
        ("tag::pikes", Err(Refusal::IsRetired { name: "tag::pikes".to_owned(), attribute: PIKES })),
        ("tag::", Err(Refusal::NoName)),
        ("::x", Err(Refusal::NoNamespace)),
        ("a\u{7}b", Err(Refusal::Control)),
    ] {
        assert_eq!(rename(&vocabulary(), SWORDS, typed).map(drop), expected, "{typed:?}");
    }
    let refused = rename(&vocabulary(), BOWS, "katana").unwrap_err();
    assert_eq!(refused.to_string(), "katana is another name of tag::swords");
    assert!(refused.hint().is_some());
}

#[test]
fn a_renamed_label_is_still_found_by_its_old_name() {
    let mut all = vocabulary();
    do_it(&mut all, rename(&vocabulary(), SWORDS, "tag::sabres"));
    assert_eq!(all.get(SWORDS).unwrap().name, "tag::sabres");
    assert_eq!(all.aliases_of(SWORDS).collect::<Vec<_>>(), ["katana", "tag::swords"]);
    // And it may go back to it: a label's own other name is free for it.
    let back = rename(&all, SWORDS, "tag::swords");
    do_it(&mut all, back);
    assert_eq!(all.aliases_of(SWORDS).collect::<Vec<_>>(), ["katana", "tag::sabres"]);
}

#[test]
fn a_merge_moves_images_and_names_and_retires_the_label() {
    let images = images();
    let step = merge(&vocabulary(), SWORDS, BLADES, of(&images)).unwrap();
    let mut after = vocabulary();
    step.edit(&mut after, false);
    assert_eq!(after.standing(SWORDS), Standing::Retired);
    assert_eq!(after.aliases_of(BLADES).collect::<Vec<_>>(), ["katana", "tag::swords"]);
    assert!(matches!(after.holder("tag::swords"), Some(Holder::Alias(label)) if label.id == BLADES));
    for ((image, annotation), expected) in
        images.iter().zip([vec![2], vec![2], vec![2], vec![2], vec![3]].map(|ids| ids.into_iter().map(AttributeId)))
    {
        let mut annotation = annotation.clone();
        step.changes.iter().filter(|change| change.image() == image).for_each(|change| annotation.apply(change));
        assert_eq!(annotation.tags(), expected.collect(), "{image}");
    }
    let reach = Reach::of(SWORDS, BLADES, images.iter().map(|(_, annotation)| annotation));
    assert_eq!(reach, Reach { n_images: 4, n_gain: 3, n_overruled: 1 });
}

#[test]
fn a_merge_into_itself_or_into_what_is_gone_is_refused() {
    let none = || [].into_iter();
    assert_eq!(merge(&vocabulary(), SWORDS, SWORDS, none()), Err(Refusal::Itself));
    assert!(matches!(merge(&vocabulary(), SWORDS, PIKES, none()), Err(Refusal::IsRetired { .. })));
    assert!(matches!(merge(&vocabulary(), AttributeId(9), SWORDS, none()), Err(Refusal::Unknown { .. })));
}

#[test]
fn a_split_gives_the_chosen_images_a_new_label_instead() {
    let images = images();
    let (id, step) = split(&vocabulary(), SWORDS, "tag::sabres", of(&images[..1])).unwrap();
    assert_eq!((id, step.changes.len()), (AttributeId(5), 2));
    assert!(matches!(split(&vocabulary(), SWORDS, "tag::sabres", of(&images[4..])), Err(Refusal::NobodyHasIt { .. })));
    assert!(matches!(split(&vocabulary(), SWORDS, "tag::bows", of(&images)), Err(Refusal::Taken { .. })));
}

#[test]
fn a_retired_label_leaves_the_images_it_is_told_to_leave() {
    let images = images();
    assert!(retire(&vocabulary(), SWORDS, of(&[])).unwrap().changes.is_empty());
    assert_eq!(retire(&vocabulary(), SWORDS, of(&images)).unwrap().changes.len(), 4);
    assert!(matches!(retire(&vocabulary(), PIKES, of(&images)), Err(Refusal::IsRetired { .. })));
    let mut after = vocabulary();
    do_it(&mut after, bring_back(&vocabulary(), PIKES));
    assert!(after.is_offered(PIKES));
    assert!(matches!(bring_back(&after, PIKES), Err(Refusal::Taken { .. })));
}

#[test]
fn a_merged_label_that_is_brought_back_has_its_name_again() {
    let mut all = vocabulary();
    do_it(&mut all, merge(&vocabulary(), SWORDS, BLADES, [].into_iter()));
    let back = bring_back(&all, SWORDS);
    do_it(&mut all, back);
    assert!(matches!(all.holder("tag::swords"), Some(Holder::Label(label)) if label.id == SWORDS));
}

#[test]
fn an_alias_stands_for_one_label_and_hides_none() {
    for (typed, expected) in [
        ("rapier", true),
        ("tag::rapier", true),
        ("katana", false),
        ("tag::katana", false),
        ("blades", false),
        ("tag::blades", false),
        ("tag::pikes", false),
    ] {
        assert_eq!(add_alias(&vocabulary(), BOWS, typed).is_ok(), expected, "{typed}");
    }
    let mut after = vocabulary();
    do_it(&mut after, remove_alias(&vocabulary(), "katana"));
    assert!(after.holder("katana").is_none());
    assert!(remove_alias(&after, "katana").is_err());
}

#[test]
fn every_edit_and_its_inverse_leave_the_vocabulary_unchanged() {
    let images = images();
    let steps = [
        rename(&vocabulary(), SWORDS, "tag::sabres"),
        rename(&vocabulary(), SWORDS, "katana"),
        merge(&vocabulary(), SWORDS, BLADES, of(&images)),
        merge(&vocabulary(), PIKES, BLADES, of(&images)),
        retire(&vocabulary(), SWORDS, of(&images)),
        bring_back(&vocabulary(), PIKES),
        add_alias(&vocabulary(), BOWS, "longbow"),
        remove_alias(&vocabulary(), "katana"),
    ];
    for step in steps {
        let step = step.unwrap();
        let mut after = vocabulary();
        step.edit(&mut after, false);
        assert_ne!(told(&after), told(&vocabulary()), "{step:?}");
        step.edit(&mut after, true);
        assert_eq!(told(&after), told(&vocabulary()), "{step:?}");
    }
}
