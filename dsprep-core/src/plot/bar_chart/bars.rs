//! Bars and their labels, drawn upwards or to the right.

use crate::plot::Labels;
use crate::plot::canvas::{
    Canvas, Drawn, TEXT_HEIGHT, cut, pixels, text_width, wrap, write, write_ending_at,
    write_upwards,
};
use crate::plot::color::{GRID, INK, series_color};
use crate::plot::scale::Scale;
use crate::plot::view::SIZE;
use plotters::prelude::{PathElement, Rectangle};
use plotters::style::Color as _;
use plotters::style::text_anchor::{HPos, VPos};

/// The thickness of a horizontal bar, and the least of a vertical one that has room for its value.
const BAR_THICKNESS: i32 = 20;
/// The most that labels beside horizontal bars may take.
const WIDEST_LABEL: i32 = 260;

/// The bars of one colour.
pub(super) struct Group {
    pub(super) name: String,
    pub(super) values: Vec<f64>,
}

/// What is drawn: all bars, their values as texts, and the scale of their length.
pub(super) struct Bars<'a> {
    pub(super) labels: Vec<&'a str>,
    pub(super) groups: &'a [Group],
    /// The value of each bar as text, group by group.
    pub(super) texts: Vec<String>,
    pub(super) scale: Scale,
}

impl Bars<'_> {
    fn text(&self, group: usize, label: usize) -> &str {
        &self.texts[group * self.labels.len() + label]
    }

    fn widest_text(&self) -> i32 {
        let widths = self.texts.iter().map(|text| text_width(text));
        widths.max().unwrap_or(0)
    }

    fn tick_width(&self) -> i32 {
        let ticks = self.scale.ticks(6).into_iter();
        ticks.map(|tick| text_width(&tick.text)).max().unwrap_or(0)
    }

    /// The share of the sheet that one label has in a vertical chart.
    fn slot(&self) -> i32 {
        (SIZE.0 as i32 - 44 - self.tick_width() - 24) / self.labels.len() as i32
    }

    fn wrapped(&self, width: i32) -> Vec<Vec<String>> {
        let wrapped = self
            .labels
            .iter()
            .map(|label| wrap(label, width, text_width));
        let widest = width.max(WIDEST_LABEL);
        let cut = |line: String| cut(&line, widest, text_width);
        wrapped
            .map(|lines| lines.into_iter().map(cut).collect())
            .collect()
    }

    /// Whether labels and values have room below and above vertical bars.
    pub(super) fn fit_vertical(&self) -> bool {
        let slot = self.slot();
        let bar = slot * 4 / 5 / self.groups.len() as i32;
        let fits = |lines: Vec<String>| {
            lines.len() <= 2 && lines.iter().all(|line| text_width(line) <= slot - 6)
        };
        self.widest_text() <= bar.max(slot / self.groups.len() as i32) + 4
            && self.wrapped(slot - 6).into_iter().all(fits)
    }

    pub(super) fn draw_vertical(&self, canvas: &Canvas<'_>, top: i32, names: Labels<'_>) -> Drawn {
        let lines = self.wrapped(self.slot() - 6);
        let rows = lines.iter().map(Vec::len).max().unwrap_or(1) as i32;
        let (left, right) = (44 + self.tick_width(), SIZE.0 as i32 - 24);
        let bottom = SIZE.1 as i32 - 40 - 17 * rows;
        let up = |value: f64| bottom - pixels(f64::from(bottom - top) * self.scale.share(value));
        self.draw_grid(canvas, (left, right), up)?;
        let (slot, zero) = (self.slot(), up(0.0));
        let bar = (slot * 4 / 5 / self.groups.len() as i32).clamp(2, 90);
        for (label, lines) in lines.iter().enumerate() {
            let middle = left + slot * label as i32 + slot / 2;
            let first = middle - bar * self.groups.len() as i32 / 2;
            for (index, group) in self.groups.iter().enumerate() {
                let (value, from) = (group.values[label], first + bar * index as i32);
                let end = up(value);
                let corners = [(from + 1, end.min(zero)), (from + bar - 1, end.max(zero))];
                let beyond = if value < 0.0 {
                    end + 5 + TEXT_HEIGHT / 2
                } else {
                    end - 4 - TEXT_HEIGHT / 2
                };
                let at = (from + bar / 2, beyond);
                self.draw_bar(canvas, (index, label), corners, (at, HPos::Center))?;
            }
            for (row, line) in lines.iter().enumerate() {
                let at = (middle, bottom + 8 + 17 * row as i32);
                write(canvas, line, at, (HPos::Center, VPos::Top), &INK)?;
            }
        }
        canvas.draw(&PathElement::new([(left, top), (left, bottom)], INK))?;
        canvas.draw(&PathElement::new([(left, zero), (right, zero)], INK))?;
        let below = ((left + right) / 2, bottom + 14 + 17 * rows);
        write(canvas, names.x, below, (HPos::Center, VPos::Top), &INK)?;
        write_upwards(canvas, names.y, (18, (top + bottom) / 2))
    }

    /// The lines across a vertical chart, with their numbers.
    fn draw_grid(
        &self,
        canvas: &Canvas<'_>,
        (left, right): (i32, i32),
        up: impl Fn(f64) -> i32,
    ) -> Drawn {
        for tick in self.scale.ticks(6) {
            let y = up(tick.value);
            canvas.draw(&PathElement::new([(left, y), (right, y)], GRID))?;
            write_ending_at(canvas, &tick.text, (left - 8, y))?;
        }
        Ok(())
    }

    /// The bar of a group and a label between its `corners`, with its value at the anchor.
    fn draw_bar(
        &self,
        canvas: &Canvas<'_>,
        (group, label): (usize, usize),
        corners: [(i32, i32); 2],
        (at, side): ((i32, i32), HPos),
    ) -> Drawn {
        canvas.draw(&Rectangle::new(corners, series_color(group).filled()))?;
        write(
            canvas,
            self.text(group, label),
            at,
            (side, VPos::Center),
            &INK,
        )
    }

    /// How much of a horizontal chart a label of this many lines takes, or its bars.
    fn horizontal_slot(&self, lines: usize) -> i32 {
        (BAR_THICKNESS * self.groups.len() as i32 + 10).max(17 * lines as i32 + 8)
    }

    pub(super) fn horizontal_height(&self) -> i32 {
        let lines = self.wrapped(WIDEST_LABEL);
        lines
            .iter()
            .map(|lines| self.horizontal_slot(lines.len()))
            .sum()
    }

    pub(super) fn draw_horizontal(
        &self,
        canvas: &Canvas<'_>,
        top: i32,
        names: Labels<'_>,
    ) -> Drawn {
        let lines = self.wrapped(WIDEST_LABEL);
        let widest = lines
            .iter()
            .flatten()
            .map(|line| text_width(line))
            .max()
            .unwrap_or(0);
        let negative = if self.scale.low() < 0.0 {
            self.widest_text()
        } else {
            0
        };
        let (left, right) = (36 + widest, SIZE.0 as i32 - 24 - self.widest_text());
        let left_plot = left + negative;
        let across =
            |value: f64| left_plot + pixels(f64::from(right - left_plot) * self.scale.share(value));
        let bottom = top + self.horizontal_height();
        let zero = across(0.0);
        let mut y = top;
        for (label, lines) in lines.iter().enumerate() {
            let slot = self.horizontal_slot(lines.len());
            let middle = y + slot / 2;
            write_label(canvas, lines, (left - 10, middle))?;
            let first = middle - BAR_THICKNESS * self.groups.len() as i32 / 2;
            for (index, group) in self.groups.iter().enumerate() {
                let (value, from) = (group.values[label], first + BAR_THICKNESS * index as i32);
                let end = across(value);
                let corners = [
                    (end.min(zero), from + 1),
                    (end.max(zero), from + BAR_THICKNESS - 1),
                ];
                let (x, side) = if value < 0.0 {
                    (end - 6, HPos::Right)
                } else {
                    (end + 6, HPos::Left)
                };
                let at = (x, from + BAR_THICKNESS / 2);
                self.draw_bar(canvas, (index, label), corners, (at, side))?;
            }
            y += slot;
        }
        canvas.draw(&PathElement::new([(zero, top), (zero, bottom)], INK))?;
        // The labels name themselves; the length of the bars needs its unit.
        let below = ((left + right) / 2, bottom + 10);
        write(canvas, names.y, below, (HPos::Center, VPos::Top), &INK)
    }
}

/// The lines of a label, one below the other, right-aligned and centred at `(right, middle)`.
fn write_label(canvas: &Canvas<'_>, lines: &[String], (right, middle): (i32, i32)) -> Drawn {
    let first = middle - 17 * (lines.len() as i32 - 1) / 2;
    for (row, line) in lines.iter().enumerate() {
        let at = (right, first + 17 * row as i32);
        write_ending_at(canvas, line, at)?;
    }
    Ok(())
}
