//! Cards in the terminal.

use super::deck::Card;
use crate::terminal::{Paint, columns};
use std::io::{self, BufRead, Write};

/// The most characters of a line.
const WIDTH: usize = 88;
/// What answers are set off by.
pub(super) const INDENT: &str = "   ";

/// Asks the cards one by one; Enter shows the answer, and `q` or the input's end ends it.
///
/// # Errors
/// Those of reading and writing.
pub fn ask(
    cards: &[Card],
    paint: Paint,
    input: &mut impl BufRead,
    output: &mut impl Write,
) -> io::Result<()> {
    for (index, card) in cards.iter().enumerate() {
        write!(output, "\n{}", question(index + 1, card, paint))?;
        if !goes_on("Enter: the answer, q: end ", paint, input, output)? {
            break;
        }
        write!(output, "\n{}", answer(card, paint))?;
        let is_last = index + 1 == cards.len();
        if !is_last && !goes_on("Enter: the next card, q: end ", paint, input, output)? {
            break;
        }
    }
    Ok(())
}

/// Asks to press Enter; false if that is enough.
pub(super) fn goes_on(
    prompt: &str,
    paint: Paint,
    input: &mut impl BufRead,
    output: &mut impl Write,
) -> io::Result<bool> {
    let typed = typed_at(prompt, paint, input, output)?;
    Ok(typed.is_some_and(|line| !line.trim().eq_ignore_ascii_case("q")))
}

/// Shows the prompt, and waits for a line; none at the end of the input.
pub(super) fn typed_at(
    prompt: &str,
    paint: Paint,
    input: &mut impl BufRead,
    output: &mut impl Write,
) -> io::Result<Option<String>> {
    write!(output, "\n{INDENT}{}", paint.dim(prompt))?;
    output.flush()?;
    let mut line = String::new();
    if input.read_line(&mut line)? == 0 {
        writeln!(output)?;
        return Ok(None);
    }
    Ok(Some(line))
}

/// All cards with their answers.
pub fn listing(cards: &[Card], paint: Paint) -> String {
    let shown = cards.iter().enumerate().map(|(index, card)| {
        let question = question(index + 1, card, paint);
        format!("\n{question}\n{}", answer(card, paint))
    });
    shown.collect()
}

pub(super) fn question(number: usize, card: &Card, paint: Paint) -> String {
    let about = format!("{}, {}, {}", card.source, card.topic, card.level);
    let front = wrapped(&format!("{number}. {}", card.front), INDENT);
    let front: String = front
        .lines()
        .map(|line| format!("{}\n", paint.bold(line)))
        .collect();
    format!("{front}{INDENT}{}\n", paint.dim(&about))
}

pub(super) fn answer(card: &Card, paint: Paint) -> String {
    let mut lines = paragraph("", card.back);
    if let Some(printed) = card.printed {
        lines += &paragraph("As printed: ", printed.line);
        lines += &paragraph("Remark: ", printed.remark);
    }
    lines += &paragraph("Often said: ", card.wrong);
    lines += &paragraph("Asked next: ", card.follow_up);
    // Only the title is painted: a wrapped line would carry the colour into the indent.
    for title in ["As printed:", "Remark:", "Often said:", "Asked next:"] {
        lines = lines.replace(
            &format!("\n{INDENT}{title} "),
            &format!("\n{INDENT}{} ", paint.yellow(title)),
        );
    }
    lines
}

pub(super) fn paragraph(title: &str, text: &str) -> String {
    wrapped(&format!("{INDENT}{title}{text}"), INDENT)
}

/// The text in lines that fit the terminal, of at most [`WIDTH`] characters, the second and later ones indented.
pub(super) fn wrapped(text: &str, indent: &str) -> String {
    let columns = if cfg!(test) { None } else { columns() };
    wrapped_to(
        columns.map_or(WIDTH, |columns| columns.clamp(20, WIDTH)),
        text,
        indent,
    )
}

fn wrapped_to(width: usize, text: &str, indent: &str) -> String {
    let start: String = text.chars().take_while(|c| *c == ' ').collect();
    let mut lines = start;
    let mut length = lines.len();
    let mut is_first = true;
    for word in text.split_whitespace() {
        let word_length = word.chars().count();
        if !is_first && length + 1 + word_length > width {
            lines += "\n";
            lines += indent;
            length = indent.len();
        } else if !is_first {
            lines.push(' ');
            length += 1;
        }
        lines += word;
        length += word_length;
        is_first = false;
    }
    lines + "\n"
}

#[cfg(test)]
mod tests {
    use super::super::deck;
    use super::*;

    fn card(id: &str) -> Card {
        let cards = deck::all();
        *cards.iter().find(|card| card.id() == id).expect("a card")
    }

    fn asked(input: &str) -> String {
        let cards = [card("q18-ranks"), card("card-type-2")];
        let mut output = Vec::new();
        ask(&cards, Paint::OFF, &mut input.as_bytes(), &mut output).expect("it can be written");
        String::from_utf8(output).expect("text")
    }

    #[test]
    fn enter_shows_the_answer_and_then_the_next_card() {
        insta::assert_snapshot!(asked("\n\n\n"));
    }

    #[test]
    fn q_or_the_end_of_the_input_ends_the_interview_without_the_answer() {
        for input in ["q\n", " Q \n", ""] {
            let told = asked(input);
            assert!(told.contains("1. Revenues 90, 80, 80, 70."), "{told}");
            assert!(!told.contains("DENSE_RANK 1, 2, 2, 3"), "{told}");
            assert!(!told.contains("2. What"), "{told}");
        }
        assert!(asked("\nq\n").contains("DENSE_RANK 1, 2, 2, 3"));
    }

    #[test]
    fn titles_are_coloured_on_a_terminal() {
        let painted = listing(&[card("card-type-2")], Paint::ON);
        assert!(
            painted.contains("\u{1b}[1;33mRemark:\u{1b}[0m β has"),
            "{painted}"
        );
        assert_eq!(
            Paint::plain(&painted),
            listing(&[card("card-type-2")], Paint::OFF)
        );
    }

    #[test]
    fn in_a_narrow_terminal_lines_are_shorter() {
        let text = wrapped_to(
            40,
            &"   one two three four five six seven eight".repeat(3),
            INDENT,
        );
        assert!(
            text.lines().all(|line| line.chars().count() <= 40),
            "{text}"
        );
        assert!(text.lines().count() > 2, "{text}");
    }

    #[test]
    fn lines_are_no_wider_than_the_limit() {
        let text = listing(&deck::all(), Paint::OFF);
        let longest = text.lines().map(|line| line.chars().count()).max();
        assert!(longest <= Some(WIDTH), "{longest:?}");
    }
}
