//! What is on disk: the pictures of a folder, `labels.csv` and `train.csv`.
//!
//! Floor 2. Reads only; the record and all writing are the store's. Nothing is decoded here.

mod natural;
pub mod open;
pub mod scan;

pub use open::{Collection, OpenError};
pub use scan::ImageFile;
