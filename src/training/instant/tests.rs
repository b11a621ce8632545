//! What the instant head promises, on drawn feature vectors.

use super::*;
use crate::domain::f_beta::reference::det;
use crate::training::loss::sigmoid;

const N_FEATURES: usize = 12;
const N_LABELS: usize = 3;

/// Images of length 1 whose label j is present where feature j is high; a few cells unjudged.
fn samples(n: usize) -> (Vec<f32>, Vec<Truth>) {
    let drawn = det("instant", n * N_FEATURES);
    let mut units = Vec::new();
    for row in drawn.chunks_exact(N_FEATURES) {
        let length = row.iter().map(|v| v * v).sum::<f64>().sqrt();
        units.extend(row.iter().map(|v| (v / length) as f32));
    }
    let truth = (0..n * N_LABELS).map(|cell| match cell % 11 {
        5 => Truth::Unjudged,
        _ if drawn[cell / N_LABELS * N_FEATURES + cell % N_LABELS] > 0.3 => Truth::Present,
        _ => Truth::Absent,
    });
    (units, truth.collect())
}

fn unit(units: &[f32], row: usize) -> &[f32] {
    &units[row * N_FEATURES..(row + 1) * N_FEATURES]
}

fn cells(truth: &[Truth], row: usize) -> &[Truth] {
    &truth[row * N_LABELS..(row + 1) * N_LABELS]
}

/// A head that has learned from these rows until nothing moves any more.
fn learned(rows: impl IntoIterator<Item = usize>, units: &[f32], truth: &[Truth]) -> Instant {
    let mut head = Instant::new(vec![false; N_LABELS], N_FEATURES).unwrap();
    for row in rows {
        head.put(unit(units, row), &[0.0; N_LABELS], cells(truth, row)).unwrap();
    }
    settle(&mut head, 60);
    head
}

fn settle(head: &mut Instant, n_updates: usize) {
    for _ in 0..n_updates {
        head.begin();
        while head.step().unwrap() {}
    }
}

fn far(a: &Instant, b: &Instant, units: &[f32]) -> f32 {
    let base = vec![0.0; units.len() / N_FEATURES * N_LABELS];
    let (a, b) = (a.logits(units, &base).unwrap(), b.logits(units, &base).unwrap());
    a.iter().zip(&b).map(|(a, b)| (a - b).abs()).fold(0.0, f32::max)
}

#[test]
fn it_finds_the_minimum_of_loss_and_pull() {
    let (units, truth) = samples(80);
    let head = learned(0..80, &units, &truth);
    let base = vec![0.0; 80 * N_LABELS];
    let logits = head.logits(&units, &base).unwrap();
    // At the minimum the pull is in balance with the loss: every share is the truth minus the probability.
    for (cell, (&known, logit)) in truth.iter().zip(logits).enumerate() {
        let expected = target(known).map_or(0.0, |target| target - sigmoid(logit));
        assert!((head.shares[cell] - expected).abs() < 0.01, "cell {cell}: {} {expected}", head.shares[cell]);
    }
}

#[test]
fn it_tells_what_it_has_not_seen_from_ten_images_on() {
    let (units, truth) = samples(400);
    // (images learned from, at least so many of the judged cells of the others right): guessing absent gives 0.72.
    for (n, at_least) in [(10, 0.73), (40, 0.85), (200, 0.92)] {
        let mut head = Instant::new(vec![false; N_LABELS], N_FEATURES).unwrap();
        for row in 0..n {
            head.put(unit(&units, row), &[0.0; N_LABELS], cells(&truth, row)).unwrap();
            settle(&mut head, 1);
        }
        let others = &units[n * N_FEATURES..];
        let logits = head.logits(others, &vec![0.0; others.len() / N_FEATURES * N_LABELS]).unwrap();
        let judged = truth[n * N_LABELS..].iter().zip(logits).filter_map(|(&k, logit)| Some((target(k)?, logit)));
        let right: Vec<bool> = judged.map(|(target, logit)| (target > 0.5) == (logit > 0.0)).collect();
        let share = right.iter().filter(|right| **right).count() as f32 / right.len() as f32;
        assert!(share > at_least, "{n} images: {share}");
    }
}

#[test]
fn what_is_withdrawn_or_changed_is_unlearned() {
    let (units, mut truth) = samples(60);
    let mut head = learned(0..60, &units, &truth);
    for row in 40..60 {
        head.replace(row, &[Truth::Unjudged; N_LABELS]).unwrap();
    }
    settle(&mut head, 60);
    assert!(far(&head, &learned(0..40, &units, &truth), &units) < 0.1);
    assert_eq!(head.tally(0), learned(0..40, &units, &truth).tally(0));

    truth[..N_LABELS].fill(Truth::Present);
    head.replace(0, cells(&truth, 0)).unwrap();
    settle(&mut head, 60);
    assert!(far(&head, &learned(0..40, &units, &truth), &units) < 0.1);
}

#[test]
fn unjudged_cells_teach_nothing() {
    let (units, truth) = samples(30);
    let mut head = learned(0..30, &units, &truth);
    let before = head.logits(&units, &vec![0.0; truth.len()]).unwrap();
    head.put(&[0.5; N_FEATURES], &[0.0; N_LABELS], &[Truth::Unjudged; N_LABELS]).unwrap();
    settle(&mut head, 3);
    let after = head.logits(&units, &vec![0.0; truth.len()]).unwrap();
    assert!(before.iter().zip(after).all(|(a, b)| (a - b).abs() < 0.05));
}

#[test]
fn a_base_that_is_right_is_left_alone_and_one_that_is_wrong_is_corrected() {
    let mut head = Instant::new(vec![true; 1], 2).unwrap();
    let logit = |head: &Instant, unit: [f32; 2], base: f32| head.logits(&unit, &[base]).unwrap()[0];
    assert_eq!(logit(&head, [1.0, 0.0], -1.5), -1.5, "nothing is learned yet");
    for _ in 0..5 {
        head.put(&[1.0, 0.0], &[6.0], &[Truth::Present]).unwrap();
        head.put(&[0.0, 1.0], &[4.0], &[Truth::Absent]).unwrap();
    }
    settle(&mut head, 10);
    assert!(logit(&head, [1.0, 0.0], 6.0) > 3.0);
    assert!(logit(&head, [0.0, 1.0], 4.0) < -1.0);
}

#[test]
fn the_same_decisions_in_the_same_order_give_the_same_bits() {
    let (units, truth) = samples(100);
    let run = || {
        let mut head = learned(0..70, &units, &truth);
        head.replace(3, cells(&truth, 71)).unwrap();
        settle(&mut head, 2);
        head.logits(&units, &vec![0.0; truth.len()]).unwrap()
    };
    assert_eq!(run(), run());
}

#[test]
fn a_new_label_and_other_features_keep_what_was_learned() {
    let (units, truth) = samples(50);
    let mut head = learned(0..50, &units, &truth);
    let before = head.logits(&units, &vec![0.0; 50 * N_LABELS]).unwrap();
    head.rescale(units.clone()).unwrap();
    head.grow().unwrap();
    let after = head.logits(&units, &vec![0.0; 50 * (N_LABELS + 1)]).unwrap();
    for (before, after) in before.chunks(N_LABELS).zip(after.chunks(N_LABELS + 1)) {
        assert!(before.iter().zip(after).all(|(a, b)| (a - b).abs() < 1e-3));
    }
    assert_eq!(head.tally(N_LABELS), Tally::default());
}

#[test]
fn rows_of_another_length_are_refused() {
    let mut head = Instant::new(vec![false; 2], 4).unwrap();
    assert!(head.put(&[0.0; 3], &[0.0; 2], &[Truth::Absent; 2]).is_err());
    assert!(head.put(&[0.0; 4], &[0.0; 2], &[Truth::Absent; 3]).is_err());
    assert!(head.replace(0, &[Truth::Absent; 2]).is_err());
    assert!(head.logits(&[0.0; 4], &[0.0]).is_err());
}

#[test]
fn rows_take_the_memory_they_need_and_little_more() {
    let mut head = Instant::new(vec![false; 4], 8).unwrap();
    for _ in 0..1_500 {
        head.put(&[0.0; 8], &[0.0; 4], &[Truth::Unjudged; 4]).unwrap();
    }
    // Eight features and four labels with a logit, a share and the truth: 8 * 4 + 4 * (4 + 4 + 1) bytes.
    let of_rows = |n: usize| n * (8 * 4 + 4 * 9);
    assert!((of_rows(1_500)..=of_rows(1_500 + GROWTH)).contains(&head.n_bytes()), "{}", head.n_bytes());
}
