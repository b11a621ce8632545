//! Deepening: what is new learns first, then what lies under it.

use super::{Fitted, Learned, classifier, set_classifier};
use crate::domain::f_beta::Truth;
use crate::domain::fold::Fold;
use crate::model::{self, Network};
use crate::training::batches::{Input, PixelSource};
use crate::training::deep::{self, DeepTask};
use crate::training::error::TrainError;
use crate::training::head::{self, HeadTask};
use crate::training::observer::{Observer, Progress};
use crate::training::recipe::{Depth, Keep, Recipe};
use crate::training::schedule::Schedule;
use crate::training::standardise::Features;
use crate::training::unfinished::Keeper;

/// From what is new to what lies under it.
pub(super) struct Deepening<'a> {
    pub(super) recipe: &'a Recipe,
    pub(super) pixels: &'a dyn PixelSource,
    pub(super) input: Input,
    pub(super) truth: &'a [Truth],
    pub(super) fold: &'a Fold,
}

impl Deepening<'_> {
    pub(super) fn run(
        &self,
        network: Network,
        features: Option<Features<'_>>,
        keeper: Option<&mut Keeper>,
        observer: &mut dyn Observer,
    ) -> Result<Fitted, TrainError> {
        // A run that was interrupted further on has its warm-up behind it.
        if !keeper.as_ref().is_some_and(|keeper| keeper.has_weights()) {
            self.warm_up(&network, features, observer)?;
        }
        let network = network.trainable(match self.recipe.depth {
            Depth::Head => model::Depth::Head,
            Depth::Last => model::Depth::LastStage,
            Depth::All => model::Depth::All,
        })?;
        let fit = deep::fit(&self.task(self.recipe, &network), keeper, observer)?;
        Ok(Fitted {
            learned: Learned::Network(network),
            validation: fit.validation,
            images: fit.images,
            probabilities: fit.probabilities,
        })
    }

    fn task<'a>(&'a self, recipe: &'a Recipe, network: &'a Network) -> DeepTask<'a> {
        let Self { pixels, input, truth, fold, .. } = *self;
        DeepTask { recipe, network, pixels, input, truth, fold }
    }

    /// What is new learns alone: the head over ready features, a tail with its head over the pictures.
    fn warm_up(
        &self,
        network: &Network,
        features: Option<Features<'_>>,
        observer: &mut dyn Observer,
    ) -> Result<(), TrainError> {
        let observer = &mut |progress: &Progress| observer.progress(&Progress { warm_up: true, ..*progress });
        let recipe = self.recipe;
        let usual = Recipe { loss: recipe.loss, ..Recipe::for_depth(Depth::Head) };
        let asked = recipe.warm_up.map(|warm_up| Recipe {
            loss: warm_up.loss,
            epochs: warm_up.epochs,
            learning_rate: warm_up.learning_rate,
            batch: recipe.batch,
            schedule: Schedule::Constant,
            keep: Keep::Loss,
            ..usual.clone()
        });
        let shared = |base: Recipe| Recipe {
            seed: recipe.seed,
            time_budget: recipe.time_budget,
            implied: recipe.implied,
            oversample_below: recipe.oversample_below,
            ..base
        };
        if let Some(features) = features {
            let head_recipe = shared(asked.unwrap_or(usual));
            let (start, device) = (classifier(network)?, network.params().device().clone());
            let task = HeadTask {
                recipe: &head_recipe,
                features,
                truth: self.truth,
                n_labels: network.num_labels(),
                fold: self.fold,
                start: Some(&start),
                device: &device,
            };
            set_classifier(network, &head::fit(&task, None, observer)?.head)?;
        } else if let (Some(asked), true) = (asked, recipe.attention) {
            let tail_recipe = Recipe {
                depth: Depth::Last,
                attention: true,
                moving_statistics: recipe.moving_statistics,
                ..shared(asked)
            };
            let new = network.clone().trainable(model::Depth::LastStage)?;
            deep::fit(&self.task(&tail_recipe, &new), None, observer)?;
        }
        Ok(())
    }
}
