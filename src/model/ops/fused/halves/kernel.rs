//! Rows of bf16 by panels of bf16: tiles of AMX, or pairs of AVX512-BF16. Floor 3.

use std::arch::asm;
use std::arch::x86_64::{
    __cpuid_count, __m512bh, __m512i, _mm512_add_ps, _mm512_dpbf16_ps, _mm512_load_ps, _mm512_loadu_si512,
    _mm512_mask_storeu_ps, _mm512_maskz_loadu_ps, _mm512_max_ps, _mm512_min_ps, _mm512_set1_epi32, _mm512_set1_ps,
    _mm512_setzero_ps, _mm512_store_ps,
};
use std::mem::transmute;
use std::ops::Range;
use std::sync::OnceLock;

use super::STEPS;
use super::rows::Packed;
use crate::model::ops::fused::product::Finish;
use crate::model::ops::fused::target::Target;
use crate::model::ops::lanes::LANES;

/// Rows, and outputs, that are computed together.
pub(super) const GROUP: usize = 32;

/// How bf16 is multiplied.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::model::ops) enum Kernel {
    /// AMX: sixteen rows by sixteen outputs by 32 steps in one instruction.
    Tiles,
    /// AVX512-BF16: sixteen outputs by two steps.
    Pairs,
}

/// Sums of a group of rows by a panel of outputs.
#[repr(C, align(64))]
pub(super) struct Sums([[f32; GROUP]; GROUP]);

/// What `ldtilecfg` reads: eight tiles of sixteen rows of 64 bytes.
#[repr(C, align(64))]
struct TileConfig([u8; 64]);

static TILES: TileConfig = {
    let mut config = [0; 64];
    config[0] = 1; // The only palette there is.
    let mut tile = 0;
    while tile < 8 {
        config[16 + 2 * tile] = 64;
        config[48 + tile] = 16;
        tile += 1;
    }
    TileConfig(config)
};

impl Kernel {
    /// The fastest one of those that this processor has; asked once.
    pub(in crate::model::ops) fn of_this_machine() -> Option<Self> {
        static FOUND: OnceLock<Option<Kernel>> = OnceLock::new();
        *FOUND.get_or_init(|| Self::all().first().copied())
    }

    /// Those that this processor has, the fastest first.
    pub(in crate::model::ops) fn all() -> Vec<Self> {
        let has_pairs = is_x86_feature_detected!("avx512f")
            && is_x86_feature_detected!("avx512bw")
            && is_x86_feature_detected!("avx512vl")
            && is_x86_feature_detected!("avx512bf16");
        let mut all = Vec::new();
        if has_pairs && has_tiles() {
            all.push(Self::Tiles);
        }
        if has_pairs {
            all.push(Self::Pairs);
        }
        all
    }

    /// Before the first of several products on a thread.
    #[expect(unsafe_code, reason = "tiles have to be laid out")]
    pub(super) fn begin(self) {
        if self == Self::Tiles {
            // SAFETY: the processor and the kernel have been asked (`of_this_machine`); the layout is a valid one.
            unsafe { asm!("ldtilecfg [{}]", in(reg) &raw const TILES, options(nostack, readonly)) };
        }
    }

    /// After the last: threads without tiles are cheaper to switch.
    #[expect(unsafe_code, reason = "tiles are given back")]
    pub(super) fn end(self) {
        if self == Self::Tiles {
            // SAFETY: as in `begin`.
            unsafe { asm!("tilerelease", options(nostack, nomem)) };
        }
    }

    /// Rows `[n, depth]` by a panel of weights.
    ///
    /// Panics: the panel is too short, or there are more rows than a group.
    #[expect(unsafe_code, reason = "bounds are checked once here, not in every step of the inner loop")]
    pub(super) fn multiply(self, packed: &Packed<'_>, rows: Range<usize>, weights: &[u16], sums: &mut Sums) {
        let depth = packed.whole_depth();
        assert!(rows.len() <= GROUP && weights.len() >= GROUP * depth, "a panel of too few weights");
        let (rows, n_rows) = (packed.rows(rows.start), rows.len());
        assert!(rows.len() >= (GROUP - 1) * packed.stride() + depth, "too few rows");
        // SAFETY: a whole group of rows, and a whole panel, are there, as has just been seen.
        unsafe {
            match self {
                Self::Tiles => tiles(rows.as_ptr(), packed.stride(), n_rows, weights.as_ptr(), depth, sums),
                Self::Pairs => pairs(rows.as_ptr(), packed.stride(), n_rows, weights.as_ptr(), depth, sums),
            }
        }
    }
}

/// Whether there are tiles for bf16, and Linux lets this process use them.
fn has_tiles() -> bool {
    const AMX_BF16: u32 = 1 << 22;
    const AMX_TILE: u32 = 1 << 24;
    let found = __cpuid_count(7, 0).edx;
    found & AMX_BF16 != 0 && found & AMX_TILE != 0 && may_use_tiles()
}

/// Linux gives the room to keep tiles in only to who asks for it.
#[cfg(target_os = "linux")]
#[expect(unsafe_code, reason = "a request to the kernel that no library wraps")]
fn may_use_tiles() -> bool {
    const ARCH_REQ_XCOMP_PERM: libc::c_long = 0x1023;
    const XFEATURE_XTILEDATA: libc::c_long = 18;
    // SAFETY: it takes numbers, and answers 0 or an error.
    unsafe { libc::syscall(libc::SYS_arch_prctl, ARCH_REQ_XCOMP_PERM, XFEATURE_XTILEDATA) == 0 }
}

#[cfg(not(target_os = "linux"))]
fn may_use_tiles() -> bool {
    false
}

/// # Safety
/// `GROUP` rows are there, and a panel of weights; the processor has tiles, which are laid out.
#[expect(unsafe_code, reason = "the compiler has no words for tiles yet")]
unsafe fn tiles(rows: *const u16, stride: usize, n_rows: usize, weights: *const u16, depth: usize, sums: &mut Sums) {
    let (n_steps, sums) = (depth / STEPS, sums.0.as_mut_ptr());
    let (line, second) = (2 * stride, weights.wrapping_add(LANES * depth));
    if n_rows <= LANES {
        // SAFETY: by the caller's word.
        unsafe {
            asm!(
                "tilezero tmm0",
                "tilezero tmm1",
                "2:",
                "tileloadd tmm4, [{rows} + {line}]",
                "tileloadd tmm6, [{first} + {wide}]",
                "tileloadd tmm7, [{second} + {wide}]",
                "tdpbf16ps tmm0, tmm4, tmm6",
                "tdpbf16ps tmm1, tmm4, tmm7",
                "add {rows}, 64",
                "add {first}, 1024",
                "add {second}, 1024",
                "dec {n}",
                "jnz 2b",
                "tilestored [{sums} + {to}], tmm0",
                "tilestored [{sums} + {to} + 64], tmm1",
                rows = inout(reg) rows => _, line = in(reg) line, first = inout(reg) weights => _,
                second = inout(reg) second => _, wide = in(reg) 64_usize, n = inout(reg) n_steps => _,
                sums = in(reg) sums, to = in(reg) 4 * GROUP,
                out("tmm0") _, out("tmm1") _, out("tmm4") _, out("tmm6") _, out("tmm7") _, options(nostack),
            );
        }
        return;
    }
    let below = rows.wrapping_add(LANES * stride);
    // SAFETY: by the caller's word.
    unsafe {
        asm!(
            "tilezero tmm0",
            "tilezero tmm1",
            "tilezero tmm2",
            "tilezero tmm3",
            "2:",
            "tileloadd tmm4, [{rows} + {line}]",
            "tileloadd tmm6, [{first} + {wide}]",
            "tileloadd tmm7, [{second} + {wide}]",
            "tdpbf16ps tmm0, tmm4, tmm6",
            "tileloadd tmm5, [{below} + {line}]",
            "tdpbf16ps tmm1, tmm4, tmm7",
            "tdpbf16ps tmm2, tmm5, tmm6",
            "tdpbf16ps tmm3, tmm5, tmm7",
            "add {rows}, 64",
            "add {below}, 64",
            "add {first}, 1024",
            "add {second}, 1024",
            "dec {n}",
            "jnz 2b",
            "tilestored [{sums} + {to}], tmm0",
            "tilestored [{sums} + {to} + 64], tmm1",
            "tilestored [{lower} + {to}], tmm2",
            "tilestored [{lower} + {to} + 64], tmm3",
            rows = inout(reg) rows => _, below = inout(reg) below => _, line = in(reg) line,
            first = inout(reg) weights => _, second = inout(reg) second => _, wide = in(reg) 64_usize,
            n = inout(reg) n_steps => _, sums = in(reg) sums, lower = in(reg) sums.wrapping_add(LANES),
            to = in(reg) 4 * GROUP,
            out("tmm0") _, out("tmm1") _, out("tmm2") _, out("tmm3") _, out("tmm4") _, out("tmm5") _, out("tmm6") _,
            out("tmm7") _, options(nostack),
        );
    }
}

/// # Safety
/// `GROUP` rows are there, and a panel of weights; the processor has AVX512-BF16.
#[expect(unsafe_code, reason = "`multiply` has checked every bound")]
#[target_feature(enable = "avx512f,avx512bf16")]
unsafe fn pairs(rows: *const u16, stride: usize, n_rows: usize, weights: *const u16, depth: usize, sums: &mut Sums) {
    for first in (0..n_rows).step_by(8) {
        // SAFETY: a group is there, and has a multiple of eight rows.
        unsafe { pairs_of::<8>(rows.add(first * stride), stride, weights, depth, &mut sums.0[first..first + 8]) };
    }
}

/// # Safety
/// `R` rows are there, and a panel of weights; the processor has AVX512-BF16.
#[expect(unsafe_code, reason = "`multiply` has checked every bound")]
#[target_feature(enable = "avx512f,avx512bf16")]
#[inline]
unsafe fn pairs_of<const R: usize>(
    rows: *const u16,
    stride: usize,
    weights: *const u16,
    depth: usize,
    sums: &mut [[f32; GROUP]],
) {
    let mut running = [[_mm512_setzero_ps(); 2]; R];
    // SAFETY: by the caller's word; vectors are read unaligned.
    unsafe {
        for pair in 0..depth / 2 {
            let weights = weights.add(pair * 2 * LANES);
            let right = [weights, weights.add(LANES * depth)];
            let right: [__m512bh; 2] = [
                transmute::<__m512i, __m512bh>(_mm512_loadu_si512(right[0].cast())),
                transmute::<__m512i, __m512bh>(_mm512_loadu_si512(right[1].cast())),
            ];
            for (r, running) in running.iter_mut().enumerate() {
                let left = rows.add(r * stride + 2 * pair).cast::<i32>().read_unaligned();
                let left = transmute::<__m512i, __m512bh>(_mm512_set1_epi32(left));
                for (sum, &right) in running.iter_mut().zip(&right) {
                    *sum = _mm512_dpbf16_ps(*sum, left, right);
                }
            }
        }
        for (row, running) in sums.iter_mut().zip(&running) {
            for (v, running) in running.iter().enumerate() {
                _mm512_store_ps(row.as_mut_ptr().add(v * LANES), *running);
            }
        }
    }
}

impl Sums {
    pub(super) fn new() -> Self {
        Self([[0.0; GROUP]; GROUP])
    }

    /// `target = limits(sums + shift + more)`, for `n` rows and outputs, from `at` on, `stride` from row to row.
    ///
    /// # Safety
    /// Nobody else reads or writes these outputs meanwhile.
    ///
    /// Panics: the shift, `more` or the target is too short.
    #[expect(unsafe_code, reason = "several cores write one map; bounds are checked once here")]
    pub(super) unsafe fn finish(
        &self,
        (n_rows, n): (usize, usize),
        finish: Finish<'_>,
        more: Option<&[f32]>,
        (target, at, stride): (Target<'_>, usize, usize),
    ) {
        assert!(0 < n_rows && n_rows <= GROUP && n <= GROUP && finish.shift.len() >= n, "a short shift");
        let end = at + (n_rows - 1) * stride + n;
        assert!(end <= target.len() && more.is_none_or(|more| end <= more.len()), "a target too short");
        // SAFETY: bounds as above; a kernel is only chosen where the processor has AVX-512.
        unsafe {
            let target = target.start().add(at);
            match more {
                Some(more) => self.write::<true>((n_rows, n), finish, more.as_ptr().add(at), (target, stride)),
                None => self.write::<false>((n_rows, n), finish, target, (target, stride)),
            }
        }
    }

    /// # Safety
    /// Rows, shift, `more` and target reach as far as is read and written; the processor has AVX-512.
    #[expect(unsafe_code, reason = "`finish` has checked every bound")]
    #[target_feature(enable = "avx512f")]
    unsafe fn write<const MORE: bool>(
        &self,
        (n_rows, n): (usize, usize),
        finish: Finish<'_>,
        more: *const f32,
        (target, stride): (*mut f32, usize),
    ) {
        let (low, high) = (_mm512_set1_ps(finish.low), _mm512_set1_ps(finish.high));
        for v in 0..n.div_ceil(LANES) {
            let mask = (1_u32 << (n - v * LANES).min(LANES)).wrapping_sub(1) as u16;
            // SAFETY: by the caller's word; what the mask leaves out is not touched.
            unsafe {
                let shift = _mm512_maskz_loadu_ps(mask, finish.shift.as_ptr().add(v * LANES));
                for row in 0..n_rows {
                    let to = row * stride + v * LANES;
                    let mut sum = _mm512_add_ps(_mm512_load_ps(self.0[row].as_ptr().add(v * LANES)), shift);
                    if MORE {
                        sum = _mm512_add_ps(sum, _mm512_maskz_loadu_ps(mask, more.add(to)));
                    }
                    sum = _mm512_min_ps(high, _mm512_max_ps(low, sum));
                    _mm512_mask_storeu_ps(target.add(to), mask, sum);
                }
            }
        }
    }
}
