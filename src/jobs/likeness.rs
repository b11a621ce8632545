//! Which images look like one: the cosine between embeddings that are in the cache, in small pieces between orders.
//!
//! Looks at no picture: what the model in the seat has not looked at yet is not compared. Not what is proposed from
//! neighbours (`training::neighbours`), which asks only among described images.

use super::{Event, Outlet, outlet::Gone};
use crate::collection::ImageFile;
use crate::domain::ImageId;
use crate::training::embed::Embedder;

/// So many are said to be alike, the image itself among them.
const NEAREST: usize = 100;
/// Rows read from the cache at once: some milliseconds.
const AT_ONCE: usize = 512;

/// A comparison under way.
pub(super) struct Likeness {
    image: ImageId,
    /// Its embedding, once it was read.
    row: Option<Vec<f32>>,
    /// Everything before it is compared.
    at: usize,
    /// Cosine and position.
    found: Vec<(f32, usize)>,
}

impl Likeness {
    pub(super) fn new(image: ImageId) -> Self {
        Self { image, row: None, at: 0, found: Vec::new() }
    }

    /// One piece of work; whether it is over. An image that nobody has looked at has no answer.
    pub(super) fn work(&mut self, embedder: &Embedder<'_>, outlet: &Outlet) -> Result<bool, Gone> {
        let images = &embedder.collection.images;
        let Some(row) = &self.row else {
            let file = embedder.collection.image(&self.image);
            let cached = file.map(|file| embedder.cached(&[file]));
            self.row = cached.and_then(|mut rows| rows.pop().flatten());
            return Ok(self.row.is_none());
        };
        let end = (self.at + AT_ONCE).min(images.len());
        let files: Vec<&ImageFile> = images[self.at..end].iter().collect();
        for (position, other) in (self.at..end).zip(embedder.cached(&files)) {
            self.found.extend(other.map(|other| (cosine(row, &other), position)));
        }
        self.at = end;
        if end < images.len() {
            return Ok(false);
        }
        let found = nearest(std::mem::take(&mut self.found)).into_iter();
        let nearest = found.map(|position| images[position].id.clone()).collect();
        outlet.send(Event::NearestFound { image: self.image.clone(), nearest })?;
        Ok(true)
    }
}

/// The most alike first; equally alike ones in their order.
fn nearest(mut found: Vec<(f32, usize)>) -> Vec<usize> {
    found.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(&b.1)));
    found.truncate(NEAREST);
    found.into_iter().map(|(_, position)| position).collect()
}

/// -1..=1; 0 where one of them is nothing.
fn cosine(a: &[f32], b: &[f32]) -> f32 {
    let dot = |a: &[f32], b: &[f32]| a.iter().zip(b).map(|(a, b)| a * b).sum::<f32>();
    let length = (dot(a, a) * dot(b, b)).sqrt();
    if length > 0.0 { dot(a, b) / length } else { 0.0 }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_nearest_point_the_same_way_whatever_their_length() {
        let rows = [[1.0, 0.0], [0.0, 2.0], [5.0, 0.5], [-1.0, 0.0], [0.0, 0.0], [2.0, 0.0]];
        let found = (0..).zip(&rows).map(|(position, row)| (cosine(&rows[0], row), position)).collect();
        assert_eq!(nearest(found), [0, 5, 2, 1, 4, 3]);
        let many = (0..1000).map(|position| (0.5, position)).collect();
        assert_eq!(nearest(many), (0..NEAREST).collect::<Vec<_>>());
    }
}
