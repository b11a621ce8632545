//! `train.csv`: `id,attribute_ids`, one described image a line; attribute ids separated by a space.
//!
//! Lines whose meaning does not change keep their bytes, whatever is in them. Source: iMet 2019.

use std::collections::{BTreeMap, HashMap};

use super::lines::{BOM, Line, columns, fields, line_ending, lines, new_line, quoted, value};
use super::{Problem, Problems};
use crate::domain::{AttributeId, ImageId, LabelSet, Vocabulary};

const HEADER: &str = "id,attribute_ids";

#[derive(Debug, Clone, Copy)]
struct Layout {
    id: usize,
    attribute_ids: usize,
    n_columns: usize,
}

#[derive(Debug, Clone)]
struct Row {
    id: ImageId,
    tags: LabelSet,
    /// Into `lines`.
    line: usize,
}

#[derive(Debug, Clone)]
pub struct TrainTable {
    bytes: Vec<u8>,
    lines: Vec<Line>,
    layout: Option<Layout>,
    rows: Vec<Row>,
    row_of: HashMap<ImageId, usize>,
    problems: Vec<Problem>,
    vocabulary_ids: Vec<AttributeId>,
}

impl TrainTable {
    /// Reads a table; no bytes at all are a table without rows. Ids that the vocabulary lacks stay in the bytes only.
    pub fn parse(bytes: Vec<u8>, vocabulary: &Vocabulary) -> Self {
        let mut problems = Problems::default();
        let lines = lines(&bytes);
        let layout = match lines.first() {
            None => Some(Layout { id: 0, attribute_ids: 1, n_columns: 2 }),
            Some(header) => {
                let header = &bytes[header.bytes.clone()];
                let n_columns = fields(header).len();
                columns(header, ["id", "attribute_ids"]).map(|[id, attribute_ids]| Layout {
                    id,
                    attribute_ids,
                    n_columns,
                })
            }
        };
        let mut rows: Vec<Row> = Vec::with_capacity(lines.len());
        let mut row_of = HashMap::with_capacity(lines.len());
        match layout {
            None => problems.add(1, "make the first line id,attribute_ids", || {
                "the columns id and attribute_ids are missing; no row is read and the file is left alone".to_owned()
            }),
            Some(layout) => {
                for (at, line) in lines.iter().enumerate().skip(1).filter(|(_, line)| !line.bytes.is_empty()) {
                    let text = &bytes[line.bytes.clone()];
                    let Some(id) = read_id(text, line, layout, &mut problems) else {
                        continue;
                    };
                    if let Some(&first) = row_of.get(&id) {
                        let first: &Row = &rows[first];
                        problems.add(line.number, "keep one row for each image", || {
                            format!(
                                "{id} has a row on line {} already; this line is not used",
                                lines[first.line].number
                            )
                        });
                        continue;
                    }
                    let tags = read_tags(text, line, layout, vocabulary, &mut problems);
                    row_of.insert(id.clone(), rows.len());
                    rows.push(Row { id, tags, line: at });
                }
            }
        }
        let vocabulary_ids = vocabulary.labels().iter().map(|label| label.id).collect();
        Self { layout, rows, row_of, problems: problems.finish(), vocabulary_ids, lines, bytes }
    }

    /// Whether rows can be read and written; not so where the header is something else.
    pub fn is_readable(&self) -> bool {
        self.layout.is_some()
    }

    /// Whether the file is missing or empty: it has not even a header, and says nothing about any image.
    pub fn is_blank(&self) -> bool {
        self.lines.is_empty()
    }

    pub fn n_rows(&self) -> usize {
        self.rows.len()
    }

    /// In the order of the file.
    pub fn rows(&self) -> impl Iterator<Item = (&ImageId, &LabelSet)> {
        self.rows.iter().map(|row| (&row.id, &row.tags))
    }

    /// The known labels in an image's row; `None` without a row.
    pub fn tags_of(&self, id: &str) -> Option<&LabelSet> {
        self.row_of.get(id).map(|&row| &self.rows[row].tags)
    }

    /// All attribute ids in an image's row, also those the vocabulary lacks; `None` without a row.
    pub fn ids_of(&self, id: &str) -> Option<LabelSet> {
        let layout = self.layout?;
        let row = &self.rows[*self.row_of.get(id)?];
        let text = &self.bytes[self.lines[row.line].bytes.clone()];
        let field = value(&text[fields(text)[layout.attribute_ids].clone()]);
        let tokens = field.split(u8::is_ascii_whitespace);
        let numbers = tokens.filter_map(|token| std::str::from_utf8(token).ok()?.parse().ok());
        Some(numbers.map(AttributeId).collect())
    }

    /// The line an image's row is on, from 1.
    pub fn line_of(&self, id: &str) -> Option<u64> {
        self.row_of.get(id).map(|&row| self.lines[self.rows[row].line].number)
    }

    pub fn problems(&self) -> &[Problem] {
        &self.problems
    }

    pub fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// The table with these images' rows changed; `None` takes a row away.
    ///
    /// A row whose tags stay the same keeps its bytes, as do all lines not named. In a changed row ids ascend, ids the
    /// vocabulary lacks among them, and what is no id comes last. New rows go to the end in the order of their ids.
    /// `None` where the table is not readable: such a file must be left alone.
    pub fn render(&self, changes: &BTreeMap<ImageId, Option<LabelSet>>) -> Option<Vec<u8>> {
        let layout = self.layout?;
        let ending = line_ending(&self.bytes);
        let mut replaced: BTreeMap<usize, Option<&LabelSet>> = BTreeMap::new();
        let mut added = String::new();
        for (id, tags) in changes {
            match (self.row_of.get(id), tags) {
                (Some(&row), Some(tags)) if self.rows[row].tags == *tags => {}
                (Some(&row), tags) => {
                    replaced.insert(self.rows[row].line, tags.as_ref());
                }
                (None, Some(tags)) => {
                    let values = [(layout.id, quoted(id.as_str())), (layout.attribute_ids, joined(tags).into())];
                    added.push_str(&new_line(layout.n_columns, &values, ending));
                }
                (None, None) => {}
            }
        }
        let mut bytes = Vec::with_capacity(self.bytes.len() + added.len() + 64);
        let mut at = 0;
        for (line, tags) in replaced {
            let Line { bytes: range, next, .. } = &self.lines[line];
            bytes.extend_from_slice(&self.bytes[at..range.start]);
            if let Some(tags) = tags {
                self.changed_row(&self.bytes[range.clone()], layout, tags, &mut bytes);
                bytes.extend_from_slice(&self.bytes[range.end..*next]);
            }
            at = *next;
        }
        bytes.extend_from_slice(&self.bytes[at..]);
        if !added.is_empty() {
            if bytes.is_empty() || bytes == BOM {
                bytes.extend_from_slice(HEADER.as_bytes());
            }
            if !bytes.ends_with(b"\n") {
                bytes.extend_from_slice(ending.as_bytes());
            }
            bytes.extend_from_slice(added.as_bytes());
        }
        Some(bytes)
    }

    fn changed_row(&self, line: &[u8], layout: Layout, tags: &LabelSet, bytes: &mut Vec<u8>) {
        let field = fields(line)[layout.attribute_ids].clone();
        let old = &line[field.clone()];
        let plain = value(old);
        let mut numbers: Vec<(u64, Vec<u8>)> =
            tags.iter().map(|id| (u64::from(id.0), id.to_string().into_bytes())).collect();
        let mut odd = Vec::new();
        for token in plain.split(u8::is_ascii_whitespace).filter(|token| !token.is_empty()) {
            match std::str::from_utf8(token).ok().and_then(|text| text.parse::<u64>().ok()) {
                Some(number) if self.knows(number) => {}
                Some(number) => numbers.push((number, token.to_vec())),
                None => odd.push(token.to_vec()),
            }
        }
        numbers.sort();
        numbers.dedup();
        let tokens: Vec<_> = numbers.into_iter().map(|(_, token)| token).chain(odd).collect();
        let joined = tokens.join(&b' ');
        bytes.extend_from_slice(&line[..field.start]);
        if old.starts_with(b"\"") {
            bytes.push(b'"');
            bytes.extend(joined.iter().flat_map(|&byte| if byte == b'"' { vec![b'"', b'"'] } else { vec![byte] }));
            bytes.push(b'"');
        } else {
            bytes.extend_from_slice(&joined);
        }
        bytes.extend_from_slice(&line[field.end..]);
    }

    fn knows(&self, number: u64) -> bool {
        u32::try_from(number).is_ok_and(|number| self.vocabulary_ids.contains(&AttributeId(number)))
    }
}

/// Attribute ids as a row holds them.
pub fn joined(tags: &LabelSet) -> String {
    tags.iter().map(|id| id.to_string()).collect::<Vec<_>>().join(" ")
}

fn read_id(text: &[u8], line: &Line, layout: Layout, problems: &mut Problems) -> Option<ImageId> {
    if line.unclosed {
        problems.add(line.number, "close the quote, or double it", || "a quote is opened and not closed".to_owned());
        return None;
    }
    let fields = fields(text);
    if fields.len() <= layout.id.max(layout.attribute_ids) {
        problems.add(line.number, "a row is the image id, a comma and the attribute ids", || {
            format!("{} column where {} belong; this line is not used", fields.len(), layout.n_columns)
        });
        return None;
    }
    let id = value(&text[fields[layout.id].clone()]);
    match std::str::from_utf8(&id) {
        Ok("") => {
            problems.add(line.number, "write the file name of the image without extension", || {
                "the image id is empty".to_owned()
            });
            None
        }
        Ok(id) => Some(ImageId::from(id)),
        Err(_) => {
            problems.add(line.number, "save the file as UTF-8", || {
                "the image id is not UTF-8 text; this line is not used".to_owned()
            });
            None
        }
    }
}

fn read_tags(text: &[u8], line: &Line, layout: Layout, vocabulary: &Vocabulary, problems: &mut Problems) -> LabelSet {
    let field = value(&text[fields(text)[layout.attribute_ids].clone()]);
    let mut tags = Vec::with_capacity(4);
    for token in field.split(u8::is_ascii_whitespace).filter(|token| !token.is_empty()) {
        let token = String::from_utf8_lossy(token);
        match token.parse::<u32>() {
            Ok(id) if vocabulary.contains(AttributeId(id)) => tags.push(AttributeId(id)),
            Ok(id) => problems.add(line.number, "add the attribute to labels.csv, or take it out of this row", || {
                format!("attribute {id} is not in labels.csv; it is kept in the file and not used")
            }),
            Err(_) => problems.add(line.number, "attribute ids are whole numbers, separated by a space", || {
                format!("{token:?} is not an attribute id; it is kept in the file and not used")
            }),
        }
    }
    tags.into_iter().collect()
}

#[cfg(test)]
mod tests;
