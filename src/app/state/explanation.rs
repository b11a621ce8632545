//! Why a tag is proposed: the described images most like the one under review, with the tag and without.

use crate::domain::AttributeId;

#[derive(Debug, Clone, Default, PartialEq)]
pub struct Explanation {
    /// What was asked last: the image, and the tag in focus.
    pub asked: Option<(u32, AttributeId)>,
    /// About what `with` and `without` are.
    pub about: Option<(u32, AttributeId)>,
    /// With their likeness, -1 to 1.
    pub with: Option<(u32, f32)>,
    pub without: Option<(u32, f32)>,
}

impl Explanation {
    /// What is known about a tag of an image: nothing while the answer is on its way.
    pub fn of(&self, image: u32, attribute: AttributeId) -> Option<[Option<(u32, f32)>; 2]> {
        (self.about == Some((image, attribute))).then_some([self.with, self.without])
    }

    /// Images to have thumbnails of.
    pub fn images(&self) -> impl Iterator<Item = u32> {
        [self.with, self.without].into_iter().flatten().map(|(image, _)| image)
    }
}
