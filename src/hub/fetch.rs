//! Fetch: a model from the Hub as a whole, `config.json` and its weights, into the shared cache.

use std::path::PathBuf;

use super::cache::{CONFIG_FILE, WEIGHTS_FILES};
use super::http::Http;
use super::part::Part;
use super::patient::Ear;
use super::{Environment, HubError, HubId, Licence, Progress, Watch, api};
use crate::base::Hint as _;

/// A model that is on this computer now.
#[derive(Debug, Clone)]
pub struct Fetched {
    /// The snapshot: a checkpoint folder.
    pub folder: PathBuf,
    /// `None`: the Hub does not say, or was not asked.
    pub licence: Option<Licence>,
    /// Of all its files.
    pub n_bytes: u64,
    /// Of these, how many came over the network now; 0: it was here already.
    pub n_arrived: u64,
    /// What the user should know though it is no error.
    pub notice: Option<String>,
}

/// Brings a model here, or finds that it is here already. Goes on where an earlier fetch was interrupted.
///
/// Without a network, a model that is here is answered as it is. Errors: see [`HubError`]; what has arrived is kept
/// unless its hash is wrong.
pub fn fetch(id: &HubId, environment: &Environment, watch: &Watch) -> Result<Fetched, HubError> {
    let fetched = match environment.offline {
        true => Err(HubError::OfflineMode { id: id.clone() }),
        false => bring(id, environment, watch),
    };
    match (fetched, environment.cache().find(id)) {
        (Err(error), Some(folder)) if error.is_offline() => {
            let hint = error.hint().unwrap_or_default();
            tracing::info!("{error}: {hint}");
            let notice = Some(format!("{error}; the copy that is here was not compared with the Hub's"));
            Ok(Fetched { folder, licence: None, n_bytes: 0, n_arrived: 0, notice })
        }
        (fetched, _) => fetched,
    }
}

fn bring(id: &HubId, environment: &Environment, watch: &Watch) -> Result<Fetched, HubError> {
    let ear = Ear::new(watch.clone());
    ear.tell(&Progress::Asking)?;
    let http = Http::new(environment, ear);
    let described = api::describe(&http, id)?;
    let has = |file: &str| described.files.iter().any(|found| found == file);
    let missing = |missing: &str| HubError::NoFile { id: id.clone(), missing: missing.to_owned() };
    let weights = WEIGHTS_FILES.into_iter().find(|file| has(file)).ok_or_else(|| missing("model.safetensors"))?;
    if !has(CONFIG_FILE) {
        return Err(missing(CONFIG_FILE));
    }
    let cache = environment.cache();
    let (mut n_bytes, mut n_arrived) = (0, 0);
    // The small one first: what is wrong shows before the long wait.
    for file in [CONFIG_FILE, weights] {
        let part = Part { http: &http, cache: &cache, id, commit: &described.commit, file };
        let (length, arrived) = part.bring()?;
        n_bytes += length;
        n_arrived += arrived;
    }
    cache.name_revision(id, &described.commit)?;
    let folder = cache.snapshot(id, &described.commit);
    Ok(Fetched { folder, licence: described.licence, n_bytes, n_arrived, notice: None })
}
