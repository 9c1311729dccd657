//! Reads numbers out of `tests/reference/golden.json`: what the original notebook computed, in full
//! precision.

/// All numbers under `question` and `key`, in order, however deeply nested.
///
/// # Panics
/// If the file or the key is missing.
pub fn numbers(question: &str, key: &str) -> Vec<f64> {
    let json = read();
    let section = after(&json, question);
    let value = value(after(section, key));
    value
        .split(|character: char| "[]{},:".contains(character))
        .filter_map(|token| token.parse().ok())
        .collect()
}

/// The text under `question` and `key`, line by line.
///
/// # Panics
/// If the file or the key is missing.
pub fn lines(question: &str, key: &str) -> Vec<String> {
    let json = read();
    let text = after(after(&json, question), key);
    let end = text[1..].find('"').expect("the text ends");
    text[1..=end].split("\\n").map(str::to_owned).collect()
}

fn read() -> String {
    let path = concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/../tests/reference/golden.json"
    );
    std::fs::read_to_string(path).expect("golden.json can be read")
}

/// The text after the first `"key":`.
fn after<'a>(json: &'a str, key: &str) -> &'a str {
    let marker = format!("\"{key}\":");
    let at = json
        .find(&marker)
        .unwrap_or_else(|| panic!("golden.json has no {key}"));
    &json[at + marker.len()..]
}

/// The JSON value at the start of `json`, which holds no brackets in strings.
fn value(json: &str) -> &str {
    let mut depth = 0_i32;
    for (at, character) in json.char_indices() {
        depth += match character {
            '[' | '{' => 1,
            ']' | '}' => -1,
            _ => 0,
        };
        if depth < 0 || (depth == 0 && ",]}".contains(character)) {
            return &json[..at];
        }
    }
    json
}
