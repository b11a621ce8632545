//! The panels at the sides of each view: which there are, how wide they are, and whether they are shown.
//!
//! What the user made of them is in the settings, by the names that are given here.

use super::settings::Settings;
use super::state::View;
use super::texts;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Edge {
    Left,
    Right,
}

/// One panel at a side.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Side {
    /// Also in the settings file.
    pub name: &'static str,
    pub view: View,
    pub edge: Edge,
    /// In points.
    width: f32,
    pub least: f32,
    pub most: f32,
}

const fn side(view: View, edge: Edge, name: &'static str, [width, least, most]: [f32; 3]) -> Side {
    Side { name, view, edge, width, least, most }
}

pub const FILTERS: Side = side(View::Library, Edge::Left, "filters", [232.0, 170.0, 420.0]);
pub const INSPECTOR: Side = side(View::Library, Edge::Right, "inspector", [268.0, 200.0, 520.0]);
pub const PROPOSALS: Side = side(View::Review, Edge::Right, "proposals", [360.0, 260.0, 600.0]);
pub const SWEEP: Side = side(View::Sweep, Edge::Left, "sweep", [240.0, 190.0, 420.0]);
pub const RECIPE: Side = side(View::Train, Edge::Left, "recipe", [300.0, 240.0, 440.0]);
pub const CHARTS: Side = side(View::Insights, Edge::Left, "charts", [280.0, 220.0, 420.0]);
pub const LABEL: Side = side(View::Vocabulary, Edge::Right, "label", [320.0, 240.0, 520.0]);

pub(super) const ALL: [Side; 7] = [FILTERS, INSPECTOR, PROPOSALS, SWEEP, RECIPE, CHARTS, LABEL];

impl Side {
    pub fn of(view: View, edge: Edge) -> Option<Self> {
        ALL.into_iter().find(|side| side.view == view && side.edge == edge)
    }

    /// What it holds, for the message that it is hidden.
    pub fn holds(self) -> String {
        texts::text(&format!("side-{}", self.name), &[])
    }

    /// As last dragged.
    pub fn width(self, settings: &Settings) -> f32 {
        let width = settings.widths.get(self.name).copied().filter(|width| width.is_finite());
        width.unwrap_or(self.width).clamp(self.least, self.most)
    }

    pub fn is_hidden(self, settings: &Settings) -> bool {
        settings.hidden.contains(self.name)
    }

    /// Whether it is hidden now.
    pub fn toggle(self, settings: &mut Settings) -> bool {
        let hidden = settings.hidden.insert(self.name.to_owned());
        if !hidden {
            settings.hidden.remove(self.name);
        }
        hidden
    }

    /// Keeps the width that was drawn.
    pub fn keep(self, settings: &mut Settings, width: f32) {
        let width = width.round();
        if settings.widths.get(self.name) != Some(&width) {
            settings.widths.insert(self.name.to_owned(), width);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_width_from_the_settings_is_kept_within_reason() {
        let mut settings = Settings::default();
        assert_eq!(FILTERS.width(&settings), 232.0);
        for (written, expected) in [(300.4, 300.0), (9000.0, 420.0), (-5.0, 170.0)] {
            FILTERS.keep(&mut settings, written);
            assert_eq!(FILTERS.width(&settings), expected, "{written}");
        }
        settings.widths.insert("filters".to_owned(), f32::NAN);
        assert_eq!(FILTERS.width(&settings), 232.0);
    }

    #[test]
    fn hiding_twice_shows_again_and_touches_no_other() {
        let mut settings = Settings::default();
        assert!(FILTERS.toggle(&mut settings) && FILTERS.is_hidden(&settings) && !INSPECTOR.is_hidden(&settings));
        assert!(!FILTERS.toggle(&mut settings) && !FILTERS.is_hidden(&settings));
    }

    #[test]
    fn each_side_of_a_view_has_at_most_one_panel_and_each_its_own_name() {
        for (position, a) in ALL.iter().enumerate() {
            for b in &ALL[position + 1..] {
                assert!(a.name != b.name && (a.view, a.edge) != (b.view, b.edge));
            }
        }
    }
}
