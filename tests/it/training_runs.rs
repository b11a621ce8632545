//! Fine-tunes that are interrupted, through the real binary and through the workers.

use std::fs;
use std::io::{BufRead as _, BufReader};
use std::path::Path;
use std::process::{Child, Stdio};

use docent::store::Location;
use docent::training::unfinished;

use crate::support::{command, docent, succeed};

const RUN: [&str; 10] =
    ["--model", "starter", "--depth", "last", "--epochs", "4", "--batch", "8", "--save-every", "0.01s"];

fn draw(home: &Path) -> String {
    let folder = home.join("demo").to_str().unwrap().to_owned();
    succeed(home, &["demo", "--out", &folder, "--images", "40", "--seed", "5", "--annotated", "1"]);
    folder
}

fn weights(folder: &str, name: &str) -> Vec<u8> {
    fs::read(Path::new(folder).join(".docent/models").join(name).join("model.safetensors")).unwrap()
}

/// Starts a run and comes back when it says that its second epoch is over and judged.
fn half_way(home: &Path, folder: &str, name: &str) -> Child {
    let mut arguments = vec!["train", folder, "--out", name];
    arguments.extend(RUN);
    let mut child = command(home, &arguments).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    let said = BufReader::new(child.stderr.take().unwrap());
    let reached = said.lines().map_while(Result::ok).any(|line| line.starts_with("epoch 3 of 4:"));
    assert!(reached, "the run ended before");
    child
}

#[test]
fn a_run_killed_half_way_ends_in_the_weights_of_one_that_was_not() {
    let scratch = tempfile::tempdir().unwrap();
    let (home, folder) = (scratch.path(), draw(scratch.path()));
    let mut whole = vec!["train", folder.as_str(), "--out", "whole"];
    whole.extend(RUN);
    succeed(home, &whole);

    let mut child = half_way(home, &folder, "killed");
    child.kill().unwrap();
    child.wait().unwrap();
    let location = Location::for_reading(Path::new(&folder));
    let left = unfinished::find(&location).unwrap();
    assert_eq!((left.n_images, left.recipe.epochs), (40, 4));
    assert!(2 <= left.epoch, "{left:?}");
    assert!(!Path::new(&folder).join(".docent/models/killed").exists());

    // What is decided meanwhile is not part of the run.
    let table = fs::read_to_string(Path::new(&folder).join("train.csv")).unwrap();
    let shorter: Vec<&str> = table.lines().take(30).collect();
    fs::write(Path::new(&folder).join("train.csv"), shorter.join("\n") + "\n").unwrap();
    succeed(home, &["train", &folder, "--resume"]);
    assert!(weights(&folder, "killed") == weights(&folder, "whole"));

    // It is over: there is nothing to go on with.
    let output = docent(home, &["train", &folder, "--resume"]);
    let said = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(2), "{said}");
    assert!(said.contains("no run was interrupted"), "{said}");
}

#[cfg(unix)]
#[test]
fn ctrl_c_ends_a_run_with_130_and_says_how_to_go_on() {
    let scratch = tempfile::tempdir().unwrap();
    let (home, folder) = (scratch.path(), draw(scratch.path()));
    let mut arguments = vec!["train", folder.as_str(), "--epochs", "100000"];
    arguments.extend(&RUN[6..]);
    let mut child = command(home, &arguments).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    let mut lines = BufReader::new(child.stderr.take().unwrap()).lines().map_while(Result::ok);
    assert!(lines.any(|line| line.starts_with("epoch 2 of")));
    let pressed = std::process::Command::new("kill").args(["-INT", &child.id().to_string()]).status().unwrap();
    assert!(pressed.success());
    assert!(lines.any(|line| line.contains("--resume")));
    assert_eq!(child.wait().unwrap().code(), Some(130));

    // Another run takes its place, and says so.
    let output = docent(home, &["train", &folder, "--epochs", "2"]);
    assert!(output.status.success());
    assert!(String::from_utf8_lossy(&output.stderr).contains("forgotten: the run on 40 images"));
}

#[test]
fn recipes_are_printed_kept_and_trained_by() {
    let scratch = tempfile::tempdir().unwrap();
    let (home, folder) = (scratch.path(), draw(scratch.path()));
    let list = succeed(home, &["recipes"]);
    assert!(list.lines().any(|line| line.starts_with("report ")), "{list}");
    let report = succeed(home, &["recipes", "show", "report"]);
    assert!(report.contains("patience = 9") && report.contains("name = \"plateau\""), "{report}");

    let file = home.join("mine.toml");
    fs::write(&file, "epochs = 3\nimplied = 0.5\npreprocess = \"stretched\"\nloss = { name = \"asymmetric\" }\n")
        .unwrap();
    let file = file.to_str().unwrap();
    succeed(home, &["train", &folder, "--recipe", file, "--seed", "3", "--out", "mine"]);
    let config = fs::read_to_string(Path::new(&folder).join(".docent/models/mine/config.json")).unwrap();
    let config: serde_json::Value = serde_json::from_str(&config).unwrap();
    let recipe = &config["docent"]["recipe"];
    assert_eq!(
        (recipe["epochs"].as_u64(), recipe["seed"].as_u64(), recipe["implied"].as_f64()),
        (Some(3), Some(3), Some(0.5))
    );
    assert_eq!((&recipe["loss"]["name"], &config["docent"]["preprocess"]), (&"asymmetric".into(), &"stretched".into()));

    // (what the file says, what is said about it)
    for (text, expected) in [("epochs = 0", "epochs"), ("depht = \"all\"", "depht"), ("preset = \"x\"", "report")] {
        fs::write(file, text).unwrap();
        let output = docent(home, &["train", &folder, "--recipe", file]);
        let said = String::from_utf8_lossy(&output.stderr);
        assert_eq!(output.status.code(), Some(2), "{said}");
        assert!(said.contains(expected), "{text}: {said}");
    }
}
