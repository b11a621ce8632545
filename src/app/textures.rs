//! Uploaded pictures, the least recently drawn ones forgotten: thumbnails within a budget, a few whole pictures.

use eframe::egui;
use std::collections::{HashMap, VecDeque};

use egui::{ColorImage, Context, TextureHandle, TextureOptions};

use super::state::{Fresh, Size};

/// About 380 thumbnails of 384 x 288.
const THUMBNAIL_BYTES: usize = 160 << 20;
/// Four of 12 megapixels: the one on the screen and its neighbours.
const WHOLE_BYTES: usize = 200 << 20;
/// What one frame may upload: about 2 ms.
const UPLOAD_BYTES: usize = 12 << 20;

struct Entry {
    texture: TextureHandle,
    bytes: usize,
    drawn: u64,
}

#[derive(Default)]
pub struct Textures {
    entries: HashMap<(u32, Size), Entry>,
    thumbnail_bytes: usize,
    whole_bytes: usize,
    /// Counts frames.
    frame: u64,
}

impl Textures {
    /// Forgets everything: another collection.
    pub fn clear(&mut self) {
        *self = Self::default();
    }

    /// Uploads what came in, up to the frame's budget; whether something is left for the next frame.
    pub fn upload(&mut self, ctx: &Context, fresh: &mut VecDeque<Fresh>) -> bool {
        self.frame += 1;
        let mut bytes = 0;
        while bytes < UPLOAD_BYTES
            && let Some(picture) = fresh.pop_front()
        {
            bytes += picture.pixels.rgba.len();
            self.insert(ctx, picture);
        }
        self.forget();
        !fresh.is_empty()
    }

    fn insert(&mut self, ctx: &Context, fresh: Fresh) {
        let size = [fresh.pixels.width as usize, fresh.pixels.height as usize];
        let bytes = fresh.pixels.rgba.len();
        let longest = ctx.input(|input| input.max_texture_side);
        if bytes != 4 * size[0] * size[1] || bytes == 0 || size[0].max(size[1]) > longest {
            return; // The picture cannot be shown; its thumbnail stands in.
        }
        let image = ColorImage::from_rgba_unmultiplied(size, &fresh.pixels.rgba);
        let texture = ctx.load_texture(format!("{:?} {}", fresh.size, fresh.image), image, TextureOptions::LINEAR);
        let entry = Entry { texture, bytes, drawn: self.frame };
        *self.total(fresh.size) += bytes;
        if let Some(old) = self.entries.insert((fresh.image, fresh.size), entry) {
            *self.total(fresh.size) -= old.bytes;
        }
    }

    fn total(&mut self, size: Size) -> &mut usize {
        match size {
            Size::Thumbnail => &mut self.thumbnail_bytes,
            Size::Whole => &mut self.whole_bytes,
        }
    }

    fn forget(&mut self) {
        for (size, budget) in [(Size::Thumbnail, THUMBNAIL_BYTES), (Size::Whole, WHOLE_BYTES)] {
            if *self.total(size) <= budget {
                continue;
            }
            let mut oldest: Vec<_> = self
                .entries
                .iter()
                .filter(|((_, of), entry)| *of == size && entry.drawn < self.frame)
                .map(|(key, entry)| (entry.drawn, *key))
                .collect();
            oldest.sort_unstable_by_key(|(drawn, key)| (*drawn, key.0));
            for (_, key) in oldest {
                if *self.total(size) <= budget / 10 * 9 {
                    break;
                }
                if let Some(entry) = self.entries.remove(&key) {
                    *self.total(size) -= entry.bytes;
                }
            }
        }
    }

    pub fn has(&self, image: u32, size: Size) -> bool {
        self.entries.contains_key(&(image, size))
    }

    /// To be drawn now.
    pub fn get(&mut self, image: u32, size: Size) -> Option<&TextureHandle> {
        let entry = self.entries.get_mut(&(image, size))?;
        entry.drawn = self.frame;
        Some(&entry.texture)
    }

    /// The whole picture, or its thumbnail while that is on its way.
    pub fn best(&mut self, image: u32) -> Option<&TextureHandle> {
        let size = if self.has(image, Size::Whole) { Size::Whole } else { Size::Thumbnail };
        self.get(image, size)
    }
}
