//! A helper for whoever changes the drawings: many of them in one picture, to look at.

use std::path::PathBuf;

use image::{RgbImage, imageops};
use rayon::prelude::*;

use super::{Piece, draw};

/// `DOCENT_CONTACT_SHEET=sheet.png cargo test contact_sheet -- --ignored`; `DOCENT_CONTACT_FROM` and
/// `DOCENT_CONTACT_SEED` choose which pieces, `DOCENT_CONTACT_KIND` (a label) keeps only such.
#[test]
#[ignore = "draws a picture for people to look at"]
fn contact_sheet() {
    let number =
        |name: &str, otherwise: u32| std::env::var(name).ok().and_then(|v| v.parse().ok()).unwrap_or(otherwise);
    let path = std::env::var("DOCENT_CONTACT_SHEET")
        .map_or_else(|_| std::env::temp_dir().join("docent-contact-sheet.png"), PathBuf::from);
    let (cell, columns, rows) = (number("DOCENT_CONTACT_CELL", 200), number("DOCENT_CONTACT_COLUMNS", 8), 6);
    let seed = u64::from(number("DOCENT_CONTACT_SEED", 1));
    let kind = std::env::var("DOCENT_CONTACT_KIND").ok();
    let wanted = |piece: &Piece| match &kind {
        Some(kind) => piece.attribute_ids().iter().any(|&id| super::labels()[id as usize].ends_with(kind.as_str())),
        None => true,
    };
    let pieces: Vec<Piece> = (number("DOCENT_CONTACT_FROM", 0)..)
        .map(|index| Piece::new(seed, index))
        .filter(wanted)
        .take((columns * rows) as usize)
        .collect();
    let pictures: Vec<RgbImage> = pieces.par_iter().map(draw).collect();
    let mut sheet = RgbImage::from_pixel(columns * cell, rows * cell, image::Rgb([245, 243, 239]));
    for (i, picture) in pictures.iter().enumerate() {
        let scale = (cell - 8) as f32 / picture.width().max(picture.height()) as f32;
        let (w, h) = ((picture.width() as f32 * scale) as u32, (picture.height() as f32 * scale) as u32);
        let small = imageops::thumbnail(picture, w, h);
        let (column, row) = (i as u32 % columns, i as u32 / columns);
        let (x, y) = (column * cell + (cell - w) / 2, row * cell + (cell - h) / 2);
        imageops::replace(&mut sheet, &small, i64::from(x), i64::from(y));
    }
    sheet.save(&path).unwrap();
}
