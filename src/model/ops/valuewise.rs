//! What is done to maps value by value: sums, activations, factors, and the weighing of one by another. Floor 3.

use candle_core::{Result, Tensor, bail};

use super::fused::map::{Size, map_of, with_pixels};
use super::fused::{crew, norm, pixelwise};
use super::norm::Activation;
use super::tape::Map;

/// Floats that one core handles at a time.
const PART: usize = 1 << 14;

/// `x + y`; both of the same shape.
pub(crate) fn add(x: &Map, y: &Map) -> Result<Map> {
    if x.is_native() { sum(x, y, Activation::None) } else { Ok((x.values() + y.values())?.into()) }
}

/// `relu(x + y)`; both of the same shape.
pub(crate) fn add_relu(x: &Map, y: &Map) -> Result<Map> {
    if x.is_native() { sum(x, y, Activation::Relu) } else { Ok((x.values() + y.values())?.relu()?.into()) }
}

fn sum(x: &Map, y: &Map, activation: Activation) -> Result<Map> {
    let answer = pixelwise::add(x.values(), y.values(), activation.limits().0)?;
    let (x, y, kept, learns) = (x.clone(), y.clone(), answer.clone(), x.learns() || y.learns());
    Ok(Map::new(answer, learns, move |mut gradient, gradients| {
        activation.mask(&mut gradient, &kept)?;
        if x.learns() && y.learns() {
            gradients.add(&x, gradient.clone());
            gradients.add(&y, gradient);
        } else {
            gradients.add(if x.learns() { &x } else { &y }, gradient);
        }
        Ok(())
    }))
}

/// `relu(x)`.
pub(crate) fn relu(x: &Map) -> Result<Map> {
    if !x.is_native() {
        return Ok(x.values().relu()?.into());
    }
    let answer = pixelwise::relu(x.values())?;
    let (x, kept, learns) = (x.clone(), answer.clone(), x.learns());
    Ok(Map::new(answer, learns, move |mut gradient, gradients| {
        Activation::Relu.mask(&mut gradient, &kept)?;
        gradients.add(&x, gradient);
        Ok(())
    }))
}

/// `x` times a constant.
pub(crate) fn scaled(x: &Map, factor: f64) -> Result<Map> {
    if !x.is_native() {
        return Ok((x.values() * factor)?.into());
    }
    let size = Size::of(x.values())?;
    let factors = vec![factor as f32; size.n_channels];
    let mut values = with_pixels(x.values(), |x| Ok(x.to_vec()))?;
    norm::scale(&mut values, &factors);
    let (x, learns) = (x.clone(), x.learns());
    Ok(Map::new(map_of(values, size)?, learns, move |mut gradient, gradients| {
        norm::scale(&mut gradient, &factors);
        gradients.add(&x, gradient);
        Ok(())
    }))
}

/// `1 / (1 + exp(-x))`.
pub(crate) fn sigmoid(x: &Map) -> Result<Map> {
    if !x.is_native() {
        return Ok(candle_nn::ops::sigmoid(x.values())?.into());
    }
    let size = Size::of(x.values())?;
    let values = with_pixels(x.values(), |x| Ok(each([x], |[x]| 1.0 / (1.0 + (-x).exp()))))?;
    let answer = map_of(values, size)?;
    let (x, kept, learns) = (x.clone(), answer.clone(), x.learns());
    Ok(Map::new(answer, learns, move |gradient, gradients| {
        let for_x = with_pixels(&kept, |y| Ok(each([y, &gradient], |[y, gradient]| gradient * y * (1.0 - y))))?;
        gradients.add(&x, for_x);
        Ok(())
    }))
}

/// `x + x * shares`; both of the same shape.
pub(crate) fn attend(x: &Map, shares: &Map) -> Result<Map> {
    if !x.is_native() {
        return Ok((x.values() + (x.values() * shares.values())?)?.into());
    }
    let size = Size::of(x.values())?;
    if Size::of(shares.values())? != size {
        bail!("a map {:?} with shares {:?}", x.values().dims(), shares.values().dims())
    }
    let both = |x: &Tensor, y: &Tensor, term: fn([f32; 2]) -> f32| {
        with_pixels(x, |x| with_pixels(y, |y| Ok(each([x, y], term))))
    };
    let values = both(x.values(), shares.values(), |[x, share]| x + x * share)?;
    let (x, shares, learns) = (x.clone(), shares.clone(), x.learns() || shares.learns());
    Ok(Map::new(map_of(values, size)?, learns, move |gradient, gradients| {
        let times =
            |map: &Map, term: fn([f32; 2]) -> f32| with_pixels(map.values(), |map| Ok(each([map, &gradient], term)));
        gradients.add(&x, times(&shares, |[share, gradient]| gradient + gradient * share)?);
        gradients.add(&shares, times(&x, |[x, gradient]| gradient * x)?);
        Ok(())
    }))
}

/// `term` of every place of maps of one size.
fn each<const N: usize>(maps: [&[f32]; N], term: impl Fn([f32; N]) -> f32 + Sync) -> Vec<f32> {
    let mut values = vec![0.0; maps.first().map_or(0, |map| map.len())];
    crew::parts(&mut values, PART, |part, values| {
        for (at, value) in values.iter_mut().enumerate() {
            *value = term(maps.map(|map| map[part * PART + at]));
        }
    });
    values
}
