//! Lines and fields of a CSV table as byte ranges, so that what is not changed can keep its bytes.
//!
//! Source: RFC 4180; besides, LF line ends, a byte order mark and a missing last line end are fine.

use std::borrow::Cow;
use std::ops::Range;

pub(super) const BOM: &[u8] = b"\xEF\xBB\xBF";

/// One record: a line, or several where a quoted field holds line ends.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Line {
    /// Without its line end.
    pub(super) bytes: Range<usize>,
    /// Where the next one begins.
    pub(super) next: usize,
    /// From 1.
    pub(super) number: u64,
    /// A quote is opened and not closed: the fields mean nothing.
    pub(super) unclosed: bool,
}

/// A quoted field may hold this many line ends; more, and a quote was forgotten.
const LINES_IN_A_FIELD: usize = 16;

/// All records of a table.
pub(super) fn lines(table: &[u8]) -> Vec<Line> {
    let mut found = Vec::new();
    let mut at = if table.starts_with(BOM) { BOM.len() } else { 0 };
    let mut number = 1;
    while at < table.len() {
        let (mut end, mut next) = line_end(table, at);
        let mut n_lines = 1;
        let mut unclosed = !is_closed(&table[at..end]);
        if unclosed {
            let (first_end, first_next) = (end, next);
            while unclosed && n_lines <= LINES_IN_A_FIELD && next < table.len() {
                (end, next) = line_end(table, next);
                n_lines += 1;
                unclosed = !is_closed(&table[at..end]);
            }
            if unclosed {
                (end, next, n_lines) = (first_end, first_next, 1);
            }
        }
        found.push(Line { bytes: at..end, next, number, unclosed });
        number += n_lines as u64;
        at = next;
    }
    found
}

/// Where the line from `at` ends, and where the next begins.
fn line_end(table: &[u8], at: usize) -> (usize, usize) {
    match table[at..].iter().position(|&byte| byte == b'\n') {
        None => (table.len(), table.len()),
        Some(length) => {
            let end = at + length;
            (if end > at && table[end - 1] == b'\r' { end - 1 } else { end }, end + 1)
        }
    }
}

fn is_closed(line: &[u8]) -> bool {
    line.iter().filter(|&&byte| byte == b'"').count() % 2 == 0
}

/// Ranges of the fields of a line, quotes included, relative to the line.
pub(super) fn fields(line: &[u8]) -> Vec<Range<usize>> {
    let mut found = Vec::with_capacity(2);
    let (mut start, mut quoted) = (0, false);
    for (at, &byte) in line.iter().enumerate() {
        match byte {
            b'"' => quoted = !quoted,
            b',' if !quoted => {
                found.push(start..at);
                start = at + 1;
            }
            _ => {}
        }
    }
    found.push(start..line.len());
    found
}

/// A field's value, without its quotes.
pub(super) fn value(field: &[u8]) -> Cow<'_, [u8]> {
    let Some(inner) = field.strip_prefix(b"\"").and_then(|rest| rest.strip_suffix(b"\"")) else {
        return Cow::Borrowed(field);
    };
    let mut plain = Vec::with_capacity(inner.len());
    let mut bytes = inner.iter();
    while let Some(&byte) = bytes.next() {
        plain.push(byte);
        if byte == b'"' {
            bytes.next(); // The second of a doubled quote.
        }
    }
    Cow::Owned(plain)
}

/// A value as a field: in quotes only where it must be.
pub(super) fn quoted(value: &str) -> Cow<'_, str> {
    if value.contains([',', '"', '\n', '\r']) || value.starts_with(' ') || value.ends_with(' ') {
        Cow::Owned(format!("\"{}\"", value.replace('"', "\"\"")))
    } else {
        Cow::Borrowed(value)
    }
}

/// The line end the table uses: that of its first line, LF for a table of one line or none.
pub(super) fn line_ending(table: &[u8]) -> &'static str {
    match table.iter().position(|&byte| byte == b'\n') {
        Some(at) if at > 0 && table[at - 1] == b'\r' => "\r\n",
        _ => "\n",
    }
}

/// Position of each wanted column in the header, in the order asked; case and surrounding spaces do not matter.
pub(super) fn columns<const N: usize>(header: &[u8], wanted: [&str; N]) -> Option<[usize; N]> {
    let names: Vec<_> = fields(header)
        .into_iter()
        .map(|range| String::from_utf8_lossy(&value(&header[range])).trim().to_lowercase())
        .collect();
    let mut positions = [0; N];
    for (position, wanted) in positions.iter_mut().zip(wanted) {
        *position = names.iter().position(|name| name == wanted)?;
    }
    Some(positions)
}

/// A new line for a table: these values in their columns, the others empty.
pub(super) fn new_line(n_columns: usize, values: &[(usize, Cow<'_, str>)], line_ending: &str) -> String {
    let mut line = String::new();
    for column in 0..n_columns {
        if column > 0 {
            line.push(',');
        }
        if let Some((_, value)) = values.iter().find(|(at, _)| *at == column) {
            line.push_str(value);
        }
    }
    line.push_str(line_ending);
    line
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_and_fields_are_found_whatever_their_ends_and_quotes() {
        let table = b"\xEF\xBB\xBFa,b\r\n\"x, \"\"y\"\"\",2\n\"two\nlines\",3\n\nlast,4";
        let found: Vec<_> = lines(table)
            .into_iter()
            .map(|line| {
                let bytes = &table[line.bytes.clone()];
                let values =
                    fields(bytes).into_iter().map(|field| String::from_utf8_lossy(&value(&bytes[field])).into_owned());
                (line.number, values.collect::<Vec<_>>().join("|"))
            })
            .collect();
        let expected = [(1, "a|b"), (2, "x, \"y\"|2"), (3, "two\nlines|3"), (5, ""), (6, "last|4")];
        assert_eq!(found, expected.map(|(number, text)| (number, text.to_owned())));
    }

    #[test]
    fn a_forgotten_quote_spoils_one_line_only() {
        let table = [&b"id,x\n\"open,1\n"[..], &b"b,2\n".repeat(40)].concat();
        let found = lines(&table);
        assert_eq!(found.iter().filter(|line| line.unclosed).map(|line| line.number).collect::<Vec<_>>(), [2]);
        assert_eq!(found.len(), 42);
    }

    #[test]
    fn a_value_and_its_field_are_each_others_inverse() {
        for text in ["plain", "a, b", "say \"hi\"", "two\nlines", "", " edge "] {
            let field = quoted(text);
            assert_eq!(value(field.as_bytes()), text.as_bytes(), "{field}");
        }
    }
}
