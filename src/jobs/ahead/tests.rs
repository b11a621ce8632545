//! Order, limits and what is no picture, over small files of different colours.

use std::fs;

use super::*;
use crate::imaging::{Decoding, Fit, Interpolation, Preprocess};

const FITTING: Fitting = Fitting {
    fit: Fit {
        width: 32,
        height: 32,
        preprocess: Preprocess::Padded,
        interpolation: Interpolation::Bicubic,
        crop_pct: 0.875,
    },
    decoding: Decoding::Scaled,
};

/// Of colours by number, and after every fourth something that is no picture.
fn files(folder: &Path) -> Vec<PathBuf> {
    (0..40_u8)
        .map(|n| {
            let path = folder.join(format!("{n}.png"));
            if n % 4 == 3 {
                fs::File::create(&path).unwrap();
            } else {
                image::RgbImage::from_pixel(50, 40, image::Rgb([n, 0, 255 - n])).save(&path).unwrap();
            }
            path
        })
        .collect()
}

#[test]
fn pictures_come_in_the_order_asked_for_and_what_is_none_is_named() {
    let folder = tempfile::tempdir().unwrap();
    let files = files(folder.path());
    // Whatever the limits: also where every picture needs more memory than there may be.
    for limits in [Limits { files: FILES, bytes: BYTES }, Limits { files: 3, bytes: 1 }] {
        let ahead = Ahead::within(limits, FITTING, None).unwrap();
        let mut at = 0;
        while at < files.len() {
            let fetched = ahead.fetch(files[at..].iter().cloned(), 7);
            assert!((1..=7).contains(&fetched.len()));
            for (path, fitted) in files[at..].iter().zip(&fetched) {
                let expected = FITTING.apply(&decode::read(path).unwrap(), path);
                assert_eq!(format!("{fitted:?}"), format!("{expected:?}"));
            }
            at += fetched.len();
        }
        assert!(ahead.fetch([], 7).is_empty());
    }
}

#[test]
fn a_file_that_is_asked_for_again_moves_no_other_to_its_place() {
    let folder = tempfile::tempdir().unwrap();
    let files = files(folder.path());
    let asked: Vec<PathBuf> = [0, 1, 1, 2, 0, 4, 4, 4, 5, 3, 3].map(|at: usize| files[at].clone()).into();
    let ahead = Ahead::within(Limits { files: FILES, bytes: BYTES }, FITTING, None).unwrap();
    let mut at = 0;
    while at < asked.len() {
        let fetched = ahead.fetch(asked[at..].iter().cloned(), 7);
        assert!(!fetched.is_empty());
        for (path, fitted) in asked[at..].iter().zip(&fetched) {
            let expected = FITTING.apply(&decode::read(path).unwrap(), path);
            assert_eq!(format!("{fitted:?}"), format!("{expected:?}"));
        }
        at += fetched.len();
    }
}

#[test]
fn another_order_replaces_the_one_before() {
    let folder = tempfile::tempdir().unwrap();
    let files = files(folder.path());
    let ahead = Ahead::within(Limits { files: 4, bytes: BYTES }, FITTING, None).unwrap();
    for first in [0, 20, 10, 0, 36] {
        let fetched = ahead.fetch(files[first..].iter().cloned(), 4);
        let expected = FITTING.apply(&decode::read(&files[first]).unwrap(), &files[first]);
        assert_eq!(format!("{:?}", fetched[0]), format!("{expected:?}"), "{first}");
    }
    assert!(ahead.shared.lock().places.len() <= 4 + 4 + READERS, "what nobody wants is not kept for ever");
}
