//! `labels.csv`: `attribute_id,attribute_name`, one label a line.
//!
//! A label is appended or gets another name; a line goes only where it is one that was appended, and nothing else was
//! written into it. All other bytes stay. Source: iMet 2019.

use std::borrow::Cow;
use std::collections::{BTreeMap, HashMap, HashSet};

use super::lines::{BOM, Line, columns, fields, line_ending, lines, new_line, quoted, value};
use super::{Problem, Problems};
use crate::domain::{AttributeId, Label, Vocabulary};

const HEADER: &str = "attribute_id,attribute_name";

/// A label that is created needs an id above all others.
const LARGEST_ID: u32 = i32::MAX as u32;

#[derive(Debug, Clone)]
pub struct LabelsTable {
    bytes: Vec<u8>,
    /// Positions of id and name, and the number of columns; `None`: the header was not understood.
    layout: Option<([usize; 2], usize)>,
    vocabulary: Vocabulary,
    lines: Vec<Line>,
    /// Into `lines`.
    line_of: HashMap<AttributeId, usize>,
    problems: Vec<Problem>,
}

/// What becomes of a label's line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum LabelRow {
    /// This is its name; the line is appended where there is none.
    Named(String),
    /// This is its field for the name, as it was in the file: quotes and all.
    Field(Vec<u8>),
    /// It was appended with this name, and goes if it is still as it was appended.
    Gone(String),
}

impl LabelsTable {
    /// Reads a table; no bytes at all are a table without labels.
    pub fn parse(bytes: Vec<u8>) -> Self {
        let mut problems = Problems::default();
        let lines = lines(&bytes);
        let layout = match lines.first() {
            None => Some(([0, 1], 2)),
            Some(header) => {
                let header = &bytes[header.bytes.clone()];
                columns(header, ["attribute_id", "attribute_name"]).map(|found| (found, fields(header).len()))
            }
        };
        let mut labels = Vec::new();
        let mut place_of = HashMap::new();
        match layout {
            None => problems.add(1, "make the first line attribute_id,attribute_name", || {
                "the columns attribute_id and attribute_name are missing; no label is read and the file is left alone".to_owned()
            }),
            Some(([id_column, name_column], _)) => {
                let (mut line_of_id, mut names) = (HashMap::new(), HashSet::new());
                for (place, line) in lines.iter().enumerate().skip(1).filter(|(_, line)| !line.bytes.is_empty()) {
                    let text = &bytes[line.bytes.clone()];
                    match read(text, line.unclosed, id_column, name_column) {
                        Err((message, hint)) => problems.add(line.number, hint, || message),
                        Ok(label) => {
                            if let Some(first) = line_of_id.insert(label.id, line.number) {
                                line_of_id.insert(label.id, first);
                                problems.add(line.number, "give the label an id of its own", || {
                                    format!("id {} is used on line {first} already; this line is not used", label.id)
                                });
                                continue;
                            }
                            if !names.insert(label.name.clone()) {
                                problems.add(line.number, "rename one of them", || {
                                    format!("a second label is named {}", label.name)
                                });
                            }
                            place_of.insert(label.id, place);
                            labels.push(label);
                        }
                    }
                }
            }
        }
        let vocabulary = Vocabulary::new(labels);
        Self { layout, vocabulary, line_of: place_of, problems: problems.finish(), lines, bytes }
    }

    /// Whether the columns of a table of labels were found.
    pub fn is_readable(&self) -> bool {
        self.layout.is_some()
    }

    /// The line a label is on, from 1.
    pub fn line_of(&self, id: AttributeId) -> Option<u64> {
        self.line_of.get(&id).map(|&place| self.lines[place].number)
    }

    /// A label's field for the name as it is in the file, quotes and all.
    pub fn field_of(&self, id: AttributeId) -> Option<&[u8]> {
        let ([_, name_column], _) = self.layout?;
        let text = &self.bytes[self.lines[*self.line_of.get(&id)?].bytes.clone()];
        fields(text).get(name_column).map(|field| &text[field.clone()])
    }

    pub fn vocabulary(&self) -> &Vocabulary {
        &self.vocabulary
    }

    pub fn problems(&self) -> &[Problem] {
        &self.problems
    }

    pub fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// The table with these labels' lines changed; all other bytes stay. New lines go to the end in the order of their ids.
    /// Whether the last line has an end stays as it is, so that taking a new line back gives the first bytes again.
    ///
    /// `None`: the header was not understood.
    pub fn render(&self, changes: &BTreeMap<AttributeId, LabelRow>) -> Option<Vec<u8>> {
        let ([id_column, name_column], n_columns) = self.layout?;
        let ending = line_ending(&self.bytes);
        let new = |id: AttributeId, name: &str, ending: &str| {
            let values: [(usize, Cow<'_, str>); 2] = [(id_column, id.to_string().into()), (name_column, quoted(name))];
            new_line(n_columns, &values, ending)
        };
        let mut replaced: BTreeMap<usize, Option<Vec<u8>>> = BTreeMap::new();
        let mut added = Vec::new();
        for (&id, row) in changes {
            let Some(&place) = self.line_of.get(&id) else {
                if let LabelRow::Named(name) = row {
                    added.push(new(id, name, ""));
                }
                continue;
            };
            let text = &self.bytes[self.lines[place].bytes.clone()];
            let field = match row {
                LabelRow::Named(name) if self.vocabulary.get(id).is_some_and(|label| label.name == *name) => continue,
                LabelRow::Named(name) => quoted(name).into_owned().into_bytes(),
                LabelRow::Field(field) => field.clone(),
                LabelRow::Gone(name) => {
                    if text == new(id, name, "").as_bytes() {
                        replaced.insert(place, None);
                    }
                    continue;
                }
            };
            let range = fields(text)[name_column].clone();
            replaced.insert(place, Some([&text[..range.start], &field, &text[range.end..]].concat()));
        }
        let has_end = self.bytes.ends_with(b"\n") || self.lines.is_empty();
        let mut bytes = Vec::with_capacity(self.bytes.len() + 64 * added.len());
        let mut at = 0;
        for (place, line) in replaced {
            let Line { bytes: range, next, .. } = &self.lines[place];
            bytes.extend_from_slice(&self.bytes[at..range.start]);
            if let Some(line) = line {
                bytes.extend_from_slice(&line);
                bytes.extend_from_slice(&self.bytes[range.end..*next]);
            }
            at = *next;
        }
        bytes.extend_from_slice(&self.bytes[at..]);
        if !added.is_empty() && (bytes.is_empty() || bytes == BOM) {
            added.insert(0, HEADER.to_owned());
        }
        for line in added {
            if !bytes.is_empty() && bytes != BOM && !bytes.ends_with(b"\n") {
                bytes.extend_from_slice(ending.as_bytes());
            }
            bytes.extend_from_slice(line.as_bytes());
            if has_end {
                bytes.extend_from_slice(ending.as_bytes());
            }
        }
        if !has_end && bytes.ends_with(b"\n") {
            bytes.truncate(bytes.len() - if bytes.ends_with(b"\r\n") { 2 } else { 1 });
        }
        Some(bytes)
    }
}

fn read(line: &[u8], unclosed: bool, id_column: usize, name_column: usize) -> Result<Label, (String, &'static str)> {
    if unclosed {
        return Err(("a quote is opened and not closed".to_owned(), "close the quote, or double it"));
    }
    let fields = fields(line);
    let (Some(id), Some(name)) = (fields.get(id_column), fields.get(name_column)) else {
        let message = format!("{} column where id and name belong", fields.len());
        return Err((message, "write the id, a comma and the name"));
    };
    let id = value(&line[id.clone()]);
    let id = String::from_utf8_lossy(&id);
    let Some(number) = id.trim().parse().ok().filter(|&number: &u32| number < LARGEST_ID) else {
        return Err((format!("{id:?} is not an id"), "ids are whole numbers from 0 to 2147483646"));
    };
    match std::str::from_utf8(&value(&line[name.clone()])) {
        Ok(name) if !name.trim().is_empty() => Ok(Label::new(number, name.trim())),
        Ok(_) => Err((format!("label {number} has no name"), "write a name such as tag::chairs")),
        Err(_) => Err((format!("the name of label {number} is not UTF-8 text"), "save the file as UTF-8")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(table: &LabelsTable) -> Vec<(u32, &str)> {
        table.vocabulary().labels().iter().map(|label| (label.id.0, label.name.as_str())).collect()
    }

    #[test]
    fn good_lines_load_and_bad_ones_are_named() {
        let bytes = b"\xEF\xBB\xBFattribute_id,attribute_name\r\n0,\"tag::a, b\"\r\n1,tag::c\r\n1,tag::twice\r\nx,tag::bad\r\n\r\n7\r\n8,\r\n9,\xFF\r\n10,tag::c\n4294967295,tag::d";
        let table = LabelsTable::parse(bytes.to_vec());
        assert_eq!(names(&table), [(0, "tag::a, b"), (1, "tag::c"), (10, "tag::c")]);
        let lines: Vec<_> = table.problems().iter().map(|problem| problem.line).collect();
        assert_eq!(lines, [4, 5, 7, 8, 9, 10, 11]);
    }

    fn named<const N: usize>(rows: [(u32, &str); N]) -> BTreeMap<AttributeId, LabelRow> {
        rows.map(|(id, name)| (AttributeId(id), LabelRow::Named(name.to_owned()))).into()
    }

    fn rendered(before: &str, changes: &BTreeMap<AttributeId, LabelRow>) -> String {
        let table = LabelsTable::parse(before.as_bytes().to_vec());
        String::from_utf8(table.render(changes).unwrap()).unwrap()
    }

    #[test]
    fn an_appended_label_leaves_every_byte_before_it_and_goes_without_a_trace() {
        // (before, after)
        let cases = [
            ("", "attribute_id,attribute_name\n3,\"x, y\"\n"),
            ("\u{feff}", "\u{feff}attribute_id,attribute_name\n3,\"x, y\"\n"),
            ("attribute_id,attribute_name\r\n0,a\r\n", "attribute_id,attribute_name\r\n0,a\r\n3,\"x, y\"\r\n"),
            ("attribute_id,attribute_name\n0,a", "attribute_id,attribute_name\n0,a\n3,\"x, y\""),
            ("note,attribute_name,attribute_id\n,a,0\n", "note,attribute_name,attribute_id\n,a,0\n,\"x, y\",3\n"),
        ];
        for (before, after) in cases {
            assert_eq!(rendered(before, &named([(3, "x, y")])), after);
            let gone = BTreeMap::from([(AttributeId(3), LabelRow::Gone("x, y".to_owned()))]);
            if before.contains('0') {
                assert_eq!(rendered(after, &gone), before);
            }
            let noted = after.replace("\"x, y\"", "\"x, y \"");
            assert_eq!(rendered(&noted, &gone), noted, "somebody wrote into it");
        }
        let odd = LabelsTable::parse(b"0,a\n1,b\n".to_vec());
        assert!(odd.vocabulary().is_empty() && odd.problems().len() == 1);
        assert_eq!(odd.render(&named([(2, "c")])), None);
    }

    #[test]
    fn a_renamed_label_changes_one_field_and_gets_it_back_as_it_was() {
        let before =
            "\u{feff}note,attribute_id,attribute_name\r\nold,0,\"tag::a\"\r\nodd\r\n,0,tag::twice\r\n,7, tag::c ,more";
        let after = rendered(before, &named([(0, "tag::x, y"), (7, "tag::d"), (9, "tag::e")]));
        assert_eq!(
            after,
            "\u{feff}note,attribute_id,attribute_name\r\nold,0,\"tag::x, y\"\r\nodd\r\n,0,tag::twice\r\n,7,tag::d,more\r\n,9,tag::e"
        );
        let table = LabelsTable::parse(before.as_bytes().to_vec());
        let field = |id| LabelRow::Field(table.field_of(AttributeId(id)).unwrap().to_vec());
        let back = BTreeMap::from([
            (AttributeId(0), field(0)),
            (AttributeId(7), field(7)),
            (AttributeId(9), LabelRow::Gone("tag::e".to_owned())),
        ]);
        assert_eq!(rendered(&after, &back), before);
    }
}
