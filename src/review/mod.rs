//! The rules of the review: which proposals are shown in which order, what a typed word finds, what can stand in a query, and
//! the cheapest keys that bring an image from what is proposed to what is true.
//!
//! Floor 2: pure. The window shows and obeys these rules, `docent simulate` counts keys by them; neither knows the other.

pub mod beside;
pub mod completion;
pub mod keys;
pub mod listing;
pub mod words;
