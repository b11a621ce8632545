//! Floor 2: what is on disk; reads only. (Signatures first; the code follows.)
use crate::{
    base::Finding,
    domain::{ImageId, Vocabulary},
};
use std::path::PathBuf;
#[derive(Debug, Clone)]
pub struct ImageFile {
    pub id: ImageId,
    pub path: PathBuf,
    pub bytes: u64,
    pub modified_millis: i64,
}
#[derive(Debug, Clone)]
pub struct Collection {
    pub root: PathBuf,
    pub images: Vec<ImageFile>,
    pub vocabulary: Vocabulary,
    pub findings: Vec<Finding>,
}
