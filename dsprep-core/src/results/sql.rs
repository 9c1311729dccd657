//! The work of a statement, and rows with their places (questions 16 to 18).

use crate::display::{Shown, Summarise, Summary};
use crate::sql::{QueryWork, RankedRow};

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

super::shown_as_text!(QueryWork, RankedRow);
