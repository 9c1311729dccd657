//! Progress bars, one for each running notebook.

use indicatif::{MultiProgress, ProgressBar, ProgressStyle};
use std::collections::BTreeMap;
use std::time::Duration;

/// How long a name may be before the bar.
const NAME_WIDTH: usize = 28;

/// The bars on the terminal.
pub struct Bars {
    all: MultiProgress,
    running: BTreeMap<usize, ProgressBar>,
}

impl Bars {
    /// No bar yet.
    pub fn new() -> Self {
        Bars {
            all: MultiProgress::new(),
            running: BTreeMap::new(),
        }
    }

    /// Adds the bar of a notebook.
    pub fn add(&mut self, notebook: usize, name: &str, cells: usize) {
        let bar = self
            .all
            .add(ProgressBar::new(cells as u64))
            .with_style(style())
            .with_prefix(shortened(name));
        bar.set_message("starting the kernel");
        // So that the time goes on while a cell runs.
        bar.enable_steady_tick(Duration::from_millis(100));
        self.running.insert(notebook, bar);
    }

    /// Shows that `done` cells are over and the one that begins with `line` runs.
    pub fn advance(&mut self, notebook: usize, done: usize, line: &str) {
        if let Some(bar) = self.running.get(&notebook) {
            bar.set_position(done as u64);
            bar.set_message(line.to_owned());
        }
    }

    /// Takes away the bar of a notebook.
    pub fn remove(&mut self, notebook: usize) {
        if let Some(bar) = self.running.remove(&notebook) {
            bar.finish_and_clear();
            self.all.remove(&bar);
        }
    }

    /// Takes away all bars.
    pub fn clear(&self) {
        self.running
            .values()
            .for_each(ProgressBar::finish_and_clear);
        // A terminal that is gone shows nothing anyway.
        let _ = self.all.clear();
    }

    /// Prints without the bars being in the way.
    pub fn suspend(&self, print: impl FnOnce()) {
        self.all.suspend(print);
    }
}

fn template() -> String {
    format!(
        "{{spinner}} {{prefix:{NAME_WIDTH}}} {{bar:20}} {{pos:>3}}/{{len}} {{elapsed:>4}}  {{wide_msg}}"
    )
}

fn style() -> ProgressStyle {
    let style =
        ProgressStyle::with_template(&template()).unwrap_or_else(|_| ProgressStyle::default_bar());
    style.progress_chars("━╸ ")
}

/// The end of a name that is too long: folders come first, so the end tells more.
fn shortened(name: &str) -> String {
    let length = name.chars().count();
    if length <= NAME_WIDTH {
        return name.to_owned();
    }
    let end: String = name.chars().skip(length + 1 - NAME_WIDTH).collect();
    format!("…{end}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_template_is_understood() {
        assert!(ProgressStyle::with_template(&template()).is_ok());
    }

    #[test]
    fn of_a_long_name_the_end_is_shown() {
        assert_eq!(shortened("q16_sql_joins.ipynb"), "q16_sql_joins.ipynb");
        assert_eq!(
            shortened("answers/q23_recommender_system.ipynb"),
            "…q23_recommender_system.ipynb".replace("…q", "…")
        );
        assert_eq!(shortened(&"x".repeat(60)).chars().count(), NAME_WIDTH);
    }
}
