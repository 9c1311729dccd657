//! Flash cards and stories.

use crate::inputs::{any_number, cases};
use dsprep_core::interview::cards::deck;
use dsprep_core::interview::star::Part;
use dsprep_core::prelude::*;
use proptest::prelude::*;

proptest! {
    #![proptest_config(cases(32))]

    #[test]
    fn a_shuffled_deck_holds_every_card_once(seed: u64, size in 0_usize..80) {
        let mut items: Vec<usize> = (0..size).collect();
        deck::shuffle(&mut items, seed);
        let mut again: Vec<usize> = (0..size).collect();
        deck::shuffle(&mut again, seed);
        prop_assert_eq!(&items, &again);
        items.sort_unstable();
        prop_assert!(items.into_iter().eq(0..size));
    }

    #[test]
    fn a_mock_interview_asks_no_card_twice(seed: u32, number in 0_usize..100) {
        let interview = mock_interview(number, &mut RandomState::seed(seed));
        let mut ids: Vec<String> = interview.cards().iter().map(|card| card.id()).collect();
        prop_assert_eq!(ids.len(), number.min(deck::all().len()));
        ids.sort();
        ids.dedup();
        prop_assert_eq!(ids.len(), interview.cards().len());
    }

    #[test]
    fn any_story_can_be_reviewed(
        parts in prop::array::uniform4("(\\PC{0,12}|[0-9%.,$ -]{0,12}|I |we |chose ){0,8}"),
    ) {
        let [situation, task, action, result] = parts;
        let story = Story { situation, task, action, result };
        let review = story.review();
        let words: usize = review.budget().iter().map(|part| part.words).sum();
        let share: f64 = review.budget().iter().map(|part| part.share).sum();
        prop_assert!(words == 0 || (share - 100.0).abs() < 1e-9, "{}", share);
        prop_assert!(review.seconds() >= 0.0 && review.seconds().is_finite());
        prop_assert_eq!(Part::ALL.len(), review.budget().len());
        let _ = (story.to_string(), review.to_string());
    }

    #[test]
    fn any_question_has_its_cards_or_none(question: u8, key in "\\PC{0,8}") {
        match flash_cards(question) {
            Ok(cards) => prop_assert!((16..=30).contains(&question) && cards.only(&key).is_err() | cards.cards().iter().any(|card| card.key == key)),
            Err(_) => prop_assert!(!(16..=30).contains(&question)),
        }
    }

    #[test]
    fn the_customers_called_are_those_with_the_highest_scores(
        number in 1_usize..60, share in any_number(), seed: u32,
    ) {
        let mut rng = RandomState::seed(seed);
        let customers = Customers::simulate(number, &mut rng)?;
        let scores = rng.randn(number).unwrap();
        match customers.top(&scores, share) {
            Ok(called) => {
                prop_assert!((0.0..=1.0).contains(&share));
                let least = called.iter().map(|&customer| scores[customer]).fold(f64::INFINITY, f64::min);
                let others = (0..number).filter(|customer| !called.contains(customer));
                prop_assert!(others.map(|customer| scores[customer]).all(|score| score <= least));
                let churn = customers.expected_churn(&called)?;
                prop_assert!((0.0..=1.0).contains(&churn) || (0.0..=number as f64).contains(&churn));
            }
            Err(_) => prop_assert!(!(0.0..=1.0).contains(&share)),
        }
    }
}
