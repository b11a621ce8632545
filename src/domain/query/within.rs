//! Which numbers a condition admits: `3`, `=3`, `>3`, `<=3`, `2..5`, `60%`.

/// From `least` to `most`, both included or not.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Within {
    pub least: f64,
    pub least_included: bool,
    pub most: f64,
    pub most_included: bool,
}

impl Within {
    pub fn at_least(least: f64) -> Self {
        Self { least, least_included: true, most: f64::INFINITY, most_included: true }
    }

    pub fn admits(self, number: f64) -> bool {
        let above = if self.least_included { number >= self.least } else { number > self.least };
        let below = if self.most_included { number <= self.most } else { number < self.most };
        above && below
    }

    /// Whether a greater number is admitted wherever a smaller one is.
    pub fn is_open_above(self) -> bool {
        self.most == f64::INFINITY
    }

    /// `None` where it is no condition. A range includes its ends; one of them may be missing.
    pub fn parse(text: &str) -> Option<Self> {
        let all = Self::at_least(f64::NEG_INFINITY);
        let rest = |sign: &str| text.strip_prefix(sign).map(number);
        if let Some(least) = rest(">=") {
            return Some(Self { least: least?, ..all });
        }
        if let Some(most) = rest("<=") {
            return Some(Self { most: most?, ..all });
        }
        if let Some(least) = rest(">") {
            return Some(Self { least: least?, least_included: false, ..all });
        }
        if let Some(most) = rest("<") {
            return Some(Self { most: most?, most_included: false, ..all });
        }
        let text = text.strip_prefix('=').unwrap_or(text);
        let Some((least, most)) = text.split_once("..") else {
            let exact = number(text)?;
            return Some(Self { least: exact, most: exact, ..all });
        };
        let end = |text: &str, open: f64| if text.trim().is_empty() { Some(open) } else { number(text) };
        let (least, most) = (end(least, f64::NEG_INFINITY)?, end(most, f64::INFINITY)?);
        (least.is_finite() || most.is_finite()).then_some(Self { least, most, ..all })
    }
}

fn number(text: &str) -> Option<f64> {
    let text = text.trim();
    let (text, scale) = text.strip_suffix('%').map_or((text, 1.0), |text| (text, 100.0));
    let number: f64 = text.parse().ok()?;
    number.is_finite().then_some(number / scale)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn conditions_admit_what_they_say() {
        // (condition, which of 0 to 6 it admits)
        for (text, expected) in [
            ("3", Some("3")),
            ("=3", Some("3")),
            (">3", Some("456")),
            (">=3", Some("3456")),
            ("<2", Some("01")),
            ("<= 2", Some("012")),
            ("2..4", Some("234")),
            ("=2..4", Some("234")),
            ("5..", Some("56")),
            ("..1", Some("01")),
            ("200%..300%", Some("23")),
            ("4..2", Some("")),
            ("..", None),
            ("", None),
            (">", None),
            ("x", None),
            ("inf", None),
            (">3>4", None),
            ("1..2..3", None),
        ] {
            let found = Within::parse(text).map(|within| {
                (0..7).filter(|&n| within.admits(f64::from(n))).map(|n| n.to_string()).collect::<String>()
            });
            assert_eq!(found.as_deref(), expected, "{text:?}");
        }
    }
}
