//! The window: drains what the workers say, draws the panels, and hands on what the user asked for.
//!
//! Architecture Invariant: a frame takes no lock, waits for nothing and reads no file.

mod views;

use eframe::egui;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::{Duration, Instant, SystemTime};

use egui::{Context, Margin, Panel, Ui};

use super::action::Action;
use super::actions::perform;
use super::inbox;
use super::insights;
use super::keymap::{self, Busy, Keymap};
use super::looking::look;
use super::panels::{
    add_tag::AddTag,
    filters::Filters,
    grid::Grid,
    insights::InsightsPanel,
    inspector::Inspector,
    key_list::KeyList,
    label_dialog::LabelDialog,
    name::NameField,
    overlays::Overlays,
    palette::Palette,
    picture::Picture,
    proposals::Proposals,
    saved::Saved,
    status_bar::StatusBar,
    strip::Strip,
    sweep::SweepPanel,
    toasts::{Toasts, drop_hint},
    top_bar::TopBar,
    train::Train,
    vocabulary::LabelTable,
    welcome::Welcome,
};
use super::settings::{Settings, ThemeChoice};
use super::state::{Overlay, Size, State, View};
use super::sweeping;
use super::texts;
use super::textures::Textures;
use super::theme::{self, tokens};
use crate::domain::curator;
use crate::jobs::{Command, Event, Jobs};
use crate::model::Precision;

/// What a frame may spend on events.
const DRAIN_BUDGET: Duration = Duration::from_millis(4);

/// What to show first.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub enum Start {
    #[default]
    Welcome,
    Folder(PathBuf),
    Demo,
}

pub struct DocentApp {
    state: State,
    jobs: Jobs,
    textures: Textures,
    settings_path: Option<PathBuf>,
    panels: Panels,
    /// Which collection the textures are of.
    textures_of: Option<PathBuf>,
    applied: Option<(ThemeChoice, bool, f32)>,
    /// The keys that whatever draws one was told of.
    published: Option<Arc<Keymap>>,
    /// A text field had the keyboard at the end of the last frame: egui takes it away before we see the Escape.
    was_typing: bool,
}

#[derive(Default)]
struct Panels {
    welcome: Welcome,
    top_bar: TopBar,
    status_bar: StatusBar,
    filters: Filters,
    saved: Saved,
    grid: Grid,
    inspector: Inspector,
    insights: InsightsPanel,
    picture: Picture,
    proposals: Proposals,
    strip: Strip,
    sweep: SweepPanel,
    train: Train,
    overlays: Overlays,
    key_list: KeyList,
    palette: Palette,
    add_tag: AddTag,
    labels: LabelTable,
    label_dialog: LabelDialog,
    name: NameField,
    toasts: Toasts,
}

impl DocentApp {
    /// `settings_path`: where settings are kept at the end; `None` keeps none.
    pub fn new(ctx: &Context, jobs: Jobs, start: Start, settings: Settings, settings_path: Option<PathBuf>) -> Self {
        theme::install(ctx);
        texts::speak(settings.language);
        let mut app = Self {
            state: State::new(settings),
            jobs,
            textures: Textures::default(),
            settings_path,
            panels: Panels::default(),
            textures_of: None,
            applied: None,
            published: None,
            was_typing: false,
        };
        app.state.chosen_device = app.jobs.device();
        app.state.account = app.jobs.who().to_owned();
        app.state.who = curator::name(&app.state.settings.name).unwrap_or_else(|| app.state.account.clone());
        app.send(vec![Command::SignAs { who: app.state.who.clone() }]);
        if app.state.settings.learning_paused {
            app.send(vec![Command::PauseLearning(true)]);
        }
        let precision = app.state.settings.precision;
        if precision != Precision::F32 {
            app.send(vec![Command::UsePrecision { precision }]);
        }
        app.apply_settings(ctx);
        match start {
            Start::Welcome => {}
            Start::Folder(folder) => app.perform(Action::OpenFolder(folder)),
            Start::Demo => app.perform(Action::OpenDemo),
        }
        app
    }

    /// Whether the picture under review can be drawn whole, not as its thumbnail only.
    pub fn has_picture(&self) -> bool {
        let cursor = self.state.desk.as_ref().and_then(|desk| desk.cursor);
        cursor.is_some_and(|image| self.textures.has(image, Size::Whole))
    }

    pub fn state(&self) -> &State {
        &self.state
    }

    /// Takes an event as if a worker had said it.
    pub fn receive(&mut self, event: Event) {
        let commands = inbox::receive(&mut self.state, event);
        self.send(commands);
    }

    /// Does an action as if the user had asked for it.
    pub fn perform(&mut self, action: Action) {
        let commands = perform(&mut self.state, action);
        self.send(commands);
    }

    fn send(&mut self, commands: Vec<Command>) {
        for command in commands {
            self.jobs.send(command);
        }
    }

    fn apply_settings(&mut self, ctx: &Context) {
        let keys = &self.state.keys;
        if !self.published.as_ref().is_some_and(|published| Arc::ptr_eq(published, keys)) {
            keymap::publish(ctx, keys);
            self.published = Some(keys.clone());
        }
        let settings = &self.state.settings;
        let wanted = (settings.theme, settings.high_contrast, settings.scale);
        if self.applied == Some(wanted) {
            return;
        }
        if self.applied.is_none_or(|(_, contrast, _)| contrast != wanted.1) {
            theme::dress(ctx, wanted.1);
        }
        self.applied = Some(wanted);
        ctx.set_theme(match wanted.0 {
            ThemeChoice::Dark => egui::ThemePreference::Dark,
            ThemeChoice::Light => egui::ThemePreference::Light,
            ThemeChoice::System => egui::ThemePreference::System,
        });
        ctx.set_zoom_factor(wanted.2);
    }

    /// Verbs of the keys pressed since the last frame.
    fn keys(&mut self, ctx: &Context) {
        let covered = self.state.overlay.is_some();
        let focused = ctx.memory(|memory| memory.focused().is_some());
        let typing = ctx.text_edit_focused() || (self.was_typing && !covered);
        let busy = Busy { typing, on_control: focused && !typing, covered };
        if egui::Popup::is_any_open(ctx) || self.panels.key_list.listens() {
            return; // A menu has the keyboard, or the next key is the answer to a question.
        }
        let view = self.state.desk.as_ref().map(|_| self.state.view);
        let mut verbs = Vec::new();
        ctx.input_mut(|input| {
            input.events.retain(|event| match event {
                egui::Event::Key { key, pressed: true, repeat, modifiers, .. } => {
                    match self.state.keys.verb(*key, *modifiers, *repeat, view, busy) {
                        Some(verb) => {
                            verbs.push(verb);
                            false
                        }
                        None => true,
                    }
                }
                _ => true,
            });
            if !verbs.is_empty() {
                // The letter must not be typed into a field that the verb opens.
                input.events.retain(|event| !matches!(event, egui::Event::Text(_)));
            }
        });
        for verb in verbs {
            self.perform(Action::Do(verb));
        }
    }

    /// A folder dropped on the window opens; of a file, its folder.
    fn dropped(&mut self, ctx: &Context) {
        let dropped = ctx.input(|input| input.raw.dropped_files.first().map(|file| file.path().to_path_buf()));
        if let Some(path) = dropped {
            self.perform(Action::OpenFolder(path)); // Whether it is a file is for the worker to find out.
        }
    }

    fn front(&mut self, ctx: &Context) -> Vec<Action> {
        let (state, panels) = (&self.state, &mut self.panels);
        let mut actions = Vec::new();
        actions.extend(panels.overlays.ui(ctx, state));
        actions.extend(panels.key_list.ui(ctx, state));
        if let Some(action) = panels.palette.ui(ctx, state) {
            actions.extend([Action::Cover(None), action]); // What it opens lies over it.
        }
        actions.extend(panels.add_tag.ui(ctx, state));
        actions.extend(panels.label_dialog.ui(ctx, state));
        actions.extend(panels.name.ui(ctx, state));
        actions.extend(panels.toasts.ui(ctx, state));
        if ctx.input(|input| !input.raw.hovered_files.is_empty()) {
            drop_hint(ctx);
        }
        actions
    }

    /// Tells the workers what is in view now.
    fn look(&mut self) {
        self.state.fitted = self.panels.picture.fitted.max(0.01);
        if let Some(desk) = &mut self.state.desk {
            let is_sweep = self.state.view == View::Sweep;
            desk.columns = if is_sweep { self.panels.sweep.columns } else { self.panels.grid.columns }.max(1);
        }
        sweeping::fit(&mut self.state, self.panels.sweep.room);
        let in_view = match self.state.view {
            View::Library => &self.panels.grid.in_view,
            View::Review => &self.panels.strip.in_view,
            View::Sweep => &self.panels.sweep.in_view,
            View::Vocabulary => &self.panels.labels.in_view,
            View::Train => return,
            View::Insights => {
                let commands = insights::look(&mut self.state);
                return self.send(commands);
            }
        };
        let textures = &self.textures;
        let commands = look(&mut self.state, in_view, |image| textures.has(image, Size::Thumbnail));
        self.send(commands);
    }

    fn forget_other_textures(&mut self) {
        let root = self.state.desk.as_ref().map(|desk| desk.root());
        if self.textures_of.as_deref() != root {
            self.textures_of = root.map(PathBuf::from);
            self.textures.clear();
        }
    }
}

impl DocentApp {
    /// How large the window is and where, for the next time. Maximized, it keeps the size it would return to.
    fn remember_place(&mut self, ctx: &Context) {
        let settings = &mut self.state.settings;
        let (size, place, maximized) = ctx.input(|input| {
            let viewport = input.viewport();
            (input.content_rect().size(), viewport.outer_rect, viewport.maximized == Some(true))
        });
        settings.maximized = maximized;
        if !maximized {
            settings.window = Some((size.x, size.y));
            settings.position = place.map(|place| (place.min.x, place.min.y));
        }
    }

    /// The window does not close over decisions that the disk does not take, unless it is told to.
    fn guard_closing(&mut self, ctx: &Context) {
        let closing = ctx.input(|input| input.viewport().close_requested());
        if closing && self.state.record.at_risk() > 0 && !self.state.quitting {
            ctx.send_viewport_cmd(egui::ViewportCommand::CancelClose);
            self.state.overlay = Some(Overlay::Unsaved);
        }
    }
}

impl eframe::App for DocentApp {
    fn logic(&mut self, ctx: &Context, _frame: &mut eframe::Frame) {
        texts::speak(self.state.settings.language);
        self.state.now = ctx.input(|input| input.time);
        let since_1970 = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default();
        self.state.wall_millis = since_1970.as_millis() as u64;
        let started = Instant::now();
        while let Some(event) = self.jobs.try_next() {
            self.receive(event);
            if DRAIN_BUDGET < started.elapsed() {
                ctx.request_repaint(); // The rest next frame.
                break;
            }
        }
    }

    fn ui(&mut self, ui: &mut Ui, _frame: &mut eframe::Frame) {
        texts::speak(self.state.settings.language);
        let ctx = ui.ctx().clone();
        self.forget_other_textures();
        if self.textures.upload(&ctx, &mut self.state.fresh) {
            ctx.request_repaint();
        }
        self.dropped(&ctx);
        self.guard_closing(&ctx);
        self.keys(&ctx);
        let (now, frozen) = (self.state.now, self.state.view == View::Review);
        if let Some(desk) = &mut self.state.desk {
            desk.refresh_if_stale(now, frozen);
            if desk.stale != super::state::desk::Stale::No {
                ctx.request_repaint_after(Duration::from_millis(500));
            }
        }
        let t = tokens(ui);
        let bar = theme::panel(t, Margin::symmetric(12, 0));
        let mut actions = Vec::new();
        let top = Panel::top("top bar").frame(bar).exact_size(theme::TOP_BAR).resizable(false);
        actions.extend(top.show(ui, |ui| self.panels.top_bar.ui(ui, &self.state)).inner);
        self.state.focus_filter = false;
        let bottom = Panel::bottom("status bar").frame(bar).exact_size(theme::STATUS_BAR).resizable(false);
        actions.extend(bottom.show(ui, |ui| self.panels.status_bar.ui(ui, &self.state)).inner);
        actions.extend(self.central(ui));
        self.state.naming_query = false;
        actions.extend(self.front(&ctx));
        let acted = !actions.is_empty();
        for action in actions {
            self.perform(action);
        }
        self.look();
        self.was_typing = ctx.text_edit_focused();
        self.apply_settings(&ctx);
        if acted {
            ctx.request_repaint();
        }
        if self.state.view == View::Insights
            && let Some(seconds) = insights::next_change(&self.state)
        {
            ctx.request_repaint_after(Duration::from_secs_f64(seconds));
        }
        if self.state.quitting {
            ctx.send_viewport_cmd(egui::ViewportCommand::Close);
        }
        if let Some(seconds) = self.state.messages.next_change(self.state.now) {
            ctx.request_repaint_after(Duration::from_secs_f64(seconds.max(0.05)));
        }
        self.remember_place(&ctx);
    }

    fn clear_color(&self, visuals: &egui::Visuals) -> [f32; 4] {
        theme::of(visuals).bg0.to_normalized_gamma_f32()
    }

    fn on_exit(&mut self) {
        self.jobs.close();
        if let Some(path) = &self.settings_path
            && let Err(error) = self.state.settings.save(path)
        {
            tracing::warn!("the window's settings were not kept: {error:#}");
        }
    }
}
