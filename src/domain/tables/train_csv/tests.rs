//! Bytes in and bytes out: what changes, and above all what does not.

use super::*;
use crate::base::hash::mix64;
use crate::domain::Label;

fn vocabulary() -> Vocabulary {
    Vocabulary::new((0..10).map(|id| Label::new(id, format!("tag::{id}"))))
}

fn changed(table: &str, changes: &[(&str, Option<&[u32]>)]) -> String {
    let set = |ids: &&[u32]| ids.iter().copied().map(AttributeId).collect::<LabelSet>();
    let changes = changes.iter().map(|(id, tags)| (ImageId::from(*id), tags.as_ref().map(set))).collect();
    let table = TrainTable::parse(table.as_bytes().to_vec(), &vocabulary());
    String::from_utf8(table.render(&changes).unwrap()).unwrap()
}

#[test]
fn a_changed_row_keeps_what_docent_does_not_understand() {
    // (table, image, new tags, expected)
    let cases: [(&str, &str, Option<&[u32]>, &str); 9] = [
        ("id,attribute_ids\na,3 1\nb,2\n", "a", Some(&[1, 5]), "id,attribute_ids\na,1 5\nb,2\n"),
        ("id,attribute_ids\na,3 1\nb,2\n", "a", Some(&[1, 3]), "id,attribute_ids\na,3 1\nb,2\n"),
        ("id,attribute_ids\r\na,9 77 zero 4\r\n", "a", Some(&[4, 8]), "id,attribute_ids\r\na,4 8 77 zero\r\n"),
        ("note,attribute_ids,id\nx y,\"1\",a\n", "a", Some(&[]), "note,attribute_ids,id\nx y,\"\",a\n"),
        ("id,attribute_ids\na,1", "b", Some(&[2]), "id,attribute_ids\na,1\nb,2\n"),
        ("", "b", Some(&[]), "id,attribute_ids\nb,\n"),
        ("id,attribute_ids,by\na,1,me\n", "b, c", Some(&[2]), "id,attribute_ids,by\na,1,me\n\"b, c\",2,\n"),
        ("id,attribute_ids\na,1\na,2\nodd\n", "a", Some(&[3]), "id,attribute_ids\na,3\na,2\nodd\n"),
        ("id,attribute_ids\na,1\nb,2\n", "a", None, "id,attribute_ids\nb,2\n"),
    ];
    for (table, image, tags, expected) in cases {
        assert_eq!(changed(table, &[(image, tags)]), expected, "{table:?}");
    }
}

#[test]
fn new_rows_come_last_in_the_order_of_their_ids() {
    let found = changed("id,attribute_ids\nm,1\n", &[("z", Some(&[1])), ("b", Some(&[2, 0]))]);
    assert_eq!(found, "id,attribute_ids\nm,1\nb,0 2\nz,1\n");
}

#[test]
fn every_bad_line_is_named_and_the_rest_loads() {
    let bytes = b"\xEF\xBB\xBFid,attribute_ids\r\ngood,0 1\r\ngood,1\r\nghost,0 77\r\ncut\r\n\xff\xfe,1\r\nbomb,zero\r\n,1\r\n\r\nlast,2";
    let table = TrainTable::parse(bytes.to_vec(), &vocabulary());
    let lines: Vec<_> = table.problems().iter().map(|problem| problem.line).collect();
    assert_eq!(lines, [3, 4, 5, 6, 7, 8]);
    let rows: Vec<_> = table.rows().map(|(id, tags)| format!("{id}: {}", joined(tags))).collect();
    assert_eq!(rows, ["good: 0 1", "ghost: 0", "bomb: ", "last: 2"]);
    assert_eq!(table.line_of("last"), Some(10));
    assert_eq!(table.render(&BTreeMap::new()).unwrap(), bytes);
}

#[test]
fn a_table_with_another_header_is_left_alone() {
    let table = TrainTable::parse(b"file,tags\na,1\n".to_vec(), &vocabulary());
    assert!(!table.is_readable() && table.n_rows() == 0 && table.problems()[0].line == 1);
    assert_eq!(table.render(&BTreeMap::from([(ImageId::from("a"), Some(LabelSet::new()))])), None);
}

#[test]
fn a_thousand_alike_problems_are_counted_not_listed() {
    let table = format!("id,attribute_ids\n{}", (0..1000).map(|n| format!("i{n},99\n")).collect::<String>());
    let table = TrainTable::parse(table.into_bytes(), &vocabulary());
    assert_eq!(table.problems().len(), super::super::LISTED + 1);
    assert!(table.problems().last().unwrap().message.starts_with("900 more"));
}

/// Tables from a seed, out of pieces that have gone wrong before.
fn random_table(seed: u64) -> Vec<u8> {
    const PIECES: [&[u8]; 16] = [
        b"a",
        b"b",
        b"0",
        b"7",
        b"77",
        b" ",
        b" ",
        b",",
        b",",
        b"\n",
        b"\n",
        b"\r\n",
        b"\"",
        b"\"\"",
        b"\xFF",
        b"id,attribute_ids\n",
    ];
    let mut state = seed;
    let mut next = |n: usize| {
        state = state.wrapping_add(0x9E37_79B9_7F4A_7C15);
        (mix64(state) % n as u64) as usize
    };
    let mut table = if next(2) == 0 { b"id,attribute_ids\n".to_vec() } else { Vec::new() };
    for _ in 0..next(60) {
        table.extend_from_slice(PIECES[next(PIECES.len())]);
    }
    table
}

#[test]
fn any_table_without_a_change_keeps_every_byte() {
    for seed in 0..4000 {
        let bytes = random_table(seed);
        let table = TrainTable::parse(bytes.clone(), &vocabulary());
        let same = table.rows().map(|(id, tags)| (id.clone(), Some(tags.clone()))).collect();
        for changes in [BTreeMap::new(), same] {
            if let Some(found) = table.render(&changes) {
                assert_eq!(found, bytes, "seed {seed}: {:?}", String::from_utf8_lossy(&bytes));
            }
        }
    }
}

#[test]
fn any_change_is_read_back_and_leaves_all_other_lines() {
    let tags = LabelSet::from([3, 8]);
    for seed in 0..4000 {
        let bytes = random_table(seed);
        let table = TrainTable::parse(bytes.clone(), &vocabulary());
        let Some((id, _)) = table.rows().next().map(|(id, tags)| (id.clone(), tags.clone())) else {
            continue;
        };
        let found = table.render(&BTreeMap::from([(id.clone(), Some(tags.clone()))])).unwrap();
        let again = TrainTable::parse(found.clone(), &vocabulary());
        let context = || format!("seed {seed}: {:?}", String::from_utf8_lossy(&bytes));
        assert_eq!(again.tags_of(id.as_str()), Some(&tags), "{}", context());
        let row = &table.lines[table.rows[0].line];
        assert_eq!(found[..row.bytes.start], bytes[..row.bytes.start], "{}", context());
        assert!(found.ends_with(&bytes[row.bytes.end..]), "{}", context());
    }
}
