//! What the window tells its user: a message shows for a few seconds and stays in the log.

use crate::jobs::Problem;

/// How long a message stays in view.
const SHOWN_SECONDS: f64 = 5.0;
/// Trouble stays longer.
const TROUBLE_SECONDS: f64 = 12.0;
const LOG_LENGTH: usize = 500;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tone {
    Note,
    Good,
    Trouble,
}

#[derive(Debug, Clone, PartialEq)]
pub struct Message {
    pub tone: Tone,
    pub text: String,
    pub hint: Option<String>,
    /// Seconds since the window opened.
    pub at: f64,
    dismissed: bool,
}

#[derive(Debug, Clone, Default)]
pub struct Messages {
    log: Vec<Message>,
}

impl Messages {
    /// The same text again replaces the one in view rather than piling up.
    pub fn say(&mut self, now: f64, tone: Tone, text: impl Into<String>) {
        self.push(now, tone, text.into(), None);
    }

    pub fn trouble(&mut self, now: f64, problem: &Problem) {
        self.push(now, Tone::Trouble, problem.message.clone(), problem.hint.clone());
    }

    fn push(&mut self, now: f64, tone: Tone, text: String, hint: Option<String>) {
        if self.log.last().is_some_and(|last| last.text == text && last.at + 60.0 > now) {
            self.log.pop();
        }
        if self.log.len() == LOG_LENGTH {
            self.log.remove(0);
        }
        self.log.push(Message { tone, text, hint, at: now, dismissed: false });
    }

    /// Newest last.
    pub fn log(&self) -> &[Message] {
        &self.log
    }

    /// At most three, newest last, each with the position in the log.
    pub fn in_view(&self, now: f64) -> Vec<(usize, &Message)> {
        let mut found: Vec<_> = self
            .log
            .iter()
            .enumerate()
            .rev()
            .filter(|(_, message)| !message.dismissed && now < message.until())
            .take(3)
            .collect();
        found.reverse();
        found
    }

    /// Seconds until the view changes by itself.
    pub fn next_change(&self, now: f64) -> Option<f64> {
        self.in_view(now).iter().map(|(_, message)| message.until() - now).min_by(f64::total_cmp)
    }

    pub fn dismiss(&mut self, position: usize) {
        if let Some(message) = self.log.get_mut(position) {
            message.dismissed = true;
        }
    }
}

impl Message {
    fn until(&self) -> f64 {
        self.at
            + match self.tone {
                Tone::Note | Tone::Good => SHOWN_SECONDS,
                Tone::Trouble => TROUBLE_SECONDS,
            }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_message_leaves_the_view_and_stays_in_the_log() {
        let mut messages = Messages::default();
        messages.say(1.0, Tone::Note, "undone");
        assert_eq!(messages.in_view(5.9).len(), 1);
        assert!((messages.next_change(5.0).unwrap() - 1.0).abs() < 1e-9);
        assert!(messages.in_view(6.0).is_empty() && messages.next_change(6.0).is_none());
        assert_eq!(messages.log().len(), 1);
    }

    #[test]
    fn at_most_three_show_and_repeats_do_not_pile_up() {
        let mut messages = Messages::default();
        for text in ["a", "b", "c", "d", "d", "d"] {
            messages.say(0.0, Tone::Note, text);
        }
        let texts: Vec<_> = messages.in_view(1.0).iter().map(|(_, message)| message.text.as_str()).collect();
        assert_eq!(texts, ["b", "c", "d"]);
        messages.dismiss(3);
        assert_eq!(messages.in_view(1.0).last().unwrap().1.text, "c");
    }

    #[test]
    fn the_log_is_bounded() {
        let mut messages = Messages::default();
        for number in 0..2 * LOG_LENGTH {
            messages.say(0.0, Tone::Note, number.to_string());
        }
        assert_eq!(messages.log().len(), LOG_LENGTH);
    }
}
