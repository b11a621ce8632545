//! A set of labels, kept ascending: the tags of one image.

use super::AttributeId;

#[derive(Debug, Clone, Default, PartialEq, Eq, Hash)]
pub struct LabelSet(Vec<AttributeId>);

impl LabelSet {
    pub fn new() -> Self {
        Self::default()
    }

    pub fn contains(&self, id: AttributeId) -> bool {
        self.0.binary_search(&id).is_ok()
    }

    /// Whether it was not in the set before.
    pub fn insert(&mut self, id: AttributeId) -> bool {
        match self.0.binary_search(&id) {
            Ok(_) => false,
            Err(at) => {
                self.0.insert(at, id);
                true
            }
        }
    }

    /// Whether it was in the set before.
    pub fn remove(&mut self, id: AttributeId) -> bool {
        match self.0.binary_search(&id) {
            Ok(at) => {
                self.0.remove(at);
                true
            }
            Err(_) => false,
        }
    }

    /// Ascending.
    pub fn iter(&self) -> impl ExactSizeIterator<Item = AttributeId> + '_ {
        self.0.iter().copied()
    }

    pub fn len(&self) -> usize {
        self.0.len()
    }

    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl FromIterator<AttributeId> for LabelSet {
    fn from_iter<I: IntoIterator<Item = AttributeId>>(ids: I) -> Self {
        let mut ids: Vec<_> = ids.into_iter().collect();
        ids.sort_unstable();
        ids.dedup();
        Self(ids)
    }
}

impl<const N: usize> From<[u32; N]> for LabelSet {
    fn from(ids: [u32; N]) -> Self {
        ids.into_iter().map(AttributeId).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_set_is_ascending_without_repeats() {
        let mut set = LabelSet::from([9, 1, 5, 1]);
        assert!(set.insert(AttributeId(3)) && !set.insert(AttributeId(3)));
        assert!(set.remove(AttributeId(9)) && !set.remove(AttributeId(9)));
        assert_eq!(set, LabelSet::from([1, 3, 5]));
        assert!(set.contains(AttributeId(5)) && !set.contains(AttributeId(9)));
    }
}
