//! `labels.csv`: `attribute_id,attribute_name`, one label a line. Labels are appended, never changed.
//!
//! Source: iMet 2019.

use std::collections::{HashMap, HashSet};

use super::lines::{BOM, columns, fields, line_ending, lines, new_line, quoted, value};
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
    problems: Vec<Problem>,
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
        match layout {
            None => problems.add(1, "make the first line attribute_id,attribute_name", || {
                "the columns attribute_id and attribute_name are missing; no label is read and the file is left alone".to_owned()
            }),
            Some(([id_column, name_column], _)) => {
                let (mut line_of_id, mut names) = (HashMap::new(), HashSet::new());
                for line in lines.iter().skip(1).filter(|line| !line.bytes.is_empty()) {
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
                            labels.push(label);
                        }
                    }
                }
            }
        }
        Self { layout, vocabulary: Vocabulary::new(labels), problems: problems.finish(), bytes }
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

    /// The table with one label more at its end; all bytes before stay. `None`: the header was not understood.
    pub fn append(&self, id: AttributeId, name: &str) -> Option<Vec<u8>> {
        let ([id_column, name_column], n_columns) = self.layout?;
        let ending = line_ending(&self.bytes);
        let mut bytes = self.bytes.clone();
        if bytes.is_empty() || bytes == BOM {
            bytes.extend_from_slice(HEADER.as_bytes());
        }
        if !bytes.ends_with(b"\n") {
            bytes.extend_from_slice(ending.as_bytes());
        }
        let values = [(id_column, id.to_string().into()), (name_column, quoted(name))];
        bytes.extend_from_slice(new_line(n_columns, &values, ending).as_bytes());
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

    #[test]
    fn an_appended_label_leaves_every_byte_before_it() {
        // (before, after)
        let cases = [
            ("", "attribute_id,attribute_name\n3,\"x, y\"\n"),
            ("\u{feff}", "\u{feff}attribute_id,attribute_name\n3,\"x, y\"\n"),
            ("attribute_id,attribute_name\r\n0,a\r\n", "attribute_id,attribute_name\r\n0,a\r\n3,\"x, y\"\r\n"),
            ("attribute_id,attribute_name\n0,a", "attribute_id,attribute_name\n0,a\n3,\"x, y\"\n"),
            ("note,attribute_name,attribute_id\n,a,0\n", "note,attribute_name,attribute_id\n,a,0\n,\"x, y\",3\n"),
        ];
        for (before, after) in cases {
            let found = LabelsTable::parse(before.as_bytes().to_vec()).append(AttributeId(3), "x, y").unwrap();
            assert_eq!(String::from_utf8(found).unwrap(), after);
        }
        let odd = LabelsTable::parse(b"0,a\n1,b\n".to_vec());
        assert!(odd.vocabulary().is_empty() && odd.problems().len() == 1);
        assert_eq!(odd.append(AttributeId(2), "c"), None);
    }
}
