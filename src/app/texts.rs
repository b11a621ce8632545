//! The words of the window, in the languages it speaks: looked up by id, with arguments, in `assets/texts`.
//!
//! Each thread has its own language, because a window belongs to one thread and tests open many windows at once.
//! What floors below say (errors, headlines of charts, names of networks) comes as it is, in English.
//! Source of the format: Fluent, <https://projectfluent.org>.

use std::cell::{Cell, OnceCell, RefCell};
use std::collections::HashMap;

use fluent_bundle::{FluentArgs, FluentBundle, FluentResource, FluentValue};
use serde::{Deserialize, Serialize};

use crate::domain::{AttributeId, ImageId};

/// What the window can speak.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Language {
    #[default]
    English,
    German,
    French,
}

impl Language {
    pub const ALL: [Self; 3] = [Self::English, Self::German, Self::French];

    /// In itself, so that those who read no other find it.
    pub fn own_name(self) -> &'static str {
        match self {
            Self::English => "English",
            Self::German => "Deutsch",
            Self::French => "Français",
        }
    }

    fn code(self) -> &'static str {
        match self {
            Self::English => "en",
            Self::German => "de",
            Self::French => "fr",
        }
    }

    fn source(self) -> &'static str {
        match self {
            Self::English => include_str!("../../assets/texts/en.ftl"),
            Self::German => include_str!("../../assets/texts/de.ftl"),
            Self::French => include_str!("../../assets/texts/fr.ftl"),
        }
    }

    fn formatter<M>(self) -> fn(&FluentValue<'_>, &M) -> Option<String> {
        match self {
            Self::English => |value, _| number(value, Self::English),
            Self::German => |value, _| number(value, Self::German),
            Self::French => |value, _| number(value, Self::French),
        }
    }

    /// Between thousands, and before the fraction. In French a space at which no line ends.
    fn marks(self) -> (char, char) {
        match self {
            Self::English => (',', '.'),
            Self::German => ('.', ','),
            Self::French => ('\u{a0}', ','),
        }
    }
}

type Bundle = FluentBundle<FluentResource>;

thread_local! {
    static SPOKEN: Cell<Language> = const { Cell::new(Language::English) };
    /// Texts without arguments, once found: a frame asks for hundreds.
    static PLAIN: RefCell<HashMap<(Language, &'static str), String>> = RefCell::default();
    static BUNDLES: [OnceCell<Bundle>; 3] = const { [OnceCell::new(), OnceCell::new(), OnceCell::new()] };
}

/// From now on the texts of this thread are in this language.
pub fn speak(language: Language) {
    SPOKEN.set(language);
}

/// The language of this thread.
pub fn spoken() -> Language {
    SPOKEN.get()
}

/// What can stand in a text.
pub trait Said {
    fn said(&self) -> FluentValue<'_>;
}

impl Said for str {
    fn said(&self) -> FluentValue<'_> {
        self.into()
    }
}

impl Said for String {
    fn said(&self) -> FluentValue<'_> {
        self.as_str().into()
    }
}

impl Said for std::borrow::Cow<'_, str> {
    fn said(&self) -> FluentValue<'_> {
        self.as_ref().into()
    }
}

impl<T: Said + ?Sized> Said for &T {
    fn said(&self) -> FluentValue<'_> {
        (**self).said()
    }
}

macro_rules! shown {
    ($($kind:ty),+) => {
        $(impl Said for $kind {
            fn said(&self) -> FluentValue<'_> {
                self.to_string().into()
            }
        })+
    };
}
shown!(std::path::Display<'_>, AttributeId, ImageId);

macro_rules! numbers {
    ($($kind:ty),+) => {
        $(impl Said for $kind {
            fn said(&self) -> FluentValue<'_> {
                (*self).into()
            }
        })+
    };
}
numbers!(u8, u16, u32, u64, i64, f64, usize);

/// A text by its id, with what stands in it: `say!("recent-open", name = folder)`.
macro_rules! say {
    ($id:literal) => {
        $crate::app::texts::plain($id)
    };
    ($id:literal $(, $key:ident = $value:expr)+ $(,)?) => {
        $crate::app::texts::text($id, &[$((stringify!($key), $crate::app::texts::Said::said(&$value))),+])
    };
}
pub(crate) use say;

/// A text without arguments.
pub fn plain(id: &'static str) -> String {
    PLAIN.with_borrow_mut(|plain| plain.entry((spoken(), id)).or_insert_with(|| text(id, &[])).clone())
}

/// A text whose id is put together while the window runs; otherwise `say!`.
///
/// A text or an argument that is missing gives English, and where that is missing too, the id.
pub fn text(id: &str, arguments: &[(&str, FluentValue<'_>)]) -> String {
    let arguments: FluentArgs<'_> = arguments.iter().map(|(key, value)| (*key, value.clone())).collect();
    let found = in_language(spoken(), id, &arguments).or_else(|| in_language(Language::English, id, &arguments));
    found.unwrap_or_else(|| id.to_owned())
}

/// A number with its thousands apart.
pub fn grouped(n: usize) -> String {
    in_digits(&n.to_string(), spoken())
}

/// A number with so many digits after the comma.
pub fn fixed(x: f32, digits: usize) -> String {
    in_digits(&format!("{x:.digits$}"), spoken())
}

/// A name as it stands within a line: German keeps its capitals.
pub fn amid(name: &str) -> String {
    match spoken() {
        Language::German => name.to_owned(),
        Language::English | Language::French => name.to_lowercase(),
    }
}

/// The same with its sign, also where it is positive.
pub fn signed(x: f32, digits: usize) -> String {
    let sign = if x.is_sign_negative() { "-" } else { "+" };
    format!("{sign}{}", fixed(x.abs(), digits))
}

fn in_language(language: Language, id: &str, arguments: &FluentArgs<'_>) -> Option<String> {
    BUNDLES.with(|bundles| {
        let bundle = bundles[language as usize].get_or_init(|| bundle(language));
        let pattern = bundle.get_message(id)?.value()?;
        let mut problems = Vec::new();
        let words = bundle.format_pattern(pattern, Some(arguments), &mut problems).into_owned();
        problems.is_empty().then_some(words)
    })
}

fn bundle(language: Language) -> Bundle {
    let mut bundle = Bundle::new(vec![language.code().parse().unwrap_or_default()]);
    // Marks around arguments would be seen as boxes, and heard by who looks for a name.
    bundle.set_use_isolating(false);
    bundle.set_formatter(Some(language.formatter()));
    // A test reads all three, so that nothing is lost here.
    let resource = FluentResource::try_new(language.source().to_owned()).unwrap_or_else(|(understood, _)| understood);
    let _ = bundle.add_resource(resource);
    bundle
}

fn number(value: &FluentValue<'_>, language: Language) -> Option<String> {
    match value {
        FluentValue::Number(number) => Some(in_digits(&number.as_string(), language)),
        _ => None,
    }
}

/// `1234.5` as the language writes it.
fn in_digits(plain: &str, language: Language) -> String {
    let (thousands, point) = language.marks();
    let (whole, fraction) = plain.split_once('.').map_or((plain, None), |(whole, fraction)| (whole, Some(fraction)));
    let n_digits = whole.trim_start_matches('-').len();
    let mut shown = String::new();
    for (at, digit) in whole.trim_start_matches('-').chars().enumerate() {
        if at > 0 && (n_digits - at).is_multiple_of(3) {
            shown.push(thousands);
        }
        shown.push(digit);
    }
    let sign = if whole.starts_with('-') { "-" } else { "" };
    fraction.map_or_else(|| format!("{sign}{shown}"), |fraction| format!("{sign}{shown}{point}{fraction}"))
}

#[cfg(test)]
mod tests;
