//! What a picture's EXIF says about how it was made, for the eyes of the curator; nothing is decided by it.

use std::io::Cursor;

use exif::{Exif, Field, In, Reader, Tag, Value};

/// One line, such as `Taken` and `2019-05-02 10:31:07`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Detail {
    pub name: &'static str,
    pub value: String,
}

/// Longer texts are cut: a description can be a whole catalogue entry.
const LONGEST: usize = 200;

const SHOWN: [(&str, Tag); 12] = [
    ("Taken", Tag::DateTimeOriginal),
    ("Description", Tag::ImageDescription),
    ("Artist", Tag::Artist),
    ("Copyright", Tag::Copyright),
    ("Maker", Tag::Make),
    ("Camera", Tag::Model),
    ("Lens", Tag::LensModel),
    ("Exposure", Tag::ExposureTime),
    ("Aperture", Tag::FNumber),
    ("Sensitivity", Tag::PhotographicSensitivity),
    ("Focal length", Tag::FocalLength),
    ("Software", Tag::Software),
];

/// Of the bytes of a JPEG, TIFF, PNG or WebP file. Empty where there is no EXIF or it makes no sense.
pub fn details(bytes: &[u8]) -> Vec<Detail> {
    let Ok(exif) = Reader::new().read_from_container(&mut Cursor::new(bytes)) else {
        return Vec::new();
    };
    let mut details: Vec<Detail> = SHOWN
        .iter()
        .filter_map(|&(name, tag)| {
            let field = exif.get_field(tag, In::PRIMARY)?;
            Some(Detail { name, value: said(field, &exif)? })
        })
        .collect();
    details.extend(place(&exif).map(|value| Detail { name: "Place", value }));
    details
}

/// In words; `None` where nothing is said.
fn said(field: &Field, exif: &Exif) -> Option<String> {
    let text = match &field.value {
        // Cameras pad with blanks and zeros; many write UTF-8 where the standard knows ASCII only.
        Value::Ascii(parts) if field.tag != Tag::DateTimeOriginal => {
            let parts = parts.iter().map(|part| String::from_utf8_lossy(part));
            parts.map(|part| part.trim_matches(['\0', ' ']).to_owned()).collect::<Vec<_>>().join(" ")
        }
        _ => field.display_value().with_unit(exif).to_string(),
    };
    let mut text: String = text.chars().map(|letter| if letter.is_control() { ' ' } else { letter }).collect();
    if let Some((end, _)) = text.char_indices().nth(LONGEST) {
        text.truncate(end);
        text.push('…');
    }
    let text = text.trim();
    (!text.is_empty()).then(|| text.to_owned())
}

/// Degrees north and east, to about a metre.
fn place(exif: &Exif) -> Option<String> {
    let degrees = |tag: Tag, reference: Tag, negative: u8| {
        let Value::Rational(parts) = &exif.get_field(tag, In::PRIMARY)?.value else {
            return None;
        };
        let [degrees, minutes, seconds] = parts.get(..3)? else {
            return None;
        };
        let value = degrees.to_f64() + minutes.to_f64() / 60.0 + seconds.to_f64() / 3600.0;
        let sign = match &exif.get_field(reference, In::PRIMARY)?.value {
            Value::Ascii(parts) => parts.first()?.first().map(|letter| if *letter == negative { -1.0 } else { 1.0 })?,
            _ => return None,
        };
        value.is_finite().then_some(sign * value)
    };
    let latitude = degrees(Tag::GPSLatitude, Tag::GPSLatitudeRef, b'S')?;
    let longitude = degrees(Tag::GPSLongitude, Tag::GPSLongitudeRef, b'W')?;
    Some(format!("{latitude:.5}, {longitude:.5}"))
}

#[cfg(test)]
mod tests {
    use exif::Rational;
    use exif::experimental::Writer;

    use super::*;

    /// A JPEG of nothing but its beginning, the fields and its end.
    fn jpeg(fields: &[(Tag, Value)]) -> Vec<u8> {
        let fields: Vec<Field> =
            fields.iter().map(|(tag, value)| Field { tag: *tag, ifd_num: In::PRIMARY, value: value.clone() }).collect();
        let mut writer = Writer::new();
        fields.iter().for_each(|field| writer.push_field(field));
        let mut exif = Cursor::new(Vec::new());
        writer.write(&mut exif, false).unwrap();
        let exif = exif.into_inner();
        let length = (exif.len() as u16 + 8).to_be_bytes();
        [&[0xFF, 0xD8, 0xFF, 0xE1], &length[..], b"Exif\0\0", &exif, &[0xFF, 0xD9]].concat()
    }

    fn ascii(text: &str) -> Value {
        Value::Ascii(vec![text.as_bytes().to_vec()])
    }

    fn rationals(parts: &[(u32, u32)]) -> Value {
        Value::Rational(parts.iter().map(|&(num, denom)| Rational { num, denom }).collect())
    }

    #[test]
    fn exif_is_said_in_words_with_units() {
        let long = "a".repeat(300);
        let picture = jpeg(&[
            (Tag::Model, ascii("X100V  \0")),
            (Tag::Artist, ascii("Ångström")),
            (Tag::Copyright, ascii("   ")),
            (Tag::ImageDescription, ascii(&long)),
            (Tag::DateTimeOriginal, ascii("2019:05:02 10:31:07")),
            (Tag::ExposureTime, rationals(&[(1, 125)])),
            (Tag::FNumber, rationals(&[(28, 10)])),
            (Tag::FocalLength, rationals(&[(50, 1)])),
            (Tag::GPSLatitude, rationals(&[(48, 1), (51, 1), (3024, 100)])),
            (Tag::GPSLatitudeRef, ascii("N")),
            (Tag::GPSLongitude, rationals(&[(2, 1), (21, 1), (36, 1)])),
            (Tag::GPSLongitudeRef, ascii("W")),
        ]);
        let found = details(&picture);
        let found: Vec<_> = found.iter().map(|detail| (detail.name, detail.value.as_str())).collect();
        let cut = format!("{}…", "a".repeat(200));
        assert_eq!(
            found,
            [
                ("Taken", "2019-05-02 10:31:07"),
                ("Description", cut.as_str()),
                ("Artist", "Ångström"),
                ("Camera", "X100V"),
                ("Exposure", "1/125 s"),
                ("Aperture", "f/2.8"),
                ("Focal length", "50 mm"),
                ("Place", "48.85840, -2.36000"),
            ]
        );
    }

    #[test]
    fn what_makes_no_sense_says_nothing() {
        let whole = jpeg(&[(Tag::Model, ascii("X100V")), (Tag::GPSLatitude, rationals(&[(1, 0)]))]);
        for n in 0..whole.len() {
            let _ = details(&whole[..n]); // Cut anywhere it must not panic.
        }
        assert_eq!(details(&whole).len(), 1);
        assert_eq!(details(b"no picture"), []);
    }
}
