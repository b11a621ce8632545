//! The library in parts, each under a heading: folders, or copies of one picture.

use std::ops::Range;

/// A run of the images shown, by their positions.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Section {
    /// Empty where there are no parts.
    pub name: String,
    pub at: Range<usize>,
}

impl Section {
    pub fn n_rows(&self, columns: usize) -> usize {
        self.at.len().div_ceil(columns.max(1))
    }
}

/// All parts, in the order shown; each begins a new row.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Sections(Vec<Section>);

impl Sections {
    /// One part without a name.
    pub fn whole(n_shown: usize) -> Self {
        Self(vec![Section { name: String::new(), at: 0..n_shown }])
    }

    /// A part for each run of images with the same group.
    ///
    /// `name`: of a group, with the number of its images that are shown.
    pub fn of(groups: impl Iterator<Item = u32>, name: impl Fn(u32, usize) -> String) -> Self {
        let mut runs: Vec<(u32, Range<usize>)> = Vec::new();
        for (position, group) in groups.enumerate() {
            match runs.last_mut() {
                Some((last, at)) if *last == group => at.end = position + 1,
                _ => runs.push((group, position..position + 1)),
            }
        }
        Self(runs.into_iter().map(|(group, at)| Section { name: name(group, at.len()), at }).collect())
    }

    pub fn iter(&self) -> impl Iterator<Item = &Section> {
        self.0.iter()
    }

    /// The position in the row below (or above) nearest to being in the same column; `None` beyond the ends.
    pub fn vertical(&self, position: usize, down: bool, columns: usize) -> Option<usize> {
        let columns = columns.max(1);
        let number = self.0.partition_point(|section| section.at.end <= position);
        let at = &self.0.get(number)?.at;
        let within = position.checked_sub(at.start)?;
        let (row, column) = (within / columns, within % columns);
        let in_row = |at: &Range<usize>, row: usize| (at.start + row * columns + column).min(at.end - 1);
        if down {
            let last_row = (at.len() - 1) / columns;
            return match row < last_row {
                true => Some(in_row(at, row + 1)),
                false => self.0.get(number + 1).map(|next| in_row(&next.at, 0)),
            };
        }
        match row {
            0 => self.0.get(number.checked_sub(1)?).map(|before| in_row(&before.at, (before.at.len() - 1) / columns)),
            _ => Some(in_row(at, row - 1)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn up_and_down_stay_in_the_column_over_headings_and_short_rows() {
        // Two columns, parts of 3, 1 and 2: 0 1 / 2 - / 3 - / 4 5.
        let sections = Sections::of([0, 0, 0, 7, 2, 2].into_iter(), |group, n| format!("{group}: {n}"));
        let names: Vec<_> = sections.iter().map(|section| section.name.as_str()).collect();
        assert_eq!(names, ["0: 3", "7: 1", "2: 2"]);
        let rows: Vec<_> = sections.iter().map(|section| section.n_rows(2)).collect();
        assert_eq!(rows, [2, 1, 1]);
        for (position, below, above) in [
            (0, Some(2), None),
            (1, Some(2), None),
            (2, Some(3), Some(0)),
            (3, Some(4), Some(2)),
            (4, None, Some(3)),
            (5, None, Some(3)),
        ] {
            assert_eq!(sections.vertical(position, true, 2), below, "below {position}");
            assert_eq!(sections.vertical(position, false, 2), above, "above {position}");
        }
        assert_eq!(Sections::whole(5).vertical(3, true, 2), Some(4), "the last row is short");
        assert_eq!(Sections::whole(0).vertical(0, true, 2), None);
    }
}
