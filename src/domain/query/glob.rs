//! Patterns with `*` for any letters, compared without regard to capitals.

/// Lower case, runs between stars.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Glob {
    pattern: Vec<char>,
}

impl Glob {
    /// `None` without a `*`.
    pub fn new(pattern: &str) -> Option<Self> {
        pattern.contains('*').then(|| Self { pattern: pattern.chars().map(lower).collect() })
    }

    /// Whether the whole text is as the pattern says. Takes no memory; in the worst case as long as text times pattern.
    pub fn matches(&self, text: &str) -> bool {
        if text.is_ascii() {
            self.follows(text.bytes().map(|letter| char::from(letter.to_ascii_lowercase())))
        } else {
            self.follows(text.chars().map(lower))
        }
    }

    /// Of letters in lower case.
    fn follows<T: Iterator<Item = char> + Clone>(&self, mut rest: T) -> bool {
        let mut at = 0;
        // Behind the last star, and the text from which it may take one letter more.
        let mut star: Option<(usize, T)> = None;
        loop {
            if self.pattern.get(at) == Some(&'*') {
                at += 1;
                if at == self.pattern.len() {
                    return true;
                }
                star = Some((at, rest.clone()));
                continue;
            }
            match (rest.next(), self.pattern.get(at)) {
                (Some(letter), Some(&wanted)) if letter == wanted => at += 1,
                (None, None) => return true,
                (None, Some(_)) => return false,
                _ => {
                    let Some((behind, from)) = &mut star else {
                        return false;
                    };
                    if from.next().is_none() {
                        return false;
                    }
                    (at, rest) = (*behind, from.clone());
                }
            }
        }
    }
}

/// One letter for one letter: `İ` and the like stay as they are.
fn lower(letter: char) -> char {
    let mut lower = letter.to_lowercase();
    match (lower.next(), lower.next()) {
        (Some(lower), None) => lower,
        _ => letter,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_star_stands_for_any_letters() {
        for (pattern, text, expected) in [
            ("*.png", "a/B.PNG", true),
            ("*.png", "a.png.jpg", false),
            ("a*", "Abc", true),
            ("a*", "ba", false),
            ("*", "", true),
            ("**a**", "a", true),
            ("a*b*c", "axxbyybzzc", true),
            ("a*b*c", "axxbyybzz", false),
            ("*aab", "aaaab", true),
            ("É*", "été", true),
            ("日*", "日本", true),
        ] {
            assert_eq!(Glob::new(pattern).unwrap().matches(text), expected, "{pattern} {text}");
        }
        assert_eq!(Glob::new("plain"), None);
    }
}
