//! The review of a story.

use super::words::words;
use super::{Finding, Part, Story, rules};
use crate::Result;
use crate::plot::{Figure, Labels, grouped_bar_chart};

/// How much of the time a part takes.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct PartBudget {
    /// The part.
    pub part: Part,
    /// Its words.
    pub words: usize,
    /// Its share of all words, in per cent; 0 for an empty story.
    pub share: f64,
    /// How long it takes to say, in seconds, at 140 words a minute.
    pub seconds: f64,
}

/// What [`Story::review`] returns: the time budget and the findings.
#[derive(Debug, Clone, PartialEq)]
pub struct Review {
    budget: [PartBudget; 4],
    findings: Vec<Finding>,
}

impl Story {
    /// What an interviewer would find. O(length of the story).
    pub fn review(&self) -> Review {
        Review::of(self)
    }
}

impl Review {
    fn of(story: &Story) -> Self {
        let counts = Part::ALL.map(|part| words(story.part(part)).count());
        let total: usize = counts.iter().sum();
        let budget = [0, 1, 2, 3].map(|index| PartBudget {
            part: Part::ALL[index],
            words: counts[index],
            share: 100.0 * counts[index] as f64 / total.max(1) as f64,
            seconds: rules::seconds(counts[index]),
        });
        let mut findings = Vec::new();
        for part in budget {
            findings.extend(rules::budget(part.part, part.words, part.share));
        }
        findings.extend(rules::length(total));
        findings.extend(rules::percent(Part::Task, &story.task));
        if !story.action.trim().is_empty() {
            findings.extend(rules::pronouns(&story.action));
            findings.extend(rules::decisions(&story.action));
        }
        if !story.result.trim().is_empty() {
            findings.extend(rules::evidence(&story.result));
            findings.extend(rules::percent(Part::Result, &story.result));
            findings.extend(rules::counterfactual(&story.result));
        }
        Review { budget, findings }
    }

    /// The time budget, part by part.
    pub fn budget(&self) -> &[PartBudget; 4] {
        &self.budget
    }

    /// What an interviewer would ask about, in the order of the story; empty if the story holds up.
    pub fn findings(&self) -> &[Finding] {
        &self.findings
    }

    /// The shares of the parts beside the planned ones, as bars.
    ///
    /// # Errors
    /// [`Error::Plot`](crate::Error::Plot) if the chart can't be drawn.
    ///
    /// # Examples
    /// ```
    /// use dsprep_core::interview::star::Story;
    ///
    /// let figure = Story::churn().review().budget_chart("The churn story")?;
    /// assert!(figure.svg().contains("planned"));
    /// # Ok::<(), dsprep_core::Error>(())
    /// ```
    pub fn budget_chart(&self, title: &str) -> Result<Figure> {
        let shares = self.budget.map(|part| part.share.round());
        grouped_bar_chart(
            &Part::ALL.map(Part::name),
            &[("told", shares), ("planned", Part::ALL.map(Part::planned))],
            Labels {
                title,
                x: "Part",
                y: "Share of the words (%)",
            },
        )
    }

    /// How long the whole takes to say, in seconds, at 140 words a minute.
    pub fn seconds(&self) -> f64 {
        self.budget.iter().map(|part| part.seconds).sum()
    }
}

#[cfg(test)]
mod tests {
    use super::super::example::good;
    use super::*;

    #[test]
    fn a_good_story_has_no_findings() {
        let review = good().review();
        assert_eq!(review.findings(), [], "{review}");
        assert!(review.seconds() < 120.0);
    }

    #[test]
    fn the_churn_story_names_nobody_and_no_decision_and_its_number_hangs_in_the_air() {
        let review = Story::churn().review();
        let shares = review.budget().map(|part| part.share.round());
        assert_eq!(shares.iter().sum::<f64>(), 100.0);
        let eighteen = || "18%".to_owned();
        for wanted in [
            Finding::TooLittleI { i: 0, we: 0 },
            Finding::NoDecision,
            Finding::NoBaseline { number: eighteen() },
            Finding::NoInterval { number: eighteen() },
            Finding::AmbiguousPercent {
                part: Part::Task,
                number: "15%".to_owned(),
            },
            Finding::AmbiguousPercent {
                part: Part::Result,
                number: eighteen(),
            },
            Finding::NoCounterfactual,
        ] {
            assert!(
                review.findings().contains(&wanted),
                "{wanted:?} not in {review}"
            );
        }
    }

    #[test]
    fn each_thing_taken_away_is_found() {
        type Spoil = fn(&mut Story);
        type Wanted = fn(&Finding) -> bool;
        let cases: [(Spoil, Wanted); 7] = [
            (|s| s.task.clear(), |f| *f == Finding::Missing(Part::Task)),
            (
                |s| s.situation = s.situation.repeat(6),
                |f| {
                    matches!(
                        f,
                        Finding::OffBudget {
                            part: Part::Situation,
                            ..
                        }
                    )
                },
            ),
            (
                |s| s.action = s.action.repeat(4),
                |f| matches!(f, Finding::TooLong { .. }),
            ),
            (
                |s| s.action = s.action.replace("I ", "we "),
                |f| matches!(f, Finding::TooLittleI { .. }),
            ),
            (
                |s| s.action = s.action.replace("chose", "tried"),
                |f| *f == Finding::NoDecision,
            ),
            (
                |s| s.result = "Everybody was happy.".to_owned(),
                |f| *f == Finding::NoNumber,
            ),
            (
                |s| s.result = s.result.replace("interval", "number"),
                |f| matches!(f, Finding::NoInterval { .. }),
            ),
        ];
        for (at, (spoil, is_wanted)) in cases.into_iter().enumerate() {
            let mut story = good();
            spoil(&mut story);
            let review = story.review();
            assert!(
                review.findings().iter().any(is_wanted),
                "case {at}: {review}"
            );
        }
    }

    #[test]
    fn an_empty_story_is_missing_its_parts_and_nothing_else() {
        let review = Story::default().review();
        assert_eq!(review.findings(), Part::ALL.map(Finding::Missing));
        assert_eq!(review.budget()[0].share, 0.0);
    }
}
