//! Cards as a notebook shows them.

use super::deck::{self, Card, Source, html};
use crate::cell::MimeBundle;
use crate::display::RichDisplay;
use crate::random::RandomState;
use crate::{Error, Result};
use std::fmt;

/// Cards in an order.
///
/// A notebook shows each one folded up, the question first; a click shows the answer. It needs no JavaScript.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FlashCards {
    cards: Vec<Card>,
}

/// The cards of a question, 16 to 30.
///
/// # Errors
/// [`Error::OutOfRange`] for another question.
///
/// # Examples
/// ```
/// use dsprep_core::interview::cards::flash_cards;
///
/// let cards = flash_cards(17)?;
/// assert!(cards.cards().len() >= 3);
/// assert!(cards.to_string().contains("How do you keep them from coming back?"));
/// assert_eq!(
///     flash_cards(15).unwrap_err().to_string(),
///     "the question is 15, but it must be between 16 and 30."
/// );
/// # Ok::<(), dsprep_core::Error>(())
/// ```
pub fn flash_cards(question: u8) -> Result<FlashCards> {
    let cards = FlashCards::of(Source::Question(question));
    if cards.cards.is_empty() {
        return Err(Error::OutOfRange {
            what: "the question".to_owned(),
            found: question.to_string(),
            expected: "between 16 and 30",
        });
    }
    Ok(cards)
}

/// The cards about the fifteen lines of the quick reference card, in the order of the lines.
///
/// # Examples
/// ```
/// use dsprep_core::interview::cards::reference_card;
///
/// let cards = reference_card();
/// assert_eq!(cards.cards().len(), 15);
/// assert!(cards.cards().iter().all(|card| card.printed.is_some()));
/// ```
pub fn reference_card() -> FlashCards {
    FlashCards::of(Source::ReferenceCard)
}

/// `number` cards drawn from all, or all if there are fewer; with `RandomState::seed(29)` those that
/// `dsprep cards --seed 29` draws.
///
/// # Examples
/// ```
/// use dsprep_core::interview::cards::mock_interview;
/// use dsprep_core::random::RandomState;
///
/// let draw = |seed| mock_interview(5, &mut RandomState::seed(seed));
/// assert_eq!(draw(29).cards().len(), 5);
/// assert_eq!(draw(29), draw(29));
/// assert_ne!(draw(29), draw(30));
/// ```
pub fn mock_interview(number: usize, rng: &mut RandomState) -> FlashCards {
    let mut cards = deck::all();
    deck::shuffle(&mut cards, u64::from(rng.key()));
    cards.truncate(number);
    FlashCards { cards }
}

impl FlashCards {
    fn of(source: Source) -> Self {
        let mut cards = deck::all();
        cards.retain(|card| card.source == source);
        FlashCards { cards }
    }

    /// The cards in their order.
    pub fn cards(&self) -> &[Card] {
        &self.cards
    }

    /// The card with this key.
    ///
    /// # Errors
    /// [`Error::Undefined`] if no card has it.
    ///
    /// # Examples
    /// ```
    /// use dsprep_core::interview::cards::reference_card;
    ///
    /// let card = reference_card().only("roc-auc")?;
    /// assert!(card.to_string().contains("½ P(they tie)"));
    /// # Ok::<(), dsprep_core::Error>(())
    /// ```
    pub fn only(&self, key: &str) -> Result<FlashCards> {
        let mut cards = self.cards.clone();
        cards.retain(|card| card.key == key);
        if cards.is_empty() {
            let keys: Vec<&str> = self.cards.iter().map(|card| card.key).collect();
            return Err(Error::Undefined {
                what: "the card",
                reason: format!("no card is called \"{key}\"; there are {}", keys.join(", ")),
                remedy: "Take one of these.",
            });
        }
        Ok(FlashCards { cards })
    }
}

/// The cards as plain text, answers below their questions.
impl fmt::Display for FlashCards {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, card) in self.cards.iter().enumerate() {
            if index > 0 {
                out.write_str("\n\n")?;
            }
            write!(out, "{}. [{}] {}", index + 1, card.level, card.front)?;
            if let Some(printed) = card.printed {
                write!(out, "\n   As printed: {}", printed.line)?;
                write!(out, "\n   Remark: {}", printed.remark)?;
            }
            write!(out, "\n   Answer: {}", card.back)?;
            write!(out, "\n   Common wrong answer: {}", card.wrong)?;
            write!(out, "\n   Next: {}", card.follow_up)?;
        }
        Ok(())
    }
}

impl RichDisplay for FlashCards {
    fn mime_bundle(&self) -> MimeBundle {
        let cards: String = self.cards.iter().map(details).collect();
        MimeBundle::plain(self.to_string()).with("text/html", cards)
    }
}

/// A card folded up: the question, and the rest behind it.
fn details(card: &Card) -> String {
    let line = |title: &str, text: &str| format!("<p><i>{title}:</i> {}</p>\n", html(text));
    let mut body = String::new();
    if let Some(printed) = card.printed {
        body += &line("As printed", printed.line);
        body += &line("What is wrong or missing", printed.remark);
    }
    body += &format!("<p>{}</p>\n", html(card.back));
    body += &line("Common wrong answer", card.wrong);
    body += &line("Asked next", card.follow_up);
    format!(
        "<details style=\"margin:4px 0\"><summary><b>{}.</b> {}</summary>\n{body}</details>\n",
        capitalised(card.level.name()),
        html(card.front)
    )
}

fn capitalised(name: &str) -> String {
    let (first, rest) = name.split_at(1);
    first.to_uppercase() + rest
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn every_question_has_three_to_eight_cards_and_the_reference_card_fifteen() {
        for question in 16..=30 {
            let number = flash_cards(question).unwrap().cards().len();
            assert!((3..=8).contains(&number), "question {question}: {number}");
        }
        assert_eq!(reference_card().cards().len(), 15);
    }

    #[test]
    fn every_card_is_complete_and_has_an_id_of_its_own() {
        let cards = deck::all();
        let ids: BTreeSet<String> = cards.iter().map(Card::id).collect();
        assert_eq!(ids.len(), cards.len());
        for card in &cards {
            for text in [card.key, card.front, card.back, card.wrong, card.follow_up] {
                assert!(!text.is_empty() && text.trim() == text, "{}", card.id());
                assert!(!text.contains(['\n', '\t']), "{}", card.id());
                assert_eq!(text.matches('`').count() % 2, 0, "{}", card.id());
            }
            assert_eq!(card.printed.is_some(), card.source == Source::ReferenceCard);
        }
    }

    #[test]
    fn every_level_and_topic_is_asked_about() {
        let cards = deck::all();
        for level in deck::Level::ALL {
            assert!(cards.iter().any(|card| card.level == level), "{level}");
        }
        for topic in deck::Topic::ALL {
            assert!(cards.iter().any(|card| card.topic == topic), "{topic}");
        }
    }

    #[test]
    fn a_card_is_folded_up_and_escaped() {
        let bundle = flash_cards(18).unwrap().mime_bundle();
        let html = bundle.get("text/html").unwrap_or_default();
        assert_eq!(html.matches("<details").count(), 6);
        assert!(html.contains("<code>RANK() &lt;= 3</code>"), "{html}");
    }

    #[test]
    fn an_unknown_key_is_an_error() {
        assert!(matches!(
            reference_card().only("nobody"),
            Err(Error::Undefined { .. })
        ));
    }
}
