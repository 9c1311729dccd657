//! Customers and trials, and the review of the STAR story (question 29).

use crate::display::{Summarise, Summary};
use crate::interview::retention::{Customers, Trial};
use crate::interview::star::{Finding, Part, PartBudget};

impl Summarise for Customers {
    fn summary(&self) -> Summary {
        let lower = self.uplift().iter().filter(|&&uplift| uplift < 0.0).count();
        Summary::new("Customers")
            .row("customers", self.risk().len(), "")
            .row("churn, not called", self.risk().mean(), "mean risk")
            .row("churn, called", self.risk_if_called().mean(), "mean risk")
            .row("harmed by a call", lower, "customers whose risk it raises")
    }
}

impl Summarise for Trial {
    fn summary(&self) -> Summary {
        let arms = [self.control, self.treatment];
        let rate = |arm: crate::experiment::Conversions| arm.converted as f64 / arm.users as f64;
        Summary::new("Trial")
            .column("arm", ["not called", "called"])
            .column("churned", arms.map(|arm| arm.converted))
            .column("users", arms.map(|arm| arm.users))
            .column("rate", arms.map(rate))
    }
}

impl Summarise for PartBudget {
    fn summary(&self) -> Summary {
        Summary::new("Time of a part")
            .row("part", self.part.name(), "")
            .row("words", self.words, "")
            .row("share", self.share, "% of the words")
            .row("planned", self.part.planned(), "%")
            .row("seconds", self.seconds, "at 140 words a minute")
    }
}

/// It says itself, by `{}`, what to do.
impl Summarise for Finding {
    fn summary(&self) -> Summary {
        Summary::new("Finding")
            .row(
                "part",
                self.part().map_or("the whole story", Part::name),
                "",
            )
            .row("finding", self.to_string(), "")
    }
}

super::shown_as_text!(Customers, Trial, PartBudget);
