//! What was handed to the record, and how much of it is on disk.
//!
//! The status bar's honest answer to "is my work safe?". Numbers count from 1 over the whole session, across
//! collections, so that an answer to an earlier collection's change is never taken for a later one's.

use crate::jobs::{Command, Problem, RecordChange, WriteNumber};

#[derive(Debug, Clone, Default)]
pub struct Record {
    sent: u64,
    recorded: u64,
    in_table: u64,
    problem: Option<Problem>,
    table_problem: Option<Problem>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Safety<'a> {
    /// Everything survives a power cut.
    OnDisk,
    /// So many changes are on their way.
    Writing(u64),
    /// Everything survives a power cut, but a table of the collection cannot be brought up to date.
    TableBehind(&'a Problem),
    /// Nothing is lost yet, but nothing reaches the disk.
    Failing(&'a Problem),
}

impl Record {
    /// The next change, as the command that records it.
    pub fn send(&mut self, change: RecordChange) -> Command {
        self.sent += 1;
        Command::Record { number: WriteNumber(self.sent), change }
    }

    pub fn recorded(&mut self, number: WriteNumber) {
        self.recorded = self.recorded.max(number.0);
        self.problem = None;
    }

    pub fn table_written(&mut self, up_to: WriteNumber) {
        self.in_table = self.in_table.max(up_to.0);
        self.table_problem = None;
    }

    pub fn table_failed(&mut self, problem: Problem) {
        self.table_problem = Some(problem);
    }

    /// The collection was closed: its troubles are over.
    pub fn closed(&mut self) {
        self.table_problem = None;
    }

    /// How many changes would be lost if the program ended now and nothing changed; 0 while the disk takes them.
    pub fn at_risk(&self) -> u64 {
        if self.problem.is_some() { self.sent - self.recorded } else { 0 }
    }

    pub fn failed(&mut self, problem: Problem) {
        self.problem = Some(problem);
    }

    pub fn safety(&self) -> Safety<'_> {
        match &self.problem {
            Some(problem) => Safety::Failing(problem),
            None if self.recorded < self.sent => Safety::Writing(self.sent - self.recorded),
            None => self.table_problem.as_ref().map_or(Safety::OnDisk, Safety::TableBehind),
        }
    }

    /// How many changes are on disk; grows with each.
    pub fn n_recorded(&self) -> u64 {
        self.recorded
    }

    /// Whether `train.csv` holds everything that is on disk.
    pub fn is_table_current(&self) -> bool {
        self.in_table >= self.recorded
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::AttributeId;

    fn change() -> RecordChange {
        RecordChange::CreateLabel { id: AttributeId(1), name: "a".to_owned() }
    }

    fn problem() -> Problem {
        Problem { message: "disk full".to_owned(), hint: None }
    }

    #[test]
    fn nothing_is_said_to_be_on_disk_before_the_record_says_so() {
        let mut record = Record::default();
        assert_eq!(record.safety(), Safety::OnDisk);
        for expected in 1..=3 {
            assert!(matches!(record.send(change()), Command::Record { number: WriteNumber(n), .. } if n == expected));
        }
        assert_eq!(record.safety(), Safety::Writing(3));
        record.recorded(WriteNumber(1));
        assert_eq!(record.safety(), Safety::Writing(2));
        record.recorded(WriteNumber(3));
        assert_eq!(record.safety(), Safety::OnDisk);
        assert!(!record.is_table_current());
        record.table_written(WriteNumber(3));
        assert!(record.is_table_current());
    }

    #[test]
    fn a_failure_shows_until_something_reaches_the_disk_again() {
        let mut record = Record::default();
        let _ = record.send(change());
        record.failed(problem());
        assert_eq!(record.safety(), Safety::Failing(&problem()));
        let _ = record.send(change());
        assert_eq!(record.safety(), Safety::Failing(&problem()));
        record.recorded(WriteNumber(1));
        assert_eq!(record.safety(), Safety::Writing(1));
    }

    #[test]
    fn answers_that_come_late_or_twice_change_nothing() {
        let mut record = Record::default();
        let _ = (record.send(change()), record.send(change()));
        for number in [2, 1, 2] {
            record.recorded(WriteNumber(number));
            assert_eq!(record.safety(), Safety::OnDisk);
        }
    }

    #[test]
    fn a_table_that_is_behind_is_told_apart_from_decisions_that_are_not_on_disk() {
        let mut record = Record::default();
        let _ = record.send(change());
        record.table_failed(problem());
        assert_eq!((record.safety(), record.at_risk()), (Safety::Writing(1), 0));
        record.recorded(WriteNumber(1));
        assert_eq!(record.safety(), Safety::TableBehind(&problem()));
        record.table_written(WriteNumber(1));
        assert_eq!(record.safety(), Safety::OnDisk);
        let _ = record.send(change());
        record.failed(problem());
        assert_eq!(record.at_risk(), 1);
        record.recorded(WriteNumber(2));
        assert_eq!(record.at_risk(), 0);
    }
}
