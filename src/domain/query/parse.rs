//! Tokens to a tree. Never fails: what cannot be read is left out, with a word about where and why.
//!
//! `any := all (OR all)*`, `all := (AND? one)+`, `one := (NOT | -) one | ( any ) | term`.

use std::ops::Range;

use super::fault::{Fault, QueryError};
use super::keys::Key;
use super::syntax::{Expr, Places, Term};
use super::token::{Kind, Letter, Token, tokens};

/// Deeper nesting is somebody's cat on the keyboard.
pub const MAX_DEPTH: usize = 48;

/// A query as far as it was understood.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Query {
    /// `None`: nothing is asked for.
    pub expr: Option<Expr>,
    /// In the order of the text.
    pub faults: Vec<Fault>,
}

pub fn parse(text: &str) -> Query {
    let (tokens, faults) = tokens(text);
    let mut parser = Parser { tokens, faults, at: 0, depth: 0 };
    let mut parts = Vec::new();
    loop {
        parts.extend(parser.any());
        match parser.peek() {
            None => break,
            Some(_) => parser.fault_here(QueryError::Unopened), // Only a parenthesis ends `any` before the text does.
        }
    }
    let mut faults = parser.faults;
    faults.sort_by_key(|fault| fault.span.start);
    Query { expr: joined(parts, Expr::And), faults }
}

fn joined(mut parts: Vec<Expr>, join: fn(Vec<Expr>) -> Expr) -> Option<Expr> {
    if parts.len() > 1 { Some(join(parts)) } else { parts.pop() }
}

struct Parser {
    tokens: Vec<Token>,
    faults: Vec<Fault>,
    at: usize,
    depth: usize,
}

impl Parser {
    fn peek(&self) -> Option<&Kind> {
        self.tokens.get(self.at).map(|token| &token.kind)
    }

    fn span(&self) -> Range<usize> {
        self.tokens.get(self.at).map_or(0..0, |token| token.span.clone())
    }

    fn fault(&mut self, span: Range<usize>, error: QueryError) {
        self.faults.push(Fault::new(span, error));
    }

    /// Of the token at hand, which is passed over.
    fn fault_here(&mut self, error: QueryError) {
        let span = self.span();
        self.fault(span, error);
        self.at += 1;
    }

    fn any(&mut self) -> Option<Expr> {
        let mut parts = Vec::new();
        let mut or: Option<Range<usize>> = None;
        loop {
            let part = self.all();
            let is_missing = part.is_none();
            parts.extend(part);
            if self.peek() == Some(&Kind::Or) {
                let span = self.span();
                if is_missing {
                    self.fault_here(QueryError::NothingBefore { word: "OR" });
                } else {
                    self.at += 1;
                }
                or = Some(span);
                continue;
            }
            if let Some(or) = or.filter(|_| is_missing && !parts.is_empty()) {
                self.fault(or, QueryError::NothingAfter { word: "OR" });
            }
            return joined(parts, Expr::Or);
        }
    }

    fn all(&mut self) -> Option<Expr> {
        let mut parts = Vec::new();
        loop {
            match self.peek() {
                None | Some(Kind::Close | Kind::Or) => return joined(parts, Expr::And),
                Some(Kind::And) if parts.is_empty() => self.fault_here(QueryError::NothingBefore { word: "AND" }),
                Some(Kind::And) => {
                    let follower = self.tokens.get(self.at + 1).map(|token| &token.kind);
                    if matches!(follower, None | Some(Kind::Close | Kind::Or | Kind::And)) {
                        self.fault_here(QueryError::NothingAfter { word: "AND" });
                    } else {
                        self.at += 1;
                    }
                }
                Some(_) => parts.extend(self.one()),
            }
        }
    }

    /// At least one token on.
    fn one(&mut self) -> Option<Expr> {
        let token = self.tokens.get(self.at)?.clone();
        let is_nest = matches!(token.kind, Kind::Minus | Kind::Not | Kind::Open);
        if is_nest && self.depth >= MAX_DEPTH {
            let end = self.tokens.last().map_or(token.span.end, |last| last.span.end);
            self.fault(token.span.start..end, QueryError::TooDeep);
            self.at = self.tokens.len();
            return None;
        }
        self.at += 1;
        self.depth += usize::from(is_nest);
        let read = match token.kind {
            Kind::Minus => self.negated(token.span, "-"),
            Kind::Not => self.negated(token.span, "NOT"),
            Kind::Open => self.group(token.span),
            Kind::Term(letters) => self.term(token.span, &letters),
            Kind::Close | Kind::And | Kind::Or => None, // `all` does not come here with one.
        };
        self.depth -= usize::from(is_nest);
        read
    }

    fn negated(&mut self, span: Range<usize>, word: &'static str) -> Option<Expr> {
        let next = self.tokens.get(self.at);
        let begins = next.is_some_and(|next| matches!(next.kind, Kind::Minus | Kind::Not | Kind::Open | Kind::Term(_)));
        let is_apart = word == "-" && next.is_some_and(|next| next.span.start != span.end);
        if !begins || is_apart {
            self.fault(span, QueryError::NothingAfter { word });
            return None;
        }
        self.one().map(|part| Expr::Not(Box::new(part)))
    }

    fn group(&mut self, opened: Range<usize>) -> Option<Expr> {
        let n_faults = self.faults.len();
        let inner = self.any();
        let is_closed = self.peek() == Some(&Kind::Close);
        let end = if is_closed { self.span().end } else { opened.end };
        if is_closed {
            self.at += 1;
        } else if self.at >= self.tokens.len() {
            self.fault(opened.clone(), QueryError::Unclosed);
        }
        if inner.is_none() && is_closed && self.faults.len() == n_faults {
            self.fault(opened.start..end, QueryError::EmptyGroup);
        }
        inner
    }

    fn term(&mut self, span: Range<usize>, letters: &[Letter]) -> Option<Expr> {
        let colon = letters.iter().position(|letter| letter.letter == ':' && !letter.quoted);
        let (key, rest) = match colon {
            Some(0) => {
                self.fault(span.clone(), QueryError::UnknownKey { key: String::new(), similar: None });
                return None;
            }
            Some(colon) => {
                // `culture::japan` as well: names are written so everywhere else.
                let doubled = letters.get(colon + 1).is_some_and(|next| next.letter == ':' && !next.quoted);
                (&letters[..colon], &letters[colon + 1 + usize::from(doubled)..])
            }
            None => (&letters[..0], letters),
        };
        if colon.is_none() && letters.is_empty() {
            self.fault(span, QueryError::EmptyQuotation);
            return None;
        }
        let key_text = (colon.is_some()).then(|| text_of(key));
        let compares = key_text.as_deref().and_then(Key::of).is_some_and(Key::compares);
        let is_sign = |letter: &Letter| compares && !letter.quoted && matches!(letter.letter, '<' | '>' | '=');
        let n_value = rest.iter().position(is_sign).unwrap_or(rest.len());
        let (value, condition) = rest.split_at(n_value);
        let place = |part: &[Letter], before: usize| {
            // Quotation marks at its ends belong to it.
            part.first().map_or(before..before, |first| {
                let last = part.last().unwrap_or(first);
                let start = if first.quoted { first.at.saturating_sub(1).max(span.start) } else { first.at };
                start..(last.at + last.letter.len_utf8() + usize::from(last.quoted)).min(span.end)
            })
        };
        let places = Places {
            key: place(key, span.start),
            value: place(value, condition.first().map_or(span.end, |letter| letter.at)),
            condition: place(condition, span.end),
            whole: span.clone(),
        };
        let condition = (!condition.is_empty()).then(|| text_of(condition));
        Some(Expr::Term(Term { key: key_text, value: text_of(value), condition, places }))
    }
}

fn text_of(letters: &[Letter]) -> String {
    letters.iter().map(|letter| letter.letter).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::Hint as _;

    #[test]
    fn side_by_side_binds_more_than_or_and_minus_most() {
        // Printed with all its parentheses.
        fn shown(expr: &Expr) -> String {
            let list = |parts: &[Expr], sign: &str| parts.iter().map(shown).collect::<Vec<_>>().join(sign);
            match expr {
                Expr::Term(term) => term.to_string(),
                Expr::Not(part) => format!("!{}", shown(part)),
                Expr::And(parts) => format!("({})", list(parts, " & ")),
                Expr::Or(parts) => format!("({})", list(parts, " | ")),
            }
        }
        for (text, expected) in [
            ("a", "a"),
            ("a b OR c", "((a & b) | c)"),
            ("a AND b OR NOT c d", "((a & b) | (!c & d))"),
            ("a (b OR c) -d", "(a & (b | c) & !d)"),
            ("-(a OR b) --c", "(!(a | b) & !!c)"),
            ("tag:chairs -tag:ships tags:>3", "(tag:chairs & !tag:ships & tags:>3)"),
            ("proposed:\"old men\">0.6", "proposed:\"old men\">0.6"),
            ("culture::japan", "culture:japan"),
            ("name:a=b", "name:a=b"),
            ("\"a:b\"", "\"a:b\""),
            ("\"object type\":vase", "\"object type\":vase"),
        ] {
            let query = parse(text);
            assert_eq!(query.faults, [], "{text}");
            assert_eq!(shown(&query.expr.unwrap()), expected, "{text}");
        }
        assert_eq!(parse("  "), Query::default());
    }

    #[test]
    fn what_is_not_understood_is_left_out_with_its_place_and_a_word_about_it() {
        // (query, what is understood, (place, what is wrong))
        for (text, understood, place, error) in [
            ("a OR", "a", 2..4, "nothing stands after OR"),
            ("OR a", "a", 0..2, "nothing stands before OR"),
            ("AND a", "a", 0..3, "nothing stands before AND"),
            ("a AND", "a", 2..5, "nothing stands after AND"),
            ("a AND OR b", "a OR b", 2..5, "nothing stands after AND"),
            ("a NOT", "a", 2..5, "nothing stands after NOT"),
            ("a - b", "a b", 2..3, "nothing stands after -"),
            ("a (b", "a b", 2..3, "this parenthesis is not closed"),
            ("a) b", "a b", 1..2, "this parenthesis was never opened"),
            ("a ()", "a", 2..4, "nothing stands between the parentheses"),
            ("a \"b c", "a \"b c\"", 2..6, "the quotation is not closed"),
            ("a \"\"", "a", 2..4, "nothing stands between the quotation marks"),
            ("a :b", "a", 2..4, "there is no key :"),
        ] {
            let Query { expr, faults } = parse(text);
            let found: Vec<_> = faults.iter().map(|fault| (fault.span.clone(), fault.error.to_string())).collect();
            assert_eq!(found, [(place, error.to_owned())], "{text}");
            assert!(faults[0].error.hint().is_some());
            assert_eq!(expr.unwrap().to_string(), understood, "{text}");
        }
    }

    #[test]
    fn parts_of_a_term_know_their_places() {
        let text = "é -proposed:\"old men\">0.6";
        let Some(Expr::And(parts)) = parse(text).expr else { panic!() };
        let Expr::Not(part) = &parts[1] else { panic!() };
        let Expr::Term(Term { places, .. }) = &**part else { panic!() };
        let shown = [&places.whole, &places.key, &places.value, &places.condition].map(|place| &text[place.clone()]);
        assert_eq!(shown, ["proposed:\"old men\">0.6", "proposed", "\"old men\"", ">0.6"]);
    }

    #[test]
    fn nesting_without_end_is_refused() {
        for text in ["(".repeat(100_000), "-".repeat(100_000), "NOT ".repeat(100_000) + "a"] {
            let query = parse(&text);
            assert!(query.faults.iter().any(|fault| fault.error == QueryError::TooDeep));
            assert_eq!(query.expr, None);
        }
    }
}
