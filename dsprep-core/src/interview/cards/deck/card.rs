//! What a flash card is.

use std::fmt;

/// A flash card.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Card {
    /// A name that stays the same when cards are added or reworded; unique within its source.
    pub key: &'static str,
    /// Where it belongs.
    pub source: Source,
    /// What it is about.
    pub topic: Topic,
    /// Who is expected to know it.
    pub level: Level,
    /// The question. Here and in the other texts, code stands in backticks.
    pub front: &'static str,
    /// The answer.
    pub back: &'static str,
    /// An answer that is often given and wrong.
    pub wrong: &'static str,
    /// What an interviewer asks next.
    pub follow_up: &'static str,
    /// The line of the quick reference card that the card is about.
    pub printed: Option<Printed>,
}

/// A line of the quick reference card.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Printed {
    /// As it was printed.
    pub line: &'static str,
    /// What is wrong with it or missing.
    pub remark: &'static str,
}

/// Where a card belongs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Source {
    /// A question, 16 to 30.
    Question(u8),
    /// The quick reference card.
    ReferenceCard,
}

/// Who is expected to know the answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Level {
    /// In the first job.
    Junior,
    /// Who does it without help.
    Senior,
    /// Who decides for several teams.
    Staff,
}

/// What a card is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Topic {
    /// Joins, duplicates, ranks.
    Sql,
    /// Backpropagation, attention, transfer, tokenizers.
    DeepLearning,
    /// Recommenders, fraud detection, monitoring.
    SystemDesign,
    /// Hypothesis tests and A/B tests.
    Experiments,
    /// Bias and variance, trees, regularisation.
    Models,
    /// Metrics of classifiers.
    Evaluation,
    /// Leakage, skew, shift.
    Production,
    /// Forecasts and their metrics.
    Forecasting,
    /// Telling of one's own work.
    Storytelling,
}

impl Card {
    /// A card of `source` about `topic` whose texts are still to be filled in.
    pub(super) const fn of(source: Source, topic: Topic) -> Self {
        Card {
            key: "",
            source,
            topic,
            level: Level::Junior,
            front: "",
            back: "",
            wrong: "",
            follow_up: "",
            printed: None,
        }
    }

    /// A name that is unique among all cards and stays the same: `q16-keys`, `card-p-value`.
    pub fn id(&self) -> String {
        match self.source {
            Source::Question(number) => format!("q{number}-{}", self.key),
            Source::ReferenceCard => format!("card-{}", self.key),
        }
    }
}

impl Level {
    /// All levels, from the first to the last.
    pub const ALL: [Level; 3] = [Level::Junior, Level::Senior, Level::Staff];

    /// The name in lower case, as it is typed.
    pub fn name(self) -> &'static str {
        match self {
            Level::Junior => "junior",
            Level::Senior => "senior",
            Level::Staff => "staff",
        }
    }
}

impl Topic {
    /// All topics.
    pub const ALL: [Topic; 9] = [
        Topic::Sql,
        Topic::DeepLearning,
        Topic::SystemDesign,
        Topic::Experiments,
        Topic::Models,
        Topic::Evaluation,
        Topic::Production,
        Topic::Forecasting,
        Topic::Storytelling,
    ];

    /// The name in lower case, as it is typed.
    pub fn name(self) -> &'static str {
        match self {
            Topic::Sql => "sql",
            Topic::DeepLearning => "deep-learning",
            Topic::SystemDesign => "system-design",
            Topic::Experiments => "experiments",
            Topic::Models => "models",
            Topic::Evaluation => "evaluation",
            Topic::Production => "production",
            Topic::Forecasting => "forecasting",
            Topic::Storytelling => "storytelling",
        }
    }
}

impl fmt::Display for Source {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Source::Question(number) => write!(out, "question {number}"),
            Source::ReferenceCard => out.write_str("reference card"),
        }
    }
}

impl fmt::Display for Level {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.pad(self.name())
    }
}

impl fmt::Display for Topic {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.pad(self.name())
    }
}
