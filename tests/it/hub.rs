//! Fetching from the Hub: against a server on this machine that interrupts, lies and refuses.

use std::fs;
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use docent::base::Hint as _;
use docent::hub::{self, Environment, Fetched, HubError, HubId, Patience, Progress, Watch};

use crate::hub_server::{COMMIT, Fault, Server, git_hash, sha256};

pub(crate) const MODEL: &str = "timm/mobilenetv2_035.test";
const CONFIG: &[u8] = include_bytes!("../../assets/starter/config.json");
pub(crate) const WEIGHTS: &[u8] = include_bytes!("../../assets/starter/model.safetensors");

/// A server with the starter under a name of the Hub.
pub(crate) fn server() -> Server {
    let server = Server::start();
    server.put(MODEL, "config.json", CONFIG);
    server.put(MODEL, "model.safetensors", WEIGHTS);
    server.put(MODEL, "README.md", b"not needed");
    server.licence(MODEL, "apache-2.0");
    server
}

pub(crate) fn environment(server: &Server, home: &Path, more: &[(&str, &str)]) -> Environment {
    let find = |name: &str| match name {
        "HF_ENDPOINT" => Some(server.address.clone()),
        "HF_HOME" => Some(home.display().to_string()),
        other => more.iter().find(|(known, _)| *known == other).map(|(_, value)| (*value).to_owned()),
    };
    let mut environment = Environment::read(&find, None);
    environment.patience = Patience { tries: 3, first_wait: Duration::from_millis(5), silence: Duration::from_secs(1) };
    environment
}

fn id() -> HubId {
    HubId::parse(MODEL).unwrap()
}

fn fetch(environment: &Environment) -> Result<Fetched, HubError> {
    hub::fetch(&id(), environment, &(Arc::new(|_: &Progress| ControlFlow::Continue(())) as Watch))
}

fn blobs(home: &Path) -> PathBuf {
    home.join("hub/models--timm--mobilenetv2_035.test/blobs")
}

fn part(home: &Path) -> PathBuf {
    blobs(home).join(format!("{}.incomplete", sha256(WEIGHTS)))
}

#[test]
fn a_model_lands_where_python_looks_for_it_and_is_fetched_once() {
    let (server, home) = (server(), tempfile::tempdir().unwrap());
    let environment = environment(&server, home.path(), &[]);
    assert!(environment.cache().find(&id()).is_none());
    let fetched = fetch(&environment).unwrap();
    let root = home.path().join("hub/models--timm--mobilenetv2_035.test");
    assert_eq!(fetched.folder, root.join("snapshots").join(COMMIT));
    assert_eq!(fs::read_to_string(root.join("refs/main")).unwrap(), COMMIT);
    assert!(fs::read(fetched.folder.join("model.safetensors")).unwrap() == WEIGHTS);
    assert!(fs::read(root.join("blobs").join(sha256(WEIGHTS))).unwrap() == WEIGHTS);
    assert_eq!(fs::read(root.join("blobs").join(git_hash(CONFIG))).unwrap(), CONFIG);
    assert_eq!(fs::read_dir(&fetched.folder).unwrap().count(), 2, "nothing but what is needed");
    #[cfg(unix)]
    assert_eq!(
        fs::read_link(fetched.folder.join("config.json")).unwrap(),
        Path::new("../../blobs").join(git_hash(CONFIG)),
        "relative, so that the cache can be moved"
    );
    assert_eq!(fetched.licence.unwrap().0, "apache-2.0");
    assert_eq!(fetched.n_arrived as usize, CONFIG.len() + WEIGHTS.len());
    assert_eq!(environment.cache().find(&id()), Some(fetched.folder));

    server.take_n_sent();
    assert_eq!(fetch(&environment).unwrap().n_arrived, 0);
    assert_eq!(server.take_n_sent(), 0);
}

#[test]
fn a_dropped_connection_goes_on_in_the_middle_and_loses_no_byte() {
    let (server, home) = (server(), tempfile::tempdir().unwrap());
    let environment = environment(&server, home.path(), &[]);
    // More drops than tries: each brings something, so each is worth another try.
    server.fail("/model.safetensors", (0..6).map(|_| Fault::Cut(100_000)));
    let seen = Arc::new(Mutex::new(Vec::new()));
    let watch: Watch = {
        let seen = Arc::clone(&seen);
        Arc::new(move |progress: &Progress| {
            if let Progress::Fetching { file, done, total } = progress
                && file == "model.safetensors"
            {
                seen.lock().unwrap().push((*done, *total));
            }
            ControlFlow::Continue(())
        })
    };
    let fetched = hub::fetch(&id(), &environment, &watch).unwrap();
    assert!(fs::read(fetched.folder.join("model.safetensors")).unwrap() == WEIGHTS);
    assert_eq!(server.take_n_sent(), WEIGHTS.len());
    let seen = seen.lock().unwrap();
    assert!(seen.is_sorted(), "progress never goes back");
    assert_eq!(seen.last(), Some(&(WEIGHTS.len() as u64, Some(WEIGHTS.len() as u64))));
}

#[test]
fn an_interruption_for_good_keeps_what_has_arrived_for_the_next_fetch() {
    let (server, home) = (server(), tempfile::tempdir().unwrap());
    let environment = environment(&server, home.path(), &[]);
    server.fail("/model.safetensors", [Fault::Cut(500_000), Fault::Cut(0), Fault::Cut(0), Fault::Cut(0)]);
    let error = fetch(&environment).unwrap_err();
    assert!(matches!(&error, HubError::Interrupted { done: 500_000, .. }), "{error}");
    assert!(error.hint().unwrap().contains("goes on where it stopped"));
    assert_eq!(fs::metadata(part(home.path())).unwrap().len(), 500_000);
    assert!(environment.cache().find(&id()).is_none(), "a half model is none");
    server.take_n_sent();
    fetch(&environment).unwrap();
    assert_eq!(server.take_n_sent(), WEIGHTS.len() - 500_000);
    assert!(!part(home.path()).exists());
}

#[test]
fn a_silent_server_counts_as_a_dropped_connection() {
    let (server, home) = (server(), tempfile::tempdir().unwrap());
    let environment = environment(&server, home.path(), &[]);
    server.fail("/model.safetensors", [Fault::Stall(300_000)]);
    fetch(&environment).unwrap();
    assert_eq!(server.take_n_sent(), WEIGHTS.len());
}

#[test]
fn a_server_that_ignores_ranges_is_read_from_the_beginning() {
    let (server, home) = (server(), tempfile::tempdir().unwrap());
    let environment = environment(&server, home.path(), &[]);
    server.fail("/model.safetensors", [Fault::Cut(500_000), Fault::IgnoreRange]);
    let fetched = fetch(&environment).unwrap();
    assert!(fs::read(fetched.folder.join("model.safetensors")).unwrap() == WEIGHTS);
    assert_eq!(server.take_n_sent(), 500_000 + WEIGHTS.len());
}

#[test]
fn wrong_bytes_are_deleted_and_said_so() {
    for file in ["config.json", "model.safetensors"] {
        let (server, home) = (server(), tempfile::tempdir().unwrap());
        let environment = environment(&server, home.path(), &[]);
        server.fail(&format!("/{file}"), [Fault::Spoil]);
        let error = fetch(&environment).unwrap_err();
        assert!(matches!(&error, HubError::WrongHash { file: damaged, .. } if damaged == file), "{error}");
        let named: Vec<_> = fs::read_dir(blobs(home.path())).unwrap().map(|entry| entry.unwrap().file_name()).collect();
        assert!(!named.iter().any(|name| name.to_string_lossy().ends_with(".incomplete")), "{named:?}");
        fetch(&environment).unwrap();
    }
}

#[test]
fn a_spoilt_part_of_an_earlier_run_does_not_become_a_model() {
    let (server, home) = (server(), tempfile::tempdir().unwrap());
    let environment = environment(&server, home.path(), &[]);
    fs::create_dir_all(blobs(home.path())).unwrap();
    // (what lies there, what happens)
    fs::write(part(home.path()), vec![0; 400_000]).unwrap();
    let error = fetch(&environment).unwrap_err();
    assert!(matches!(error, HubError::WrongHash { .. }), "{error}");
    fs::write(part(home.path()), vec![0; WEIGHTS.len() + 7]).unwrap();
    let fetched = fetch(&environment).unwrap();
    assert!(fs::read(fetched.folder.join("model.safetensors")).unwrap() == WEIGHTS, "longer than the file: afresh");
}

#[test]
fn the_token_goes_to_the_hub_and_to_nobody_else() {
    let (server, cdn) = (server(), server());
    server.keep_large_files_on(&cdn);
    let home = tempfile::tempdir().unwrap();
    let environment = environment(&server, home.path(), &[("HF_TOKEN", "hf_secret")]);
    fetch(&environment).unwrap();
    let authorised = |server: &Server| -> Vec<bool> {
        server.requests().iter().map(|request| request.header("authorization") == Some("Bearer hf_secret")).collect()
    };
    assert!(authorised(&server).len() >= 4 && authorised(&server).iter().all(|&sent| sent));
    assert_eq!(authorised(&cdn), [false], "the other host gave the large file");
    assert!(cdn.requests().iter().all(|request| request.header("authorization").is_none()));
}

#[test]
fn each_refusal_says_what_to_do() {
    // (path, fault, with a token, what is said, what is hinted)
    type Case = (&'static str, Fault, bool, &'static str, &'static str);
    let cases: [Case; 7] = [
        ("/main", Fault::Status(401, "RepoNotFound"), false, "there is no model", "check the spelling"),
        ("/main", Fault::Status(401, ""), true, "does not accept the token", "make a new token"),
        ("/main", Fault::Status(403, "GatedRepo"), true, "accept its terms", "HF_TOKEN"),
        ("/main", Fault::Status(404, "RevisionNotFound"), false, "no revision", "after @"),
        ("/config.json", Fault::Status(404, "EntryNotFound"), false, "has no config.json", "model.safetensors"),
        ("/config.json", Fault::Status(500, ""), false, "answers 500", "try again later"),
        ("/model.safetensors", Fault::Status(403, ""), false, "accept its terms", "accept the terms"),
    ];
    for (path, fault, with_token, said, hinted) in cases {
        let (server, home) = (server(), tempfile::tempdir().unwrap());
        let token: &[(&str, &str)] = if with_token { &[("HF_TOKEN", "hf_x")] } else { &[] };
        server.fail(path, vec![fault.clone(); 9]);
        let error = fetch(&environment(&server, home.path(), token)).unwrap_err();
        assert!(error.to_string().contains(said), "{path} {fault:?}: {error}");
        assert!(error.hint().unwrap().contains(hinted), "{path} {fault:?}: {:?}", error.hint());
    }
}

#[test]
fn trouble_of_the_server_that_passes_is_waited_for() {
    let (server, home) = (server(), tempfile::tempdir().unwrap());
    server.fail("/main", [Fault::Status(503, ""), Fault::Status(429, "")]);
    server.fail("/config.json", [Fault::Status(500, ""), Fault::Cut(10)]);
    fetch(&environment(&server, home.path(), &[])).unwrap();
}

#[test]
fn what_is_not_the_hub_is_noticed() {
    let (server, home) = (server(), tempfile::tempdir().unwrap());
    let mut environment = environment(&server, home.path(), &[]);
    environment.endpoint = format!("{}/{MODEL}/resolve/{COMMIT}/config.json?", server.address);
    let error = fetch(&environment).unwrap_err();
    assert!(matches!(error, HubError::NotTheHub { .. } | HubError::NotFound { .. }), "{error}");
    environment.endpoint = "nonsense".to_owned();
    assert!(fetch(&environment).is_err());
}

#[test]
fn without_weights_or_configuration_nothing_is_fetched() {
    let (server, home) = (Server::start(), tempfile::tempdir().unwrap());
    let environment = environment(&server, home.path(), &[]);
    server.put(MODEL, "config.json", CONFIG);
    assert!(
        matches!(fetch(&environment).unwrap_err(), HubError::NoFile { missing, .. } if missing == "model.safetensors")
    );
    server.put(MODEL, "pytorch_model.bin", WEIGHTS);
    let fetched = fetch(&environment).unwrap();
    assert!(fetched.folder.join("pytorch_model.bin").is_file(), "the older form where there is no other");
    assert!(fetched.licence.is_none());
}

#[test]
fn a_stop_is_heard_also_while_the_server_is_silent() {
    let (server, home) = (server(), tempfile::tempdir().unwrap());
    let mut environment = environment(&server, home.path(), &[]);
    environment.patience.silence = Duration::from_secs(60);
    server.fail("/model.safetensors", [Fault::Stall(300_000)]);
    let watch: Watch = {
        let path = part(home.path());
        Arc::new(move |_: &Progress| match fs::metadata(&path) {
            Ok(found) if found.len() == 300_000 => ControlFlow::Break(()),
            _ => ControlFlow::Continue(()),
        })
    };
    let error = hub::fetch(&id(), &environment, &watch).unwrap_err();
    assert!(error.is_cancel(), "{error}");
    assert_eq!(fs::metadata(part(home.path())).unwrap().len(), 300_000, "kept for the next time");
    fetch(&environment).unwrap();
}

#[test]
fn two_fetches_at_once_bring_the_file_once() {
    let (server, home) = (server(), tempfile::tempdir().unwrap());
    let environment = environment(&server, home.path(), &[]);
    server.fail("/model.safetensors", [Fault::Stall(300_000)]);
    let own = environment.clone();
    let first = std::thread::Builder::new().name("first".to_owned()).spawn(move || fetch(&own)).unwrap();
    server.wait_for_stalled(1); // The second begins when the first is in the middle of the file.
    let second = fetch(&environment).unwrap();
    first.join().unwrap().unwrap();
    assert!(fs::read(second.folder.join("model.safetensors")).unwrap() == WEIGHTS);
    assert_eq!(server.take_n_sent(), WEIGHTS.len(), "each byte came once");
}

#[test]
fn without_a_network_what_is_here_is_used_and_the_rest_explained() {
    let home = tempfile::tempdir().unwrap();
    let server = server();
    let here = environment(&server, home.path(), &[]);
    let mut nowhere = here.clone();
    nowhere.endpoint = "http://127.0.0.1:9".to_owned(); // Nobody listens on the discard port.
    let mut offline = here.clone();
    offline.offline = true;
    for environment in [&nowhere, &offline] {
        let error = fetch(environment).unwrap_err();
        let hint = error.hint().unwrap();
        assert!(hint.contains("config.json and model.safetensors") && hint.contains("--model"), "{error}: {hint}");
    }
    let fetched = fetch(&here).unwrap();
    let n_requests = server.requests().len();
    for environment in [&nowhere, &offline] {
        let found = fetch(environment).unwrap();
        assert_eq!(found.folder, fetched.folder);
        assert!(found.notice.is_some());
    }
    assert_eq!(server.requests().len(), n_requests, "offline asks nobody");
}

#[test]
fn a_proxy_that_cannot_be_reached_is_named() {
    let (server, home) = (server(), tempfile::tempdir().unwrap());
    let proxied = environment(&server, home.path(), &[("HTTP_PROXY", "http://user:word@127.0.0.1:9")]);
    let error = fetch(&proxied).unwrap_err();
    let said = format!("{error} {}", error.hint().unwrap());
    assert!(said.contains("127.0.0.1:9") && said.contains("NO_PROXY") && !said.contains("word"), "{said}");
    let excepted =
        environment(&server, home.path(), &[("HTTP_PROXY", "http://127.0.0.1:9"), ("NO_PROXY", "127.0.0.1")]);
    fetch(&excepted).unwrap();
}

#[cfg(unix)]
#[test]
fn a_disk_that_refuses_is_named_with_its_path() {
    let (server, home) = (server(), tempfile::tempdir().unwrap());
    // A file where a folder must be refuses even to the system's administrator.
    fs::write(home.path().join("hub"), b"in the way").unwrap();
    let error = fetch(&environment(&server, home.path(), &[])).unwrap_err();
    assert!(matches!(&error, HubError::Disk { path, .. } if path.starts_with(home.path())), "{error}");
}
