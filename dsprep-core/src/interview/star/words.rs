//! Words, sentences and numbers of a text.

/// The words of a text: what stands between white space and holds a letter or digit.
pub(super) fn words(text: &str) -> impl Iterator<Item = &str> {
    let has_content = |word: &&str| word.chars().any(char::is_alphanumeric);
    text.split_whitespace().filter(has_content)
}

/// A word in lower case without the punctuation around it.
pub(super) fn bare(word: &str) -> String {
    let inner = word.trim_matches(|c: char| !c.is_alphanumeric());
    inner.to_lowercase()
}

/// How many words of the text are one of `wanted`; `I'd` and `we'll` count as `i` and `we`.
pub(super) fn count_of(text: &str, wanted: &[&str]) -> usize {
    let stem = |word: &str| {
        let word = bare(word);
        let end = word.find(['\'', '’']).unwrap_or(word.len());
        word[..end].to_owned()
    };
    words(text)
        .filter(|word| wanted.contains(&stem(word).as_str()))
        .count()
}

/// Whether the text contains one of the phrases, as whole words, whatever their case.
pub(super) fn has_phrase(text: &str, phrases: &[&str]) -> bool {
    let plain: Vec<String> = words(text).map(bare).collect();
    let plain = format!(" {} ", plain.join(" "));
    phrases
        .iter()
        .any(|phrase| plain.contains(&format!(" {phrase} ")))
}

/// Whether a word of the text starts with one of the stems, whatever its case.
pub(super) fn has_stem(text: &str, stems: &[&str]) -> bool {
    words(text)
        .map(bare)
        .any(|word| stems.iter().any(|stem| word.starts_with(stem)))
}

/// The sentences of a text: a full stop, `!` or `?` ends one if white space or the end follows.
pub(super) fn sentences(text: &str) -> Vec<&str> {
    let mut sentences = Vec::new();
    let mut start = 0;
    let mut characters = text.char_indices().peekable();
    while let Some((at, character)) = characters.next() {
        let next_is_space = characters
            .peek()
            .is_none_or(|(_, next)| next.is_whitespace());
        let abbreviates = text[start..at].ends_with("vs");
        if matches!(character, '.' | '!' | '?') && next_is_space && !abbreviates {
            sentences.push(text[start..=at].trim());
            start = at + character.len_utf8();
        }
    }
    sentences.push(text[start..].trim());
    sentences.retain(|sentence| !sentence.is_empty());
    sentences
}

/// The words that hold a digit, without the punctuation around them: `18%`, `0.72`, `3x`.
pub(super) fn numbers(text: &str) -> Vec<String> {
    let mut numbers = Vec::new();
    let mut words = text.split_whitespace().peekable();
    while let Some(word) = words.next() {
        let keep = |c: char| c.is_alphanumeric() || matches!(c, '%' | '€' | '$' | '+' | '−' | '-');
        let mut number = word.trim_matches(|c: char| !keep(c)).to_owned();
        if !number.chars().any(|c| c.is_ascii_digit()) {
            continue;
        }
        if words.peek().is_some_and(|next| next.starts_with('%')) {
            number += " %";
        }
        numbers.push(number);
    }
    numbers
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_and_pronouns_are_counted_without_punctuation() {
        assert_eq!(words("A — b, (c)!").count(), 3);
        assert_eq!(count_of("I'd say, we’ll. \"I\" in it", &["i", "we"]), 3);
        assert!(has_phrase("Instead  of, that", &["instead of"]));
        assert!(!has_phrase("overdone", &["over"]));
        assert!(has_stem("Churn was reduced.", &["reduc"]));
    }

    #[test]
    fn a_decimal_point_ends_no_sentence() {
        assert_eq!(
            sentences("It was 0.72 vs. 0.41. Then? Done"),
            ["It was 0.72 vs. 0.41.", "Then?", "Done"]
        );
        assert!(sentences("").is_empty());
    }

    #[test]
    fn numbers_keep_their_unit() {
        assert_eq!(
            numbers("(18%), 3x more, 15 % of 0.72."),
            ["18%", "3x", "15 %", "0.72"]
        );
        assert!(numbers("none").is_empty());
    }
}
