//! Results of experiments (question 26).

use crate::Interval;
use crate::display::{Shown, Summarise, Summary};
use crate::experiment::{
    AlwaysValid, Conversions, Cuped, Design, ErrorRates, Findings, Lift, Look, MixtureSprt,
    PeekingRates, RiskRatio, SampleRatio, SampleSize, TrafficRow, WelchTest, ZTest,
};

/// Below this p-value a split of users is suspect: the test runs on every experiment and every day.
const SUSPECT_SPLIT: f64 = 0.001;

/// It says itself, by `{}`, in one line what it is.
impl Summarise for Interval {
    fn summary(&self) -> Summary {
        Summary::new("Interval")
            .row("lower", self.lower, "")
            .row("upper", self.upper, "")
    }
}

impl Summarise for SampleSize {
    fn summary(&self) -> Summary {
        let (control, treatment) = self.rounded_up();
        Summary::new("Sample size")
            .row("control", self.control, "users")
            .row("treatment", self.treatment, "users")
            .row(
                "together",
                control.saturating_add(treatment),
                "whole users, rounded up",
            )
    }
}

impl Summarise for Design {
    fn summary(&self) -> Summary {
        Summary::new("Design of an experiment")
            .row("alpha", self.alpha, "P(finding), if there is no effect")
            .row("power", self.power, "P(finding), if the effect is the lift")
            .row("sides", format!("{:?}", self.sides).to_lowercase(), "")
            .row("ratio", self.ratio, "treatment users for each control user")
            .row("variance", format!("{:?}", self.variance), "")
    }
}

impl Summarise for Lift {
    fn summary(&self) -> Summary {
        let (value, note) = match self {
            Lift::Absolute(value) => (value, "absolute, in the metric's own unit"),
            Lift::Relative(value) => (value, "relative, as a share of the control's value"),
        };
        Summary::new("Lift").row("lift", value, note)
    }
}

impl Summarise for TrafficRow {
    fn summary(&self) -> Summary {
        Summary::new("Traffic")
            .row("share", self.share, "of users that get the treatment")
            .row("users a day", self.users_per_day, "in the treatment")
            .row("days", self.days, "until the test has its power")
            .row("standard error", self.standard_error, "of the difference")
    }
}

impl Summarise for Conversions {
    fn summary(&self) -> Summary {
        let rate = (self.users > 0).then(|| self.converted as f64 / self.users as f64);
        Summary::new("Conversions")
            .row("converted", self.converted, "users")
            .row("users", self.users, "")
            .row("rate", rate, "")
    }
}

/// What the tests of the difference of two arms begin with: the difference of a rate, a mean or a ratio, and its interval.
pub(super) fn difference(title: &str, of: &str, difference: f64, interval: Interval) -> Summary {
    Summary::new(title)
        .row(
            "difference",
            difference,
            &format!("treatment's {of} − control's"),
        )
        .row(
            "interval",
            interval,
            "confidence interval of the difference",
        )
}

impl Summarise for ZTest {
    fn summary(&self) -> Summary {
        let in_errors = "the difference in pooled standard errors";
        difference(
            "Two-proportion z-test",
            "rate",
            self.difference,
            self.interval,
        )
        .row("z", self.statistic, in_errors)
        .row("p-value", self.p_value, "two-sided")
    }
}

impl Summarise for WelchTest {
    fn summary(&self) -> Summary {
        difference("Welch's t-test", "mean", self.difference, self.interval)
            .row("t", self.statistic, "the difference in standard errors")
            .row(
                "degrees of freedom",
                self.degrees_of_freedom,
                "Satterthwaite",
            )
            .row("p-value", self.p_value, "two-sided")
    }
}

impl Summarise for SampleRatio {
    fn summary(&self) -> Summary {
        let summary = Summary::new("Sample ratio")
            .row(
                "chi-square",
                self.chi_square,
                "Σ (observed − expected)² / expected",
            )
            .row(
                "p-value",
                self.p_value,
                "P(a split this far off), if assignment works",
            );
        if self.is_mismatch(SUSPECT_SPLIT) {
            summary.remark(format!(
                "Mismatch (p < {SUSPECT_SPLIT}): find the cause before reading the experiment."
            ))
        } else {
            summary.remark("No sign of a mismatch.")
        }
    }
}

impl Summarise for RiskRatio {
    fn summary(&self) -> Summary {
        let summary = Summary::new("Risk ratio")
            .row("ratio", self.ratio, "treatment's rate / control's")
            .row(
                "interval",
                self.interval,
                "confidence interval of the ratio",
            )
            .row(
                "relative change",
                format!("{:+.1} %", 100.0 * (self.ratio - 1.0)),
                "",
            );
        summary.remark_if(
            self.interval.contains(1.0),
            "The interval holds 1: no difference is possible.",
        )
    }
}

impl Summarise for Look {
    fn summary(&self) -> Summary {
        Summary::new("Planned look")
            .row("fraction", self.fraction, "of all users that is in")
            .row("α spent", self.spent, "up to and with this look")
            .row("|z|", self.z, "stop from here on")
            .row("p-value", self.nominal_p(), "two-sided, at that |z|")
    }
}

impl Summarise for AlwaysValid {
    fn summary(&self) -> Summary {
        Summary::new("Mixture SPRT, after a look")
            .row("p-value", self.p_value, "always valid: the smallest so far")
            .row(
                "interval",
                self.interval,
                "of the difference, valid at all looks together",
            )
    }
}

impl Summarise for PeekingRates {
    fn summary(&self) -> Summary {
        Summary::new("Share of experiments with a finding")
            .row("one look", self.single_look, "at the end")
            .row("every look", self.every_look, "until the first finding")
            .row(
                "α spending",
                self.group_sequential,
                "O'Brien-Fleming, at every look",
            )
            .row("mixture SPRT", self.mixture_sprt, "at every look")
            .remark("Without an effect this is the type-I error, with one the power.")
    }
}

impl Summarise for Cuped {
    fn summary(&self) -> Summary {
        Summary::new("CUPED")
            .row("θ", self.theta, "cov(X, Y) / var(X)")
            .row(
                "mean of X",
                self.covariate_mean,
                "the covariate, over all users",
            )
            .row("ρ", self.correlation, "correlation of X and Y")
            .row("variance left", self.variance_ratio(), "1 − ρ²")
    }
}

impl Summarise for ErrorRates {
    fn summary(&self) -> Summary {
        Summary::new("Error rates")
            .row(
                "type I",
                self.type_1,
                "α: a finding though there is nothing",
            )
            .row(
                "type II",
                self.type_2,
                "β: nothing found though there is something",
            )
            .row("power", self.power(), "1 − β")
    }
}

impl Summarise for Findings {
    fn summary(&self) -> Summary {
        let share = self.false_discovery_proportion();
        Summary::new("Experiments")
            .row(
                "true positives",
                self.true_positives,
                "an effect, and found",
            )
            .row(
                "false positives",
                self.false_positives,
                "no effect, but found: type-I errors",
            )
            .row(
                "false negatives",
                self.false_negatives,
                "an effect, not found: type-II errors",
            )
            .row(
                "true negatives",
                self.true_negatives,
                "no effect, and none found",
            )
            .row(
                "false discovery proportion",
                share.map_or(Shown::from("no findings"), Shown::from),
                "",
            )
    }
}

impl Summarise for MixtureSprt {
    fn summary(&self) -> Summary {
        Summary::new("Mixture SPRT")
            .row("τ", self.tau(), "the difference that it is tuned for")
            .row(
                "α",
                self.alpha(),
                "P(a false finding), at all looks together",
            )
            .row(
                "p-value",
                self.p_value(),
                "always valid: the smallest so far",
            )
    }
}

super::shown_as_text!(
    SampleSize,
    Design,
    Lift,
    TrafficRow,
    Conversions,
    ZTest,
    WelchTest,
    SampleRatio,
    RiskRatio,
    Look,
    AlwaysValid,
    PeekingRates,
    Cuped,
    ErrorRates,
    Findings,
    MixtureSprt
);
