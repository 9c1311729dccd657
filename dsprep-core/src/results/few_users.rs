//! Results of the tests for few users, other metrics and other hypotheses (question 26).

use super::experiment::difference;
use super::linear::places;
use crate::display::{Summarise, Summary};
use crate::experiment::{
    FisherExact, MannWhitney, NonInferiority, PermutationTest, RatioMetric, RatioMetricTest,
    ThompsonSampling,
};

impl Summarise for FisherExact {
    fn summary(&self) -> Summary {
        Summary::new("Fisher's exact test")
            .row(
                "odds ratio",
                self.odds_ratio,
                "treatment's odds / control's",
            )
            .row("p-value", self.p_value, "")
    }
}

impl Summarise for MannWhitney {
    fn summary(&self) -> Summary {
        Summary::new("Mann-Whitney test")
            .row("U", self.statistic, "pairs in which the treatment has more")
            .row(
                "superiority",
                self.superiority,
                "P(treatment > control), ties half",
            )
            .row(
                "p-value",
                self.p_value,
                if self.exact {
                    "exact"
                } else {
                    "normal approximation"
                },
            )
    }
}

impl Summarise for PermutationTest {
    fn summary(&self) -> Summary {
        Summary::new("Permutation test")
            .row("statistic", self.statistic, "of the data")
            .row(
                "p-value",
                self.p_value,
                "share of permutations at least as extreme",
            )
            .row(
                "permutations",
                self.permutations,
                if self.exact { "all there are" } else { "drawn" },
            )
    }
}

impl Summarise for NonInferiority {
    fn summary(&self) -> Summary {
        Summary::new("Non-inferiority")
            .row("difference", self.difference, "treatment − control")
            .row("margin", self.margin, "the loss to be ruled out")
            .row("p-value", self.p_value, "of a loss of the margin or more")
            .row(
                "p-value of equivalence",
                self.equivalence_p_value,
                "of a loss or a gain so large",
            )
    }
}

impl Summarise for RatioMetric {
    fn summary(&self) -> Summary {
        Summary::new("Ratio metric")
            .row("ratio", self.ratio, "Σ numerators / Σ denominators")
            .row("standard error", self.standard_error, "delta method")
    }
}

impl Summarise for RatioMetricTest {
    fn summary(&self) -> Summary {
        let in_errors = "the difference in standard errors, delta method";
        difference(
            "Ratio metrics of two arms",
            "ratio",
            self.difference,
            self.interval,
        )
        .row("z", self.statistic, in_errors)
        .row("p-value", self.p_value, "two-sided")
    }
}

impl Summarise for ThompsonSampling {
    fn summary(&self) -> Summary {
        Summary::new("Thompson sampling")
            .column("arm", places(self.arms().len()))
            .column("users", self.arms().iter().map(|arm| arm.users))
            .column("converted", self.arms().iter().map(|arm| arm.converted))
    }
}

super::shown_as_text!(
    FisherExact,
    MannWhitney,
    PermutationTest,
    NonInferiority,
    RatioMetric,
    RatioMetricTest,
    ThompsonSampling,
);
