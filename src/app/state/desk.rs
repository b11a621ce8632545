//! The open collection as the window holds it: images, what holds for each, what the model thinks, what is in view.
//!
//! Pure data and functions. Every change of a tag goes through `apply`, which keeps counts and caches true.

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::asked::{Line, Subject};
use super::explanation::Explanation;
use super::filter::{Counts, Filter};
use super::history::History;
use super::insights::Only;
use super::instant::{Learned, Pin, proposable};
use super::item::{Before, Item};
use super::lineup::Lineup;
use super::sections::Sections;
use super::selection::Selection;
use super::shown::Folders;
pub use super::stale::Stale;
use super::{Agreeing, Zoom};
use crate::base::Finding;
use crate::collection::Collection;
use crate::domain::{Annotation, AttributeId, Change, ImageId, Proposal, TagState, Vocabulary};
use crate::imaging::Detail;
use crate::jobs::{ModelDetails, ModelName, Opened, Problem, WorkDone};
use crate::store::origins::Origin;

#[derive(Debug)]
pub struct Desk {
    pub collection: Arc<Collection>,
    /// The folder's name.
    pub name: String,
    pub vocabulary: Arc<Vocabulary>,
    /// In the order of `collection.images`.
    pub items: Vec<Item>,
    index_of: HashMap<ImageId, u32>,
    /// Rows of `train.csv` and decisions about images that are not in the folder.
    pub elsewhere: HashMap<ImageId, Annotation>,
    /// How many images have each label, by its position in the vocabulary.
    pub(super) tag_counts: Vec<usize>,
    pub history: History,
    pub n_decisions: usize,
    pub conflicts: super::Conflicts,
    pub findings: Vec<Finding>,
    pub kept_elsewhere: Option<PathBuf>,
    pub demo: bool,

    pub models: Vec<Arc<ModelDetails>>,
    pub model: Option<Arc<ModelDetails>>,
    /// Labels that the model in use may propose; it grows with the vocabulary.
    pub proposable: Vec<AttributeId>,
    /// What it has learned from the decisions.
    pub learned: Option<Learned>,
    /// The list of the image under review, kept still.
    pub pin: Option<Pin>,
    /// The one asked for; in use once it is loaded.
    pub wanted_model: ModelName,
    /// The one used before it.
    pub previous_model: Option<ModelName>,
    pub model_problem: Option<Problem>,
    /// How much the model in use has looked at.
    pub embedding: WorkDone,
    pub threshold: f32,
    /// Whether it may look in the precision asked for.
    pub agreeing: Agreeing,

    pub filter: Filter,
    /// Only what lies behind a piece of a chart.
    pub only: Option<Only>,
    pub lineup: Lineup,
    /// What the model used before proposed.
    pub before: Option<Before>,
    /// What the query in it came to.
    pub line: Line,
    /// Images that pass the filter, in the order of the lineup, and in which parts.
    pub shown: Vec<u32>,
    pub sections: Sections,
    /// Where the library is in parts by folder.
    pub folders: Option<Folders>,
    /// Whether some images lie in sub-folders.
    pub has_folders: bool,
    pub counts: Counts,
    pub stale: Stale,
    refreshed_at: f64,
    /// Grows with every change of tags, selection or filter: what panels keep is keyed by it.
    pub version: u64,

    pub cursor: Option<u32>,
    /// The image that was under review before.
    pub before_cursor: Option<u32>,
    pub selection: Selection,
    /// Of the library grid, as last drawn.
    pub columns: usize,
    /// Which row of the proposals has the focus.
    pub focus: usize,
    pub zoom: Zoom,
    pub why: Explanation,
    /// What the EXIF says of the pictures shown so far.
    pub details: HashMap<u32, Vec<Detail>>,
    /// Who said what of the tags of an image: the one under review.
    pub origins: Option<(u32, Vec<Origin>)>,
    /// Tags added by hand, last first.
    pub recent_tags: Vec<AttributeId>,
    /// When images were finished, in seconds since the window opened; the last few.
    pub finished_at: Vec<f64>,
}

impl Desk {
    pub fn new(opened: Opened) -> Self {
        let collection = opened.collection;
        let mut annotations = opened.annotations;
        let items: Vec<_> = collection
            .images
            .iter()
            .map(|file| Item::new(file.id.as_str(), annotations.remove(&file.id).unwrap_or_default()))
            .collect();
        let index_of = collection.images.iter().map(|file| file.id.clone()).zip(0..).collect();
        let mut desk = Self {
            name: collection.name(),
            vocabulary: Arc::new(collection.vocabulary.clone()),
            tag_counts: vec![0; collection.vocabulary.len()],
            before_cursor: None,
            cursor: (!items.is_empty()).then_some(0),
            items,
            index_of,
            elsewhere: annotations,
            history: History::restore(opened.history),
            n_decisions: opened.n_decisions,
            conflicts: super::Conflicts::new(opened.conflicts),
            findings: opened.findings,
            kept_elsewhere: opened.location.is_elsewhere().then(|| opened.location.folder().to_path_buf()),
            demo: opened.demo,
            models: opened.models,
            model: None,
            proposable: Vec::new(),
            learned: None,
            pin: None,
            wanted_model: opened.model,
            previous_model: opened.previous_model,
            model_problem: None,
            embedding: WorkDone::default(),
            threshold: 0.5,
            agreeing: Agreeing::Unknown,
            filter: Filter::default(),
            only: None,
            lineup: Lineup::default(),
            before: None,
            line: Line::default(),
            shown: Vec::new(),
            sections: Sections::default(),
            folders: None,
            has_folders: collection.images.iter().any(|file| 1 < file.path.components().count()),
            counts: Counts::default(),
            stale: Stale::Yes,
            refreshed_at: 0.0,
            version: 0,
            selection: Selection::default(),
            columns: 1,
            focus: 0,
            zoom: Zoom::default(),
            why: Explanation::default(),
            details: HashMap::new(),
            origins: None,
            recent_tags: Vec::new(),
            finished_at: Vec::new(),
            collection,
        };
        for position in 0..desk.items.len() {
            for tag in desk.items[position].tags.iter() {
                if let Some(label) = desk.vocabulary.position(tag) {
                    desk.tag_counts[label] += 1;
                }
            }
        }
        desk.refresh(0.0);
        desk
    }

    pub fn root(&self) -> &Path {
        &self.collection.root
    }

    pub fn id(&self, image: u32) -> &ImageId {
        &self.collection.images[image as usize].id
    }

    pub fn item(&self, image: u32) -> &Item {
        &self.items[image as usize]
    }

    pub fn index(&self, id: &ImageId) -> Option<u32> {
        self.index_of.get(id).copied()
    }

    pub fn tag_count(&self, attribute: AttributeId) -> usize {
        let position = self.vocabulary.position(attribute);
        position.map_or(0, |position| self.tag_counts[position])
    }

    /// Labels whose probabilities the model in use gives.
    pub fn known_labels(&self) -> &[AttributeId] {
        self.model.as_ref().map_or(&[], |model| &model.attribute_ids)
    }

    pub fn probability(&self, image: u32, attribute: AttributeId) -> Option<f32> {
        let proposals = self.item(image).proposals.as_ref()?;
        proposals.iter().find(|proposal| proposal.attribute == attribute).map(|proposal| proposal.probability)
    }

    /// Proposals from `cut` on that nobody has judged, of a picture that can be shown.
    pub fn open_proposals(&self, image: u32, cut: f32) -> impl Iterator<Item = &Proposal> {
        let item = self.item(image);
        let proposals = item.proposals.iter().filter(|_| item.problem.is_none()).flat_map(|all| all.iter());
        let likely = proposals.take_while(move |proposal| cut <= proposal.probability);
        likely.filter(|proposal| {
            item.annotation.state(proposal.attribute) == TagState::Unseen
                && self.vocabulary.is_offered(proposal.attribute)
        })
    }

    pub fn apply(&mut self, change: &Change) {
        let Some(image) = self.index(change.image()) else {
            self.elsewhere.entry(change.image().clone()).or_default().apply(change);
            return; // About a picture that is gone, or was never in this folder.
        };
        let item = &mut self.items[image as usize];
        self.counts.remove(item);
        item.annotation.apply(change);
        if let Change::Decide(decision) = change {
            let tag = decision.attribute;
            let present = item.annotation.state(tag).is_present();
            let changed = if present { item.tags.insert(tag) } else { item.tags.remove(tag) };
            if changed && let Some(position) = self.vocabulary.position(tag) {
                let count = &mut self.tag_counts[position];
                *count = if present { *count + 1 } else { count.saturating_sub(1) };
            }
        }
        item.refresh_best(&self.vocabulary);
        self.counts.add(item);
        self.touch();
    }

    /// The picture cannot be shown.
    pub fn failed(&mut self, image: u32, problem: Problem) {
        let item = &mut self.items[image as usize];
        self.counts.remove(item);
        item.problem = Some(problem);
        self.counts.add(item);
        self.touch();
    }

    /// Something the user sees has changed.
    pub fn touch(&mut self) {
        self.stale = Stale::Yes;
        self.version += 1;
    }

    /// Takes a grown vocabulary; what is counted stays.
    pub fn create_label(&mut self, name: &str) -> AttributeId {
        let vocabulary = Arc::make_mut(&mut self.vocabulary);
        let id = vocabulary.create(name);
        self.tag_counts.resize(vocabulary.len(), 0);
        if self.model.is_some() && !self.proposable.contains(&id) {
            self.proposable.push(id);
        }
        self.touch();
        id
    }

    /// What was proposed is kept beside, for comparison with what another model will propose.
    fn forget_proposals(&mut self) {
        let mut take = |item: &mut Item| {
            item.best = 0.0;
            item.proposals.take()
        };
        let proposals: Vec<_> = self.items.iter_mut().map(&mut take).collect();
        self.count();
        if proposals.iter().any(Option::is_some) {
            let attributes = std::mem::take(&mut self.proposable);
            self.before = Some(Before { attributes, threshold: self.threshold, proposals });
        }
    }

    /// The model that proposes from now on. Proposals of another one are kept beside.
    pub fn set_model(&mut self, model: Arc<ModelDetails>, threshold: f32) {
        let same = self
            .model
            .as_ref()
            .is_some_and(|current| current.name == model.name && current.attribute_ids == model.attribute_ids);
        if !same {
            self.forget_proposals();
            self.embedding = WorkDone::default();
            self.line.similar.clear();
        }
        self.proposable = proposable(&model, &self.vocabulary);
        (self.learned, self.pin) = (None, None);
        self.agreeing = Agreeing::Unknown;
        match self.models.iter_mut().find(|known| known.name == model.name) {
            Some(known) => *known = model.clone(),
            None => self.models.push(model.clone()),
        }
        self.wanted_model = model.name.clone();
        self.model = Some(model);
        self.model_problem = None;
        self.threshold = threshold;
        self.touch();
    }

    /// Late answers of another model are dropped.
    pub fn proposed(&mut self, image: &ImageId, by: &ModelName, proposals: Arc<[Proposal]>) {
        if self.model.as_ref().is_some_and(|model| model.name == *by)
            && let Some(image) = self.index(image)
        {
            let item = &mut self.items[image as usize];
            self.counts.remove(item);
            item.proposals = Some(proposals);
            item.refresh_best(&self.vocabulary);
            self.counts.add(item);
            self.stale = self.stale.or_slightly();
        }
    }

    /// Brings `shown` up to date where it is not: at once after the user's own changes, twice a second while proposals
    /// stream in. `frozen`: the list under review stays as it is. The counts follow every image; only another threshold
    /// makes them anew.
    pub fn refresh_if_stale(&mut self, now: f64, frozen: bool) {
        let due = match self.stale {
            Stale::No => false,
            Stale::Slightly => now >= self.refreshed_at + 0.5,
            Stale::Yes => true,
        };
        if !due {
            return;
        }
        if frozen {
            if self.counts.threshold.to_bits() != self.threshold.to_bits() {
                self.count();
            }
            self.stale = Stale::No;
            self.refreshed_at = now;
        } else {
            self.refresh(now);
        }
    }

    /// Filter and counts anew.
    pub fn refresh(&mut self, now: f64) {
        let filter = self.filter.compile(self);
        let is_behind = |image| self.only.as_ref().is_none_or(|only| only.admits(image));
        let subjects = (0..).zip(self.items.iter().zip(&self.collection.images));
        let subjects = subjects.map(|(number, (item, file))| Subject { number, item, file });
        let admits = |subject: &Subject<'_>| {
            self.lineup.admits(subject.number) && is_behind(subject.number) && filter.admits(subject)
        };
        let shown = subjects.filter(admits).map(|subject| subject.number).collect();
        (self.line.faults, self.line.similar_to) = (filter.query.faults, filter.query.similar_to);
        self.shown = shown;
        self.sort();
        self.selection.keep_only(&self.shown);
        self.count();
        self.stale = Stale::No;
        self.refreshed_at = now;
        self.version += 1;
    }

    /// Counts all anew.
    fn count(&mut self) {
        self.counts = Counts { threshold: self.threshold, ..Counts::default() };
        self.items.iter().for_each(|item| self.counts.add(item));
    }

    /// Images to learn from, as the trainer wants them.
    pub fn touched(&self) -> HashMap<ImageId, Annotation> {
        let files = self.collection.images.iter();
        files
            .zip(&self.items)
            .filter(|(_, item)| item.annotation.is_touched())
            .map(|(file, item)| (file.id.clone(), item.annotation.clone()))
            .collect()
    }
}
