//! Letters to tokens: parentheses, minus, the three operators, and terms, each with its place.

use std::ops::Range;

use super::fault::{Fault, QueryError};

/// A letter of a term: where it stands, in bytes, and whether it stood in quotation marks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Letter {
    pub letter: char,
    pub at: usize,
    pub quoted: bool,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Kind {
    Open,
    Close,
    Minus,
    And,
    Or,
    Not,
    Term(Vec<Letter>),
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Token {
    pub kind: Kind,
    /// In bytes, quotation marks included.
    pub span: Range<usize>,
}

/// Every token of a text; a quotation that is not closed ends with the text.
pub fn tokens(text: &str) -> (Vec<Token>, Vec<Fault>) {
    let (mut tokens, mut faults) = (Vec::new(), Vec::new());
    let mut at = 0;
    while let Some(first) = text[at..].chars().next() {
        let end = at + first.len_utf8();
        let single = match first {
            '(' => Some(Kind::Open),
            ')' => Some(Kind::Close),
            '-' => Some(Kind::Minus),
            _ => None,
        };
        if first.is_whitespace() {
            at = end;
        } else if let Some(kind) = single {
            tokens.push(Token { kind, span: at..end });
            at = end;
        } else {
            let token = term(text, at, &mut faults);
            at = token.span.end;
            tokens.push(token);
        }
    }
    (tokens, faults)
}

fn term(text: &str, start: usize, faults: &mut Vec<Fault>) -> Token {
    let mut letters = Vec::new();
    let mut opened = None;
    let mut end = text.len();
    let mut rest = text[start..].char_indices().map(|(at, letter)| (start + at, letter)).peekable();
    while let Some((at, letter)) = rest.next() {
        let quoted = opened.is_some();
        match letter {
            '"' => opened = if quoted { None } else { Some(at) },
            '\\' if quoted => {
                let escaped = rest.next_if(|(_, next)| matches!(next, '"' | '\\'));
                letters.push(Letter { letter: escaped.map_or('\\', |(_, escaped)| escaped), at, quoted });
            }
            _ if !quoted && (letter.is_whitespace() || matches!(letter, '(' | ')')) => {
                end = at;
                break;
            }
            _ => letters.push(Letter { letter, at, quoted }),
        }
    }
    if let Some(opened) = opened {
        faults.push(Fault::new(opened..end, QueryError::Quotation));
    }
    let kind = match &text[start..end] {
        "AND" => Kind::And,
        "OR" => Kind::Or,
        "NOT" => Kind::Not,
        _ => Kind::Term(letters),
    };
    Token { kind, span: start..end }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_falls_into_tokens_that_know_their_places() {
        let shown = |text: &str| {
            let (tokens, faults) = tokens(text);
            let shown = tokens.iter().map(|token| match &token.kind {
                Kind::Term(letters) => letters.iter().map(|letter| letter.letter).collect(),
                _ => format!("[{}]", &text[token.span.clone()]),
            });
            (shown.collect::<Vec<String>>().join(" "), faults.len())
        };
        for (text, expected, n_faults) in [
            ("", "", 0),
            ("tag:chairs -tag:ships", "tag:chairs [-] tag:ships", 0),
            ("(a OR b)c AND NOT d", "[(] a [OR] b [)] c [AND] [NOT] d", 0),
            ("or a-b --c", "or a-b [-] [-] c", 0),
            (r#"name:"a (b)" "OR""#, "name:a (b) OR", 0),
            (r#""a \" \\ \n""#, r#"a " \ \n"#, 0),
            (r#"tag:"old men"#, "tag:old men", 1),
            ("\u{3000}日本\u{a0}海", "日本 海", 0),
        ] {
            assert_eq!(shown(text), (expected.to_owned(), n_faults), "{text:?}");
        }
    }
}
