//! When a card is due again: the Free Spaced Repetition Scheduler, version 6, with its published weights.
//!
//! A memory has a stability S, the days after which it is recalled with a probability of 90 %, and a difficulty D from
//! 1 to 10. Each review changes both, the more the closer the card was to being forgotten. After Ye, Su and Cao, "A
//! stochastic shortest path algorithm for optimizing spaced repetition scheduling", KDD 2022, and the description of
//! FSRS-6 by open-spaced-repetition, whose implementation in Python gave the numbers of the tests.

/// The weights that fit most learners.
const W: [f64; 21] = [
    0.212, 1.2931, 2.3065, 8.2956, 6.4133, 0.8334, 3.0194, 0.001, 1.8722, 0.1666, 0.796, 1.4835,
    0.0614, 0.2629, 1.6483, 0.6014, 1.8729, 0.5425, 0.0912, 0.0658, 0.1542,
];
/// The probability with which a card is to be recalled when it is due.
const RETENTION: f64 = 0.9;
/// The longest interval in days: an interview is nearer than that.
const LONGEST: f64 = 365.0;
const DAY: f64 = 86_400.0;

/// What is remembered of a card.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Memory {
    /// Days until the probability of recall has fallen to 90 %.
    pub stability: f64,
    /// 1 (easy) to 10.
    pub difficulty: f64,
    /// When it was last reviewed, in seconds since 1970.
    pub reviewed: u64,
}

impl Memory {
    /// The memory after a first review with `rating` from 1 (forgotten) to 4 (easy).
    pub fn first(rating: u8, at: u64) -> Memory {
        Memory {
            stability: W[usize::from(rating.clamp(1, 4)) - 1],
            difficulty: first_difficulty(rating).clamp(1.0, 10.0),
            reviewed: at,
        }
    }

    /// The memory after another review.
    #[must_use]
    pub fn after(self, rating: u8, at: u64) -> Memory {
        let days = (at.saturating_sub(self.reviewed) as f64 / DAY).floor();
        let stability = if days < 1.0 {
            self.after_short(rating)
        } else {
            let recall = self.recall(days);
            match rating {
                1 => self.after_lapse(recall),
                _ => self.after_recall(rating, recall),
            }
        };
        Memory {
            stability: stability.max(0.001),
            difficulty: self.next_difficulty(rating),
            reviewed: at,
        }
    }

    /// When it is due, in seconds since 1970.
    pub fn due(&self) -> u64 {
        self.reviewed + (self.interval() * DAY) as u64
    }

    /// Whole days until it is due.
    pub fn interval(&self) -> f64 {
        let days = self.stability / factor() * (RETENTION.powf(-1.0 / W[20]) - 1.0);
        days.round().clamp(1.0, LONGEST)
    }

    /// The probability of recall after `days`.
    fn recall(&self, days: f64) -> f64 {
        (1.0 + factor() * days / self.stability).powf(-W[20])
    }

    /// A second review on the same day.
    fn after_short(&self, rating: u8) -> f64 {
        let growth =
            (W[17] * (f64::from(rating) - 3.0 + W[18])).exp() * self.stability.powf(-W[19]);
        let growth = if rating >= 3 { growth.max(1.0) } else { growth };
        self.stability * growth
    }

    fn after_lapse(&self, recall: f64) -> f64 {
        let long = W[11]
            * self.difficulty.powf(-W[12])
            * ((self.stability + 1.0).powf(W[13]) - 1.0)
            * (W[14] * (1.0 - recall)).exp();
        long.min(self.stability / (W[17] * W[18]).exp())
    }

    fn after_recall(&self, rating: u8, recall: f64) -> f64 {
        let weight = match rating {
            2 => W[15],
            4 => W[16],
            _ => 1.0,
        };
        let growth = W[8].exp()
            * (11.0 - self.difficulty)
            * self.stability.powf(-W[9])
            * ((W[10] * (1.0 - recall)).exp() - 1.0);
        self.stability * (1.0 + growth * weight)
    }

    fn next_difficulty(&self, rating: u8) -> f64 {
        let change = -W[6] * (f64::from(rating) - 3.0);
        let next = self.difficulty + change * (10.0 - self.difficulty) / 9.0;
        (W[7] * first_difficulty(4) + (1.0 - W[7]) * next).clamp(1.0, 10.0)
    }
}

fn first_difficulty(rating: u8) -> f64 {
    W[4] - (W[5] * (f64::from(rating) - 1.0)).exp() + 1.0
}

/// What makes the probability of recall 90 % after S days.
fn factor() -> f64 {
    0.9_f64.powf(-1.0 / W[20]) - 1.0
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Reviews always when due.
    fn intervals(ratings: &[u8]) -> Vec<f64> {
        let mut memory = Memory::first(ratings[0], 0);
        let mut intervals = vec![memory.interval()];
        for rating in &ratings[1..] {
            memory = memory.after(*rating, memory.due());
            intervals.push(memory.interval());
        }
        intervals
    }

    /// What py-fsrs 6 says, without its steps of minutes and its random part.
    #[test]
    fn intervals_are_those_of_the_reference_implementation() {
        assert_eq!(intervals(&[3; 6]), [2.0, 11.0, 46.0, 163.0, 365.0, 365.0]);
        assert_eq!(
            intervals(&[3, 3, 1, 3, 3, 4]),
            [2.0, 11.0, 2.0, 5.0, 12.0, 41.0]
        );
        assert_eq!(
            intervals(&[1, 2, 3, 3, 2, 1, 1, 3]),
            [1.0, 1.0, 3.0, 8.0, 14.0, 2.0, 1.0, 1.0]
        );
        assert_eq!(intervals(&[4; 4]), [8.0, 66.0, 365.0, 365.0]);
        assert_eq!(intervals(&[2; 5]), [1.0, 3.0, 7.0, 12.0, 18.0]);
    }

    #[test]
    fn reviews_on_one_day_are_those_of_the_reference_implementation() {
        let hour = |hours: u64| hours * 3600;
        let memory = Memory::first(3, 0)
            .after(3, hour(1))
            .after(1, hour(2))
            .after(4, hour(3));
        assert!(
            (memory.stability - 1.424_693_765_855_496_8).abs() < 1e-12,
            "{memory:?}"
        );
        assert!(
            (memory.difficulty - 6.506_074_007_171_493_5).abs() < 1e-12,
            "{memory:?}"
        );
    }

    #[test]
    fn more_is_forgotten_later_and_a_better_answer_waits_longer() {
        let memory = Memory::first(3, 0);
        assert!((memory.recall(memory.stability) - 0.9).abs() < 1e-12);
        let later: Vec<f64> = (1..=4)
            .map(|rating| memory.after(rating, memory.due()).interval())
            .collect();
        assert!(later.windows(2).all(|pair| pair[0] <= pair[1]), "{later:?}");
    }
}
