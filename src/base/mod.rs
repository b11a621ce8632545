//! What every floor may use: durable file writing, hints for errors, stable hashing, findings, numbers in
//! words, how long memory is kept.
//!
//! Floor 0: knows nothing of labels, pictures or models.

pub mod finding;
pub mod fs;
pub mod hash;
pub mod hint;
pub mod memory;
pub mod numbers;

pub use finding::Finding;
pub use hint::Hint;
