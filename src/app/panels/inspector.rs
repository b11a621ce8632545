//! The library's right side: what is selected, its tags, and what can be done with all of it at once.

use eframe::egui;
use std::collections::BTreeMap;

use egui::{Color32, RichText, ScrollArea, Sense, Ui, vec2};

use super::widgets::{self, ChipKind};
use crate::app::action::Action;
use crate::app::keymap::{Verb, held};
use crate::app::state::{Desk, Size, State, review};
use crate::app::text::{self};
use crate::app::texts::say;
use crate::app::textures::Textures;
use crate::app::theme::{self, tokens};
use crate::domain::AttributeId;

#[derive(Debug, Default)]
pub struct Inspector {
    /// How many of the selected images have a tag, most first; made anew only when something changed.
    tags: Vec<(AttributeId, usize)>,
    made_for: Option<u64>,
}

impl Inspector {
    pub fn ui(&mut self, ui: &mut Ui, state: &State, textures: &mut Textures) -> Option<Action> {
        let desk = state.desk.as_ref()?;
        let selected = desk.selection.images();
        ScrollArea::vertical()
            .auto_shrink(false)
            .animated(false)
            .show(ui, |ui| match (selected.len(), selected.first()) {
                (1, Some(&image)) => one(ui, desk, image, textures),
                (n, Some(_)) => self.several(ui, desk, n, textures),
                (_, None) => {
                    nothing(ui, desk);
                    None
                }
            })
            .inner
    }

    fn several(&mut self, ui: &mut Ui, desk: &Desk, n: usize, textures: &mut Textures) -> Option<Action> {
        let t = tokens(ui);
        widgets::head(ui, &say!("inspector-selected", n = n));
        ui.add_space(4.0);
        let width = (ui.available_width() - 12.0) / 3.0;
        ui.horizontal(|ui| {
            ui.spacing_mut().item_spacing.x = 6.0;
            for &image in desk.selection.images().iter().take(3) {
                let (rect, _) = ui.allocate_exact_size(vec2(width, width * 0.72), Sense::hover());
                match textures.get(image, Size::Thumbnail) {
                    Some(texture) => widgets::paint_picture(ui, rect, texture, 4, Color32::WHITE),
                    None => {
                        ui.painter().rect_filled(rect, 4.0, t.bg2);
                    }
                }
            }
        });
        widgets::section(ui, &say!("inspector-tags-of"));
        if self.made_for != Some(desk.version) {
            self.made_for = Some(desk.version);
            let mut counts: BTreeMap<AttributeId, usize> = BTreeMap::new();
            for &image in desk.selection.images() {
                desk.item(image).tags.iter().for_each(|tag| *counts.entry(tag).or_default() += 1);
            }
            self.tags = counts.into_iter().collect();
            self.tags.sort_by_key(|&(tag, count)| (usize::MAX - count, tag));
        }
        if self.tags.is_empty() {
            widgets::note(ui, say!("inspector-no-tags"));
        }
        let mut action = None;
        ui.horizontal_wrapped(|ui| {
            ui.spacing_mut().item_spacing = vec2(6.0, 6.0);
            for &(tag, count) in self.tags.iter().take(40) {
                if let Some(label) = desk.vocabulary.get(tag) {
                    let all = count == n;
                    let color = if all { t.ok } else { t.text2 };
                    let mut job = widgets::label_job(label, color, color, false);
                    job.append(
                        &format!("  {}", text::thousands(count)),
                        0.0,
                        egui::TextFormat::simple(theme::small(), color),
                    );
                    let kind = if all { ChipKind::Accepted } else { ChipKind::Plain };
                    let mark = if all { "✓" } else { "" };
                    let name = say!("inspector-count", name = label.name, count = count, n = n);
                    let help = if all {
                        say!("inspector-all-have", name = name)
                    } else {
                        say!("inspector-some-have", name = name)
                    };
                    if widgets::chip(ui, kind, &job, mark, &name).on_hover_text(help).clicked() {
                        let adds = !all && ui.input(|input| input.modifiers.shift);
                        action = Some(if adds { Action::AddTag(tag) } else { Action::RemoveTag(tag) });
                    }
                }
            }
        });
        widgets::section(ui, &say!("inspector-all"));
        ui.add_space(2.0);
        let wide = vec2(ui.available_width(), 30.0);
        if ui
            .add(egui::Button::new(say!("inspector-add-all")).right_text(held(ui).shown(Verb::AddTag)).min_size(wide))
            .clicked()
        {
            action = Some(Action::Do(Verb::AddTag));
        }
        let first = desk.selection.images().first().copied();
        if ui
            .add(
                egui::Button::new(say!("inspector-review-first"))
                    .right_text(held(ui).shown(Verb::OpenInReview))
                    .min_size(wide),
            )
            .clicked()
        {
            action = first.map(Action::OpenInReview);
        }
        action
    }
}

fn nothing(ui: &mut Ui, desk: &Desk) {
    widgets::head(ui, &say!("inspector-nothing"));
    ui.add_space(4.0);
    let key = held(ui).in_words(Verb::OpenInReview);
    widgets::note(ui, say!("inspector-click", key = key));
    if desk.learned.is_none() && desk.model.as_ref().is_some_and(|model| model.attribute_ids.is_empty()) {
        widgets::section(ui, &say!("inspector-no-proposals"));
        widgets::note(ui, super::proposals::untaught(&held(ui), desk));
    }
}

fn one(ui: &mut Ui, desk: &Desk, image: u32, textures: &mut Textures) -> Option<Action> {
    let t = tokens(ui);
    let item = desk.item(image);
    widgets::head(ui, &say!("inspector-picture"));
    ui.add_space(4.0);
    let width = ui.available_width();
    let (rect, _) = ui.allocate_exact_size(vec2(width, (width * 0.66).min(260.0)), Sense::hover());
    match textures.best(image) {
        Some(texture) => {
            let size = texture.size_vec2();
            let size = size * (rect.size() / size).min_elem().min(2.0);
            let target = egui::Rect::from_center_size(rect.center(), size);
            ui.painter().image(texture.id(), target, widgets::unit(), Color32::WHITE);
        }
        None => {
            ui.painter().rect_filled(rect, 4.0, t.bg2);
        }
    }
    ui.add_space(4.0);
    facts(ui, desk, image);
    let mut action = None;
    if let Some(problem) = &item.problem {
        ui.add_space(6.0);
        egui::Frame::new().fill(t.no_fill).corner_radius(6).inner_margin(10).show(ui, |ui| {
            ui.set_width(ui.available_width());
            ui.label(RichText::new(format!("! {}", problem.message)).color(t.no));
            if let Some(hint) = &problem.hint {
                ui.label(RichText::new(text::sentence(hint)).font(theme::small()).color(t.text2));
            }
        });
    }
    widgets::section(ui, &say!("filters-tags"));
    action = tags(ui, desk, image).or(action);
    let offered: Vec<_> = review::rows(desk, image).into_iter().filter(review::Row::is_offered).take(8).collect();
    if !offered.is_empty() && !item.annotation.is_reviewed() {
        widgets::section(ui, &say!("inspector-proposals"));
        for row in offered {
            if let Some(label) = desk.vocabulary.get(row.attribute) {
                proposal_line(ui, label, row.probability);
            }
        }
    }
    ui.add_space(10.0);
    let wide = vec2(ui.available_width(), 30.0);
    if ui
        .add(
            egui::Button::new(say!("key-open-in-review")).right_text(held(ui).shown(Verb::OpenInReview)).min_size(wide),
        )
        .clicked()
    {
        action = Some(Action::OpenInReview(image));
    }
    let similar = egui::Button::new(say!("key-show-similar")).right_text(held(ui).shown(Verb::ShowSimilar));
    if ui.add(similar.min_size(wide)).clicked() {
        action = Some(Action::ShowSimilar(image));
    }
    action
}

fn proposal_line(ui: &mut Ui, label: &crate::domain::Label, probability: f32) {
    let t = tokens(ui);
    let (rect, _) = ui.allocate_exact_size(vec2(ui.available_width(), 24.0), Sense::hover());
    let percent = text::percent(probability);
    let right = egui::pos2(rect.right(), rect.center().y - 2.0);
    ui.painter().text(right, egui::Align2::RIGHT_CENTER, percent, theme::small(), t.text2);
    let mut job = widgets::label_job(label, t.text3, t.text, false);
    job.wrap.max_width = rect.width() - 50.0;
    let galley = ui.fonts_mut(|fonts| fonts.layout_job(job));
    ui.painter().galley(rect.min + vec2(0.0, 1.0), galley, t.text);
    let bar = egui::Rect::from_min_max(
        egui::pos2(rect.left(), rect.bottom() - 3.0),
        egui::pos2(rect.right(), rect.bottom() - 1.0),
    );
    widgets::paint_bar(ui, bar, probability, t.accent_fill);
}

/// The tags of an image as chips that can be clicked away, those rejected, and the invitation to add one.
pub fn tags(ui: &mut Ui, desk: &Desk, image: u32) -> Option<Action> {
    let t = tokens(ui);
    let mut action = None;
    let (present, rejected) = review::tags(desk, image);
    ui.horizontal_wrapped(|ui| {
        ui.spacing_mut().item_spacing = vec2(6.0, 6.0);
        for label in present {
            let job = widgets::label_job(label, t.ok, t.ok, false);
            let chip = widgets::chip(ui, ChipKind::Accepted, &job, "✓", &say!("inspector-remove", name = label.name));
            if chip.on_hover_text(say!("inspector-remove-help")).clicked() {
                action = Some(Action::ToggleTag { image, attribute: label.id });
            }
        }
        for label in rejected {
            let job = widgets::label_job(label, t.no, t.no, true);
            let chip = widgets::chip(ui, ChipKind::Rejected, &job, "×", &say!("inspector-rejected", name = label.name));
            if chip.on_hover_text(say!("inspector-rejected-help")).clicked() {
                action = Some(Action::ToggleTag { image, attribute: label.id });
            }
        }
        let mut job = egui::text::LayoutJob::simple_singleline(say!("key-add-tag"), theme::body(), t.text2);
        job.append("/", 8.0, egui::TextFormat::simple(theme::small(), t.text3));
        if widgets::chip(ui, ChipKind::Dashed, &job, "+", &say!("key-add-tag")).clicked() {
            action = Some(Action::Do(Verb::AddTag));
        }
    });
    action
}

/// Name, folder, size and state of a file.
pub fn facts(ui: &mut Ui, desk: &Desk, image: u32) {
    let file = &desk.collection.images[image as usize];
    let item = desk.item(image);
    let name = file.path.file_name().unwrap_or_default().to_string_lossy();
    let folder = file.path.parent().map(|folder| folder.display().to_string()).unwrap_or_default();
    let size = item.full_size.map_or_else(String::new, |(w, h)| {
        format!("{} × {}", text::thousands(w as usize), text::thousands(h as usize))
    });
    fact(ui, &name, &size).on_hover_text(&*name);
    let root = say!("inspector-root");
    fact(ui, if folder.is_empty() { &root } else { &folder }, &text::bytes(file.bytes))
        .on_hover_text(file.path.display().to_string());
    let state = match &item.annotation {
        annotation if annotation.is_marked() => say!("inspector-reviewed"),
        annotation if annotation.is_reviewed() => say!("inspector-described"),
        annotation if annotation.is_touched() => say!("inspector-begun"),
        _ => say!("inspector-never"),
    };
    let _ = fact(ui, &state, &if item.annotation.is_flagged() { say!("inspector-flagged") } else { String::new() });
}

/// What the picture's EXIF says; nothing where there is none, or the picture was not shown yet.
pub fn details(ui: &mut Ui, desk: &Desk, image: u32) {
    let Some(details) = desk.details.get(&image).filter(|details| !details.is_empty()) else {
        return;
    };
    widgets::section(ui, &say!("inspector-camera"));
    for detail in details {
        let response = fact(ui, detail.name, &detail.value);
        response.on_hover_text(&detail.value);
    }
}

/// Who said what of its tags, when, and what a model had said; nothing where nobody has said anything here.
pub fn origins(ui: &mut Ui, desk: &Desk, image: u32, now_millis: u64) {
    let Some((_, origins)) = desk.origins.as_ref().filter(|(about, origins)| *about == image && !origins.is_empty())
    else {
        return;
    };
    widgets::section(ui, &say!("inspector-who"));
    for origin in origins {
        let name = desk.vocabulary.get(origin.attribute).map_or("", |label| label.short_name());
        let verdict = if origin.accepted { say!("inspector-accepted") } else { say!("inspector-rejected-word") };
        let left = say!(
            "inspector-said",
            name = name,
            verdict = verdict,
            who = origin.who,
            time = text::age(origin.at_millis, now_millis)
        );
        let right = origin.proposed.as_ref().map_or_else(
            || say!("inspector-unasked"),
            |(model, probability)| format!("{model} {}", text::percent(*probability)),
        );
        fact(ui, &left, &right).on_hover_text(&left);
    }
}

fn fact(ui: &mut Ui, left: &str, right: &str) -> egui::Response {
    let t = tokens(ui);
    let (rect, response) = ui.allocate_exact_size(vec2(ui.available_width(), 20.0), Sense::hover());
    let end = widgets::truncated(ui, right, theme::small(), t.text3, rect.width() * 0.7);
    let width = end.size().x;
    ui.painter().galley(egui::pos2(rect.right() - width, rect.center().y - end.size().y / 2.0), end, t.text3);
    let galley = widgets::truncated(ui, left, theme::small(), t.text2, rect.width() - width - 8.0);
    ui.painter().galley(egui::pos2(rect.left(), rect.center().y - galley.size().y / 2.0), galley, t.text2);
    response.widget_info(|| egui::WidgetInfo::labeled(egui::accesskit::Role::Label, true, format!("{left} {right}")));
    response
}
