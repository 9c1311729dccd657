//! Which cards are asked.

use super::deck::{self, Card, Level, Source, Topic};
use clap::builder::{PossibleValuesParser, TypedValueParser};
use std::ops::RangeInclusive;

const QUESTIONS: RangeInclusive<u8> = 16..=30;

/// A part of what was given as `--questions`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Asked {
    /// Some questions in a row.
    Questions(RangeInclusive<u8>),
    /// The quick reference card.
    ReferenceCard,
}

/// What a card must fit; an empty list lets all pass.
#[derive(Debug)]
pub struct Choice {
    pub questions: Vec<Asked>,
    pub topics: Vec<Topic>,
    pub levels: Vec<Level>,
}

impl Choice {
    /// The cards that fit, in their order.
    pub fn cards(&self) -> Vec<Card> {
        let mut cards = deck::all();
        cards.retain(|card| self.fits(card));
        cards
    }

    /// Whether the questions that are chosen include this one.
    pub fn asks(&self, source: Source) -> bool {
        let is_asked = |asked: &Asked| match (asked, source) {
            (Asked::Questions(range), Source::Question(number)) => range.contains(&number),
            (Asked::ReferenceCard, Source::ReferenceCard) => true,
            _ => false,
        };
        self.questions.is_empty() || self.questions.iter().any(is_asked)
    }

    fn fits(&self, card: &Card) -> bool {
        self.asks(card.source)
            && (self.topics.is_empty() || self.topics.contains(&card.topic))
            && (self.levels.is_empty() || self.levels.contains(&card.level))
    }
}

/// Reads `17`, `17-20` or `card`.
pub fn asked(text: &str) -> Result<Asked, String> {
    if text == "card" {
        return Ok(Asked::ReferenceCard);
    }
    let (first, last) = text.split_once('-').unwrap_or((text, text));
    let number = |digits: &str| {
        let number = digits.trim().parse().ok();
        number.filter(|number| QUESTIONS.contains(number))
    };
    match (number(first), number(last)) {
        (Some(first), Some(last)) if first <= last => Ok(Asked::Questions(first..=last)),
        _ => Err("give questions from 16 to 30, like 17 or 17-20, or `card`".to_owned()),
    }
}

/// Reads the name of a topic.
pub fn topics() -> impl TypedValueParser<Value = Topic> {
    named(Topic::ALL, Topic::name)
}

/// Reads the name of a level.
pub fn levels() -> impl TypedValueParser<Value = Level> {
    named(Level::ALL, Level::name)
}

fn named<T, const N: usize>(
    all: [T; N],
    name: fn(T) -> &'static str,
) -> impl TypedValueParser<Value = T>
where
    T: Copy + Send + Sync + 'static,
{
    let parser = PossibleValuesParser::new(all.map(name));
    parser.try_map(move |text| {
        let found = all.into_iter().find(|&value| name(value) == text);
        found.ok_or("it is not one of these")
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn choice(questions: &[&str], topics: &[Topic], levels: &[Level]) -> Choice {
        let questions = questions.iter().map(|text| asked(text));
        Choice {
            questions: questions.collect::<Result<_, _>>().expect("questions"),
            topics: topics.to_vec(),
            levels: levels.to_vec(),
        }
    }

    #[test]
    fn questions_are_numbers_ranges_or_the_card() {
        assert_eq!(asked("17"), Ok(Asked::Questions(17..=17)));
        assert_eq!(asked("17-20"), Ok(Asked::Questions(17..=20)));
        assert_eq!(asked("card"), Ok(Asked::ReferenceCard));
        for wrong in ["15", "31", "20-17", "17-", "-17", "", "all", "17-99", "256"] {
            assert!(asked(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn cards_must_fit_questions_topics_and_levels_at_once() {
        assert_eq!(choice(&[], &[], &[]).cards(), deck::all());
        assert_eq!(choice(&["card"], &[], &[]).cards().len(), 15);
        let some = choice(
            &["16-18", "card"],
            &[Topic::Sql],
            &[Level::Junior, Level::Staff],
        );
        let cards = some.cards();
        assert!(!cards.is_empty());
        for card in cards {
            assert!(matches!(card.source, Source::Question(16..=18)));
            assert!(card.level != Level::Senior && card.topic == Topic::Sql);
        }
        assert!(choice(&["17"], &[Topic::Models], &[]).cards().is_empty());
    }
}
