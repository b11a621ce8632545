//! A tree to tests over images: names of tags become lists of ids, once for all images.

use std::ops::Range;

use super::evaluate::{Compiled, Node, Test};
use super::fault::{Fault, QueryError};
use super::glob::Glob;
use super::keys::{KEYS, Key};
use super::labels;
use super::parse::Query;
use super::syntax::{Expr, Term};
use super::within::Within;
use crate::domain::{AttributeId, Label, Verdict, Vocabulary};

/// What is alike to an image.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Nearest {
    NoSuchImage,
    /// The pictures have not all been looked at, or nobody has compared them yet.
    NotYet,
    /// This screen cannot tell; what to do instead.
    NotHere(&'static str),
    /// Numbers of images in any order, the image itself among them.
    Of(Vec<u32>),
}

/// What a query may ask of a collection as a whole; once for each query.
pub trait Known {
    fn vocabulary(&self) -> &Vocabulary;
    /// From which probability on a tag is proposed.
    fn threshold(&self) -> f32;
    /// Images among the nearest to one, by what the model sees in them.
    fn nearest(&self, id: &str) -> Nearest;
    /// Keys that cannot be answered, with what to do instead.
    fn obstacle(&self, _key: Key) -> Option<&'static str> {
        None
    }
}

/// Prepares a query; what it asks in vain is left out and added to the faults.
pub fn compile(query: &Query, known: &impl Known) -> Compiled {
    let mut compiler = Compiler { known, faults: query.faults.clone(), similar_to: Vec::new() };
    let root = query.expr.as_ref().and_then(|expr| compiler.node(expr));
    let Compiler { mut faults, similar_to, .. } = compiler;
    faults.sort_by_key(|fault| fault.span.start);
    Compiled { root, faults, similar_to }
}

struct Compiler<'a, K> {
    known: &'a K,
    faults: Vec<Fault>,
    similar_to: Vec<String>,
}

impl<K: Known> Compiler<'_, K> {
    fn node(&mut self, expr: &Expr) -> Option<Node> {
        match expr {
            Expr::Not(part) => Some(Node::Not(Box::new(self.node(part)?))),
            Expr::And(parts) => self.nodes(parts).map(Node::All),
            Expr::Or(parts) => self.nodes(parts).map(Node::Any),
            Expr::Term(term) => match self.test(term) {
                Ok(test) => Some(Node::Test(test)),
                Err((span, error)) => {
                    self.faults.push(Fault::new(span, error));
                    None
                }
            },
        }
    }

    /// `None` where none of them is understood: an empty list would admit all, or nothing.
    fn nodes(&mut self, parts: &[Expr]) -> Option<Vec<Node>> {
        let nodes: Vec<Node> = parts.iter().filter_map(|part| self.node(part)).collect();
        (!nodes.is_empty()).then_some(nodes)
    }

    fn test(&mut self, term: &Term) -> Result<Test, (Range<usize>, QueryError)> {
        let Some(name) = &term.key else {
            return Ok(self.word(&term.value));
        };
        let at_value = |error| (term.places.whole.clone(), error);
        let Some(key) = Key::of(name) else {
            let vocabulary = self.known.vocabulary();
            let Some(namespace) = labels::namespace(name, vocabulary) else {
                let similar = self.similar_key(name);
                return Err((term.places.key.clone(), QueryError::UnknownKey { key: name.clone(), similar }));
            };
            let no_value = QueryError::NoValue { key: name.clone(), expected: Key::Tag.about().expected };
            let value = some(&term.value).ok_or_else(|| at_value(no_value))?;
            return self.labels(Some(namespace), value).map(Test::HasTag).map_err(at_value);
        };
        let about = key.about();
        if let Some(instead) = self.known.obstacle(key) {
            return Err(at_value(QueryError::NotHere { key: about.name, instead }));
        }
        if term.value.trim().is_empty() && (term.condition.is_none() || key != Key::Tags) {
            return Err(at_value(QueryError::NoValue { key: name.clone(), expected: about.expected }));
        }
        if key == Key::Similar {
            self.similar_to.push(term.value.clone());
        }
        self.of_key(key, term).map_err(at_value)
    }

    fn of_key(&self, key: Key, term: &Term) -> Result<Test, QueryError> {
        let value = term.value.as_str();
        let bad = |value: &str| QueryError::BadValue {
            key: key.about().name.to_owned(),
            value: value.to_owned(),
            expected: key.about().expected,
        };
        let yes = || match value.to_lowercase().as_str() {
            "yes" => Ok(true),
            "no" => Ok(false),
            _ => Err(bad(value)),
        };
        Ok(match key {
            Key::Tag => Test::HasTag(self.labels(self.namespace_of_tag(value), value)?),
            Key::Accepted => Test::Judged { labels: self.labels(None, value)?, verdict: Verdict::Accept },
            Key::Rejected => Test::Judged { labels: self.labels(None, value)?, verdict: Verdict::Reject },
            Key::Proposals => Test::Awaits { wanted: yes()?, threshold: self.known.threshold() },
            Key::Reviewed => Test::Reviewed(yes()?),
            Key::Touched => Test::Touched(yes()?),
            Key::Problem => Test::Problem(yes()?),
            Key::Flagged => Test::Flagged(yes()?),
            Key::Name => Test::Named { part: value.to_lowercase(), glob: Glob::new(value) },
            Key::Folder => {
                let folder = value.trim_matches('/');
                Test::InFolder { folder: folder.to_lowercase(), glob: Glob::new(folder) }
            }
            Key::Tags => {
                let text = format!("{value}{}", term.condition.as_deref().unwrap_or_default());
                Test::NTags(Within::parse(&text).ok_or_else(|| bad(&text))?)
            }
            Key::Proposed => {
                let within = match &term.condition {
                    Some(condition) => Within::parse(condition).ok_or_else(|| bad(condition))?,
                    // What nothing is known of is at 0, and never proposed.
                    None => Within::at_least(f64::from(self.known.threshold().max(f32::MIN_POSITIVE))),
                };
                Test::Likely { labels: self.labels(None, value)?, within }
            }
            Key::Similar => match self.known.nearest(value) {
                Nearest::NoSuchImage => return Err(QueryError::NoSuchImage { id: value.to_owned() }),
                Nearest::NotYet => return Err(QueryError::NotYet { id: value.to_owned() }),
                Nearest::NotHere(instead) => return Err(QueryError::NotHere { key: key.about().name, instead }),
                Nearest::Of(mut images) => {
                    images.sort_unstable();
                    Test::Among(images)
                }
            },
        })
    }

    fn word(&self, value: &str) -> Test {
        let glob = Glob::new(value);
        let word = value.to_lowercase();
        let is_meant = |label: &&Label| match &glob {
            Some(glob) => glob.matches(label.short_name()),
            None => label.name.to_lowercase().contains(&word),
        };
        let labels = self.known.vocabulary().labels().iter();
        let mut labels: Vec<AttributeId> = labels.filter(is_meant).map(|label| label.id).collect();
        labels.sort_unstable();
        Test::Word { word, glob, labels }
    }

    /// `tag:` means the namespace `tag` where there is one, unless a full name says otherwise.
    fn namespace_of_tag(&self, value: &str) -> Option<&str> {
        labels::namespace("tag", self.known.vocabulary()).filter(|_| !value.contains("::"))
    }

    /// Of a namespace, or of all.
    fn labels(&self, namespace: Option<&str>, value: &str) -> Result<Vec<AttributeId>, QueryError> {
        let all = self.known.vocabulary().labels().iter();
        let among: Vec<&Label> =
            all.filter(|label| namespace.is_none() || belongs(label.namespace(), namespace)).collect();
        let found = labels::matching(value, among.iter().copied());
        if found.is_empty() {
            let similar = labels::similar(value, among.iter().map(|label| label.short_name()));
            return Err(QueryError::NoSuchTag { value: value.to_owned(), similar });
        }
        Ok(found)
    }

    fn similar_key(&self, name: &str) -> Option<String> {
        let keys = KEYS.iter().map(|about| about.name);
        labels::similar(name, keys.chain(self.known.vocabulary().labels().iter().filter_map(Label::namespace)))
    }
}

/// `tag:` reaches labels without a namespace as well.
fn belongs(namespace: Option<&str>, wanted: Option<&str>) -> bool {
    namespace == wanted || (namespace.is_none() && wanted == Some("tag"))
}

fn some(value: &str) -> Option<&str> {
    Some(value).filter(|value| !value.trim().is_empty())
}
