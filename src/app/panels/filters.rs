//! The library's left side: which state, which tags. Each row filters, and says how many images it would show.

use eframe::egui;
use std::collections::BTreeMap;
use std::sync::Arc;

use egui::accesskit::Role;
use egui::{CornerRadius, Rect, Response, ScrollArea, Sense, Stroke, StrokeKind, Ui, Vec2, WidgetInfo, pos2, vec2};

use super::widgets;
use crate::app::action::Action;
use crate::app::keymap::{Verb, held};
use crate::app::state::{Desk, Looked, State};
use crate::app::text::thousands;
use crate::app::texts::say;
use crate::app::theme::tokens;
use crate::domain::{AttributeId, Label, Vocabulary};

/// One line of the tag tree.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Line {
    Namespace(String),
    Tag(AttributeId),
}

#[derive(Debug, Default)]
pub struct Filters {
    closed: BTreeMap<String, bool>,
    /// The tree, and what it was made from.
    lines: Vec<Line>,
    made_from: Option<Arc<Vocabulary>>,
    changed: bool,
}

impl Filters {
    pub fn ui(&mut self, ui: &mut Ui, state: &State, desk: &Desk) -> Option<Action> {
        let mut action = None;
        ui.spacing_mut().item_spacing.y = 0.0;
        widgets::head(ui, &say!("filters-state"));
        ui.add_space(4.0);
        for looked in Looked::ALL {
            let count = desk.counts.of(looked);
            if matches!(looked, Looked::Flagged | Looked::Problems) && count == 0 && desk.filter.looked != looked {
                continue;
            }
            let response = widgets::row(ui, 0.0, &looked.name(), &thousands(count), desk.filter.looked == looked);
            if response.on_hover_text(looked.help()).clicked() {
                action = Some(Action::FilterLooked(looked));
            }
        }
        action = super::order::ui(ui, state, desk).or(action);
        widgets::section(ui, &say!("filters-tags"));
        ui.add_space(2.0);
        if desk.vocabulary.is_empty() {
            let key = held(ui).in_words(Verb::AddTag);
            widgets::note(ui, say!("filters-no-vocabulary", key = key));
            return action;
        }
        self.make(desk);
        let rows = self.lines.len();
        ScrollArea::vertical().auto_shrink(false).animated(false).show_rows(
            ui,
            crate::app::theme::ROW,
            rows,
            |ui, range| {
                for line in self.lines.get(range).unwrap_or_default() {
                    let asked = match line {
                        Line::Namespace(name) => {
                            let closed = self.closed.get(name).copied().unwrap_or(false);
                            let response = widgets::row(ui, 14.0, name, "", false);
                            let at = response.rect.left_center() + egui::vec2(12.0, 0.0);
                            widgets::triangle(ui, at, !closed);
                            if response.on_hover_text(say!("filters-fold")).clicked() {
                                self.closed.insert(name.clone(), !closed);
                                self.changed = true;
                            }
                            None
                        }
                        Line::Tag(attribute) => tag_row(ui, desk, *attribute),
                    };
                    action = asked.or(action.take());
                }
            },
        );
        action
    }

    /// The tree is made anew when the vocabulary or what is closed changes, not in every frame.
    fn make(&mut self, desk: &Desk) {
        let same = self.made_from.as_ref().is_some_and(|made_from| Arc::ptr_eq(made_from, &desk.vocabulary));
        if same && !self.changed {
            return;
        }
        self.made_from = Some(desk.vocabulary.clone());
        self.changed = false;
        self.lines.clear();
        let mut groups: BTreeMap<Option<&str>, Vec<(String, AttributeId)>> = BTreeMap::new();
        for label in desk.vocabulary.offered() {
            let entry = (label.short_name().to_lowercase(), label.id);
            groups.entry(label.namespace()).or_default().push(entry);
        }
        for (namespace, mut labels) in groups {
            labels.sort();
            if let Some(name) = namespace {
                self.lines.push(Line::Namespace(name.to_owned()));
                if self.closed.get(name).copied().unwrap_or(false) {
                    continue;
                }
            }
            self.lines.extend(labels.into_iter().map(|(_, id)| Line::Tag(id)));
        }
    }
}

fn tag_row(ui: &mut Ui, desk: &Desk, attribute: AttributeId) -> Option<Action> {
    let label = desk.vocabulary.get(attribute)?;
    let state = desk.filter.tags.iter().find(|(tag, _)| *tag == attribute).map(|(_, wanted)| *wanted);
    let indent = if label.namespace().is_some() { 14.0 } else { 0.0 };
    let (left, top) = (ui.cursor().left() + 8.0 + indent, ui.cursor().top());
    let name = match state {
        Some(false) => say!("filters-not", name = label.short_name()),
        _ => label.short_name().to_owned(),
    };
    let response = widgets::row(ui, indent + MARK + 6.0, &name, &thousands(desk.tag_count(attribute)), state.is_some());
    let response = response.on_hover_text_at_pointer(say!("filters-click"));
    let middle = top + crate::app::theme::ROW / 2.0;
    let mark = Rect::from_center_size(pos2(left + MARK / 2.0, middle), Vec2::splat(MARK));
    if tri_state(ui, mark, label, state).clicked() {
        // Any, with, without, any; once more the same wish takes it back.
        let wanted = state.is_none();
        return Some(Action::FilterTag { attribute, wanted, keep_others: true });
    }
    let modifiers = ui.input(|input| input.modifiers);
    let wanted = !(modifiers.alt || response.secondary_clicked());
    (response.clicked() || response.secondary_clicked()).then_some(Action::FilterTag {
        attribute,
        wanted,
        keep_others: modifiers.command || modifiers.alt || response.secondary_clicked(),
    })
}

/// Width and height of the mark before a label.
const MARK: f32 = 12.0;

/// Whether pictures with the label are shown, those without it, or both.
fn tri_state(ui: &Ui, rect: Rect, label: &Label, state: Option<bool>) -> Response {
    let t = tokens(ui);
    let response = ui.interact(rect.expand(4.0), ui.scope_id().with(("three states", label.id)), Sense::click());
    let said = || match state {
        None => say!("filters-either"),
        Some(true) => say!("filters-with"),
        Some(false) => say!("filters-without"),
    };
    response.widget_info(|| {
        let name = say!("filters-name", name = label.name, state = said());
        WidgetInfo::selected(Role::CheckBox, true, state.is_some(), name)
    });
    let painter = ui.painter();
    let edge = if response.hovered() || response.has_focus() { t.text } else { t.line };
    painter.rect_stroke(rect, CornerRadius::same(3), Stroke::new(1.0, edge), StrokeKind::Inside);
    match state {
        None => {}
        Some(true) => {
            let tick = [vec2(-3.0, 0.2), vec2(-0.8, 2.4), vec2(3.2, -2.6)].map(|at| rect.center() + at);
            painter.line(tick.to_vec(), Stroke::new(1.6, t.ok));
        }
        Some(false) => {
            for (a, b) in [(vec2(-2.8, -2.8), vec2(2.8, 2.8)), (vec2(-2.8, 2.8), vec2(2.8, -2.8))] {
                painter.line_segment([rect.center() + a, rect.center() + b], Stroke::new(1.6, t.no));
            }
        }
    }
    response.on_hover_ui(|ui| {
        ui.label(say!("filters-help", state = said()));
    })
}
