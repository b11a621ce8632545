//! Import of a vocabulary: a plain list, one name a line, or another collection's `labels.csv`.
//!
//! Ids of a `labels.csv` are kept where no label here ever had them. Nothing is applied: the step that makes the new
//! labels is one, and what is odd about the file is said with its line before anything is done.

use std::collections::{HashMap, HashSet};

use super::editing::{Refusal, free_name, tidy_name};
use super::tables::{LabelsTable, Problem};
use super::vocabulary::folded;
use super::{AttributeId, Edit, Label, Step, Vocabulary};

#[derive(Debug, Clone, Default, PartialEq)]
pub struct Import {
    /// The labels to make, in the order of the file.
    pub new: Vec<Label>,
    /// Names that the collection has already, as labels or as other names for them.
    pub n_known: usize,
    /// Lines that are not used, or not as they stand, ascending.
    pub problems: Vec<Problem>,
}

impl Import {
    /// A file whose first line names the columns of `labels.csv` is one; any other is a list. In a list, blank lines
    /// and those that begin with `#` say nothing.
    pub fn read(bytes: &[u8], vocabulary: &Vocabulary) -> Self {
        let table = LabelsTable::parse(bytes.to_vec());
        match table.is_readable() && !bytes.is_empty() {
            true => Self::of_table(&table, vocabulary),
            false => Self::of_list(bytes, vocabulary),
        }
    }

    /// The step that makes the new labels.
    pub fn step(&self) -> Step {
        Step { edits: self.new.iter().cloned().map(Edit::create).collect(), changes: Vec::new() }
    }

    fn of_list(bytes: &[u8], vocabulary: &Vocabulary) -> Self {
        let bytes = bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(bytes);
        let mut import = Self::default();
        let mut names = Names::of(vocabulary);
        let mut id = vocabulary.next_id();
        for (line, text) in (1..).zip(bytes.split(|&byte| byte == b'\n')) {
            let Ok(text) = std::str::from_utf8(text) else {
                import.problem(line, "this line is not UTF-8 text".to_owned(), "save the file as UTF-8");
                continue;
            };
            if text.trim().is_empty() || text.trim_start().starts_with('#') {
                continue;
            }
            if let Some(name) = import.usable(line, text, vocabulary, &mut names) {
                import.new.push(Label { id, name });
                id.0 += 1;
            }
        }
        import
    }

    fn of_table(table: &LabelsTable, vocabulary: &Vocabulary) -> Self {
        let mut import = Self { problems: table.problems().to_vec(), ..Self::default() };
        let mut names = Names::of(vocabulary);
        // Above the ids of the file too, so that a label that has to give way takes nobody's place.
        let largest = table.vocabulary().next_id().max(vocabulary.next_id());
        let mut spare = largest;
        for label in table.vocabulary().labels() {
            let line = table.line_of(label.id).unwrap_or(0);
            let before = import.n_known;
            let Some(name) = import.usable(line, &label.name, vocabulary, &mut names) else {
                let here = vocabulary.by_name(&label.name).map(|known| known.id);
                if let Some(here) = here.filter(|&here| here != label.id && import.n_known > before) {
                    let message = format!("{} has id {} there and {here} here; it keeps {here}", label.name, label.id);
                    import.problem(line, message, "nothing is to be done");
                }
                continue;
            };
            let mut id = label.id;
            if vocabulary.contains(id) {
                id = spare;
                spare = AttributeId(spare.0 + 1);
                let message = format!("id {} belongs to another label here; {name} gets {id}", label.id);
                import.problem(line, message, "nothing is to be done");
            }
            import.new.push(Label { id, name });
        }
        import.problems.sort_by_key(|problem| problem.line);
        import
    }

    /// The name of a line, where it can become a label.
    fn usable(&mut self, line: u64, text: &str, vocabulary: &Vocabulary, names: &mut Names) -> Option<String> {
        let name = match tidy_name(text, None) {
            Ok(name) => name,
            Err(refusal) => {
                self.problem(line, refusal.to_string(), "write one name a line, such as tag::chairs");
                return None;
            }
        };
        if names.known.contains(&folded(&name)) {
            self.n_known += 1;
            return None;
        }
        if let Some(first) = names.first.get(&folded(&name)) {
            let message = format!("{name} is on line {first} already");
            self.problem(line, message, "keep one of them");
            return None;
        }
        match free_name(vocabulary, &name, None) {
            Ok(()) => {}
            Err(refusal @ Refusal::IsRetired { .. }) => {
                self.problem(line, refusal.to_string(), "bring it back in the vocabulary");
                return None;
            }
            Err(refusal) => {
                self.n_known += 1;
                self.problem(line, refusal.to_string(), "it is not made a second time");
                return None;
            }
        }
        names.first.insert(folded(&name), line);
        Some(name)
    }

    fn problem(&mut self, line: u64, message: String, hint: &'static str) {
        self.problems.push(Problem { line, message, hint });
    }
}

/// Names as they are compared.
struct Names {
    /// Of labels here.
    known: HashSet<String>,
    /// In the file, with the line they are first on.
    first: HashMap<String, u64>,
}

impl Names {
    fn of(vocabulary: &Vocabulary) -> Self {
        let known = vocabulary.offered().map(|label| folded(&label.name)).collect();
        Self { known, first: HashMap::new() }
    }
}

#[cfg(test)]
mod tests {
    use super::super::Standing;
    use super::*;

    fn vocabulary() -> Vocabulary {
        let mut vocabulary =
            Vocabulary::new([Label::new(0, "tag::swords"), Label::new(4, "tag::bows"), Label::new(5, "tag::pikes")]);
        vocabulary.apply(&Edit::Alias { alias: "katana".to_owned(), of: Some(AttributeId(0)), before: None });
        let label = Label::new(5, "tag::pikes");
        vocabulary.apply(&Edit::Stand { label, standing: Standing::Retired, before: Standing::Offered });
        vocabulary
    }

    /// New labels, how many are known, lines of problems.
    fn read(text: &str) -> (Vec<(u32, String)>, usize, Vec<u64>) {
        let import = Import::read(text.as_bytes(), &vocabulary());
        let new = import.new.iter().map(|label| (label.id.0, label.name.clone())).collect();
        (new, import.n_known, import.problems.iter().map(|problem| problem.line).collect())
    }

    fn new<const N: usize>(labels: [(u32, &str); N]) -> Vec<(u32, String)> {
        labels.map(|(id, name)| (id, name.to_owned())).into()
    }

    #[test]
    fn a_plain_list_makes_a_label_of_every_new_name() {
        for (text, expected) in [
            ("", (vec![], 0, vec![])),
            (
                "# words\n\n tag::boats \r\ntag::sea   birds\n",
                (new([(6, "tag::boats"), (7, "tag::sea birds")]), 0, vec![]),
            ),
            ("tag::swords\nTAG::Bows\nboats\n", (new([(6, "boats")]), 2, vec![])),
            ("boats\nBoats\n::x\ntag::\n", (new([(6, "boats")]), 0, vec![2, 3, 4])),
            ("katana\ntag::katana\ntag::pikes\n", (vec![], 2, vec![1, 2, 3])),
            ("\u{feff}boats", (new([(6, "boats")]), 0, vec![])),
        ] {
            assert_eq!(read(text), expected, "{text:?}");
        }
    }

    #[test]
    fn the_ids_of_a_labels_csv_are_kept_where_they_are_free() {
        let text =
            "attribute_id,attribute_name\n0,tag::boats\n4,tag::bows\n9,tag::swords\n7,tag::masks\nx,bad\n12,tag::sea\n";
        let (labels, n_known, lines) = read(text);
        // 0 is taken here by another label: the next id above both vocabularies is 13. 9 is tag::swords elsewhere.
        assert_eq!(labels, new([(13, "tag::boats"), (7, "tag::masks"), (12, "tag::sea")]));
        assert_eq!((n_known, lines), (2, vec![2, 4, 6]));
    }

    #[test]
    fn an_id_of_a_retired_label_is_not_given_to_another() {
        let (labels, _, lines) = read("attribute_id,attribute_name\n5,tag::lances\n");
        assert_eq!((labels, lines), (new([(6, "tag::lances")]), vec![2]));
    }
}
