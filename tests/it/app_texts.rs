//! The window in German and French, found by what it says there.

use docent::app::texts::Language;
use docent::app::{Action, Settings};
use eframe::egui::Key;
use egui_kittest::kittest::Queryable as _;

use crate::app_support::{self as support, Window};

fn speaking(language: Language) -> Window {
    let mut window = support::window(1440.0, 900.0, Settings { language, ..Settings::default() });
    support::open(&mut window, support::opened(40, 0));
    window
}

#[test]
fn library_and_review_speak_german_and_french() {
    let german = (
        [
            "Bibliothek",
            "Nie angesehen 40",
            "Reihenfolge: Nach Name",
            "40 Bilder",
            "Alle 1.284 Entscheidungen gespeichert",
        ],
        ["Prüfen", "1 von 40", "Schlagwort hinzufügen", "Lernt aus jeder Entscheidung", "Lernen anhalten"],
    );
    let french = (
        [
            "Bibliothèque",
            "Jamais examinées 40",
            "Ordre\u{a0}: Par nom",
            "40 images",
            "Les 1\u{a0}284 décisions sont sur le disque",
        ],
        ["Révision", "1 sur 40", "Ajouter un mot-clé", "Apprend de chaque décision", "Suspendre l’apprentissage"],
    );
    for (language, (library, review)) in [(Language::German, german), (Language::French, french)] {
        let mut window = speaking(language);
        for said in library {
            assert!(window.query_all_by_label(said).next().is_some(), "the library does not say {said:?}");
        }
        window.key_press(Key::R);
        window.run();
        for said in review {
            assert!(window.query_all_by_label(said).next().is_some(), "the review does not say {said:?}");
        }
    }
}

#[test]
fn another_language_holds_at_once_and_is_reached_by_keyboard() {
    let mut window = speaking(Language::English);
    window.get_by_label("Collection menu: river finds").focus();
    window.run();
    window.key_press(Key::Enter);
    window.run();
    window.get_by_label("Deutsch").focus();
    window.run();
    window.key_press(Key::Enter);
    window.run();
    assert_eq!(window.state().state().settings.language, Language::German);
    assert!(window.query_all_by_label("Bibliothek").next().is_some());
    window.state_mut().perform(Action::SetLanguage(Language::English));
    window.run();
    assert!(window.query_all_by_label("Bibliothek").next().is_none());
    assert!(window.query_all_by_label("Library").next().is_some());
}

#[test]
fn no_language_makes_a_panel_wider_than_it_should_be() {
    for language in Language::ALL {
        let mut window = speaking(language);
        for key in [Key::G, Key::R, Key::S, Key::T, Key::L, Key::I] {
            window.key_press(key);
            window.run_steps(6);
        }
        let settings = &window.state().state().settings;
        let widths = settings.widths.iter().map(|(name, &width)| (name.as_str(), width)).collect::<Vec<_>>();
        let expected = [
            ("charts", 280.0),
            ("filters", 232.0),
            ("inspector", 268.0),
            ("label", 320.0),
            ("proposals", 360.0),
            ("recipe", 300.0),
            ("sweep", 240.0),
        ];
        assert_eq!(widths, expected, "{language:?}");
    }
}
