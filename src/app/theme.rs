//! Colours, type and spacing: the only place where a colour is written down.
//!
//! The pictures are the only colour; everything else is quiet. One accent (amber) for proposals and focus, green
//! for accepted, red for rejected, and never colour alone. Text keeps a contrast of 4.5 : 1 on its ground, in the
//! themes of high contrast 7 : 1 (WCAG 2.1, criteria 1.4.3 and 1.4.6).
//!
//! Floor 6. Knows egui and nothing of the state.

#![expect(clippy::disallowed_methods, reason = "this is the place where colours live")]

use eframe::egui;
use egui::{Color32, CornerRadius, FontFamily, FontId, Margin, Shadow, Stroke, TextStyle, Vec2, vec2};

/// The colours of one theme, by what they are for.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Tokens {
    /// The canvas that pictures lie on.
    pub bg0: Color32,
    /// Panels and bars.
    pub bg1: Color32,
    /// Raised controls.
    pub bg2: Color32,
    /// Hairlines and the tracks of bars.
    pub line: Color32,
    /// The selected row.
    pub sel: Color32,
    pub text: Color32,
    pub text2: Color32,
    /// Hints and namespaces.
    pub text3: Color32,
    /// Proposals and focus.
    pub accent: Color32,
    /// Behind `on_accent`: the one big button.
    pub accent_fill: Color32,
    pub on_accent: Color32,
    pub ok: Color32,
    /// Behind an accepted tag.
    pub ok_fill: Color32,
    pub no: Color32,
    /// Behind a message of trouble.
    pub no_fill: Color32,
    /// Behind small text on top of a picture, and the text on it: the same in both themes.
    pub veil: Color32,
    pub on_veil: Color32,
    /// Width of the line around what has the keyboard.
    pub ring: f32,
}

pub const DARK: Tokens = Tokens {
    bg0: Color32::from_rgb(0x14, 0x15, 0x17),
    bg1: Color32::from_rgb(0x1b, 0x1d, 0x20),
    bg2: Color32::from_rgb(0x23, 0x26, 0x2a),
    line: Color32::from_rgb(0x2e, 0x32, 0x37),
    sel: Color32::from_rgb(0x2f, 0x35, 0x3c),
    text: Color32::from_rgb(0xe6, 0xe7, 0xe9),
    text2: Color32::from_rgb(0xae, 0xb4, 0xbc),
    text3: Color32::from_rgb(0x9a, 0xa1, 0xa9),
    accent: Color32::from_rgb(0xe0, 0xa4, 0x58),
    accent_fill: Color32::from_rgb(0xe0, 0xa4, 0x58),
    on_accent: Color32::from_rgb(0x1d, 0x16, 0x0c),
    ok: Color32::from_rgb(0x8c, 0xc4, 0x94),
    ok_fill: Color32::from_rgb(0x22, 0x36, 0x27),
    no: Color32::from_rgb(0xe6, 0x8c, 0x80),
    no_fill: Color32::from_rgb(0x3c, 0x25, 0x23),
    veil: Color32::from_rgb(0x12, 0x13, 0x15),
    on_veil: Color32::from_rgb(0xf2, 0xf3, 0xf4),
    ring: 1.5,
};

pub const LIGHT: Tokens = Tokens {
    bg0: Color32::from_rgb(0xea, 0xea, 0xe8),
    bg1: Color32::from_rgb(0xf7, 0xf7, 0xf5),
    bg2: Color32::from_rgb(0xff, 0xff, 0xff),
    line: Color32::from_rgb(0xd8, 0xd9, 0xd8),
    sel: Color32::from_rgb(0xdd, 0xe1, 0xe6),
    text: Color32::from_rgb(0x1d, 0x1f, 0x22),
    text2: Color32::from_rgb(0x4b, 0x50, 0x57),
    text3: Color32::from_rgb(0x59, 0x5f, 0x67),
    accent: Color32::from_rgb(0x8a, 0x56, 0x06),
    accent_fill: Color32::from_rgb(0xe2, 0xa2, 0x4c),
    on_accent: Color32::from_rgb(0x24, 0x19, 0x08),
    ok: Color32::from_rgb(0x21, 0x64, 0x31),
    ok_fill: Color32::from_rgb(0xd9, 0xec, 0xdb),
    no: Color32::from_rgb(0xa0, 0x30, 0x25),
    no_fill: Color32::from_rgb(0xf8, 0xe0, 0xdc),
    veil: Color32::from_rgb(0x12, 0x13, 0x15),
    on_veil: Color32::from_rgb(0xf2, 0xf3, 0xf4),
    ring: 1.5,
};

pub const CONTRAST_DARK: Tokens = Tokens {
    bg0: Color32::from_rgb(0x00, 0x00, 0x00),
    bg1: Color32::from_rgb(0x0a, 0x0a, 0x0b),
    bg2: Color32::from_rgb(0x14, 0x15, 0x17),
    line: Color32::from_rgb(0x8c, 0x92, 0x9a),
    sel: Color32::from_rgb(0x1e, 0x2d, 0x42),
    text: Color32::from_rgb(0xff, 0xff, 0xff),
    text2: Color32::from_rgb(0xe6, 0xe9, 0xec),
    text3: Color32::from_rgb(0xcc, 0xd1, 0xd7),
    accent: Color32::from_rgb(0xff, 0xc8, 0x70),
    accent_fill: Color32::from_rgb(0xff, 0xc8, 0x70),
    on_accent: Color32::from_rgb(0x00, 0x00, 0x00),
    ok: Color32::from_rgb(0xa4, 0xf0, 0xae),
    ok_fill: Color32::from_rgb(0x0a, 0x2a, 0x12),
    no: Color32::from_rgb(0xff, 0xb3, 0xa9),
    no_fill: Color32::from_rgb(0x36, 0x0f, 0x0b),
    veil: Color32::from_rgb(0x00, 0x00, 0x00),
    on_veil: Color32::from_rgb(0xff, 0xff, 0xff),
    ring: 3.0,
};

pub const CONTRAST_LIGHT: Tokens = Tokens {
    bg0: Color32::from_rgb(0xf2, 0xf2, 0xf2),
    bg1: Color32::from_rgb(0xff, 0xff, 0xff),
    bg2: Color32::from_rgb(0xfa, 0xfa, 0xfa),
    line: Color32::from_rgb(0x55, 0x5a, 0x60),
    sel: Color32::from_rgb(0xcd, 0xde, 0xf4),
    text: Color32::from_rgb(0x00, 0x00, 0x00),
    text2: Color32::from_rgb(0x1e, 0x21, 0x25),
    text3: Color32::from_rgb(0x2e, 0x33, 0x39),
    accent: Color32::from_rgb(0x5a, 0x36, 0x00),
    accent_fill: Color32::from_rgb(0xff, 0xc1, 0x5e),
    on_accent: Color32::from_rgb(0x00, 0x00, 0x00),
    ok: Color32::from_rgb(0x0a, 0x40, 0x17),
    ok_fill: Color32::from_rgb(0xdf, 0xf3, 0xe2),
    no: Color32::from_rgb(0x78, 0x10, 0x08),
    no_fill: Color32::from_rgb(0xfb, 0xe3, 0xdf),
    veil: Color32::from_rgb(0x00, 0x00, 0x00),
    on_veil: Color32::from_rgb(0xff, 0xff, 0xff),
    ring: 3.0,
};

pub const ALL: [(&str, &Tokens); 4] = [
    ("dark", &DARK),
    ("light", &LIGHT),
    ("high contrast, dark", &CONTRAST_DARK),
    ("high contrast, light", &CONTRAST_LIGHT),
];

pub const TOP_BAR: f32 = 44.0;
pub const STATUS_BAR: f32 = 28.0;
pub const ROW: f32 = 26.0;
pub const RADIUS: u8 = 6;

/// The tokens of the theme that is drawn now.
pub fn tokens(ui: &egui::Ui) -> &'static Tokens {
    of(ui.visuals())
}

/// The tokens that these visuals were made of: no two themes share the ground of their panels.
pub fn of(visuals: &egui::Visuals) -> &'static Tokens {
    let found = ALL.into_iter().find(|(_, tokens)| tokens.bg1 == visuals.panel_fill);
    found.map_or(if visuals.dark_mode { &DARK } else { &LIGHT }, |(_, tokens)| tokens)
}

/// 14 px, the body.
pub fn body() -> FontId {
    FontId::new(14.0, FontFamily::Proportional)
}

/// 12 px, what is secondary.
pub fn small() -> FontId {
    FontId::new(12.0, FontFamily::Proportional)
}

/// 11 px capitals, section heads.
pub fn caps() -> FontId {
    FontId::new(11.0, strong_family())
}

/// 14 px, semibold.
pub fn strong() -> FontId {
    FontId::new(14.0, strong_family())
}

/// A page's title.
pub fn title() -> FontId {
    FontId::new(22.0, strong_family())
}

pub fn strong_family() -> FontFamily {
    FontFamily::Name("strong".into())
}

/// Inter (SIL Open Font License, see `assets/fonts/OFL.txt`) with tabular figures as its digits; egui's own fonts
/// fill in what it lacks.
fn fonts() -> egui::FontDefinitions {
    let mut fonts = egui::FontDefinitions::default();
    let regular = egui::FontData::from_static(include_bytes!("../../assets/fonts/Inter-Regular.otf"));
    let semibold = egui::FontData::from_static(include_bytes!("../../assets/fonts/Inter-SemiBold.otf"));
    fonts.font_data.insert("inter".to_owned(), regular.into());
    fonts.font_data.insert("inter-semibold".to_owned(), semibold.into());
    let proportional = fonts.families.entry(FontFamily::Proportional).or_default();
    let others = proportional.clone();
    proportional.insert(0, "inter".to_owned());
    let strong = std::iter::once("inter-semibold".to_owned()).chain(others).collect();
    fonts.families.insert(strong_family(), strong);
    fonts
}

/// Sets the fonts; once, before the first frame.
pub fn install(ctx: &egui::Context) {
    ctx.set_fonts(fonts());
    ctx.options_mut(|options| options.zoom_with_keyboard = false); // Ctrl + and - resize thumbnails.
}

/// Sets the styles of the dark and the light theme.
pub fn dress(ctx: &egui::Context, high_contrast: bool) {
    let both = if high_contrast { [&CONTRAST_DARK, &CONTRAST_LIGHT] } else { [&DARK, &LIGHT] };
    for (theme, tokens) in [egui::Theme::Dark, egui::Theme::Light].into_iter().zip(both) {
        let mut style = (*ctx.global_style()).clone();
        style.text_styles = [
            (TextStyle::Body, body()),
            (TextStyle::Button, body()),
            (TextStyle::Small, small()),
            (TextStyle::Heading, FontId::new(18.0, strong_family())),
            (TextStyle::Monospace, FontId::new(13.0, FontFamily::Monospace)),
        ]
        .into();
        style.visuals = visuals(theme, tokens);
        style.spacing.item_spacing = vec2(8.0, 4.0);
        style.spacing.button_padding = vec2(12.0, 5.0);
        style.spacing.interact_size = vec2(40.0, 28.0);
        style.spacing.menu_margin = Margin::same(6);
        style.spacing.window_margin = Margin::same(16);
        style.spacing.slider_width = 200.0;
        style.spacing.scroll.floating = true;
        style.interaction.selectable_labels = false;
        style.animation_time = 0.08;
        ctx.set_style_of(theme, style);
    }
}

fn visuals(theme: egui::Theme, t: &Tokens) -> egui::Visuals {
    let mut visuals = theme.default_visuals();
    let radius = CornerRadius::same(RADIUS);
    visuals.override_text_color = None;
    visuals.weak_text_color = Some(t.text3);
    visuals.hyperlink_color = t.accent;
    visuals.panel_fill = t.bg1;
    visuals.window_fill = t.bg1;
    visuals.window_stroke = Stroke::new(1.0, t.line);
    visuals.window_corner_radius = CornerRadius::same(8);
    visuals.menu_corner_radius = radius;
    visuals.extreme_bg_color = t.bg0;
    visuals.text_edit_bg_color = Some(t.bg0);
    visuals.faint_bg_color = t.bg2;
    visuals.code_bg_color = t.bg2;
    visuals.warn_fg_color = t.accent;
    visuals.error_fg_color = t.no;
    visuals.selection.bg_fill = t.sel;
    visuals.selection.stroke = Stroke::new(t.ring, t.accent);
    visuals.slider_trailing_fill = true;
    visuals.window_shadow = Shadow { offset: [0, 8], blur: 28, spread: 0, color: Color32::from_black_alpha(90) };
    visuals.popup_shadow = Shadow { offset: [0, 4], blur: 16, spread: 0, color: Color32::from_black_alpha(70) };
    let widgets = &mut visuals.widgets;
    for (widget, fill, stroke, text) in [
        (&mut widgets.noninteractive, t.bg1, t.line, t.text),
        (&mut widgets.inactive, t.bg2, t.line, t.text),
        (&mut widgets.hovered, t.sel, t.text3, t.text),
        (&mut widgets.active, t.sel, t.accent, t.text),
        (&mut widgets.open, t.sel, t.line, t.text),
    ] {
        widget.bg_fill = fill;
        widget.weak_bg_fill = fill;
        widget.bg_stroke = Stroke::new(1.0, stroke);
        widget.fg_stroke = Stroke::new(1.0, text);
        widget.corner_radius = radius;
        widget.expansion = 0.0;
    }
    widgets.active.bg_stroke.width = t.ring; // What has the keyboard is drawn as active.
    visuals
}

/// A panel's frame: flat, on `bg1`.
pub fn panel(t: &Tokens, margin: Margin) -> egui::Frame {
    egui::Frame::new().fill(t.bg1).inner_margin(margin)
}

/// A card: raised from the canvas by its ground alone.
pub fn card(t: &Tokens) -> egui::Frame {
    egui::Frame::new().fill(t.bg1).corner_radius(CornerRadius::same(8)).inner_margin(Margin::same(14))
}

/// The smallest window that cuts nothing off.
pub const MIN_WINDOW: Vec2 = Vec2::new(960.0, 600.0);

#[cfg(test)]
mod tests {
    use super::*;

    /// Relative luminance and contrast as WCAG 2.1 defines them.
    fn contrast(a: Color32, b: Color32) -> f32 {
        let luminance = |colour: Color32| {
            let channel = |value: u8| {
                let value = f32::from(value) / 255.0;
                if value <= 0.04045 { value / 12.92 } else { ((value + 0.055) / 1.055).powf(2.4) }
            };
            0.2126 * channel(colour.r()) + 0.7152 * channel(colour.g()) + 0.0722 * channel(colour.b())
        };
        let (a, b) = (luminance(a), luminance(b));
        (a.max(b) + 0.05) / (a.min(b) + 0.05)
    }

    #[test]
    fn contrast_is_the_published_one() {
        // WCAG: black on white is 21 : 1; #777777 on white is 4.48 : 1.
        assert!((contrast(Color32::BLACK, Color32::WHITE) - 21.0).abs() < 0.01);
        assert!((contrast(Color32::from_gray(0x77), Color32::WHITE) - 4.48).abs() < 0.01);
    }

    #[test]
    fn charts_are_saved_in_the_colours_of_the_light_theme() {
        for (name, colour) in crate::plot::LIGHT {
            let token = match name {
                "bg1" => LIGHT.bg1,
                "line" => LIGHT.line,
                "text" => LIGHT.text,
                "text2" => LIGHT.text2,
                "accent" => LIGHT.accent,
                "accent_fill" => LIGHT.accent_fill,
                _ => Color32::PLACEHOLDER,
            };
            assert_eq!(token, Color32::from_rgb(colour.0, colour.1, colour.2), "{name}");
        }
    }

    #[test]
    fn every_text_can_be_read_on_every_ground_it_stands_on() {
        for (theme, t) in ALL {
            let least = if theme.starts_with("high contrast") { 7.0 } else { 4.5 };
            for (name, text, grounds) in [
                ("text", t.text, &[t.bg0, t.bg1, t.bg2, t.sel, t.no_fill, t.ok_fill][..]),
                ("text2", t.text2, &[t.bg0, t.bg1, t.bg2, t.sel, t.no_fill]),
                ("text3", t.text3, &[t.bg0, t.bg1, t.bg2, t.sel]),
                ("accent", t.accent, &[t.bg0, t.bg1, t.bg2, t.sel]),
                ("on accent", t.on_accent, &[t.accent_fill, DARK.no]),
                ("ok", t.ok, &[t.bg0, t.bg1, t.bg2, t.ok_fill, t.sel]),
                ("no", t.no, &[t.bg0, t.bg1, t.bg2, t.no_fill, t.sel]),
                ("on veil", t.on_veil, &[t.veil]),
            ] {
                for &ground in grounds {
                    let found = contrast(text, ground);
                    assert!(found >= least, "{theme} {name} on {ground:?}: {found}");
                }
            }
        }
    }

    #[test]
    fn where_the_keyboard_is_stands_out_from_every_ground() {
        // WCAG 2.1, criterion 1.4.11: 3 : 1 for what is no text.
        for (theme, t) in ALL {
            for ground in [t.bg0, t.bg1, t.bg2, t.sel] {
                let found = contrast(t.accent, ground);
                assert!(found >= 3.0, "{theme} on {ground:?}: {found}");
            }
        }
    }

    #[test]
    fn tokens_are_found_again_in_the_visuals_made_of_them() {
        for (name, tokens) in ALL {
            let theme = if tokens.bg1.r() < 128 { egui::Theme::Dark } else { egui::Theme::Light };
            assert_eq!(of(&visuals(theme, tokens)), tokens, "{name}");
        }
    }
}
