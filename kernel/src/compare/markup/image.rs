//! Drawings that an image carries in its address, `<img src="data:image/svg+xml,…">`: compared as drawings.

/// The drawing that an image carries in its address, which is then no longer among the attributes.
pub fn drawing_in(name: &str, attributes: &mut Vec<(String, String)>) -> Option<String> {
    let is_drawing = |(key, value): &(String, String)| {
        name == "img" && key == "src" && value.starts_with("data:image/svg+xml")
    };
    let at = attributes.iter().position(is_drawing)?;
    let (kind, drawing) = attributes[at].1.split_once(',')?;
    if kind.ends_with("base64") {
        return None;
    }
    let drawing = percent_decoded(drawing)?;
    attributes.remove(at);
    Some(drawing)
}

/// The text in which `%3C` stands for `<`.
fn percent_decoded(text: &str) -> Option<String> {
    let (mut bytes, mut rest) = (Vec::new(), text.as_bytes());
    while let [first, others @ ..] = rest {
        (bytes, rest) = match (first, others) {
            (b'%', [high, low, others @ ..]) => {
                let digit = |byte: &u8| char::from(*byte).to_digit(16);
                let byte = digit(high)? * 16 + digit(low)?;
                bytes.push(u8::try_from(byte).ok()?);
                (bytes, others)
            }
            _ => {
                bytes.push(*first);
                (bytes, others)
            }
        };
    }
    String::from_utf8(bytes).ok()
}
