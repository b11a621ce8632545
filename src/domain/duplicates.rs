//! Duplicates: which images of a collection are copies of one another.
//!
//! Same content, or alike by fingerprint; and what is like a copy of a picture belongs to it too. Candidates are found
//! by looking each hash up with up to two bits changed in any of its four parts of 16 bits: hashes that differ in at
//! most eleven bits differ in at most two of one part, so none is missed and few others are met.
//!
//! Floor 1. Source: Norouzi, Punjani, Fleet 2012, "Fast search in Hamming space with multi-index hashing".

use std::collections::HashMap;

use super::fingerprint::{Fingerprint, MAX_DISTANCE};

const N_PARTS: usize = 4;
const N_VALUES: usize = 1 << 16;

/// For every image the number of its group: the position of its first member. Images alone are their own group.
///
/// `contents`: a key of each file's bytes, `None` where unknown. `fingerprints`: as long; `None` where there is no picture.
pub fn groups<K: AsRef<str>>(contents: &[Option<K>], fingerprints: &[Option<Fingerprint>]) -> Vec<usize> {
    let n_images = contents.len().min(fingerprints.len());
    let mut sets = Sets::new(n_images);
    let mut first_of: HashMap<&str, usize> = HashMap::with_capacity(n_images);
    let mut distinct = Vec::new();
    for image in 0..n_images {
        let known = contents[image].as_ref().and_then(|key| first_of.get(key.as_ref()).copied());
        if let Some(first) = known {
            sets.join(first, image);
            continue;
        }
        if let Some(key) = &contents[image] {
            first_of.insert(key.as_ref(), image);
        }
        if let Some(fingerprint) = fingerprints[image].as_ref().filter(|fingerprint| !fingerprint.is_plain()) {
            distinct.push((image, fingerprint));
        }
    }
    join_alike(&distinct, &mut sets);
    (0..n_images).map(|image| sets.root(image)).collect()
}

/// How many images have a copy that comes before them.
pub fn n_copies(groups: &[usize]) -> usize {
    groups.iter().enumerate().filter(|(image, group)| *image != **group).count()
}

fn join_alike(pictures: &[(usize, &Fingerprint)], sets: &mut Sets) {
    let changes = changes();
    for part in 0..N_PARTS {
        let index = Index::new(pictures, part);
        for (at, (image, fingerprint)) in pictures.iter().enumerate() {
            let value = part_of(fingerprint.across, part);
            for change in &changes {
                for &other in index.with(value ^ change).iter().take_while(|&&other| (other as usize) < at) {
                    let (other_image, candidate) = pictures[other as usize];
                    let is_far = |a: u64, b: u64| MAX_DISTANCE < (a ^ b).count_ones();
                    if is_far(fingerprint.across, candidate.across) || is_far(fingerprint.down, candidate.down) {
                        continue;
                    }
                    if sets.root(*image) != sets.root(other_image) && fingerprint.is_like(candidate) {
                        sets.join(*image, other_image);
                    }
                }
            }
        }
    }
}

fn part_of(hash: u64, part: usize) -> u16 {
    (hash >> (16 * part)) as u16
}

/// All ways to change at most two of sixteen bits.
fn changes() -> Vec<u16> {
    let one = (0..16).map(|bit| 1 << bit);
    let two = (0..16).flat_map(|a| (0..a).map(move |b| 1 << a | 1 << b));
    std::iter::once(0).chain(one).chain(two).collect()
}

/// Positions of the pictures by one part of their hash, ascending for each value.
struct Index {
    starts: Vec<u32>,
    positions: Vec<u32>,
}

impl Index {
    fn new(pictures: &[(usize, &Fingerprint)], part: usize) -> Self {
        let values = || pictures.iter().map(|(_, fingerprint)| usize::from(part_of(fingerprint.across, part)));
        let mut starts = vec![0; N_VALUES + 1];
        values().for_each(|value| starts[value + 1] += 1);
        for value in 0..N_VALUES {
            starts[value + 1] += starts[value];
        }
        let mut next = starts.clone();
        let mut positions = vec![0; pictures.len()];
        for (at, value) in values().enumerate() {
            positions[next[value] as usize] = at as u32;
            next[value] += 1;
        }
        Self { starts, positions }
    }

    fn with(&self, value: u16) -> &[u32] {
        let value = usize::from(value);
        &self.positions[self.starts[value] as usize..self.starts[value + 1] as usize]
    }
}

/// Disjoint sets; the smallest member stands for its set.
struct Sets {
    parent: Vec<usize>,
}

impl Sets {
    fn new(n: usize) -> Self {
        Self { parent: (0..n).collect() }
    }

    fn root(&mut self, mut member: usize) -> usize {
        while self.parent[member] != member {
            self.parent[member] = self.parent[self.parent[member]];
            member = self.parent[member];
        }
        member
    }

    fn join(&mut self, a: usize, b: usize) {
        let (a, b) = (self.root(a), self.root(b));
        self.parent[a.max(b)] = a.min(b);
    }
}

#[cfg(test)]
mod tests {
    use std::time::Instant;

    use super::super::fingerprint::tests::drawn;
    use super::*;

    #[test]
    fn copies_of_a_picture_share_a_group_whatever_the_order() {
        let (a, a_trimmed, b) = (drawn(1, 1.0, 0.0), drawn(1, 0.9, 0.01), drawn(2, 1.0, 0.0));
        let contents = [Some("1"), Some("2"), Some("3"), None, Some("2")];
        let fingerprints = [Some(a.clone()), Some(b), Some(a_trimmed), None, None];
        assert_eq!(groups(&contents, &fingerprints), [0, 1, 0, 3, 1]);
        assert_eq!(n_copies(&groups(&contents, &fingerprints)), 2);
        let turned: Vec<_> = fingerprints.iter().rev().cloned().collect();
        let contents: Vec<_> = contents.iter().rev().copied().collect();
        assert_eq!(groups(&contents, &turned), [0, 1, 2, 0, 2]);
    }

    #[test]
    fn what_is_like_a_copy_belongs_to_the_picture() {
        // Each a little to the right of the one before: the first and the last are no copies of one another.
        let row: Vec<_> = (0..12).map(|step| Some(drawn(3, 1.0, 0.015 * step as f32))).collect();
        let first = row[0].as_ref().unwrap();
        assert!(!first.is_like(row[11].as_ref().unwrap()) && first.is_like(row[1].as_ref().unwrap()));
        assert_eq!(groups(&[const { None::<&str> }; 12], &row), [0; 12]);
    }

    #[test]
    fn blank_pages_share_a_group_only_with_the_same_content() {
        let blank = Fingerprint { grey: [255; 256], ..drawn(1, 1.0, 0.0) };
        let fingerprints = [Some(blank.clone()), Some(blank.clone()), Some(blank)];
        assert_eq!(groups(&[Some("a"), Some("b"), Some("a")], &fingerprints), [0, 1, 0]);
    }

    #[test]
    fn every_pair_within_the_distance_is_met() {
        let pictures: Vec<_> = (0..400).map(|seed| drawn(seed / 2, 1.0, 0.02 * (seed % 2) as f32)).collect();
        let expected = (0..pictures.len()).map(|at| {
            // One by one, without an index.
            (0..at).find(|&other| pictures[at].is_like(&pictures[other])).unwrap_or(at)
        });
        let found = groups(&vec![None::<&str>; 400], &pictures.iter().cloned().map(Some).collect::<Vec<_>>());
        assert!(expected.eq(found), "an index must miss nothing");
    }

    #[test]
    #[ignore = "a measurement: cargo test --release duplicates -- --ignored --nocapture"]
    fn a_hundred_thousand_pictures_are_grouped_in_seconds() {
        let pictures: Vec<_> = (0..100_000).map(|seed| Some(drawn(seed, 1.0, 0.0))).collect();
        let started = Instant::now();
        let groups = groups(&vec![None::<&str>; pictures.len()], &pictures);
        eprintln!("100,000 pictures in {:?}, {} copies", started.elapsed(), n_copies(&groups));
    }
}
