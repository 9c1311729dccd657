//! Words and characters as tokens (question 22).
//!
//! The two ends of the scale: words give short sequences and an endless vocabulary, characters the
//! reverse. Subwords ([`CharBpe`](super::CharBpe) and after) lie between.

/// The words and punctuation marks of `text`: runs of letters and digits, and every other character
/// that is not white space by itself.
///
/// An apostrophe between letters stays inside its word. O(length of the text).
///
/// # Examples
/// ```
/// use dsprep_core::text::word_tokens;
/// assert_eq!(word_tokens("Don't panic, 42!"), ["Don't", "panic", ",", "42", "!"]);
/// ```
pub fn word_tokens(text: &str) -> Vec<&str> {
    let mut tokens = Vec::new();
    let mut rest = text.trim_start();
    while let Some(first) = rest.chars().next() {
        let end = if first.is_alphanumeric() {
            word_end(rest)
        } else {
            first.len_utf8()
        };
        let (token, after) = rest.split_at(end);
        tokens.push(token);
        rest = after.trim_start();
    }
    tokens
}

/// The characters of `text`: Unicode scalar values, of which there are 1,112,064, not 256.
///
/// A character that a reader sees may be several of them: "é" written as "e" and an accent is two,
/// a family emoji up to seven. O(length of the text).
///
/// # Examples
/// ```
/// use dsprep_core::text::char_tokens;
/// assert_eq!(char_tokens("한글").len(), 2);
/// assert_eq!("한글".len(), 6); // bytes
/// ```
pub fn char_tokens(text: &str) -> Vec<char> {
    text.chars().collect()
}

/// The byte at which the word ends that `text` begins with.
fn word_end(text: &str) -> usize {
    let mut characters = text.char_indices().peekable();
    while let Some((at, character)) = characters.next() {
        let next_is_letter = characters
            .peek()
            .is_some_and(|&(_, next)| next.is_alphabetic());
        let inside = character.is_alphanumeric() || (is_apostrophe(character) && next_is_letter);
        if !inside {
            return at;
        }
    }
    text.len()
}

fn is_apostrophe(character: char) -> bool {
    matches!(character, '\'' | '’')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn empty_and_blank_text_has_no_words() {
        assert!(word_tokens("").is_empty());
        assert!(word_tokens(" \n\t").is_empty());
    }

    #[test]
    fn punctuation_stands_alone_and_quotes_are_not_apostrophes() {
        assert_eq!(
            word_tokens("'tis rock'n'roll'"),
            ["'", "tis", "rock'n'roll", "'"]
        );
        assert_eq!(word_tokens("…3.14"), ["…", "3", ".", "14"]);
    }

    #[test]
    fn no_character_but_white_space_is_lost() {
        let text = "  A «naïve» 한글-test 🙂\u{0}\r\nend ";
        let kept: String = word_tokens(text).concat();
        let expected: String = text.chars().filter(|c| !c.is_whitespace()).collect();
        assert_eq!(kept, expected);
    }
}
