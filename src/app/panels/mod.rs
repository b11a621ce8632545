//! What is drawn. A panel is a function of the state: it draws, and returns what the user asked for. `self` holds only
//! view matters, such as what is typed in a field that is not sent yet.

pub mod add_tag;
pub mod filters;
pub mod grid;
pub mod insights;
pub mod inspector;
pub mod key_list;
pub mod label_dialog;
pub mod models;
pub mod name;
pub mod order;
pub mod overlays;
pub mod palette;
pub mod picture;
pub mod plots;
pub mod precision;
pub mod proposals;
pub mod query_field;
pub mod recipe;
pub mod saved;
pub mod status_bar;
pub mod strip;
pub mod sweep;
pub mod toasts;
pub mod top_bar;
pub mod train;
pub mod vocabulary;
pub mod welcome;
pub mod widgets;
