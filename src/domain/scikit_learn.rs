//! Every figure beside scikit-learn's answers on one matrix of 200 images and 30 labels. Tests only.
//!
//! The matrix is made by `f_beta::reference`. Source: scikit-learn 1.9, `fbeta_score(beta=2)`,
//! `average_precision_score`, `precision_recall_fscore_support`, `multilabel_confusion_matrix`.

use super::f_beta::{self, Cells, Counts, reference};
use super::{Thresholds, average_precision, threshold};

/// F2 with `average="micro"`, `"samples"`, `"macro"` at the thresholds 0.00, 0.01 … 0.49.
const F2: [(f64, f64, f64); 50] = [
    (0.343_765_104, 0.322_950_509, 0.342_065_143),
    (0.357_906_655, 0.335_403_886, 0.356_036_235),
    (0.390_207_105, 0.364_470_435, 0.388_134_161),
    (0.411_424_440, 0.383_754_505, 0.409_252_887),
    (0.429_498_792, 0.400_358_263, 0.427_273_922),
    (0.438_910_506, 0.409_118_751, 0.436_846_453),
    (0.436_488_867, 0.406_694_790, 0.434_698_749),
    (0.437_962_202, 0.407_656_087, 0.435_890_060),
    (0.437_489_483, 0.406_161_432, 0.435_544_839),
    (0.431_790_814, 0.401_410_316, 0.429_732_706),
    (0.432_422_969, 0.402_836_583, 0.430_177_819),
    (0.432_417_974, 0.402_875_300, 0.429_964_741),
    (0.429_297_513, 0.399_517_088, 0.426_658_620),
    (0.426_829_268, 0.398_440_691, 0.424_089_777),
    (0.426_131_031, 0.397_718_911, 0.423_216_764),
    (0.427_073_403, 0.398_738_138, 0.424_165_914),
    (0.418_357_488, 0.390_005_973, 0.415_109_441),
    (0.417_728_966, 0.388_063_519, 0.414_172_403),
    (0.416_914_830, 0.387_401_526, 0.413_046_388),
    (0.415_996_785, 0.386_229_521, 0.411_983_977),
    (0.414_629_177, 0.385_798_534, 0.410_810_254),
    (0.414_779_745, 0.385_210_591, 0.411_024_584),
    (0.411_531_230, 0.382_323_104, 0.407_794_553),
    (0.411_205_074, 0.382_474_724, 0.407_571_764),
    (0.412_470_538, 0.383_988_644, 0.408_629_312),
    (0.410_795_578, 0.383_086_857, 0.406_942_935),
    (0.410_913_872, 0.383_458_229, 0.407_218_004),
    (0.412_416_851, 0.385_509_049, 0.408_124_729),
    (0.409_560_144, 0.384_137_862, 0.405_805_506),
    (0.409_854_678, 0.385_394_411, 0.406_245_971),
    (0.406_896_552, 0.383_209_540, 0.403_346_550),
    (0.401_349_465, 0.377_424_523, 0.397_649_465),
    (0.397_420_867, 0.374_327_993, 0.393_737_970),
    (0.398_999_524, 0.376_632_841, 0.394_986_780),
    (0.399_326_437, 0.376_730_715, 0.395_632_104),
    (0.399_562_788, 0.377_275_551, 0.395_954_043),
    (0.402_059_328, 0.380_406_266, 0.398_648_648),
    (0.397_178_916, 0.376_357_321, 0.394_572_333),
    (0.397_442_327, 0.376_873_742, 0.394_507_341),
    (0.396_403_242, 0.376_449_838, 0.393_718_316),
    (0.392_884_566, 0.372_965_048, 0.389_535_479),
    (0.395_246_706, 0.375_387_081, 0.391_802_458),
    (0.395_974_908, 0.375_077_278, 0.392_440_446),
    (0.395_189_003, 0.375_888_743, 0.390_919_497),
    (0.397_058_823, 0.377_498_327, 0.392_665_108),
    (0.396_052_987, 0.377_903_766, 0.391_890_123),
    (0.398_471_616, 0.378_661_999, 0.394_019_264),
    (0.398_950_856, 0.378_876_385, 0.393_517_163),
    (0.399_664_617, 0.379_380_737, 0.394_121_690),
    (0.400_056_545, 0.378_465_724, 0.393_706_765),
];

/// Average precision of every label.
const AVERAGE_PRECISION: [f64; reference::N_LABELS] = [
    0.590_522_997,
    0.520_768_795,
    0.414_983_697,
    0.660_746_180,
    0.304_362_277,
    0.440_249_174,
    0.664_165_433,
    0.332_413_010,
    0.616_095_564,
    0.475_916_483,
    0.400_670_735,
    0.500_451_767,
    0.591_819_687,
    0.228_465_052,
    0.653_537_449,
    0.640_417_019,
    0.485_854_584,
    0.205_414_444,
    0.382_602_999,
    0.427_605_626,
    0.500_206_631,
    0.458_055_010,
    0.645_647_717,
    0.556_559_276,
    0.723_661_931,
    0.491_994_501,
    0.330_177_444,
    0.302_804_412,
    0.330_440_750,
    0.478_150_194,
];

#[test]
fn f2_is_scikit_learns_at_every_threshold_in_all_three_averages() {
    let (probabilities, truth) = (reference::probabilities(), reference::truth());
    let cells = Cells::new(reference::N_LABELS, &probabilities, &truth).unwrap();
    let search = threshold::search(&cells);
    for (k, (micro, per_image, macro_)) in F2.into_iter().enumerate() {
        for (name, found, expected) in [
            ("micro", search.micro_curve[k], micro),
            ("per image", search.per_image_curve[k], per_image),
            ("macro", f_beta::f2_macro(&cells, threshold::at(k)), macro_),
        ] {
            assert!((found - expected).abs() < 1e-8, "{name} at {}: {found}", threshold::at(k));
        }
    }
}

#[test]
fn the_average_precision_of_every_label_is_scikit_learns() {
    let (probabilities, truth) = (reference::probabilities(), reference::truth());
    let found = average_precision::per_label(&Cells::new(reference::N_LABELS, &probabilities, &truth).unwrap());
    for (label, (found, expected)) in found.into_iter().zip(AVERAGE_PRECISION).enumerate() {
        assert!((found.unwrap() - expected).abs() < 1e-8, "label {label}: {found:?}");
    }
}

#[test]
fn counts_precision_and_recall_of_a_label_are_scikit_learns() {
    // At 0.2: (label, tp, fp, fn, precision, recall, F2).
    let expected = [
        (0, 19, 71, 6, 0.211_111_1, 0.760_000_0, 0.500_000_0),
        (1, 15, 70, 6, 0.176_470_6, 0.714_285_7, 0.443_787_0),
        (7, 8, 78, 11, 0.093_023_3, 0.421_052_6, 0.246_913_6),
        (24, 16, 68, 1, 0.190_476_2, 0.941_176_5, 0.526_315_8),
        (29, 10, 71, 8, 0.123_456_8, 0.555_555_6, 0.326_797_4),
    ];
    let (probabilities, truth) = (reference::probabilities(), reference::truth());
    let cells = Cells::new(reference::N_LABELS, &probabilities, &truth).unwrap();
    let found = f_beta::per_label(&cells, &Thresholds::one(0.2));
    for (label, tp, fp, fn_, precision, recall, f2) in expected {
        let counts = found[label];
        assert_eq!(counts, Counts { tp, fp, fn_ }, "label {label}");
        for (found, expected) in [(counts.precision(), precision), (counts.recall(), recall), (counts.f_beta(2.0), f2)]
        {
            assert!((found - expected).abs() < 1e-7, "label {label}: {found} instead of {expected}");
        }
    }
    assert!(f_beta::n_judged(&cells).iter().all(|&n| n == 200));
}
