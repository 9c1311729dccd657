//! The work of a statement, and rows with their places (questions 16 to 18).

use crate::Result;
use crate::display::{Shown, Summarise, Summary, ToFrame};
use crate::sql::{PlanStep, QueryPlan, QueryWork, RankedRow};
use polars::prelude::DataFrame;

impl Summarise for QueryWork {
    fn summary(&self) -> Summary {
        let count = |number: i64| Shown::Count(number.max(0) as u64);
        Summary::new("Work of a statement, as SQLite counts it")
            .row("rows", self.rows, "returned")
            .row(
                "VM steps",
                count(self.vm_steps),
                "instructions of the virtual machine",
            )
            .row(
                "scan steps",
                count(self.scan_steps),
                "forward in a scan of a whole table",
            )
            .row("sorts", count(self.sorts), "")
            .row(
                "automatic index rows",
                count(self.automatic_index_rows),
                "for this statement alone",
            )
    }
}

impl Summarise for RankedRow {
    fn summary(&self) -> Summary {
        Summary::new("Row with its place")
            .row("row", Shown::Id(self.row as u64), "from 0")
            .row("rank", Shown::Id(self.rank as u64), "from 1")
    }
}

impl Summarise for PlanStep {
    fn summary(&self) -> Summary {
        Summary::new("Step of a plan")
            .row("depth", self.depth, "steps that it is part of")
            .row("detail", self.detail.as_str(), "")
    }
}

/// A row for each step.
impl ToFrame for QueryPlan {
    fn to_frame(&self) -> Result<DataFrame> {
        self.steps.to_frame()
    }
}

super::shown_as_text!(QueryWork, RankedRow, PlanStep);
