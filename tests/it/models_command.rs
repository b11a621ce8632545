//! `docent models` through the real binary, against a Hub on this machine.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Child, Output, Stdio};
use std::time::{Duration, Instant};

use docent::hub::known::KNOWN;
use docent::model::Architecture;
use serde_json::Value;

use crate::hub::{MODEL, WEIGHTS, server};
use crate::hub_server::{COMMIT, Fault, Server, sha256};
use crate::support::{command, docent, succeed};

fn get(home: &Path, server: &Server, id: &str) -> std::process::Command {
    let mut command = command(home, &["models", "get", id]);
    command.env("HF_ENDPOINT", &server.address).stdout(Stdio::piped()).stderr(Stdio::piped());
    command
}

fn said(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

fn json(home: &Path, arguments: &[&str]) -> Value {
    let text = succeed(home, arguments);
    serde_json::from_str(&text).unwrap_or_else(|error| panic!("{error} in {text}"))
}

fn part(home: &Path) -> PathBuf {
    home.join("hf/hub/models--timm--mobilenetv2_035.test/blobs").join(format!("{}.incomplete", sha256(WEIGHTS)))
}

/// A fetch that has written this much and hangs.
fn half_way(home: &Path, server: &Server, n_bytes: usize) -> Child {
    server.fail("/model.safetensors", [Fault::Stall(n_bytes)]);
    let child = get(home, server, MODEL).spawn().unwrap();
    server.wait_for_stalled(1);
    let begun = Instant::now();
    // Sent is not yet written.
    while fs::metadata(part(home)).map_or(0, |found| found.len()) < n_bytes as u64 {
        assert!(begun.elapsed() < Duration::from_secs(60), "the bytes do not arrive");
        std::thread::park_timeout(Duration::from_millis(5));
    }
    child
}

#[test]
fn a_fetched_model_is_listed_shown_trained_from_and_chosen() {
    let (server, scratch) = (server(), tempfile::tempdir().unwrap());
    let home = scratch.path();
    let folder = home.join("demo");
    let folder = folder.to_str().unwrap();
    succeed(home, &["demo", "--out", folder, "--images", "24", "--seed", "9", "--annotated", "1"]);

    // Not fetched yet: the error says how, and nobody is asked.
    let output = docent(home, &["suggest", folder, "--model", MODEL]);
    assert_eq!(output.status.code(), Some(2));
    assert!(said(&output).contains(&format!("docent models get {MODEL}")), "{}", said(&output));

    let output = get(home, &server, MODEL).output().unwrap();
    assert!(output.status.success(), "{}", said(&output));
    let snapshot = home.join("hf/hub/models--timm--mobilenetv2_035.test/snapshots").join(COMMIT);
    assert_eq!(String::from_utf8(output.stdout.clone()).unwrap().trim_end(), snapshot.to_str().unwrap());
    assert!(said(&output).contains("licence: apache-2.0"), "{}", said(&output));

    let list = json(home, &["models", "list", "--json", "--folder", folder]);
    let names: Vec<_> = list["at_hand"].as_array().unwrap().iter().map(|row| row["name"].as_str().unwrap()).collect();
    assert_eq!(names, ["starter", MODEL]);
    assert_eq!(list["in_use"], "starter");
    assert!(list["known"].as_array().unwrap().iter().all(|row| row["fetched"] == false));
    let shown = json(home, &["models", "show", MODEL, "--json"]);
    assert_eq!((&shown["architecture"], &shown["labels"]), (&Value::from("mobilenetv2_035"), &Value::from(44)));
    assert!(shown["bytes"].as_u64().unwrap() > WEIGHTS.len() as u64);

    let trained = json(home, &["train", folder, "--model", MODEL, "--epochs", "2", "--out", "taught", "--json"]);
    assert!(trained["f2_micro"].as_f64().unwrap() > 0.5, "{trained}");
    let shown = json(home, &["models", "show", "taught", "--folder", folder, "--json"]);
    assert_eq!(shown["lineage"][0], "taught");
    assert_eq!(shown["lineage"][1], MODEL);

    // The newest is used until another is chosen.
    let in_use = || json(home, &["models", "--json", "--folder", folder])["in_use"].clone();
    assert_eq!(in_use(), "taught");
    succeed(home, &["models", "use", MODEL, "--folder", folder]);
    assert_eq!(in_use(), MODEL);
    assert_eq!(docent(home, &["models", "use", "nothing", "--folder", folder]).status.code(), Some(2));
    assert_eq!(in_use(), MODEL);
    let proposals = succeed(home, &["suggest", folder]);
    assert_eq!(proposals, succeed(home, &["suggest", folder, "--model", "starter"]), "they are the same weights");
}

#[test]
fn a_killed_fetch_goes_on_where_it_was() {
    let (server, scratch) = (server(), tempfile::tempdir().unwrap());
    let home = scratch.path();
    let mut child = half_way(home, &server, 900_000);
    child.kill().unwrap();
    child.wait().unwrap();
    assert!(!home.join("hf/hub/models--timm--mobilenetv2_035.test/refs").exists());
    assert_eq!(server.take_n_sent(), 900_000);
    let output = get(home, &server, MODEL).output().unwrap();
    assert!(output.status.success(), "{}", said(&output));
    assert_eq!(server.take_n_sent(), WEIGHTS.len() - 900_000);
    let folder = PathBuf::from(String::from_utf8(output.stdout).unwrap().trim_end());
    assert!(fs::read(folder.join("model.safetensors")).unwrap() == WEIGHTS);
}

#[cfg(unix)]
#[test]
fn ctrl_c_ends_a_fetch_at_once_with_130_and_keeps_what_has_arrived() {
    let (server, scratch) = (server(), tempfile::tempdir().unwrap());
    let home = scratch.path();
    let child = half_way(home, &server, 700_000);
    let pressed = std::process::Command::new("kill").args(["-INT", &child.id().to_string()]).status().unwrap();
    assert!(pressed.success());
    let output = child.wait_with_output().unwrap();
    assert_eq!(output.status.code(), Some(130), "{}", said(&output));
    assert!(said(&output).contains("goes on from there") && output.stdout.is_empty(), "{}", said(&output));
    assert_eq!(fs::metadata(part(home)).unwrap().len(), 700_000);
}

#[test]
fn a_licence_that_forbids_commercial_use_is_said_aloud() {
    let (server, scratch) = (server(), tempfile::tempdir().unwrap());
    server.licence(MODEL, "cc-by-nc-4.0");
    let output = get(scratch.path(), &server, MODEL).output().unwrap();
    assert!(said(&output).contains("licence: cc-by-nc-4.0\nThis licence forbids commercial use"), "{}", said(&output));
}

#[test]
fn what_cannot_be_fetched_says_why_and_with_which_code() {
    let scratch = tempfile::tempdir().unwrap();
    // (id, variables, exit code, what is said)
    type Case<'a> = (&'a str, &'a [(&'a str, &'a str)], i32, &'a str);
    let cases: [Case<'_>; 5] = [
        ("resnet18", &[], 2, "names look like"),
        ("timm/nothing", &[], 2, "there is no model timm/nothing"),
        ("timm/legacy_xception.tf_in1k", &[], 2, "save_for_hf"),
        (MODEL, &[("HF_ENDPOINT", "http://127.0.0.1:9")], 1, "there is no way to http://127.0.0.1:9"),
        (MODEL, &[("HF_HUB_OFFLINE", "1")], 1, "HF_HUB_OFFLINE"),
    ];
    let server = server();
    for (id, variables, code, expected) in cases {
        let output = get(scratch.path(), &server, id).envs(variables.iter().copied()).output().unwrap();
        assert_eq!(output.status.code(), Some(code), "{id}: {}", said(&output));
        assert!(said(&output).contains(expected) && output.stdout.is_empty(), "{id}: {}", said(&output));
    }
}

#[test]
fn the_table_names_every_known_model_with_its_licence() {
    let scratch = tempfile::tempdir().unwrap();
    let text = succeed(scratch.path(), &["models"]);
    for known in docent::hub::known::KNOWN {
        assert!(text.contains(known.id) && text.contains(known.licence) && text.contains(known.choose), "{text}");
        let shown = succeed(scratch.path(), &["models", "show", known.id]);
        assert!(shown.contains(known.architecture) && shown.contains(known.licence), "{shown}");
    }
}

#[test]
fn every_known_model_is_of_a_network_that_docent_has_and_every_network_of_timm_has_one() {
    let of_known: Vec<_> = KNOWN.iter().map(|known| Architecture::from_name(known.architecture).unwrap()).collect();
    // timm has no weights for the narrowest MobileNetV2, and does not have the attention networks at all.
    let without = [Architecture::MobileNetV2035, Architecture::Attention56, Architecture::Attention92];
    for architecture in Architecture::ALL {
        assert_eq!(of_known.contains(&architecture), !without.contains(&architecture), "{architecture:?}");
    }
}
