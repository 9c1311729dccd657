//! Reviews: cards that are due, each rated, so that it comes again when it is about to be forgotten; and a self-test
//! that shows where to start.

use super::ask::{answer, goes_on, question, typed_at};
use super::deck::{Card, Level, Source};
use crate::progress::Progress;
use crate::progress::record::What;
use crate::terminal::Paint;
use std::io::{self, BufRead, Write};

/// The cards of a review: those that are due, the one that waits longest first, then ones that were never reviewed.
pub fn due(cards: &[Card], progress: &Progress, now: u64, number: usize) -> Vec<Card> {
    let find = |id: &&str| cards.iter().find(|card| card.id() == *id).copied();
    let due = progress.due(now).into_iter();
    let due = due.filter_map(|id| find(&id));
    let is_new = |card: &&Card| !progress.cards.contains_key(&card.id());
    let new = cards.iter().filter(is_new).copied();
    due.chain(new).take(number).collect()
}

/// The cards of a self-test: the first of the easier ones of each question.
pub fn self_test(cards: &[Card]) -> Vec<Card> {
    let mut chosen: Vec<Card> = Vec::new();
    for card in cards {
        let same = |other: &&mut Card| other.source == card.source;
        match chosen.iter_mut().find(same) {
            None => chosen.push(*card),
            Some(first) if first.level != Level::Junior && card.level == Level::Junior => {
                *first = *card
            }
            Some(_) => {}
        }
    }
    chosen
}

/// Asks the cards, and after each answer how well it was known. Returns what was said, also if the review was ended
/// before its time.
///
/// # Errors
/// Those of reading and writing.
pub fn rate(
    cards: &[Card],
    paint: Paint,
    input: &mut impl BufRead,
    output: &mut impl Write,
) -> io::Result<Vec<(Card, u8)>> {
    let mut rated = Vec::new();
    for (index, card) in cards.iter().enumerate() {
        write!(output, "\n{}", question(index + 1, card, paint))?;
        if !goes_on(
            "Say it aloud. Enter: the answer, q: end ",
            paint,
            input,
            output,
        )? {
            break;
        }
        write!(output, "\n{}", answer(card, paint))?;
        match rating(paint, input, output)? {
            Some(rating) => rated.push((*card, rating)),
            None => break,
        }
    }
    Ok(rated)
}

/// How well a card was known; none to end.
fn rating(
    paint: Paint,
    input: &mut impl BufRead,
    output: &mut impl Write,
) -> io::Result<Option<u8>> {
    const PROMPT: &str = "1 not known, 2 with effort, 3 known (Enter), 4 easy, q: end ";
    loop {
        let Some(line) = typed_at(PROMPT, paint, input, output)? else {
            return Ok(None);
        };
        match line.trim() {
            "" => return Ok(Some(3)),
            "q" | "Q" => return Ok(None),
            word => match word.parse() {
                Ok(rating @ 1..=4) => return Ok(Some(rating)),
                _ => continue,
            },
        }
    }
}

/// What is recorded of a review.
pub fn events(rated: &[(Card, u8)]) -> Vec<What> {
    let event = |(card, rating): &(Card, u8)| What::Card(card.id(), *rating);
    rated.iter().map(event).collect()
}

/// How a review went.
pub fn summary(rated: &[(Card, u8)], paint: Paint) -> String {
    let known = rated.iter().filter(|(_, rating)| *rating >= 3).count();
    format!(
        "\n{}\n",
        paint.bold(&format!("{known} of {} known", rated.len()))
    )
}

/// Where to start after a self-test: the questions that were not known, and those that can wait.
pub fn fast_track(rated: &[(Card, u8)]) -> String {
    let named = |wanted: &dyn Fn(u8) -> bool| {
        let names = rated.iter().filter(|(_, rating)| wanted(*rating));
        let names: Vec<String> = names.map(|(card, _)| name(card.source)).collect();
        names.join(", ")
    };
    let (start, then, last) = (
        named(&|it| it == 1),
        named(&|it| it == 2),
        named(&|it| it >= 3),
    );
    let lines = [
        ("Start with", start),
        ("Then", then),
        ("Only the exercises of", last),
    ];
    let lines = lines.iter().filter(|(_, names)| !names.is_empty());
    lines
        .map(|(title, names)| format!("{title}: {names}\n"))
        .collect()
}

fn name(source: Source) -> String {
    match source {
        Source::Question(number) => number.to_string(),
        Source::ReferenceCard => "reference card".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::super::deck;
    use super::*;
    use crate::progress::schedule::Memory;

    fn talk(cards: &[Card], input: &str) -> (Vec<(Card, u8)>, String) {
        let mut output = Vec::new();
        let rated = rate(cards, Paint::OFF, &mut input.as_bytes(), &mut output).expect("text");
        (rated, String::from_utf8(output).expect("text"))
    }

    #[test]
    fn what_is_due_comes_before_what_is_new() {
        let cards = deck::all();
        let mut progress = Progress::default();
        progress
            .cards
            .insert(cards[4].id().to_owned(), Memory::first(3, 1000));
        progress
            .cards
            .insert(cards[2].id().to_owned(), Memory::first(1, 0));
        let ids = |now| {
            let due = due(&cards, &progress, now, 3);
            due.iter().map(|card| card.id()).collect::<Vec<_>>()
        };
        assert_eq!(ids(0), [cards[0].id(), cards[1].id(), cards[3].id()]);
        assert_eq!(ids(90_000), [cards[2].id(), cards[0].id(), cards[1].id()]);
        assert_eq!(
            ids(9_000_000),
            [cards[2].id(), cards[4].id(), cards[0].id()]
        );
    }

    #[test]
    fn each_card_is_rated_and_an_end_in_between_keeps_what_was_said() {
        let cards = &deck::all()[..3];
        let (rated, told) = talk(cards, "\n1\n\n7\n4\n\nq\n");
        let ratings: Vec<u8> = rated.iter().map(|(_, rating)| *rating).collect();
        assert_eq!(ratings, [1, 4], "{told}");
        assert!(summary(&rated, Paint::OFF).contains("1 of 2 known"));
        assert!(talk(cards, "q\n").0.is_empty() && talk(cards, "").0.is_empty());
        assert_eq!(talk(cards, "\n\n").0.len(), 1);
        assert_eq!(events(&rated)[0], What::Card(cards[0].id().to_owned(), 1));
    }

    #[test]
    fn a_self_test_asks_one_card_of_each_question_and_says_where_to_start() {
        let cards = self_test(&deck::all());
        assert_eq!(cards.len(), 16);
        let rated: Vec<_> = cards
            .iter()
            .zip([1, 2, 3].iter().cycle())
            .map(|(card, it)| (*card, *it))
            .collect();
        let told = fast_track(&rated);
        assert!(told.starts_with("Start with: 16, 19, 22"), "{told}");
        assert!(
            told.contains("\nThen: 17, 20") && told.contains("\nOnly the exercises of: 18, 21"),
            "{told}"
        );
    }
}
