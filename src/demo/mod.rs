//! The demo collection: invented museum objects, drawn by seed and index.
//!
//! It is what a first visitor sees, what the starter model learns from and what the tests run on. It knows no
//! collections, journals or models: it draws pictures and writes the two tables a collection is read from.
//!
//! `piece` decides what an object is, `draw` has it drawn: `vessel`, `disc`, `cloth`, `scroll`, `figure`, `panel` and
//! `adornment` know the shapes, `pattern`, `border` and `motif` the ornament, `palette` the colours; `sheet` is what they
//! draw on, `light` gives volume, `ground` the studio; `write` makes the files.
//!
//! Floor 2.

mod adornment;
mod border;
mod cloth;
mod disc;
mod draw;
mod figure;
mod fracture;
mod ground;
mod kind;
mod light;
mod motif;
mod palette;
mod panel;
mod pattern;
mod piece;
mod rng;
mod scroll;
mod sheet;
mod vessel;
mod write;

pub use draw::draw;
pub use kind::labels;
pub use piece::Piece;
pub use write::{DemoError, Plan, write};
