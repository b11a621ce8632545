//! What was done and can be undone, across sessions: the record keeps it, this is the window's copy.

use crate::domain::Step;
use crate::jobs::Ticket;

#[derive(Debug, Clone, Default)]
pub struct History {
    done: Vec<(Ticket, Step)>,
    /// Last undone at the end.
    undone: Vec<(Ticket, Step)>,
    last: u64,
}

impl History {
    /// `steps`: oldest first, with whether they are undone. Undone steps can be redone where nothing was done after
    /// them.
    pub fn restore(steps: Vec<(Ticket, Step, bool)>) -> Self {
        let mut history = Self::default();
        for (ticket, step, undone) in steps {
            history.last = history.last.max(ticket.0);
            if undone {
                history.undone.push((ticket, step));
            } else {
                history.undone.clear();
                history.done.push((ticket, step));
            }
        }
        history.undone.reverse();
        history
    }

    /// Remembers a new step under a new ticket; what was undone before cannot be redone any more.
    pub fn push(&mut self, step: Step) -> Ticket {
        self.last += 1;
        let ticket = Ticket(self.last);
        self.undone.clear();
        self.done.push((ticket, step));
        ticket
    }

    /// The step to take back.
    pub fn undo(&mut self) -> Option<(Ticket, Step)> {
        let entry = self.done.pop()?;
        self.undone.push(entry.clone());
        Some(entry)
    }

    /// The step to do again.
    pub fn redo(&mut self) -> Option<(Ticket, Step)> {
        let entry = self.undone.pop()?;
        self.done.push(entry.clone());
        Some(entry)
    }

    pub fn can_undo(&self) -> bool {
        !self.done.is_empty()
    }

    pub fn can_redo(&self) -> bool {
        !self.undone.is_empty()
    }

    /// Steps that hold, newest first.
    pub fn newest_first(&self) -> impl Iterator<Item = &Step> {
        self.done.iter().rev().map(|(_, step)| step)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn entry(ticket: u64, undone: bool) -> (Ticket, Step, bool) {
        (Ticket(ticket), Step::default(), undone)
    }

    #[test]
    fn undo_and_redo_walk_back_and_forth_over_earlier_sessions() {
        let mut history = History::restore(vec![entry(1, false), entry(2, false), entry(3, true), entry(4, true)]);
        let tickets: Vec<_> = std::iter::from_fn(|| history.redo()).map(|(ticket, _)| ticket.0).collect();
        assert_eq!(tickets, [3, 4]);
        let tickets: Vec<_> = std::iter::from_fn(|| history.undo()).map(|(ticket, _)| ticket.0).collect();
        assert_eq!(tickets, [4, 3, 2, 1]);
        assert!(!history.can_undo() && history.can_redo());
    }

    #[test]
    fn a_step_undone_before_a_later_one_was_done_cannot_be_redone() {
        let history = History::restore(vec![entry(1, false), entry(2, true), entry(3, false)]);
        assert!(!history.can_redo());
    }

    #[test]
    fn tickets_are_never_used_twice() {
        let mut history = History::restore(vec![entry(5, false), entry(9, true)]);
        assert_eq!(history.push(Step::default()), Ticket(10));
        let _ = history.undo();
        assert_eq!(history.push(Step::default()), Ticket(11));
        assert!(!history.can_redo());
    }
}
