//! Editing the vocabulary: what a curator asks for, as one step, or why it is refused; and how many images it reaches.
//!
//! Pure: nothing is applied here. Each function answers the edits of the vocabulary and the decisions on images that
//! belong together, so that they are written and undone as one. Decisions are the curator's: what an image gets by a
//! merge is as durable, and as easily taken back, as what it gets by a key.

use super::vocabulary::{Holder, folded};
use super::{
    Annotation, AttributeId, Change, Decision, Edit, ImageId, Label, Standing, Step, TagState, Verdict, Vocabulary,
};
use crate::base::Hint;

#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    #[error("a tag cannot contain control characters")]
    Control,
    #[error("a tag needs a name")]
    NoName,
    #[error("the namespace before :: is empty")]
    NoNamespace,
    #[error("{name} is there already")]
    Taken { name: String, attribute: AttributeId },
    #[error("{alias} is another name of {name}")]
    IsAlias { alias: String, name: String, attribute: AttributeId },
    #[error("{name} is retired")]
    IsRetired { name: String, attribute: AttributeId },
    #[error("{name} is its name already")]
    Same { name: String },
    #[error("a label cannot be merged into itself")]
    Itself,
    #[error("none of these images has {name}")]
    NobodyHasIt { name: String },
    #[error("there is no label {name}")]
    Unknown { name: String },
}

impl Hint for Refusal {
    fn hint(&self) -> Option<String> {
        let text = match self {
            Self::Taken { .. } => "merge the two, or choose another name",
            Self::IsAlias { .. } => "use that label, or take its other name away first",
            Self::IsRetired { .. } => "bring it back instead",
            Self::NobodyHasIt { .. } => "select images that have it first",
            Self::Unknown { .. } => "names are written as in labels.csv, such as tag::chairs",
            _ => return None,
        };
        Some(text.to_owned())
    }
}

/// A name as it is kept: spaces made single; a bare word goes into `namespace` where one is given.
pub fn tidy_name(typed: &str, namespace: Option<&str>) -> Result<String, Refusal> {
    let typed = typed.split_whitespace().collect::<Vec<_>>().join(" ");
    if typed.chars().any(char::is_control) {
        return Err(Refusal::Control);
    }
    let (namespace, short) = match typed.split_once("::") {
        Some((namespace, short)) => (Some(namespace.trim()), short.trim()),
        None => (namespace, typed.as_str()),
    };
    match namespace {
        _ if short.is_empty() => Err(Refusal::NoName),
        Some("") => Err(Refusal::NoNamespace),
        Some(namespace) => Ok(format!("{namespace}::{short}")),
        None => Ok(short.to_owned()),
    }
}

/// Whether a name is free for a label; `own` may hold it already.
pub fn free_name(vocabulary: &Vocabulary, name: &str, own: Option<AttributeId>) -> Result<(), Refusal> {
    let Some(holder) = vocabulary.holder(name) else {
        return Ok(());
    };
    let (Holder::Label(label) | Holder::Retired(label) | Holder::Alias(label)) = holder;
    if Some(label.id) == own {
        return Ok(());
    }
    let (held, attribute) = (label.name.clone(), label.id);
    Err(match holder {
        Holder::Label(_) => Refusal::Taken { name: held, attribute },
        Holder::Retired(_) => Refusal::IsRetired { name: held, attribute },
        Holder::Alias(_) => Refusal::IsAlias { alias: name.to_owned(), name: held, attribute },
    })
}

/// The label gets another name. The old one goes on as another name for it, so that it is still found.
pub fn rename(vocabulary: &Vocabulary, attribute: AttributeId, typed: &str) -> Result<Step, Refusal> {
    let name = tidy_name(typed, None)?;
    let label = known(vocabulary, attribute)?;
    if label.name == name {
        return Err(Refusal::Same { name });
    }
    free_name(vocabulary, &name, Some(attribute))?;
    let mut edits = vec![Edit::Rename { attribute, name: name.clone(), before: label.name.clone() }];
    let before = vocabulary.alias(&name);
    if before.is_some() {
        edits.push(Edit::Alias { alias: name.clone(), of: None, before });
    }
    if folded(&label.name) != folded(&name) {
        edits.push(alias_edit(vocabulary, &label.name, Some(attribute)));
    }
    Ok(Step { edits, changes: Vec::new() })
}

/// Every image with `from` gets `into` instead; `from` is retired, and its names go on as other names for `into`.
///
/// `images` may hold more than those with `from`.
pub fn merge<'a>(
    vocabulary: &Vocabulary,
    from: AttributeId,
    into: AttributeId,
    images: impl Iterator<Item = (&'a ImageId, &'a Annotation)>,
) -> Result<Step, Refusal> {
    if from == into {
        return Err(Refusal::Itself);
    }
    let (label, target) = (known(vocabulary, from)?, known(vocabulary, into)?);
    if !vocabulary.is_offered(into) {
        return Err(Refusal::IsRetired { name: target.name.clone(), attribute: into });
    }
    let mut edits = Vec::new();
    if vocabulary.is_offered(from) {
        edits.push(stand(label, Standing::Retired, Standing::Offered));
    }
    let names = vocabulary.aliases_of(from).chain([label.name.as_str()]);
    edits.extend(names.map(|name| alias_edit(vocabulary, name, Some(into))));
    Ok(Step { edits, changes: exchange(from, into, images) })
}

/// A new label for some of the images with `from`: they get it instead. Answers its id too.
pub fn split<'a>(
    vocabulary: &Vocabulary,
    from: AttributeId,
    typed: &str,
    images: impl Iterator<Item = (&'a ImageId, &'a Annotation)>,
) -> Result<(AttributeId, Step), Refusal> {
    let name = tidy_name(typed, None)?;
    let label = known(vocabulary, from)?;
    free_name(vocabulary, &name, None)?;
    let id = vocabulary.next_id();
    let changes = exchange(from, id, images);
    if changes.is_empty() {
        return Err(Refusal::NobodyHasIt { name: label.name.clone() });
    }
    Ok((id, Step { edits: vec![Edit::create(Label { id, name })], changes }))
}

/// The label is not offered any more. `images`: those that are to lose it; the others keep it.
pub fn retire<'a>(
    vocabulary: &Vocabulary,
    attribute: AttributeId,
    images: impl Iterator<Item = (&'a ImageId, &'a Annotation)>,
) -> Result<Step, Refusal> {
    let label = known(vocabulary, attribute)?;
    if !vocabulary.is_offered(attribute) {
        return Err(Refusal::IsRetired { name: label.name.clone(), attribute });
    }
    let having = images.filter(|(_, annotation)| annotation.state(attribute).is_present());
    let changes = having.map(|(image, annotation)| take_off(image, annotation, attribute)).collect();
    Ok(Step { edits: vec![stand(label, Standing::Retired, Standing::Offered)], changes })
}

/// A retired label is offered again, and its name is its own again.
pub fn bring_back(vocabulary: &Vocabulary, attribute: AttributeId) -> Result<Step, Refusal> {
    let label = known(vocabulary, attribute)?;
    if vocabulary.is_offered(attribute) {
        return Err(Refusal::Taken { name: label.name.clone(), attribute });
    }
    if let Some(Holder::Label(other)) = vocabulary.holder(&label.name) {
        return Err(Refusal::Taken { name: other.name.clone(), attribute: other.id });
    }
    let mut edits = vec![stand(label, Standing::Offered, Standing::Retired)];
    if vocabulary.alias(&label.name).is_some() {
        edits.push(alias_edit(vocabulary, &label.name, None));
    }
    Ok(Step { edits, changes: Vec::new() })
}

/// Another name under which the label is found.
pub fn add_alias(vocabulary: &Vocabulary, attribute: AttributeId, typed: &str) -> Result<Step, Refusal> {
    let alias = tidy_name(typed, None)?;
    let label = known(vocabulary, attribute)?;
    if !vocabulary.is_offered(attribute) {
        return Err(Refusal::IsRetired { name: label.name.clone(), attribute });
    }
    free_name(vocabulary, &alias, None)?;
    let word = folded(&alias);
    if let Some(other) = vocabulary.offered().find(|label| folded(label.short_name()) == word) {
        return Err(Refusal::Taken { name: other.name.clone(), attribute: other.id });
    }
    Ok(Step { edits: vec![alias_edit(vocabulary, &alias, Some(attribute))], changes: Vec::new() })
}

/// The other name is free again.
pub fn remove_alias(vocabulary: &Vocabulary, alias: &str) -> Result<Step, Refusal> {
    let alias = alias.trim();
    match vocabulary.alias(alias) {
        None => Err(Refusal::Unknown { name: alias.to_owned() }),
        Some(_) => Ok(Step { edits: vec![alias_edit(vocabulary, alias, None)], changes: Vec::new() }),
    }
}

/// What a merge does to images, counted before it is done.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Reach {
    /// Images with the label that goes.
    pub n_images: usize,
    /// Of them, those that do not have the other one yet.
    pub n_gain: usize,
    /// Of those, the ones for which somebody has rejected it by name: they get it all the same.
    pub n_overruled: usize,
}

impl Reach {
    pub fn of<'a>(from: AttributeId, into: AttributeId, images: impl Iterator<Item = &'a Annotation>) -> Self {
        let mut reach = Self::default();
        for annotation in images.filter(|annotation| annotation.state(from).is_present()) {
            let state = annotation.state(into);
            reach.n_images += 1;
            reach.n_gain += usize::from(!state.is_present());
            reach.n_overruled += usize::from(state == TagState::Rejected);
        }
        reach
    }
}

fn known(vocabulary: &Vocabulary, attribute: AttributeId) -> Result<&Label, Refusal> {
    let label = vocabulary.get(attribute).filter(|_| vocabulary.standing(attribute) != Standing::Absent);
    label.ok_or_else(|| Refusal::Unknown { name: attribute.to_string() })
}

fn stand(label: &Label, standing: Standing, before: Standing) -> Edit {
    Edit::Stand { label: label.clone(), standing, before }
}

fn alias_edit(vocabulary: &Vocabulary, alias: &str, of: Option<AttributeId>) -> Edit {
    Edit::Alias { alias: alias.to_owned(), of, before: vocabulary.alias(alias) }
}

fn exchange<'a>(
    from: AttributeId,
    into: AttributeId,
    images: impl Iterator<Item = (&'a ImageId, &'a Annotation)>,
) -> Vec<Change> {
    let mut changes = Vec::new();
    for (image, annotation) in images.filter(|(_, annotation)| annotation.state(from).is_present()) {
        if !annotation.state(into).is_present() {
            changes.push(decide(image, annotation, into, Verdict::Accept));
        }
        changes.push(take_off(image, annotation, from));
    }
    changes
}

/// A tag of `train.csv` can only go by being rejected; one accepted here becomes undecided again.
fn take_off(image: &ImageId, annotation: &Annotation, attribute: AttributeId) -> Change {
    let is_given = annotation.base().is_some_and(|base| base.contains(attribute));
    decide(image, annotation, attribute, if is_given { Verdict::Reject } else { Verdict::Clear })
}

fn decide(image: &ImageId, annotation: &Annotation, attribute: AttributeId, verdict: Verdict) -> Change {
    let before = annotation.verdict(attribute);
    Change::Decide(Decision { image: image.clone(), attribute, verdict, before, proposed: None })
}

#[cfg(test)]
mod tests;
