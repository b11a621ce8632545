//! What is asked before the vocabulary is edited, each with a preview: how many pictures change, and how.

use eframe::egui;
use egui::{Align2, Id, Key, Modal, RichText, TextEdit, Ui, vec2};

use super::palette::move_by_arrows;
use super::widgets;
use crate::app::action::Action;
use crate::app::keymap::{Verb, held};
use crate::app::state::words::{self, Hit};
use crate::app::state::{Desk, Dialog, Overlay, State};
use crate::app::text::thousands;
use crate::app::texts::say;
use crate::app::theme::{self, tokens};
use crate::app::vocabulary::{Wish, reach};
use crate::base::Hint as _;
use crate::domain::editing::{self, Reach, Refusal};
use crate::domain::import::Import;
use crate::domain::{AttributeId, Label};

/// Odd lines of an import that are shown.
const SHOWN: usize = 8;

#[derive(Debug, Default)]
pub struct LabelDialog {
    open: Option<Dialog>,
    typed: String,
    at: usize,
    hits: Vec<Hit>,
    /// Of a merge, with what it was counted for.
    reach: Option<((AttributeId, u64), Reach)>,
    /// Images that have the label, and those of them that are selected, with what they were counted for.
    counted: Option<((AttributeId, u64), (usize, usize))>,
    /// What the list in the field, or the file, would do, with what it was read from.
    import: Option<(Vec<u8>, u64, Import)>,
}

impl LabelDialog {
    pub fn ui(&mut self, ctx: &egui::Context, state: &State) -> Option<Action> {
        let desk = state.desk.as_ref()?;
        let Some(Overlay::Vocabulary(dialog)) = state.overlay else {
            self.open = None;
            return None;
        };
        let label = state.vocabulary.focus.and_then(|focus| desk.vocabulary.get(focus));
        let begins = self.open != Some(dialog);
        if begins {
            *self = Self { open: Some(dialog), ..Self::default() };
            if let (Dialog::Rename, Some(label)) = (dialog, label) {
                self.typed.clone_from(&label.name);
            }
            if let (Dialog::Merge, Some(label)) = (dialog, label) {
                self.search(desk, label.id);
            }
        }
        let area = Modal::default_area(Id::unique("label dialog")).anchor(Align2::CENTER_TOP, vec2(0.0, 90.0));
        let frame = egui::Frame::popup(&ctx.global_style()).inner_margin(16);
        let modal = Modal::new(Id::unique("label dialog")).area(area).frame(frame).show(ctx, |ui| {
            ui.set_width(480.0);
            match (dialog, label) {
                (Dialog::Import, _) => self.import(ui, state, desk),
                (_, None) => None,
                (Dialog::Rename, Some(label)) => self.rename(ui, desk, label),
                (Dialog::Merge, Some(label)) => self.merge(ui, desk, label),
                (Dialog::Split, Some(label)) => self.split(ui, desk, label),
                (Dialog::Retire, Some(label)) => retire(ui, label, self.count(desk, label.id).0, begins),
                (Dialog::Alias, Some(label)) => self.alias(ui, desk, label),
            }
        });
        let leave = modal.backdrop_response.clicked().then_some(Action::Cover(None));
        modal.inner.map(Action::Vocabulary).or(leave)
    }

    fn search(&mut self, desk: &Desk, from: AttributeId) {
        self.hits = words::search(&self.typed, &desk.vocabulary, &desk.recent_tags, |id| desk.tag_count(id));
        self.hits.retain(|hit| hit.attribute != from);
        self.at = 0;
    }

    fn count(&mut self, desk: &Desk, id: AttributeId) -> (usize, usize) {
        let key = (id, desk.version);
        match self.counted {
            Some((counted_for, counts)) if counted_for == key => counts,
            _ => {
                let is_there = |(_, annotation): &(_, &crate::domain::Annotation)| annotation.state(id).is_present();
                let counts = (desk.having(id).count(), desk.selected().filter(is_there).count());
                self.counted = Some((key, counts));
                counts
            }
        }
    }

    /// A line to type into; whether `Enter` was pressed in it, and whether it changed.
    fn field(&mut self, ui: &mut Ui, name: &str, hint: &str) -> (bool, bool) {
        let field = TextEdit::singleline(&mut self.typed)
            .hint_text(hint)
            .desired_width(f32::INFINITY)
            .min_size(vec2(0.0, 32.0));
        let response = ui.add(field).accessible_name(name);
        let entered = response.lost_focus() && ui.input(|input| input.key_pressed(Key::Enter));
        response.request_focus();
        ui.add_space(6.0);
        (entered, response.changed())
    }

    fn rename(&mut self, ui: &mut Ui, desk: &Desk, label: &Label) -> Option<Wish> {
        title(ui, &say!("label-rename", name = label.name));
        let (entered, _) = self.field(ui, &say!("label-new-name"), &say!("label-name-hint"));
        let n = desk.tag_count(label.id);
        match editing::rename(&desk.vocabulary, label.id, &self.typed) {
            Ok(_) => {
                widgets::note(ui, say!("label-renames", n = n));
                widgets::note(ui, say!("label-still-finds", name = label.name));
                let rename = Wish::Rename { attribute: label.id, name: self.typed.clone() };
                confirm(ui, &say!("key-rename-label"), entered).then_some(rename)
            }
            Err(refusal) => {
                why_not(ui, &refusal);
                let Refusal::Taken { name, attribute } = refusal else {
                    return None;
                };
                let offered = ui.button(say!("label-merge-into", name = name)).clicked();
                offered.then_some(Wish::Merge { from: label.id, into: attribute })
            }
        }
    }

    fn merge(&mut self, ui: &mut Ui, desk: &Desk, label: &Label) -> Option<Wish> {
        title(ui, &say!("label-merge", name = label.name));
        move_by_arrows(ui, &mut self.at, self.hits.len());
        let (entered, changed) = self.field(ui, &say!("label-merge-field"), &say!("add-hint"));
        if changed {
            self.search(desk, label.id);
        }
        ui.spacing_mut().item_spacing.y = 0.0;
        for (position, hit) in self.hits.iter().enumerate().take(8) {
            let name = desk.vocabulary.get(hit.attribute).map_or("", |label| &label.name);
            let shown = match &hit.alias {
                Some(alias) => say!("label-also-called", name = name, alias = alias),
                None => name.to_owned(),
            };
            let count = thousands(desk.tag_count(hit.attribute));
            if widgets::row(ui, 0.0, &shown, &count, position == self.at).clicked() {
                self.at = position;
            }
        }
        ui.add_space(8.0);
        let Some(into) = self.hits.get(self.at).map(|hit| hit.attribute) else {
            widgets::note(ui, say!("label-no-such"));
            return None;
        };
        let key = (into, desk.version);
        if self.reach.is_none_or(|(counted_for, _)| counted_for != key) {
            self.reach = Some((key, reach(desk, label.id, into)));
        }
        let reach = self.reach.map(|(_, reach)| reach).unwrap_or_default();
        let target = desk.vocabulary.get(into).map_or("", |label| &label.name);
        for words in merge_words(&label.name, target, reach) {
            widgets::note(ui, words);
        }
        let words = say!("label-merge-into", name = target);
        confirm(ui, &words, entered).then_some(Wish::Merge { from: label.id, into })
    }

    fn split(&mut self, ui: &mut Ui, desk: &Desk, label: &Label) -> Option<Wish> {
        title(ui, &say!("label-split", name = label.name));
        let selected = desk.selection.images();
        let (_, n_with) = self.count(desk, label.id);
        let (entered, _) = self.field(ui, &say!("label-split-field"), &say!("label-name-hint"));
        if n_with == 0 {
            let key = held(ui).in_words(Verb::LabelImages);
            widgets::note(ui, say!("label-split-none", key = key));
            return None;
        }
        let stays = desk.tag_count(label.id).saturating_sub(n_with);
        widgets::note(ui, say!("label-splits", n = n_with, all = selected.len(), name = label.name, stays = stays));
        let name = editing::tidy_name(&self.typed, None);
        match name.and_then(|name| editing::free_name(&desk.vocabulary, &name, None)) {
            Ok(()) => {
                let split = Wish::Split { from: label.id, name: self.typed.clone() };
                confirm(ui, &say!("key-split-label"), entered).then_some(split)
            }
            Err(refusal) => {
                if !self.typed.is_empty() {
                    why_not(ui, &refusal);
                }
                None
            }
        }
    }

    fn alias(&mut self, ui: &mut Ui, desk: &Desk, label: &Label) -> Option<Wish> {
        title(ui, &say!("label-names-of", name = label.name));
        widgets::note(ui, say!("label-names-note"));
        ui.add_space(4.0);
        let (entered, _) = self.field(ui, &say!("label-another"), &say!("label-another-hint"));
        let mut wish = None;
        match editing::add_alias(&desk.vocabulary, label.id, &self.typed) {
            Ok(_) if confirm(ui, &say!("label-add-name"), entered) => {
                let alias = std::mem::take(&mut self.typed);
                wish = Some(Wish::AddAlias { attribute: label.id, alias });
            }
            Ok(_) => {}
            Err(_) if self.typed.is_empty() => {}
            Err(refusal) => why_not(ui, &refusal),
        }
        for alias in desk.vocabulary.aliases_of(label.id) {
            ui.horizontal(|ui| {
                ui.label(alias);
                let remove =
                    ui.small_button(say!("label-remove")).accessible_name(say!("label-remove-name", alias = alias));
                if remove.clicked() {
                    wish = Some(Wish::RemoveAlias(alias.to_owned()));
                }
            });
        }
        wish
    }

    fn import(&mut self, ui: &mut Ui, state: &State, desk: &Desk) -> Option<Wish> {
        title(ui, &say!("key-import-labels"));
        let mut wish = None;
        let bytes = match &state.vocabulary.file {
            Some((path, bytes)) => {
                widgets::note(ui, path.display().to_string());
                if ui.button(say!("label-type-names")).clicked() {
                    wish = Some(Wish::ForgetFile);
                }
                bytes.to_vec()
            }
            None => {
                let field = TextEdit::multiline(&mut self.typed)
                    .hint_text(say!("label-import-hint"))
                    .desired_rows(6)
                    .desired_width(f32::INFINITY);
                let response = ui.add(field).accessible_name(say!("label-import-field"));
                if self.import.is_none() {
                    response.request_focus();
                }
                if ui.button(say!("label-choose-list")).clicked() {
                    wish = Some(Wish::AskFile);
                }
                self.typed.clone().into_bytes()
            }
        };
        if self.import.as_ref().is_none_or(|(of, version, _)| *of != bytes || *version != desk.version) {
            let import = Import::read(&bytes, &desk.vocabulary);
            self.import = Some((bytes, desk.version, import));
        }
        let (bytes, _, import) = self.import.as_ref()?;
        ui.add_space(6.0);
        widgets::note(ui, import_words(import));
        for problem in import.problems.iter().take(SHOWN) {
            widgets::note(
                ui,
                say!("label-problem", line = problem.line.to_string(), problem = problem.message, hint = problem.hint),
            );
        }
        if import.problems.len() > SHOWN {
            widgets::note(ui, say!("label-more", n = import.problems.len() - SHOWN));
        }
        if import.new.is_empty() {
            return wish;
        }
        let entered = ui.input_mut(|input| input.consume_key(egui::Modifiers::COMMAND, Key::Enter));
        let words = say!("label-import", n = import.new.len());
        confirm(ui, &words, entered).then(|| Wish::Import(bytes.clone().into())).or(wish)
    }
}

/// `3 new, 2 there already, 1 odd line`.
fn import_words(import: &Import) -> String {
    say!("label-imports", new = import.new.len(), known = import.n_known, odd = import.problems.len())
}

/// What a merge does, a sentence each.
fn merge_words(from: &str, into: &str, reach: Reach) -> Vec<String> {
    let n_had = reach.n_images - reach.n_gain;
    let mut words = vec![say!("label-merges", n = reach.n_images, gain = reach.n_gain, into = into, had = n_had)];
    if reach.n_overruled > 0 {
        words.push(say!("label-overruled", n = reach.n_overruled));
    }
    words.push(say!("label-merged-from", from = from, into = into));
    words
}

fn retire(ui: &mut Ui, label: &Label, n: usize, begins: bool) -> Option<Wish> {
    title(ui, &say!("label-retire", name = label.name));
    widgets::note(ui, say!("label-retire-note"));
    ui.add_space(8.0);
    let retire = |lose| Wish::Retire { attribute: label.id, lose };
    let wide = vec2(ui.available_width(), 32.0);
    let keep = ui.add(egui::Button::new(say!("label-retire-keep", n = n)).min_size(wide));
    if begins {
        keep.request_focus();
    }
    let lose = ui.add(egui::Button::new(say!("label-retire-lose", n = n)).min_size(wide));
    match (keep.clicked(), lose.clicked()) {
        (true, _) => Some(retire(false)),
        (_, true) => Some(retire(true)),
        _ => None,
    }
}

fn title(ui: &mut Ui, words: &str) {
    ui.add(egui::Label::new(RichText::new(words).font(theme::title()).color(tokens(ui).text)).wrap());
    ui.add_space(6.0);
}

fn why_not(ui: &mut Ui, refusal: &Refusal) {
    let hint = refusal.hint().map_or_else(String::new, |hint| format!(": {hint}"));
    ui.label(RichText::new(format!("! {refusal}{hint}")).font(theme::small()).color(tokens(ui).no));
}

/// The button that does it; `Enter` does the same.
fn confirm(ui: &mut Ui, words: &str, entered: bool) -> bool {
    ui.add_space(8.0);
    widgets::accent_button(ui, words, true).clicked() || entered
}
