//! The order people expect of file names: `img2` before `img10`.

use std::cmp::Ordering;

/// Runs of digits compare as numbers, all else as text without regard to case; ties by the bytes.
pub(super) fn compare(a: &str, b: &str) -> Ordering {
    let (mut left, mut right) = (a, b);
    loop {
        match (left.chars().next(), right.chars().next()) {
            (None, None) => return a.cmp(b),
            (None, Some(_)) => return Ordering::Less,
            (Some(_), None) => return Ordering::Greater,
            (Some(x), Some(y)) if x.is_ascii_digit() && y.is_ascii_digit() => {
                let (number, rest) = digits(left);
                let (other, other_rest) = digits(right);
                let order = number.len().cmp(&other.len()).then(number.cmp(other));
                if order != Ordering::Equal {
                    return order;
                }
                (left, right) = (rest, other_rest);
            }
            (Some(x), Some(y)) => {
                // A folder's files come before those of a folder whose name only begins alike.
                let rank = |c: char| if c == '/' { '\0' } else { c.to_ascii_lowercase() };
                let order = rank(x).cmp(&rank(y));
                if order != Ordering::Equal {
                    return order;
                }
                (left, right) = (&left[x.len_utf8()..], &right[y.len_utf8()..]);
            }
        }
    }
}

/// A number without leading zeros, and what follows it.
fn digits(text: &str) -> (&str, &str) {
    let end = text.find(|c: char| !c.is_ascii_digit()).unwrap_or(text.len());
    (text[..end].trim_start_matches('0'), &text[end..])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_in_names_count_as_numbers() {
        let sorted = ["a/2.jpg", "a/10.jpg", "a b/1.jpg", "B/1.jpg", "img2.jpg", "img02a.jpg", "img10.jpg"];
        let mut found = sorted;
        found.reverse();
        found.sort_by(|a, b| compare(a, b));
        assert_eq!(found, sorted);
    }
}
