//! Two experiments of the report: outlines only, and the background made white.

use std::collections::HashSet;

use image::{Rgb, RgbImage};

/// Pillow's CONTOUR filter: 255 minus the 3 x 3 Laplacian (8 in the middle, -1 around); the border is kept as it is.
pub fn contour(picture: &RgbImage) -> RgbImage {
    let (width, height) = picture.dimensions();
    let mut outlines = picture.clone();
    if width < 3 || height < 3 {
        return outlines;
    }
    let stride = 3 * width as usize;
    let source = picture.as_raw();
    for y in 1..height as usize - 1 {
        for at in y * stride + 3..(y + 1) * stride - 3 {
            let around: i32 = [at - stride, at, at + stride]
                .iter()
                .map(|&row| i32::from(source[row - 3]) + i32::from(source[row]) + i32::from(source[row + 3]))
                .sum();
            outlines.as_mut()[at] = (9 * i32::from(source[at]) - around + 255).clamp(0, 255) as u8;
        }
    }
    outlines
}

/// Every colour that occurs in the five-pixel border becomes white everywhere.
pub fn without_background(picture: &RgbImage) -> RgbImage {
    const BORDER: u32 = 5;
    let (width, height) = picture.dimensions();
    let on_border = |x: u32, y: u32| x < BORDER || y < BORDER || x + BORDER >= width || y + BORDER >= height;
    let background: HashSet<Rgb<u8>> =
        picture.enumerate_pixels().filter(|(x, y, _)| on_border(*x, *y)).map(|(_, _, colour)| *colour).collect();
    let mut result = picture.clone();
    for colour in result.pixels_mut().filter(|colour| background.contains(colour)) {
        *colour = Rgb([255, 255, 255]);
    }
    result
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn flat_parts_become_white_and_edges_dark() {
        // By hand, level 100 with one pixel of 120: 8·120 - 8·100 + 255 is over 255; beside it 800 - 820 + 255 = 235.
        let mut picture = RgbImage::from_pixel(5, 5, Rgb([100, 100, 100]));
        picture.put_pixel(2, 2, Rgb([120, 120, 120]));
        let found = contour(&picture);
        for (x, y, expected) in [(2, 2, 255), (1, 2, 235), (3, 3, 235), (0, 0, 100)] {
            assert_eq!(found.get_pixel(x, y)[0], expected, "{x} {y}");
        }
    }

    #[test]
    fn the_colours_of_the_border_become_white() {
        let mut picture = RgbImage::from_pixel(20, 20, Rgb([40, 50, 60]));
        picture.put_pixel(10, 10, Rgb([200, 0, 0]));
        let found = without_background(&picture);
        assert_eq!(found.get_pixel(10, 10).0, [200, 0, 0]);
        assert!(found.enumerate_pixels().all(|(x, y, colour)| (x, y) == (10, 10) || colour.0 == [255, 255, 255]));
    }
}
