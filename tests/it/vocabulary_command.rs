//! `docent vocabulary`, through the real binary: what it prints, what it writes, what it refuses.

use std::fs;

use crate::support::{docent, succeed};

const LABELS: &str = "attribute_id,attribute_name\n0,tag::swords\n1,tag::blades\n2,tag::bows\n";
const TRAIN: &str = "id,attribute_ids\na,0\nb,0 1\nc,2\n";

#[test]
fn every_edit_is_previewed_then_done_and_written() {
    let scratch = tempfile::tempdir().unwrap();
    let folder = scratch.path().join("finds");
    fs::create_dir(&folder).unwrap();
    fs::write(folder.join("labels.csv"), LABELS).unwrap();
    fs::write(folder.join("train.csv"), TRAIN).unwrap();
    let list = scratch.path().join("list.txt");
    fs::write(&list, "# words\ntag::masks\ntag::swords\n::x\n").unwrap();
    let (name, list) = (folder.to_str().unwrap(), list.to_str().unwrap());
    let text = |file: &str| fs::read_to_string(folder.join(file)).unwrap();
    // (what is asked for, what is said, labels.csv after it, train.csv after it); by hand.
    let renamed = LABELS.replace("tag::blades", "tag::edges");
    let imported = format!("{renamed}3,tag::masks\n");
    let merged = "id,attribute_ids\na,1\nb,1\nc,2\n";
    let cases: [(&[&str], &str, &str, &str); 6] = [
        (
            &["rename", name, "tag::blades", "tag::edges"],
            "tag::blades becomes tag::edges, on 1 image; the old name still finds it",
            &renamed,
            TRAIN,
        ),
        (
            &["merge", name, "tag::swords", "tag::blades"],
            "2 images change: 1 get tag::edges, 1 had it already. tag::swords is retired, and is another name of tag::edges",
            &renamed,
            merged,
        ),
        (&["import", name, list], "1 new, 1 there already, 2 odd lines", &imported, merged),
        (&["alias", name, "tag::masks", "faces"], "faces is another name of tag::masks", &imported, merged),
        (&["retire", name, "faces"], "tag::masks is retired and kept on 0 images", &imported, merged),
        (
            &["retire", name, "tag::bows", "--lose"],
            "tag::bows is retired and taken off 1 image",
            &imported,
            "id,attribute_ids\na,1\nb,1\nc,\n",
        ),
    ];
    for (verb, said, labels, train) in cases {
        let before = (text("labels.csv"), text("train.csv"));
        let words = [&["vocabulary"], verb].concat();
        let rehearsal = [&words[..], &["--dry-run"]].concat();
        assert_eq!(succeed(scratch.path(), &rehearsal).trim_end(), said, "{verb:?}");
        assert_eq!((text("labels.csv"), text("train.csv")), before, "{verb:?}");
        assert_eq!(succeed(scratch.path(), &words).trim_end(), said, "{verb:?}");
        assert_eq!((text("labels.csv").as_str(), text("train.csv").as_str()), (labels, train), "{verb:?}");
    }
    let listed = succeed(scratch.path(), &["vocabulary", "list", name]);
    assert_eq!(
        listed,
        "attribute_id,attribute_name,images,standing,other_names\n0,tag::swords,0,retired,\n1,tag::edges,2,offered,tag::blades; tag::swords\n2,tag::bows,0,retired,\n3,tag::masks,0,retired,faces\n"
    );
    // What is refused says why and what to do, and changes nothing.
    for (verb, code, expected) in [
        (&["rename", name, "tag::edges", "tag::bows"][..], 2, "tag::bows is retired"),
        (&["merge", name, "tag::edges", "tag::edges"], 2, "into itself"),
        (&["merge", name, "tag::nothing", "tag::edges"], 2, "there is no label tag::nothing"),
        (&["alias", name, "tag::edges", "tag::blades"], 2, "is another name of tag::edges"),
        (&["retire", name, "tag::edges", "--back"], 2, "is there already"),
    ] {
        let output = docent(scratch.path(), &[&["vocabulary"], verb].concat());
        let said = String::from_utf8_lossy(&output.stderr);
        assert_eq!(output.status.code(), Some(code), "{verb:?}: {said}");
        assert!(said.contains(expected), "{verb:?}: {said}");
    }
    assert_eq!(text("labels.csv"), imported);
}
