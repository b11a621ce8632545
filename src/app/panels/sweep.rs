//! The sweep: one tag, many pictures. Its left side says what is swept and how it goes, the middle is the page.

use std::collections::BTreeSet;

use eframe::egui;
use egui::accesskit::Role;
use egui::{
    Align2, Color32, CornerRadius, Rect, RichText, ScrollArea, Sense, Slider, Stroke, StrokeKind, Ui, WidgetInfo, pos2,
    vec2,
};

use super::widgets::{self, key_hint};
use crate::app::action::Action;
use crate::app::keymap::Verb;
use crate::app::state::sweep::{N_BARS, Place, Sweep, waiting};
use crate::app::state::{Desk, Size, State};
use crate::app::text::{percent, thousands};
use crate::app::texts::say;
use crate::app::textures::Textures;
use crate::app::theme::{self, tokens};
use crate::domain::AttributeId;

const GAP: f32 = 10.0;
/// Room for the ring around a picture at the edge.
const RING: f32 = 3.0;

#[derive(Debug, Default)]
pub struct SweepPanel {
    pub in_view: Vec<u32>,
    pub columns: usize,
    /// How many pictures the page has room for.
    pub room: usize,
    /// Tags with pictures that wait, most first, and what they were counted for.
    tags: Vec<(AttributeId, usize)>,
    counted_for: Option<(u64, u32)>,
    /// Pictures that the pointer has passed while it was held down.
    dragged: BTreeSet<u32>,
}

impl SweepPanel {
    pub fn side(&mut self, ui: &mut Ui, state: &State) -> Option<Action> {
        let desk = state.desk.as_ref()?;
        let sweep = &state.sweep;
        self.count(desk, sweep);
        let mut action = None;
        ui.spacing_mut().item_spacing.y = 0.0;
        widgets::head(ui, &say!("sweep-tag"));
        ui.add_space(4.0);
        if self.tags.is_empty() {
            widgets::note(ui, say!("sweep-no-tag"));
        }
        let height = (ui.available_height() - 330.0).max(120.0);
        ScrollArea::vertical().max_height(height).auto_shrink([false, true]).animated(false).show_rows(
            ui,
            theme::ROW,
            self.tags.len(),
            |ui, range| {
                for &(attribute, n) in self.tags.get(range).unwrap_or_default() {
                    let Some(label) = desk.vocabulary.get(attribute) else {
                        continue;
                    };
                    let is_chosen = sweep.attribute == Some(attribute);
                    let row = widgets::row(ui, 0.0, label.short_name(), &thousands(n), is_chosen);
                    if row.on_hover_text(&label.name).clicked() {
                        action = Some(Action::SweepTag(attribute));
                    }
                }
            },
        );
        if sweep.attribute.is_some() {
            widgets::section(ui, &say!("sweep-probability"));
            ui.add_space(4.0);
            action = histogram(ui, desk, sweep).or(action);
            progress(ui, desk, sweep);
        }
        action
    }

    /// Anew only when something changed.
    fn count(&mut self, desk: &Desk, sweep: &Sweep) {
        let cut = sweep.cut(desk);
        if self.counted_for == Some((desk.version, cut.to_bits())) {
            return;
        }
        self.counted_for = Some((desk.version, cut.to_bits()));
        self.tags = waiting(desk, cut);
        if let Some(chosen) = sweep.attribute.filter(|&chosen| desk.vocabulary.contains(chosen))
            && self.tags.iter().all(|&(attribute, _)| attribute != chosen)
        {
            self.tags.push((chosen, 0));
        }
    }

    pub fn page(&mut self, ui: &mut Ui, state: &State, textures: &mut Textures) -> Option<Action> {
        let desk = state.desk.as_ref()?;
        let sweep = &state.sweep;
        self.in_view.clear();
        let Some(label) = sweep.attribute.and_then(|attribute| desk.vocabulary.get(attribute)) else {
            if self.tags.is_empty() {
                let text = &say!("sweep-nothing-why");
                return widgets::empty(ui, &say!("sweep-nothing"), text, |_| None);
            }
            let text = &say!("sweep-choose");
            return widgets::empty(ui, &say!("sweep-one-tag"), text, |_| None);
        };
        let t = tokens(ui);
        ui.horizontal(|ui| {
            let title = egui::FontId::new(18.0, theme::strong_family());
            ui.spacing_mut().item_spacing.x = 6.0;
            ui.label(RichText::new(say!("sweep-is-this")).font(title.clone()).color(t.text));
            ui.label(RichText::new(say!("sweep-question", name = label.short_name())).font(title).color(t.accent));
            ui.add_space(6.0);
            ui.label(RichText::new(page_words(sweep)).color(t.text2));
        });
        ui.add_space(8.0);
        let width = ui.available_width() - 2.0 * RING;
        let columns = (((width + GAP) / (state.settings.thumbnail + GAP)).floor() as usize).max(1);
        let cell = (width + GAP) / columns as f32 - GAP;
        let size = vec2(cell, (cell * 0.735).round());
        let n_rows = ((ui.available_height() + GAP) / (size.y + GAP)).floor().max(1.0) as usize;
        (self.columns, self.room) = (columns, columns * n_rows);
        if sweep.page.is_empty() {
            return done(ui, sweep, label.short_name());
        }
        let mut action = None;
        ScrollArea::vertical().auto_shrink(false).animated(false).show(ui, |ui| {
            let origin = ui.max_rect().min + vec2(RING, RING);
            ui.set_height(sweep.page.len().div_ceil(columns) as f32 * (size.y + GAP));
            for (at, place) in sweep.page.iter().enumerate() {
                let (row, column) = (at / columns, at % columns);
                let corner = origin + vec2(column as f32 * (cell + GAP), row as f32 * (size.y + GAP));
                self.in_view.push(place.image);
                let rect = Rect::from_min_size(corner, size);
                action = self.cell(ui, desk, sweep, at, place, rect, textures).or(action.take());
            }
        });
        self.in_view.extend(&sweep.ahead);
        action
    }

    #[expect(clippy::too_many_arguments, reason = "one picture with all that is known of it")]
    fn cell(
        &mut self,
        ui: &mut Ui,
        desk: &Desk,
        sweep: &Sweep,
        at: usize,
        place: &Place,
        rect: Rect,
        textures: &mut Textures,
    ) -> Option<Action> {
        let t = tokens(ui);
        let response = ui.interact(rect, ui.scope_id().with(place.image), Sense::click_and_drag());
        let is_marked = sweep.marked.contains(&place.image);
        let words = format!(
            "{} {}{}",
            desk.id(place.image),
            percent(place.probability),
            if is_marked { say!("sweep-and-not-this") } else { String::new() }
        );
        response.widget_info(|| WidgetInfo::selected(Role::Button, true, is_marked, &words));
        let tint = if is_marked { Color32::from_gray(70) } else { Color32::WHITE };
        match textures.get(place.image, Size::Thumbnail) {
            Some(texture) => widgets::paint_picture(ui, rect, texture, 4, tint),
            None => {
                ui.painter().rect_filled(rect, CornerRadius::same(4), t.bg1);
            }
        }
        badge(
            ui,
            rect.left_bottom() + vec2(6.0, -6.0),
            Align2::LEFT_BOTTOM,
            &percent(place.probability),
            t.veil,
            t.on_veil,
        );
        if is_marked {
            badge(
                ui,
                rect.right_top() + vec2(-6.0, 6.0),
                Align2::RIGHT_TOP,
                &say!("sweep-not-this"),
                theme::DARK.no,
                t.on_accent,
            );
        }
        let ring = if at == sweep.at { Some((2.0, t.accent)) } else { response.hovered().then_some((1.0, t.text3)) };
        if let Some((width, color)) = ring {
            let (rect, corner) = (rect.expand(2.0), CornerRadius::same(6));
            ui.painter().rect_stroke(rect, corner, Stroke::new(width, color), StrokeKind::Middle);
        }
        let passed = self.passed(ui, rect, place.image, &response);
        if response.on_hover_text_at_pointer(desk.id(place.image).as_str()).clicked() || passed {
            return Some(Action::SweepMark(place.image));
        }
        None
    }

    /// Whether the pointer, held down, comes over a picture for the first time.
    fn passed(&mut self, ui: &Ui, rect: Rect, image: u32, response: &egui::Response) -> bool {
        let (is_down, at, is_dragging) = ui.input(|input| {
            let pointer = &input.pointer;
            (pointer.primary_down(), pointer.interact_pos(), pointer.is_decidedly_dragging())
        });
        if !is_down {
            self.dragged.clear();
            return false;
        }
        let began_here = response.drag_started() || !self.dragged.is_empty();
        is_dragging && began_here && at.is_some_and(|at| rect.contains(at)) && self.dragged.insert(image)
    }

    pub fn hints(&self, ui: &mut Ui, state: &State) {
        let sweep = &state.sweep;
        let n = sweep.page.len() - sweep.page.iter().filter(|place| sweep.marked.contains(&place.image)).count();
        let enter = match sweep.page.is_empty() {
            true => say!("sweep-look-again"),
            false => say!("sweep-accept", n = n),
        };
        ui.horizontal_centered(|ui| {
            let keys = &state.keys;
            let all = |verbs: &[Verb]| verbs.iter().map(|verb| keys.shown(*verb)).collect::<Vec<_>>().join(" ");
            for (key, what) in [
                (
                    all(&[Verb::SweepLeft, Verb::SweepUp, Verb::SweepDown, Verb::SweepRight]).as_str(),
                    &say!("sweep-move"),
                ),
                (keys.shown(Verb::SweepMark), &say!("sweep-not-this")),
                (keys.shown(Verb::SweepFinish), &enter),
                (keys.shown(Verb::Undo), &say!("sweep-undo")),
                (&all(&[Verb::CutLower, Verb::CutHigher]), &say!("sweep-move-cut")),
                (keys.shown(Verb::SweepCloser), &say!("sweep-closer")),
                (keys.shown(Verb::Help), &say!("strip-key-help")),
            ] {
                if ui.available_width() > 110.0 {
                    key_hint(ui, key, what);
                }
            }
        });
    }
}

fn page_words(sweep: &Sweep) -> String {
    let rest = sweep.n_open.saturating_sub(sweep.page.iter().filter(|place| !place.again).count());
    match (sweep.page.is_empty(), sweep.n_open) {
        (true, _) => String::new(),
        (false, 0) => say!("sweep-second-look"),
        (false, _) if rest == 0 => say!("sweep-last-page", page = sweep.n_pages + 1),
        (false, _) => say!("sweep-page", page = sweep.n_pages + 1, n = rest),
    }
}

fn done(ui: &mut Ui, sweep: &Sweep, name: &str) -> Option<Action> {
    let (title, text) = match sweep.n_pages {
        0 => (say!("sweep-nothing-about", name = name), say!("sweep-none-above")),
        _ => (say!("sweep-done", name = name), say!("sweep-done-help")),
    };
    widgets::empty(ui, &title, &text, |ui| {
        ui.button(say!("sweep-to-library")).clicked().then_some(Action::Do(Verb::ShowLibrary))
    })
}

fn badge(ui: &Ui, at: egui::Pos2, align: Align2, words: &str, ground: Color32, color: Color32) {
    let galley = ui.painter().layout_no_wrap(words.to_owned(), theme::small(), color);
    let rect = align.anchor_size(at, galley.size() + vec2(12.0, 6.0));
    ui.painter().rect_filled(rect, CornerRadius::same(4), ground);
    ui.painter().galley(rect.min + vec2(6.0, 3.0), galley, color);
}

/// How many pictures lie at which probability; those from the cut on are asked about.
fn histogram(ui: &mut Ui, desk: &Desk, sweep: &Sweep) -> Option<Action> {
    let t = tokens(ui);
    let (rect, response) = ui.allocate_exact_size(vec2(ui.available_width(), 68.0), Sense::hover());
    let most = sweep.bars.iter().copied().max().unwrap_or(0).max(1) as f32;
    let mut cut = sweep.cut(desk);
    let pitch = rect.width() / N_BARS as f32;
    for (bar, &n) in sweep.bars.iter().enumerate() {
        // Square roots: the bar of hopeless pictures must not flatten all others.
        let height = (n as f32 / most).sqrt() * rect.height();
        let left = rect.left() + bar as f32 * pitch;
        let body = Rect::from_min_max(pos2(left, rect.bottom() - height), pos2(left + pitch - 2.0, rect.bottom()));
        let is_asked = cut <= (bar + 1) as f32 / N_BARS as f32 - 1e-6;
        ui.painter().rect_filled(body, CornerRadius::same(1), if is_asked { t.accent_fill } else { t.line });
    }
    response.on_hover_text(say!("sweep-histogram"));
    ui.add_space(2.0);
    ui.spacing_mut().slider_width = ui.available_width() - 64.0;
    let slider = Slider::new(&mut cut, 0.01..=0.99).step_by(0.01).fixed_decimals(2);
    let slider = ui.add(slider).accessible_name(say!("sweep-cut"));
    slider.on_hover_text(say!("sweep-cut-help")).changed().then_some(Action::SweepCut(cut))
}

fn progress(ui: &mut Ui, desk: &Desk, sweep: &Sweep) {
    let Some(attribute) = sweep.attribute else {
        return;
    };
    let t = tokens(ui);
    widgets::section(ui, &say!("sweep-progress"));
    let numbers = [
        (say!("sweep-with-tag"), desk.tag_count(attribute)),
        (say!("sweep-above"), sweep.n_open),
        (say!("sweep-below"), sweep.bars.iter().sum::<usize>().saturating_sub(sweep.n_open)),
    ];
    for (words, n) in numbers {
        ui.horizontal(|ui| {
            ui.set_min_height(theme::ROW);
            ui.with_layout(egui::Layout::right_to_left(egui::Align::Center), |ui| {
                ui.label(RichText::new(thousands(n)).font(theme::small()).color(t.text3));
                ui.with_layout(egui::Layout::left_to_right(egui::Align::Center), |ui| {
                    ui.add_space(8.0);
                    ui.add(egui::Label::new(RichText::new(words).color(t.text2)).truncate());
                });
            });
        });
    }
    widgets::section(ui, &say!("sweep-audit"));
    let words = match sweep.audit.precision() {
        None => say!("sweep-audit-none"),
        Some((precision, [low, high])) => {
            let (agreed, asked) = (sweep.audit.n_agreed(), sweep.audit.n_asked());
            let [low, high] = [low, high].map(|end| (100.0 * end).round());
            say!(
                "sweep-audit-so-far",
                agreed = agreed,
                asked = asked,
                share = percent(precision as f32),
                low = low,
                high = high
            )
        }
    };
    widgets::note(ui, words);
}
