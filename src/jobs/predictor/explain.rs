//! Which described images are most like one, with a tag and without it: why the tag is proposed, or is not.

use super::Predictor;
use crate::domain::{AttributeId, ImageId};
use crate::jobs::Event;
use crate::jobs::outlet::Gone;

impl Predictor<'_> {
    /// Says nothing where there is nothing to compare: a hint that does not come is no error.
    pub(super) fn explain(&mut self, image: ImageId, attribute: AttributeId) -> Result<(), Gone> {
        let (Some(desk), Some(cache), Some(seat), Some(learner)) =
            (&self.desk, &self.cache, &self.seat, self.pupil.learner())
        else {
            return Ok(());
        };
        let embedder = seat.embedder(&desk.collection, cache);
        let Some(file) = desk.collection.image(&image) else {
            return Ok(());
        };
        let Some(row) = embedder.cached(&[file]).pop().flatten() else {
            return Ok(());
        };
        match learner.nearest(&row, attribute, &image) {
            Ok(found) => {
                let [with, without] = found.map(|found| found.map(|(image, likeness)| (image.clone(), likeness)));
                self.outlet.send(Event::Explained { image, attribute, with, without })
            }
            Err(error) => {
                tracing::warn!("the most similar pictures could not be found: {error}");
                Ok(())
            }
        }
    }
}
