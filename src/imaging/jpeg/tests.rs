//! Tests of the JPEG decoder against Pillow's, and against damage.

use super::*;
use crate::base::hash::mix64;

/// A JPEG and its pixels as a PNG, both written by Pillow 13.0 with libjpeg-turbo 3.2.0: smooth noise, 53 x 27, of every
/// kind that libjpeg decodes in another way.
macro_rules! pair {
    ($name:literal) => {
        (
            $name,
            include_bytes!(concat!("../../../tests/jpeg/", $name, ".jpg")).as_slice(),
            include_bytes!(concat!("../../../tests/jpeg/", $name, ".png")).as_slice(),
        )
    };
}

const PAIRS: [(&str, &[u8], &[u8]); 7] =
    [pair!("444"), pair!("422"), pair!("420"), pair!("progressive"), pair!("grey"), pair!("cmyk"), pair!("restart")];
const PROGRESSIVE: &[u8] = PAIRS[3].1;

fn read(bytes: &[u8], reduction: Reduction) -> Result<RgbImage, JpegError> {
    decode(bytes, &header(bytes)?, reduction)
}

#[test]
fn the_pixels_are_pillows_to_the_last_bit() {
    for (name, jpeg, png) in PAIRS {
        let expected = image::load_from_memory(png).unwrap().into_rgb8();
        let found = read(jpeg, Reduction::None).unwrap();
        assert_eq!(found.dimensions(), expected.dimensions(), "{name}");
        let n_differing = found.as_raw().iter().zip(expected.as_raw()).filter(|(a, b)| a != b).count();
        assert_eq!(n_differing, 0, "{name}");
    }
}

#[test]
fn a_reduced_picture_is_the_strongest_that_is_still_large_enough() {
    let of = |width, height| Header { width, height, orientation: Orientation::NoTransforms };
    // 3064 / 8 is 383, one too few; 3065 is rounded up.
    for ((width, height), least, expected) in [
        ((4000, 3000), 384, Reduction::Eighth),
        ((3000, 3065), 384, Reduction::Eighth),
        ((3000, 3064), 384, Reduction::Quarter),
        ((640, 480), 384, Reduction::None),
        ((768, 20), 384, Reduction::Half),
        ((90, 90), 384, Reduction::None),
    ] {
        let found = Reduction::strongest(&of(width, height), |width, height| width.max(height) >= least);
        assert_eq!(found, expected, "{width} x {height}");
    }
    for (reduction, expected) in
        [(Reduction::Half, (27, 14)), (Reduction::Quarter, (14, 7)), (Reduction::Eighth, (7, 4))]
    {
        assert_eq!(read(PROGRESSIVE, reduction).unwrap().dimensions(), expected);
    }
}

#[test]
fn a_file_that_ends_before_the_picture_does_is_damaged() {
    for (name, jpeg, _) in PAIRS {
        for share in [0.05, 0.3, 0.7, 0.95] {
            let cut = &jpeg[..(jpeg.len() as f64 * share) as usize];
            assert_eq!(read(cut, Reduction::None).unwrap_err(), JpegError::EndsEarly, "{name}, {share}");
        }
    }
}

#[test]
fn what_libjpeg_does_not_decode_is_refused_in_its_words() {
    let mut deep = PAIRS[0].1.to_vec();
    let frame = deep.windows(2).position(|two| two == [0xFF, 0xC0]).unwrap();
    deep[frame + 4] = 12;
    let error = read(&deep, Reduction::None).unwrap_err();
    assert_eq!(error.to_string(), "Unsupported JPEG data precision 12");
}

#[test]
fn a_few_bytes_that_claim_a_large_picture_are_refused_before_memory_is_taken() {
    let mut claims = PROGRESSIVE.to_vec();
    let frame = claims.windows(2).position(|two| two == [0xFF, 0xC2]).unwrap();
    claims[frame + 5..frame + 9].fill(0x3F);
    let found = header(&claims[..]).unwrap();
    assert_eq!((found.width, found.height), (0x3F3F, 0x3F3F));
    assert_eq!(decode(&claims, &found, Reduction::None).unwrap_err(), JpegError::EndsEarly);
}

#[test]
fn a_picture_of_countless_scans_is_refused() {
    // Pillow's script for three colours has ten scans.
    assert_eq!((n_scans(PROGRESSIVE), n_scans(PAIRS[0].1)), (10, 1));
    let kept: Vec<&str> = PAIRS.iter().filter(|(_, jpeg, _)| is_kept_whole(jpeg)).map(|(name, ..)| *name).collect();
    assert_eq!(kept, ["progressive"]);
    let start = PROGRESSIVE.windows(2).rposition(|two| two == [0xFF, 0xDA]).unwrap();
    let end = PROGRESSIVE.len() - 2;
    let endless = [&PROGRESSIVE[..start], &PROGRESSIVE[start..end].repeat(MAX_SCANS), &PROGRESSIVE[end..]].concat();
    assert_eq!(read(&endless, Reduction::None).unwrap_err(), JpegError::TooManyScans);
}

#[test]
fn damaged_bytes_give_a_picture_or_an_error_and_nothing_worse() {
    let mut state = 0;
    let mut random = move || {
        state = mix64(state);
        state as usize
    };
    for (_, jpeg, _) in PAIRS {
        for _ in 0..200 {
            let mut bytes = jpeg.to_vec();
            for _ in 0..1 + random() % 4 {
                let at = random() % bytes.len();
                bytes[at] = random() as u8;
            }
            let reduction = [Reduction::None, Reduction::Half, Reduction::Eighth][random() % 3];
            if let Ok(header) = header(&bytes[..])
                && u64::from(header.width) * u64::from(header.height) < 1 << 22
            {
                let _ = decode(&bytes, &header, reduction);
            }
        }
    }
}
