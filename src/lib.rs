//! Docent: describe picture collections at keyboard speed, with proposals from a model that learns from the curator.
//!
//! Seven floors; a module uses itself and the floors below it (ARCHITECTURE.md, enforced by a test).

pub mod app; // F6
pub mod base; // F0
pub mod cli; // F6
pub mod collection; // F2
pub mod demo; // F2
pub mod domain; // F1
pub mod hub; // F2
pub mod imaging; // F2
pub mod jobs; // F5
pub mod model; // F3
pub mod plot; // F2
pub mod review; // F2
pub mod store; // F2
pub mod training; // F4

/// Feature maps are tens of megabytes and live for milliseconds. The system's allocator gives such memory back each
/// time and takes it anew, page by page, which is a quarter of a training step.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;
