//! Text without what varies from run to run and from machine to machine.

use super::Rules;

/// The units of durations, as Rust and people print them; the longer of two that begin alike comes first.
const UNITS: [&str; 11] = [
    "ns", "µs", "μs", "us", "ms", "minutes", "min", "seconds", "second", "sec", "s",
];
/// What may stand right before a path. A slash after anything else divides, or closes a tag.
const BEFORE_PATHS: &str = "\"'`([{=:,;|>";
/// How many hexadecimal digits an address has at least.
const ADDRESS_DIGITS: usize = 8;

/// The lines of a text, in which each address and absolute path is replaced by its kind, and each duration if it was
/// measured. If the text ends in a line end, the last line is empty, so that the end is compared too; an empty text
/// has no line.
pub fn lines(text: &str, rules: &Rules) -> Vec<String> {
    if text.is_empty() {
        return Vec::new();
    }
    let steady = without_what_varies(text, rules);
    steady.split('\n').map(str::to_owned).collect()
}

/// The text with what the rules of the file replace, each address and absolute path replaced by its kind, and each
/// duration if it was measured.
pub fn without_what_varies(text: &str, rules: &Rules) -> String {
    let text = rules.replaced(text);
    let mut steady = String::with_capacity(text.len());
    let mut rest = &*text;
    let mut before = None;
    while let Some(character) = rest.chars().next() {
        let (replacement, length) = match varying(rest, before, rules) {
            Some(found) => found,
            None => (&rest[..character.len_utf8()], character.len_utf8()),
        };
        steady.push_str(replacement);
        before = rest[..length].chars().next_back();
        rest = &rest[length..];
    }
    steady
}

/// The text with each number, such as `12`, `0.5` or `1,000`, replaced by one sign.
pub fn without_numbers(text: &str) -> String {
    let mut numberless = String::with_capacity(text.len());
    let mut in_number = false;
    for character in text.chars() {
        let goes_on = in_number && matches!(character, '.' | ',');
        let digit = character.is_ascii_digit();
        if digit && !in_number {
            numberless.push('#');
        }
        if !digit && !goes_on {
            numberless.push(character);
        }
        in_number = digit || goes_on;
    }
    numberless
}

/// The kind and the length of what varies at the start of `text`, in bytes; `before` is the character before.
fn varying(text: &str, before: Option<char>, rules: &Rules) -> Option<(&'static str, usize)> {
    if before.is_some_and(|before| is_word(before) || before == '.') {
        return None;
    }
    let found = |kind, length: Option<usize>| length.map(|length| (kind, length));
    let may_be_path =
        before.is_none_or(|before| before.is_whitespace() || BEFORE_PATHS.contains(before));
    found("<address>", address(text))
        .or_else(|| {
            found(
                "<duration>",
                rules.durations.then(|| duration(text)).flatten(),
            )
        })
        .or_else(|| found("<path>", may_be_path.then(|| path(text)).flatten()))
}

/// `0x7ffd3a2b1c40`
fn address(text: &str) -> Option<usize> {
    let digits = text.strip_prefix("0x")?;
    let length = digits
        .find(|c: char| !c.is_ascii_hexdigit())
        .unwrap_or(digits.len());
    let ends = !digits[length..].starts_with(is_word);
    (length >= ADDRESS_DIGITS && ends).then_some(2 + length)
}

/// `12.5ms` or `3 s`
fn duration(text: &str) -> Option<usize> {
    let number = text
        .find(|c: char| !c.is_ascii_digit())
        .filter(|end| *end > 0)?;
    let fraction = text[number..].strip_prefix('.').map_or(0, |digits| {
        let length = digits
            .find(|c: char| !c.is_ascii_digit())
            .unwrap_or(digits.len());
        if length > 0 { 1 + length } else { 0 }
    });
    let number = number + fraction;
    let after = text[number..]
        .strip_prefix([' ', '\u{a0}', '\u{202f}'])
        .unwrap_or(&text[number..]);
    let unit = UNITS.iter().find(|unit| {
        after
            .strip_prefix(**unit)
            .is_some_and(|rest| !rest.starts_with(is_word))
    })?;
    Some(text.len() - after.len() + unit.len())
}

/// `/home/me/project/a.csv`: a path from the root, with two parts at least.
fn path(text: &str) -> Option<usize> {
    if !text.starts_with('/') {
        return None;
    }
    let in_path = |c: char| c.is_alphanumeric() || "/._-+@%~".contains(c);
    let end = text.find(|c: char| !in_path(c)).unwrap_or(text.len());
    let path = text[..end].trim_end_matches('.');
    let parts = path.strip_prefix('/')?;
    let (first, second) = parts.split_once('/')?;
    (!first.is_empty() && !second.is_empty()).then_some(path.len())
}

fn is_word(character: char) -> bool {
    character.is_alphanumeric() || character == '_'
}

#[cfg(test)]
mod tests {
    use super::*;

    const TIMED: Rules<'static> = Rules {
        durations: true,
        ..Rules::STRICT
    };

    fn steady(text: &str) -> String {
        without_what_varies(text, &TIMED)
    }

    #[test]
    fn durations_are_taken_out() {
        for (text, steady) in [
            ("took 1.25ms", "took <duration>"),
            ("took 3 s.", "took <duration>."),
            ("807.1µs and 2 min", "<duration> and <duration>"),
            ("[12ns, 1s]", "[<duration>, <duration>]"),
        ] {
            assert_eq!(without_what_varies(text, &TIMED), steady);
        }
        for same in [
            "3 samples",
            "12 msg",
            "x1s",
            "1.2.3s",
            "5 %",
            "0.5 min_rows",
            "s",
            "1,5",
        ] {
            assert_eq!(steady(same), same);
        }
    }

    #[test]
    fn durations_that_were_not_measured_stay() {
        let text = "p99 of 50 ms in 0x7ffd3a2b1c40";
        let steady = without_what_varies(text, &Rules::STRICT);
        assert_eq!(steady, "p99 of 50 ms in <address>");
    }

    #[test]
    fn long_words_take_no_longer_than_they_are() {
        for word in ["-", "/-", "/", "~+"] {
            let text = word.repeat(500_000);
            assert!(!steady(&text).is_empty());
        }
    }

    #[test]
    fn addresses_are_taken_out_and_short_hexadecimal_numbers_stay() {
        assert_eq!(steady("at 0x7ffd3a2b1c40)"), "at <address>)");
        for same in ["0xff", "0xdeadbeeg", "10x7ffd3a2b1c40", "0x"] {
            assert_eq!(steady(same), same);
        }
    }

    #[test]
    fn absolute_paths_are_taken_out_and_fractions_stay() {
        for (text, steady) in [
            ("in /home/me/a.csv:3:4", "in <path>:3:4"),
            ("`/tmp/.x1/b`.", "`<path>`."),
            ("file=/a/b.", "file=<path>."),
        ] {
            assert_eq!(without_what_varies(text, &TIMED), steady);
        }
        for same in [
            "1/2/3",
            "and/or/not",
            "https://a.b/c/d",
            "../a/b",
            "/tmp",
            "a / b / c",
            "//",
        ] {
            assert_eq!(steady(same), same);
        }
    }

    #[test]
    fn numbers_are_told_from_the_text_around_them() {
        assert_eq!(without_numbers("708,215 in 0.5 s: x2."), "# in # s: x#");
        assert_eq!(without_numbers("a, b. c"), "a, b. c");
    }

    #[test]
    fn the_end_of_the_last_line_counts() {
        let lines = |text: &str| lines(text, &TIMED);
        assert_eq!(lines("a\nb\n"), ["a", "b", ""]);
        assert_ne!(lines("a\n"), lines("a"));
        assert_eq!(lines(""), Vec::<String>::new());
    }
}
