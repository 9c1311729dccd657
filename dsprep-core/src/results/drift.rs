//! Tests of whether two samples differ (question 25).

use crate::display::{Summarise, Summary};
use crate::evaluate::drift::{ChiSquareTest, KsTest, PsiBin, StabilityIndex};

impl Summarise for KsTest {
    fn summary(&self) -> Summary {
        Summary::new("Two-sample Kolmogorov-Smirnov test")
            .row(
                "statistic",
                self.statistic,
                "largest gap of the distribution functions, 0 to 1",
            )
            .row(
                "p-value",
                self.p_value,
                "P(a gap this large), if nothing differs",
            )
    }
}

impl Summarise for ChiSquareTest {
    fn summary(&self) -> Summary {
        Summary::new("Chi-square test of homogeneity")
            .row(
                "chi-square",
                self.statistic,
                "Σ (observed − expected)² / expected",
            )
            .row("degrees of freedom", self.degrees_of_freedom, "")
            .row(
                "p-value",
                self.p_value,
                "P(a statistic this large), if all have the same mix",
            )
            .row("Cramér's V", self.cramers_v, "effect size, 0 to 1")
            .row(
                "smallest expected",
                self.smallest_expected,
                "count of a cell",
            )
            .remark_if(
                self.smallest_expected < 5.0,
                "An expected count is below 5: don't trust the p-value, pool rare categories.",
            )
    }
}

impl Summarise for StabilityIndex {
    fn summary(&self) -> Summary {
        let ends = |bin: &PsiBin| (bin.lower, bin.upper);
        let habit = match self.value {
            value if value < 0.1 => "stable",
            value if value <= 0.25 => "somewhat changed",
            _ => "changed",
        };
        Summary::new("Population stability index")
            .row("PSI", self.value, "")
            .column("bin", self.bins.iter().map(ends))
            .column("reference", self.bins.iter().map(|bin| bin.reference))
            .column("current", self.bins.iter().map(|bin| bin.current))
            .column("adds", self.bins.iter().map(|bin| bin.contribution))
            .remark(format!(
                "By habit (0.1 and 0.25) that counts as {habit}; small samples come above 0.1 by chance."
            ))
    }
}

impl Summarise for PsiBin {
    fn summary(&self) -> Summary {
        Summary::new("Bin of a stability index")
            .row("bin", (self.lower, self.upper), "")
            .row("reference", self.reference, "smoothed share")
            .row("current", self.current, "smoothed share")
            .row("adds", self.contribution, "to the index")
    }
}

super::shown_as_text!(KsTest, ChiSquareTest, StabilityIndex, PsiBin);
