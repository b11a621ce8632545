//! The query line: what a curator types to narrow the Library, such as `tag:chairs -tag:ships reviewed:no tags:>3`.
//!
//! Text becomes tokens (`token`), tokens a tree with places (`parse`, `syntax`), the tree tests over an image (`compile`,
//! `evaluate`). Reading forgives: what is understood filters, what is not is left out and named with its place (`Fault`).
//! Not the completion of a word while it is typed (`review::completion`), and not a search index: one pass over all images.
//!
//! - Side by side, or with `AND` between: both. `OR`: one of them; it binds less than what stands side by side. `NOT`, or `-`
//!   directly before: not. Parentheses group. These three words are capitals; in small letters they are words to look for.
//! - A bare word: the image's name contains it, or it has a tag whose name contains it.
//! - `KEY:VALUE`: what `keys::KEYS` says; any namespace of the vocabulary is a key too.
//! - `"…"` around what holds blanks, parentheses or a colon; `\"` and `\\` in it. `*` stands for any letters.
//! - Capitals do not matter in names and tags, and `_` and `-` count as a blank in tags.
//!
//! Which tags a value means is decided once, in this order, the first that finds any (`labels::matching`): with `*` the
//! whole short name; the exact short or full name; names that begin with it; names that contain it. `tag:` looks in the
//! namespace `tag` and among labels without one; where no namespace is called so, everywhere. A value with `::` is compared
//! with full names, of any namespace after `tag:`.
//!
//! Floor 1: no files, no threads. An image is seen through `Facts`, a collection through `Known`.

pub mod compile;
pub mod evaluate;
#[cfg(test)]
mod examples;
pub mod fault;
pub mod glob;
pub mod keys;
pub mod labels;
pub mod parse;
#[cfg(test)]
mod properties;
pub mod syntax;
pub mod token;
pub mod within;

pub use compile::{Known, Nearest, compile};
pub use evaluate::{Compiled, Facts};
pub use fault::{Fault, QueryError};
pub use parse::{Query, parse};
pub use syntax::{Expr, Term};
