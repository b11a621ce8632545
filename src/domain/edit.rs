//! Changes of the vocabulary, as the smallest that can be written, undone and told apart.
//!
//! They are part of a [`super::Step`] like decisions are. What a curator asks for (rename, merge, split, retire, import)
//! is planned in [`super::editing`]; this is what it comes down to.

use super::{AttributeId, Label};

/// Whether a label may be given to images. Its id stays its own in every case.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash)]
pub enum Standing {
    #[default]
    Offered,
    /// In `labels.csv`, and on the images that kept it; never proposed, listed or learned.
    Retired,
    /// Its making was taken back: not in `labels.csv`. The id is never given to another label.
    Absent,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Edit {
    /// A label is made, retired or brought back. `label` has the name it was made with.
    Stand {
        label: Label,
        standing: Standing,
        before: Standing,
    },
    Rename {
        attribute: AttributeId,
        name: String,
        before: String,
    },
    /// Which label another name stands for; `None`: for none.
    Alias {
        alias: String,
        of: Option<AttributeId>,
        before: Option<AttributeId>,
    },
}

impl Edit {
    /// A label that was not there.
    pub fn create(label: Label) -> Self {
        Self::Stand { label, standing: Standing::Offered, before: Standing::Absent }
    }

    /// The edit that takes this one back.
    pub fn inverse(&self) -> Self {
        match self.clone() {
            Self::Stand { label, standing, before } => Self::Stand { label, standing: before, before: standing },
            Self::Rename { attribute, name, before } => Self::Rename { attribute, name: before, before: name },
            Self::Alias { alias, of, before } => Self::Alias { alias, of: before, before: of },
        }
    }
}
