//! The story and its parts.

/// A part of a story.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Part {
    /// Where it took place, and why it mattered.
    Situation,
    /// What was asked of you, with a target that can be measured.
    Task,
    /// What you did and decided.
    Action,
    /// What came of it, against what would have happened otherwise.
    Result,
}

impl Part {
    /// The parts in the order in which they are told.
    pub const ALL: [Part; 4] = [Part::Situation, Part::Task, Part::Action, Part::Result];

    /// The name.
    pub fn name(self) -> &'static str {
        match self {
            Part::Situation => "Situation",
            Part::Task => "Task",
            Part::Action => "Action",
            Part::Result => "Result",
        }
    }

    /// The share of the time that it should take, in per cent: 10, 10, 60, 20.
    pub fn planned(self) -> f64 {
        match self {
            Part::Situation | Part::Task => 10.0,
            Part::Action => 60.0,
            Part::Result => 20.0,
        }
    }
}

/// A story in four parts, as it would be told.
///
/// # Examples
/// ```
/// use dsprep_core::interview::star::{Finding, Story};
///
/// let story = Story {
///     situation: "Support answered 900 mails a day by hand.".into(),
///     task: "I was to halve the time to the first answer.".into(),
///     action: "We built a classifier. We deployed it.".into(),
///     result: "Everybody was happy.".into(),
/// };
/// let review = story.review();
/// assert!(review.findings().contains(&Finding::TooLittleI { i: 0, we: 2 }));
/// assert!(review.findings().contains(&Finding::NoNumber));
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Story {
    /// Where it took place, and why it mattered.
    pub situation: String,
    /// What was asked of you.
    pub task: String,
    /// What you did and decided.
    pub action: String,
    /// What came of it.
    pub result: String,
}

impl Story {
    /// The churn story of the original, word by word, each of its bullet points as a sentence.
    ///
    /// # Examples
    /// ```
    /// use dsprep_core::interview::star::Story;
    /// assert!(!Story::churn().review().findings().is_empty());
    /// ```
    pub fn churn() -> Self {
        Story {
            situation: "Our subscription business was losing ~8% of customers per month. The retention team was \
                calling all at-risk customers manually, which was expensive and untargeted."
                .to_owned(),
            task: "Build a churn prediction model to prioritize which customers to contact, with the goal of \
                reducing churn by 15% within 6 months."
                .to_owned(),
            action: "Defined churn label carefully: no login in 30 days AND no subscription renewal (avoided \
                leakage). Engineered point-in-time features: login frequency trend, support ticket volume, \
                feature adoption scores. Trained GBM model; PR-AUC 0.72 vs. baseline 0.41. Worked with eng to \
                deploy as batch scoring job (weekly); integrated scores into CRM. A/B tested: intervention \
                group (top 20% risk score) vs control — 2-week holdout."
                .to_owned(),
            result: "18% reduction in churn in intervention group (exceeded 15% target). Retention team \
                efficiency improved: same headcount, 3x more targeted outreach. Model monitoring dashboard in \
                place; quarterly retraining cadence."
                .to_owned(),
        }
    }

    /// The text of a part.
    pub fn part(&self, part: Part) -> &str {
        match part {
            Part::Situation => &self.situation,
            Part::Task => &self.task,
            Part::Action => &self.action,
            Part::Result => &self.result,
        }
    }
}
