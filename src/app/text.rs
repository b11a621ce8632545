//! Numbers and times as a person reads them.

use super::texts::{self, grouped, say};
pub use crate::base::numbers::counted;
use crate::domain::insights::day::Day;
use crate::store::Conflict;
use crate::training::compared::{ComparedModels, Figure, Judgement};

/// `12,345`, with the marks of the window's language.
pub fn thousands(number: usize) -> String {
    grouped(number)
}

/// `37 %` for 0.37; never 100 % for what is less, never 0 % for what is more.
pub fn percent(share: f32) -> String {
    crate::base::numbers::percent(f64::from(share))
}

/// `4 s`, `3 min`, `2 h 5 min`.
pub fn duration(seconds: f64) -> String {
    let seconds = seconds.max(0.0).round() as u64;
    match seconds {
        0..60 => format!("{seconds} s"),
        60..3600 => format!("{} min", seconds.div_ceil(60)),
        _ => format!("{} h {} min", seconds / 3600, seconds % 3600 / 60),
    }
}

/// `just now`, `5 min ago`, `3 h ago`, `12 days ago`; empty where the time is not known.
pub fn age(created_millis: u64, now_millis: u64) -> String {
    if created_millis == 0 {
        return String::new();
    }
    let seconds = now_millis.saturating_sub(created_millis) / 1000;
    match seconds {
        0..60 => say!("time-just-now"),
        60..3600 => say!("time-minutes-ago", n = seconds / 60),
        3600..86_400 => say!("time-hours-ago", n = seconds / 3600),
        86_400..172_800 => say!("time-yesterday"),
        _ => say!("time-days-ago", n = seconds / 86_400),
    }
}

/// `3 March 2026`, in UTC; empty where the time is not known.
pub fn date(millis: u64) -> String {
    let day = Day::of_millis(i64::try_from(millis).unwrap_or(0)).to_string();
    let mut parts = day.split('-').map(|part| part.parse::<usize>().unwrap_or(0));
    match (parts.next(), parts.next(), parts.next()) {
        (Some(year), Some(month @ 1..=12), Some(day)) if millis != 0 => {
            say!(
                "time-date",
                day = day,
                month = texts::text(&format!("time-month-{month}"), &[]),
                year = year.to_string()
            )
        }
        _ => String::new(),
    }
}

/// Who says what of a tag in conflict: `Ada: yes, 3 March 2026; you: no, 4 March 2026`.
pub fn contested(conflict: &Conflict, me: &str) -> String {
    let side = |who: &str, yes: bool, at: u64| {
        let who = if who == me { say!("said-you") } else { who.to_owned() };
        let when = date(at);
        let comma = if when.is_empty() { "" } else { ", " };
        format!("{who}{} {}{comma}{when}", say!("said-colon"), if yes { say!("said-yes") } else { say!("said-no") })
    };
    let held = &conflict.held;
    let how = if held.by_review { say!("said-by-review") } else { String::new() };
    let there = side(&conflict.who, conflict.wanted, conflict.at_millis);
    format!("{there}{how}; {}", side(&held.who, held.is_present, held.at_millis))
}

/// A hint as a sentence of its own: hints come without capital and full stop.
pub fn sentence(hint: &str) -> String {
    let mut letters = hint.chars();
    let first: String = letters.next().into_iter().flat_map(char::to_uppercase).collect();
    let stop = if hint.ends_with(['.', '!', '?']) || hint.is_empty() { "" } else { "." };
    format!("{first}{}{stop}", letters.as_str())
}

/// `42 KB`, `3.1 MB`.
pub fn bytes(bytes: u64) -> String {
    match bytes {
        0..1000 => say!("size-bytes", n = bytes),
        1000..1_000_000 => say!("size-kilobytes", n = (bytes + 500) / 1000),
        _ => say!("size-megabytes", n = texts::fixed((bytes as f64 / 1e6) as f32, 1)),
    }
}

/// A comparison in a sentence: `F2 per image rises from 0.861 to 0.874, most likely by 0.002 to 0.024`.
pub fn compared(compared: &ComparedModels) -> String {
    let Figure { before, after, interval } = compared.f2_per_image;
    let words = match compared.judgement {
        Judgement::Better => say!("compared-better"),
        Judgement::Worse => say!("compared-worse"),
        Judgement::Unclear => say!("compared-unclear"),
        Judgement::First => say!("compared-first"),
    };
    let seen = match compared.other_may_have_seen_them {
        true => say!("compared-seen", model = compared.with),
        false => String::new(),
    };
    let figures = [before, after].map(|figure| texts::fixed(figure as f32, 3));
    let [low, high] = interval.map(|figure| texts::signed(figure as f32, 3));
    let n = compared.n_images;
    let [before_shown, after_shown] = &figures;
    if after < before {
        say!(
            "compared-falls",
            before = before_shown,
            after = after_shown,
            n = n,
            low = low,
            high = high,
            words = words,
            seen = seen
        )
    } else {
        say!(
            "compared-rises",
            before = before_shown,
            after = after_shown,
            n = n,
            low = low,
            high = high,
            words = words,
            seen = seen
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_have_their_months() {
        // GNU date: `date -u -d @$((millis / 1000)) '+%-d %B %Y'`.
        for (millis, expected) in [(0, ""), (951_782_400_000, "29 February 2000"), (1_772_496_000_000, "3 March 2026")]
        {
            assert_eq!(date(millis), expected);
        }
    }

    #[test]
    fn only_certainty_is_called_a_hundred_per_cent() {
        for (share, expected) in [(0.0, "0 %"), (0.004, "<1 %"), (0.366, "37 %"), (0.9999, "99 %"), (1.0, "100 %")] {
            assert_eq!(percent(share), expected, "{share}");
        }
    }

    #[test]
    fn a_hint_becomes_a_sentence() {
        for (hint, expected) in [("free some space", "Free some space."), ("", ""), ("Really?", "Really?")] {
            assert_eq!(sentence(hint), expected);
        }
    }

    #[test]
    fn times_and_sizes_are_short() {
        for (seconds, expected) in [(3.6, "4 s"), (61.0, "2 min"), (7500.0, "2 h 5 min")] {
            assert_eq!(duration(seconds), expected);
        }
        let now = 1_000_000_000_000;
        for (ago, expected) in [(5, "just now"), (150, "2 min ago"), (90_000, "yesterday"), (864_000, "10 days ago")] {
            assert_eq!(age(now - ago * 1000, now), expected);
        }
        assert_eq!(age(0, now), "");
        for (size, expected) in [(12, "12 B"), (41_700, "42 KB"), (3_140_000, "3.1 MB")] {
            assert_eq!(bytes(size), expected);
        }
    }
}
