//! The sheet an object is drawn on: its colours, and beside them how each spot takes the light.
//!
//! tiny-skia draws the shapes twice, once as colour and once as *form* (height, metal, gloss); `light` then turns both
//! into what a camera sees. A sheet knows no objects and no light. Floor 2.

use tiny_skia::{BlendMode, Color, FillRule, LineCap, LineJoin, Paint, Path, PathBuilder, Pixmap, Stroke, Transform};

use super::palette::{Rgb, Stuff};

/// A point of a path.
pub(super) type Point = (f32, f32);

/// Colours, form and, where a shape is known exactly, the direction its surface faces.
pub(super) struct Sheet {
    pub(super) width: u32,
    pub(super) height: u32,
    pub(super) color: Pixmap,
    /// Red: height; green: metal; blue: gloss.
    pub(super) form: Pixmap,
    /// Unit vectors (right, down, towards the camera); 0 where unknown.
    pub(super) facing: Vec<[f32; 3]>,
}

/// What a texture wrapped around a shape looks like at one spot.
pub(super) struct Hit {
    /// Where in the texture, each 0..1.
    pub(super) u: f32,
    pub(super) v: f32,
    /// How much of the pixel is covered, 0..1.
    pub(super) cover: f32,
    pub(super) facing: [f32; 3],
    /// Dims the texture, for inner walls; 1 leaves it.
    pub(super) dim: f32,
}

impl Sheet {
    /// An empty sheet; each side at least one pixel.
    pub(super) fn new(width: u32, height: u32) -> Self {
        let (width, height) = (width.max(1), height.max(1));
        let pixmap = || Pixmap::new(width, height).expect("both sides are at least 1");
        Self { width, height, color: pixmap(), form: pixmap(), facing: vec![[0.0; 3]; (width * height) as usize] }
    }

    /// Paints the inside of a path, over what is there.
    pub(super) fn fill(&mut self, path: Option<Path>, stuff: Stuff, at: Transform) {
        self.fill_with(path, stuff, at, BlendMode::SourceOver);
    }

    /// Paints the inside of a path, but only where something is painted already.
    pub(super) fn fill_on(&mut self, path: Option<Path>, stuff: Stuff, at: Transform) {
        self.fill_with(path, stuff, at, BlendMode::SourceAtop);
    }

    /// Takes away everything inside a path.
    pub(super) fn cut(&mut self, path: Option<Path>, at: Transform) {
        self.fill_with(path, Stuff::paint([0.0; 3], 0.0), at, BlendMode::DestinationOut);
    }

    fn fill_with(&mut self, path: Option<Path>, stuff: Stuff, at: Transform, mode: BlendMode) {
        let Some(path) = path else { return };
        let [color, form] = paints(stuff, mode);
        self.color.fill_path(&path, &color, FillRule::Winding, at, None);
        self.form.fill_path(&path, &form, FillRule::Winding, at, None);
    }

    /// Draws a line of `width` (in the path's units) with round ends.
    pub(super) fn stroke(&mut self, path: Option<Path>, width: f32, stuff: Stuff, at: Transform) {
        self.stroke_with(path, width, stuff, at, BlendMode::SourceOver);
    }

    /// Draws a line, but only where something is painted already.
    pub(super) fn stroke_on(&mut self, path: Option<Path>, width: f32, stuff: Stuff, at: Transform) {
        self.stroke_with(path, width, stuff, at, BlendMode::SourceAtop);
    }

    fn stroke_with(&mut self, path: Option<Path>, width: f32, stuff: Stuff, at: Transform, mode: BlendMode) {
        let Some(path) = path else { return };
        let [color, form] = paints(stuff, mode);
        let round = Stroke { width, line_cap: LineCap::Round, line_join: LineJoin::Round, ..Stroke::default() };
        self.color.stroke_path(&path, &color, &round, at, None);
        self.form.stroke_path(&path, &form, &round, at, None);
    }

    /// Wraps `texture` around a shape: `hit` says for each object point which spot of the texture is seen there.
    pub(super) fn wrap(&mut self, texture: &Self, at: Transform, hit: impl Fn(f32, f32) -> Option<Hit>) {
        let Some(back) = at.invert() else { return };
        for py in 0..self.height {
            for px in 0..self.width {
                let (x, y) = map(&back, px as f32 + 0.5, py as f32 + 0.5);
                let Some(hit) = hit(x, y) else { continue };
                let index = (py * self.width + px) as usize;
                let (mut color, form) = (sample(&texture.color, hit.u, hit.v), sample(&texture.form, hit.u, hit.v));
                color.iter_mut().take(3).for_each(|c| *c *= hit.dim);
                over(&mut self.color, index, color, hit.cover);
                over(&mut self.form, index, form, hit.cover);
                if 0.5 < hit.cover {
                    self.facing[index] = turn(&at, hit.facing);
                }
            }
        }
    }

    /// Lays another sheet of the same size over this one.
    pub(super) fn lay(&mut self, upper: &Self) {
        for i in 0..self.facing.len() {
            let spot = i * 4..i * 4 + 4;
            let (color, form) = (&upper.color.data()[spot.clone()], &upper.form.data()[spot.clone()]);
            let cover = color[3];
            if cover == 0 {
                continue;
            }
            for (under, over) in [(&mut self.color, color), (&mut self.form, form)] {
                for (old, new) in under.data_mut()[spot.clone()].iter_mut().zip(over) {
                    *old = new.saturating_add((u16::from(*old) * u16::from(255 - cover) / 255) as u8);
                }
            }
            if 127 < cover {
                self.facing[i] = upper.facing[i];
            }
        }
    }

    /// A round bar from one point to another, `half` thick to each side.
    pub(super) fn bar(&mut self, from: Point, to: Point, half: f32, stuff: Stuff, at: Transform) {
        let (dx, dy) = (to.0 - from.0, to.1 - from.1);
        let long = (dx * dx + dy * dy).sqrt().max(1e-6);
        let (ax, ay) = (dx / long, dy / long);
        let corner = |p: Point, side: f32| (p.0 - ay * half * side, p.1 + ax * half * side);
        let outline = [corner(from, 1.0), corner(to, 1.0), corner(to, -1.0), corner(from, -1.0)];
        self.fill(polygon(&outline, true), stuff, at);
        let middle = ((from.0 + to.0) * 0.5, (from.1 + to.1) * 0.5);
        self.round(middle, long * 0.5 + half, at, |x, y| {
            let along = (x - from.0) * ax + (y - from.1) * ay;
            let across = ((y - from.1) * ax - (x - from.0) * ay) / half;
            let inside = (0.0..=long).contains(&along) && across.abs() <= 1.0;
            let across = across.clamp(-0.97, 0.97);
            inside.then(|| [-ay * across, ax * across, (1.0 - across * across).sqrt()])
        });
    }

    /// A ball of radius `r`.
    pub(super) fn ball(&mut self, center: Point, r: f32, stuff: Stuff, at: Transform) {
        self.fill(circle(center.0, center.1, r), stuff, at);
        self.round(center, r, at, |x, y| {
            let (dx, dy) = ((x - center.0) / r, (y - center.1) / r);
            let square = dx * dx + dy * dy;
            (square < 1.0).then(|| [dx, dy, (1.0 - square).max(0.04).sqrt()])
        });
    }

    /// Sets the facing within `reach` of a point.
    fn round(&mut self, center: Point, reach: f32, at: Transform, facing: impl Fn(f32, f32) -> Option<[f32; 3]>) {
        let Some(back) = at.invert() else { return };
        let (cx, cy) = map(&at, center.0, center.1);
        let reach = reach * (at.sx * at.sx + at.ky * at.ky).sqrt() + 1.0;
        let span = |c: f32, n: u32| ((c - reach).max(0.0) as u32, ((c + reach).max(0.0) as u32 + 1).min(n));
        let ((x0, x1), (y0, y1)) = (span(cx, self.width), span(cy, self.height));
        for py in y0..y1 {
            for px in x0..x1 {
                let (x, y) = map(&back, px as f32 + 0.5, py as f32 + 0.5);
                if let Some(direction) = facing(x, y) {
                    self.facing[(py * self.width + px) as usize] = turn(&at, direction);
                }
            }
        }
    }

    /// Bends what is painted so far: `facing` gives, for each object point, the direction its surface faces, if it changes.
    pub(super) fn bend(&mut self, at: Transform, facing: impl Fn(f32, f32) -> Option<[f32; 3]>) {
        let Some(back) = at.invert() else { return };
        for py in 0..self.height {
            for px in 0..self.width {
                let index = (py * self.width + px) as usize;
                if self.color.data()[index * 4 + 3] == 0 {
                    continue;
                }
                let (x, y) = map(&back, px as f32 + 0.5, py as f32 + 0.5);
                if let Some(direction) = facing(x, y) {
                    self.facing[index] = turn(&at, direction);
                }
            }
        }
    }

    /// How opaque the pixel is, 0..1.
    pub(super) fn alpha(&self, index: usize) -> f32 {
        f32::from(self.color.data()[index * 4 + 3]) / 255.0
    }
}

fn paints(stuff: Stuff, blend_mode: BlendMode) -> [Paint<'static>; 2] {
    let paint = |[r, g, b]: Rgb| {
        let mut paint = Paint { blend_mode, ..Paint::default() };
        paint.set_color(Color::from_rgba(unit(r), unit(g), unit(b), 1.0).unwrap_or(Color::BLACK));
        paint
    };
    [paint(stuff.color), paint([stuff.height, stuff.metal, stuff.gloss])]
}

fn unit(value: f32) -> f32 {
    value.clamp(0.0, 1.0)
}

fn map(t: &Transform, x: f32, y: f32) -> Point {
    (t.sx * x + t.kx * y + t.tx, t.ky * x + t.sy * y + t.ty)
}

/// A direction of the object in the picture's axes.
fn turn(t: &Transform, [x, y, z]: [f32; 3]) -> [f32; 3] {
    let scale = (t.sx * t.sx + t.ky * t.ky).sqrt().max(1e-6);
    [(t.sx * x + t.kx * y) / scale, (t.ky * x + t.sy * y) / scale, z]
}

/// The texture's premultiplied colour at (u, v), between its four nearest pixels; beyond the edge its last pixel.
fn sample(texture: &Pixmap, u: f32, v: f32) -> [f32; 4] {
    let (w, h) = (texture.width() as usize, texture.height() as usize);
    let x = (u * w as f32 - 0.5).clamp(0.0, (w - 1) as f32);
    let y = (v * h as f32 - 0.5).clamp(0.0, (h - 1) as f32);
    let (x0, y0) = (x as usize, y as usize);
    let (x1, y1) = ((x0 + 1).min(w - 1), (y0 + 1).min(h - 1));
    let (fx, fy) = (x - x0 as f32, y - y0 as f32);
    let data = texture.data();
    let at = |x: usize, y: usize| {
        let i = (y * w + x) * 4;
        let p = &data[i..i + 4];
        [f32::from(p[0]), f32::from(p[1]), f32::from(p[2]), f32::from(p[3])]
    };
    let (a, b, c, d) = (at(x0, y0), at(x1, y0), at(x0, y1), at(x1, y1));
    let weights = [(1.0 - fx) * (1.0 - fy), fx * (1.0 - fy), (1.0 - fx) * fy, fx * fy].map(|w| w / 255.0);
    let mut out = [0.0; 4];
    for (i, value) in out.iter_mut().enumerate() {
        *value = a[i] * weights[0] + b[i] * weights[1] + c[i] * weights[2] + d[i] * weights[3];
    }
    out
}

fn over(pixmap: &mut Pixmap, index: usize, color: [f32; 4], cover: f32) {
    let pixel = &mut pixmap.data_mut()[index * 4..index * 4 + 4];
    let keep = 1.0 - color[3] * cover;
    for (old, new) in pixel.iter_mut().zip(color) {
        *old = (f32::from(*old) * keep + new * cover * 255.0 + 0.5).min(255.0) as u8;
    }
}

/// A path through points, straight from one to the next.
pub(super) fn polygon(points: &[Point], closed: bool) -> Option<Path> {
    let mut path = PathBuilder::new();
    for (i, &(x, y)) in points.iter().enumerate() {
        if i == 0 { path.move_to(x, y) } else { path.line_to(x, y) }
    }
    if closed {
        path.close();
    }
    path.finish()
}

/// A smooth path through points (Catmull-Rom, as cubic curves).
pub(super) fn curve(points: &[Point], closed: bool) -> Option<Path> {
    let n = points.len();
    let at = |i: isize| {
        if closed { points[i.rem_euclid(n as isize) as usize] } else { points[i.clamp(0, n as isize - 1) as usize] }
    };
    let mut path = PathBuilder::new();
    path.move_to(points.first()?.0, points.first()?.1);
    for i in 0..(if closed { n } else { n - 1 }) as isize {
        let (a, b, c, d) = (at(i - 1), at(i), at(i + 1), at(i + 2));
        path.cubic_to(
            b.0 + (c.0 - a.0) / 6.0,
            b.1 + (c.1 - a.1) / 6.0,
            c.0 - (d.0 - b.0) / 6.0,
            c.1 - (d.1 - b.1) / 6.0,
            c.0,
            c.1,
        );
    }
    if closed {
        path.close();
    }
    path.finish()
}

/// The same outline with its left half mirrored to the right: `points` run from top to bottom at x ≥ 0.
pub(super) fn mirrored(points: &[Point]) -> Vec<Point> {
    let left = points.iter().rev().filter(|p| 1e-4 < p.0).map(|&(x, y)| (-x, y));
    points.iter().copied().chain(left).collect()
}

pub(super) fn oval(x: f32, y: f32, rx: f32, ry: f32) -> Option<Path> {
    PathBuilder::from_oval(tiny_skia::Rect::from_ltrb(x - rx, y - ry, x + rx, y + ry)?)
}

pub(super) fn circle(x: f32, y: f32, r: f32) -> Option<Path> {
    oval(x, y, r, r)
}

pub(super) fn rect(x0: f32, y0: f32, x1: f32, y1: f32) -> Option<Path> {
    Some(PathBuilder::from_rect(tiny_skia::Rect::from_ltrb(x0.min(x1), y0.min(y1), x0.max(x1), y0.max(y1))?))
}
