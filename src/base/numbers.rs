//! Counts and shares as a person reads them.

/// `12,345`.
pub fn thousands(number: usize) -> String {
    let digits = number.to_string();
    let mut text = String::with_capacity(digits.len() + digits.len() / 3);
    for (position, digit) in digits.chars().enumerate() {
        if position > 0 && (digits.len() - position).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// `1 image`, `2,000 images`.
pub fn counted(number: usize, one: &str, many: &str) -> String {
    format!("{} {}", thousands(number), if number == 1 { one } else { many })
}

/// `37 %` for 0.37; never 100 % for what is less, never 0 % for what is more.
pub fn percent(share: f64) -> String {
    let whole = (share * 100.0).round();
    if whole >= 100.0 && share < 1.0 {
        return "99 %".to_owned();
    }
    if whole < 1.0 && share > 0.0 {
        return "<1 %".to_owned();
    }
    format!("{whole:.0} %")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_grouped_by_thousands() {
        for (number, expected) in
            [(0, "0"), (999, "999"), (1000, "1,000"), (109_237, "109,237"), (1_000_000, "1,000,000")]
        {
            assert_eq!(thousands(number), expected);
        }
        assert_eq!(counted(1, "image", "images"), "1 image");
    }

    #[test]
    fn only_certainty_is_called_a_hundred_per_cent() {
        for (share, expected) in [(0.0, "0 %"), (0.004, "<1 %"), (0.366, "37 %"), (0.9999, "99 %"), (1.0, "100 %")] {
            assert_eq!(percent(share), expected, "{share}");
        }
    }
}
