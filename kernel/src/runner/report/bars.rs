//! Progress bars, one for each running notebook.

use crate::terminal::{columns, cut_start, one_line, width};
use indicatif::{MultiProgress, ProgressBar, ProgressStyle};
use std::collections::BTreeMap;
use std::time::Duration;

/// How many columns a name may take before the bar.
const NAME_WIDTH: usize = 28;
/// How many columns the bar takes.
const BAR_WIDTH: usize = 20;
/// How many columns of the rest are needed beside name and bar.
const REST: usize = 20;

/// The bars on the terminal.
pub struct Bars {
    all: MultiProgress,
    running: BTreeMap<usize, ProgressBar>,
    name_width: usize,
    bar_width: usize,
}

impl Bars {
    /// No bar yet.
    pub fn new() -> Self {
        Self::on(MultiProgress::new(), columns().unwrap_or(80))
    }

    fn on(all: MultiProgress, columns: usize) -> Self {
        let (name_width, bar_width) = widths(columns);
        Bars {
            all,
            running: BTreeMap::new(),
            name_width,
            bar_width,
        }
    }

    /// Adds the bar of a notebook.
    pub fn add(&mut self, notebook: usize, name: &str, cells: usize) {
        let bar = self
            .all
            .add(ProgressBar::new(cells as u64))
            .with_style(style(self.bar_width))
            .with_prefix(padded(name, self.name_width));
        bar.set_message("starting the kernel");
        // So that the time goes on while a cell runs.
        bar.enable_steady_tick(Duration::from_millis(100));
        self.running.insert(notebook, bar);
    }

    /// Shows that `done` cells are over and the one that begins with `line` runs.
    pub fn advance(&mut self, notebook: usize, done: usize, line: &str) {
        if let Some(bar) = self.running.get(&notebook) {
            bar.set_position(done as u64);
            bar.set_message(one_line(line));
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

/// How wide name and bar may be on a terminal of so many columns, so that each notebook takes one line.
fn widths(columns: usize) -> (usize, usize) {
    let room = columns.saturating_sub(REST);
    let bar = if room >= NAME_WIDTH + BAR_WIDTH {
        BAR_WIDTH
    } else {
        Some(room / 4).filter(|bar| *bar > 3).unwrap_or(0)
    };
    (room.saturating_sub(bar).clamp(4, NAME_WIDTH), bar)
}

fn template(bar_width: usize) -> String {
    let bar = if bar_width > 0 {
        format!(" {{bar:{bar_width}}}")
    } else {
        String::new()
    };
    format!("{{spinner}} {{prefix}}{bar} {{pos:>3}}/{{len}} {{elapsed:>4}}  {{wide_msg}}")
}

fn style(bar_width: usize) -> ProgressStyle {
    let style = ProgressStyle::with_template(&template(bar_width))
        .unwrap_or_else(|_| ProgressStyle::default_bar());
    style.progress_chars("━╸ ")
}

/// The name in so many columns. Of one that is too long the end is shown: folders come first, so it tells more.
fn padded(name: &str, columns: usize) -> String {
    let shown = cut_start(&one_line(name), columns);
    let blanks = columns.saturating_sub(width(&shown));
    shown + &" ".repeat(blanks)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::terminal::Paint;
    use indicatif::{ProgressDrawTarget, TermLike};
    use std::io;
    use std::sync::{Arc, Mutex, PoisonError};

    #[test]
    fn the_template_is_understood() {
        for width in [0, 10, BAR_WIDTH] {
            assert!(ProgressStyle::with_template(&template(width)).is_ok());
        }
    }

    #[test]
    fn a_bar_fits_on_a_narrow_terminal() {
        assert_eq!(widths(120), (NAME_WIDTH, BAR_WIDTH));
        for columns in [24, 40, 60, 80, 200] {
            let (name, bar) = widths(columns);
            assert!(name + bar + REST <= columns.max(REST + 4), "{columns}");
        }
    }

    /// A terminal that keeps what is written to it.
    #[derive(Debug, Clone, Default)]
    struct Kept(Arc<Mutex<Vec<String>>>);

    impl TermLike for Kept {
        fn width(&self) -> u16 {
            40
        }

        fn move_cursor_up(&self, _: usize) -> io::Result<()> {
            Ok(())
        }

        fn move_cursor_down(&self, _: usize) -> io::Result<()> {
            Ok(())
        }

        fn move_cursor_right(&self, _: usize) -> io::Result<()> {
            Ok(())
        }

        fn move_cursor_left(&self, _: usize) -> io::Result<()> {
            Ok(())
        }

        fn write_line(&self, text: &str) -> io::Result<()> {
            self.write_str(text)
        }

        fn write_str(&self, text: &str) -> io::Result<()> {
            let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
            kept.push(text.to_owned());
            Ok(())
        }

        fn clear_line(&self) -> io::Result<()> {
            Ok(())
        }

        fn flush(&self) -> io::Result<()> {
            Ok(())
        }
    }

    #[test]
    fn wide_signs_in_a_name_and_in_a_cell_do_not_make_a_line_too_long() {
        let kept = Kept::default();
        let target = ProgressDrawTarget::term_like(Box::new(kept.clone()));
        let mut bars = Bars::on(MultiProgress::with_draw_target(target), 40);
        bars.add(0, "답안/데이터_분석_노트북.ipynb", 3);
        bars.advance(0, 1, "print('데이터 분석 데이터 분석')");
        bars.running.values().for_each(ProgressBar::tick);
        let written = kept
            .0
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clone();
        assert!(
            written.iter().any(|text| text.contains("노트북.ipynb")),
            "{written:?}"
        );
        for text in written {
            assert!(width(&Paint::plain(&text)) <= 40, "{text}");
        }
    }

    #[test]
    fn of_a_long_name_the_end_is_shown_and_wide_signs_count_twice() {
        assert_eq!(padded("q16.ipynb", 12), "q16.ipynb   ");
        assert_eq!(padded("answers/q23_recommender.ipynb", 12), "…ender.ipynb");
        assert_eq!(
            width(&padded("답안/데이터_분석_노트북.ipynb", NAME_WIDTH)),
            NAME_WIDTH
        );
    }
}
