//! Maps that several cores write at once, into memory that need not hold anything yet. Floor 3.

use std::marker::PhantomData;

use pulp::Simd;

use crate::model::ops::lanes::LANES;

/// Floats that several cores write at once, each its own part; they need not hold anything yet.
#[derive(Debug, Clone, Copy)]
pub(super) struct Target<'a> {
    values: *mut f32,
    len: usize,
    of: PhantomData<&'a mut [f32]>,
}

// A pointer with a length; every method that writes says whose part is whose.
#[expect(unsafe_code, reason = "parts of one map are written by several cores")]
// SAFETY: `Target` gives no access by itself; the writers below keep to their own rows and columns.
unsafe impl Send for Target<'_> {}
#[expect(unsafe_code, reason = "parts of one map are written by several cores")]
// SAFETY: as above.
unsafe impl Sync for Target<'_> {}

impl<'a> Target<'a> {
    pub(super) fn new(values: &'a mut [f32]) -> Self {
        Self { values: values.as_mut_ptr(), len: values.len(), of: PhantomData }
    }

    /// Where they begin.
    pub(super) fn start(self) -> *mut f32 {
        self.values
    }

    pub(super) fn len(self) -> usize {
        self.len
    }

    /// `n` floats from `start` on, which hold something.
    ///
    /// # Safety
    /// The target was made of a slice, and nobody else reads or writes these floats while the answer lives.
    #[expect(unsafe_code, reason = "parts of one map are written by several cores")]
    pub(super) unsafe fn part(self, start: usize, n: usize) -> &'a mut [f32] {
        assert!(start.checked_add(n).is_some_and(|end| end <= self.len), "a part beyond its map");
        // SAFETY: inside the slice, and nobody else's by the caller's word.
        unsafe { std::slice::from_raw_parts_mut(self.values.add(start), n) }
    }

    /// Writes a vector from `at` on; of one that reaches beyond them, the first `n` lanes.
    ///
    /// # Safety
    /// Nobody else reads or writes these floats meanwhile.
    #[expect(unsafe_code, reason = "parts of one map are written by several cores")]
    #[inline(always)]
    pub(super) unsafe fn store<S: Simd>(self, _simd: S, at: usize, n: usize, vector: S::f32s) {
        assert!(at.checked_add(n).is_some_and(|end| end <= self.len), "a vector beyond its map");
        if n >= S::F32_LANES {
            // SAFETY: inside the map, and nobody else's by the caller's word.
            return unsafe { self.values.add(at).cast::<S::f32s>().write_unaligned(vector) };
        }
        let mut lanes = [0.0_f32; LANES];
        // SAFETY: no vector has more than `LANES` lanes; the target as above.
        unsafe {
            lanes.as_mut_ptr().cast::<S::f32s>().write_unaligned(vector);
            std::ptr::copy_nonoverlapping(lanes.as_ptr(), self.values.add(at), n);
        }
    }

    /// # Safety
    /// Nobody else reads or writes these floats meanwhile.
    #[expect(unsafe_code, reason = "parts of one map are written by several cores")]
    #[inline(always)]
    pub(super) unsafe fn copy(self, at: usize, from: &[f32]) {
        assert!(at.checked_add(from.len()).is_some_and(|end| end <= self.len), "floats beyond their map");
        // SAFETY: inside the map, and nobody else's by the caller's word.
        unsafe { std::ptr::copy_nonoverlapping(from.as_ptr(), self.values.add(at), from.len()) };
    }
}

/// A map that is computed into memory that holds nothing yet.
///
/// `write` gets it as a target and must fill all of it.
#[expect(unsafe_code, reason = "clearing a map first would be one walk over it more")]
pub(super) unsafe fn written(n: usize, write: impl FnOnce(Target<'_>)) -> Vec<f32> {
    let mut values: Vec<f32> = Vec::with_capacity(n);
    write(Target { values: values.as_mut_ptr(), len: n, of: PhantomData });
    // SAFETY: the memory is there, and `write` has filled it by the caller's word.
    unsafe { values.set_len(n) };
    values
}
