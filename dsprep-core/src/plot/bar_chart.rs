//! One value, or several, for each label.

use super::canvas::{
    Canvas, Drawn, TEXT_HEIGHT, cut, draw, pixels, text_width, wrap, write, write_upwards,
};
use super::color::{GRID, INK, series_color};
use super::legend::{Head, Sign};
use super::scale::{Scale, value_texts};
use super::values::{Values, check_finite, check_length};
use super::view::SIZE;
use super::{Figure, Labels};
use crate::{Error, Result};
use plotters::prelude::{PathElement, Rectangle};
use plotters::style::Color as _;
use plotters::style::text_anchor::{HPos, VPos};

/// The thickness of a level bar, and the least of an upright one that has room for its value.
const LEVEL_BAR: i32 = 20;
/// The most that labels beside level bars may take.
const WIDEST_LABEL: i32 = 260;

/// A bar for each label, with its value; level if the labels are long, and always from 0.
///
/// # Errors
/// [`Error::Empty`] without bars, [`Error::Shape`] if there are not as many values as labels,
/// [`Error::OutOfRange`] if a value is not finite.
///
/// # Examples
/// ```
/// use dsprep_core::plot::{Labels, bar_chart};
///
/// let labels = Labels { title: "Recall by segment", x: "Segment", y: "Recall" };
/// let figure = bar_chart(&["new", "returning"], &[0.41, 0.78], labels)?;
/// assert!(figure.svg().contains("0.78"));
/// # Ok::<(), dsprep_core::Error>(())
/// ```
pub fn bar_chart(
    labels: &[impl AsRef<str>],
    values: &(impl Values + ?Sized),
    names: Labels<'_>,
) -> Result<Figure> {
    let groups = [Group {
        name: String::new(),
        values: values.values(),
    }];
    chart(labels, &groups, names)
}

/// Bars side by side for each label: one for each of the named rows of values.
///
/// # Errors
/// As [`bar_chart`].
///
/// # Examples
/// ```
/// use dsprep_core::plot::{Labels, grouped_bar_chart};
///
/// let labels = Labels { title: "Accuracy", x: "Rows", y: "Accuracy" };
/// let groups = [("scratch", [0.5, 0.7]), ("fine-tuned", [0.8, 0.9])];
/// let figure = grouped_bar_chart(&["20", "200"], &groups, labels)?;
/// assert!(figure.svg().contains("fine-tuned"));
/// # Ok::<(), dsprep_core::Error>(())
/// ```
pub fn grouped_bar_chart(
    labels: &[impl AsRef<str>],
    groups: &[(&str, impl Values)],
    names: Labels<'_>,
) -> Result<Figure> {
    let groups: Vec<Group> = groups
        .iter()
        .map(|(name, values)| Group {
            name: (*name).to_owned(),
            values: values.values(),
        })
        .collect();
    chart(labels, &groups, names)
}

/// The bars of one colour.
struct Group {
    name: String,
    values: Vec<f64>,
}

fn chart(labels: &[impl AsRef<str>], groups: &[Group], names: Labels<'_>) -> Result<Figure> {
    check(labels.len(), groups)?;
    let labels: Vec<&str> = labels.iter().map(AsRef::as_ref).collect();
    let values = groups.iter().flat_map(|group| group.values.iter().copied());
    let values: Vec<f64> = values.collect();
    let bars = Bars {
        groups,
        texts: value_texts(&values),
        scale: scale(&values),
        labels,
    };
    let entries = groups
        .iter()
        .enumerate()
        .filter(|(_, group)| !group.name.is_empty());
    let entries =
        entries.map(|(index, group)| (Sign::Area(series_color(index), 1.0), group.name.clone()));
    let head = Head::new(names.title, entries.collect(), SIZE.0 as i32);
    if bars.fit_upright() {
        draw(names.title, SIZE, |canvas| {
            head.draw(canvas)?;
            bars.draw_upright(canvas, head.height(), names)
        })
    } else {
        let height = head.height() + bars.level_height() + 34;
        draw(names.title, (SIZE.0, height.unsigned_abs()), |canvas| {
            head.draw(canvas)?;
            bars.draw_level(canvas, head.height(), names)
        })
    }
}

fn check(labels: usize, groups: &[Group]) -> Result<()> {
    if labels == 0 || groups.is_empty() {
        let (what, item) = if labels == 0 {
            ("`labels`", "label")
        } else {
            ("`groups`", "group")
        };
        return Err(Error::Empty { what, item });
    }
    for group in groups {
        check_length(
            "`values`",
            &group.name,
            group.values.len(),
            "`labels`",
            labels,
        )?;
        check_finite("`values`", &group.name, &group.values)?;
    }
    Ok(())
}

/// From 0, with room for the values beyond the ends of the bars.
fn scale(values: &[f64]) -> Scale {
    let low = values.iter().copied().fold(0.0, f64::min);
    let high = values.iter().copied().fold(0.0, f64::max);
    if low == high {
        return Scale::linear(0.0, 1.0);
    }
    let free = 0.1 * (high - low);
    let beyond = |end: f64| if end == 0.0 { 0.0 } else { free };
    Scale::linear(low - beyond(low), high + beyond(high))
}

struct Bars<'a> {
    labels: Vec<&'a str>,
    groups: &'a [Group],
    /// The value of each bar as text, group by group.
    texts: Vec<String>,
    scale: Scale,
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

    /// The share of the sheet that one label has in an upright chart.
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

    /// Whether labels and values have room below and above upright bars.
    fn fit_upright(&self) -> bool {
        let slot = self.slot();
        let bar = slot * 4 / 5 / self.groups.len() as i32;
        let fits = |lines: Vec<String>| {
            lines.len() <= 2 && lines.iter().all(|line| text_width(line) <= slot - 6)
        };
        self.widest_text() <= bar.max(slot / self.groups.len() as i32) + 4
            && self.wrapped(slot - 6).into_iter().all(fits)
    }

    fn draw_upright(&self, canvas: &Canvas<'_>, top: i32, names: Labels<'_>) -> Drawn {
        let lines = self.wrapped(self.slot() - 6);
        let rows = lines.iter().map(Vec::len).max().unwrap_or(1) as i32;
        let (left, right) = (44 + self.tick_width(), SIZE.0 as i32 - 24);
        let bottom = SIZE.1 as i32 - 40 - 17 * rows;
        let up = |value: f64| bottom - pixels(f64::from(bottom - top) * self.scale.share(value));
        for tick in self.scale.ticks(6) {
            let y = up(tick.value);
            canvas.draw(&PathElement::new([(left, y), (right, y)], GRID))?;
            write(
                canvas,
                &tick.text,
                (left - 8, y),
                (HPos::Right, VPos::Center),
                &INK,
            )?;
        }
        let (slot, zero) = (self.slot(), up(0.0));
        let bar = (slot * 4 / 5 / self.groups.len() as i32).clamp(2, 90);
        for (label, lines) in lines.iter().enumerate() {
            let middle = left + slot * label as i32 + slot / 2;
            let first = middle - bar * self.groups.len() as i32 / 2;
            for (index, group) in self.groups.iter().enumerate() {
                let (value, from) = (group.values[label], first + bar * index as i32);
                let end = up(value);
                let corners = [(from + 1, end.min(zero)), (from + bar - 1, end.max(zero))];
                canvas.draw(&Rectangle::new(corners, series_color(index).filled()))?;
                let beyond = if value < 0.0 {
                    end + 5 + TEXT_HEIGHT / 2
                } else {
                    end - 4 - TEXT_HEIGHT / 2
                };
                let at = (from + bar / 2, beyond);
                write(
                    canvas,
                    self.text(index, label),
                    at,
                    (HPos::Center, VPos::Center),
                    &INK,
                )?;
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

    fn level_slot(&self, lines: usize) -> i32 {
        (LEVEL_BAR * self.groups.len() as i32 + 10).max(17 * lines as i32 + 8)
    }

    fn level_height(&self) -> i32 {
        let lines = self.wrapped(WIDEST_LABEL);
        lines.iter().map(|lines| self.level_slot(lines.len())).sum()
    }

    fn draw_level(&self, canvas: &Canvas<'_>, top: i32, names: Labels<'_>) -> Drawn {
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
        let bottom = top + self.level_height();
        let zero = across(0.0);
        let mut y = top;
        for (label, lines) in lines.iter().enumerate() {
            let slot = self.level_slot(lines.len());
            let middle = y + slot / 2;
            for (row, line) in lines.iter().enumerate() {
                let row = 17 * row as i32 - 17 * (lines.len() as i32 - 1) / 2;
                write(
                    canvas,
                    line,
                    (left - 10, middle + row),
                    (HPos::Right, VPos::Center),
                    &INK,
                )?;
            }
            let first = middle - LEVEL_BAR * self.groups.len() as i32 / 2;
            for (index, group) in self.groups.iter().enumerate() {
                let (value, from) = (group.values[label], first + LEVEL_BAR * index as i32);
                let end = across(value);
                let corners = [
                    (end.min(zero), from + 1),
                    (end.max(zero), from + LEVEL_BAR - 1),
                ];
                canvas.draw(&Rectangle::new(corners, series_color(index).filled()))?;
                let (x, anchor) = if value < 0.0 {
                    (end - 6, HPos::Right)
                } else {
                    (end + 6, HPos::Left)
                };
                let at = (x, from + LEVEL_BAR / 2);
                write(
                    canvas,
                    self.text(index, label),
                    at,
                    (anchor, VPos::Center),
                    &INK,
                )?;
            }
            y += slot;
        }
        canvas.draw(&PathElement::new([(zero, top), (zero, bottom)], INK))?;
        // The labels name themselves; the length of the bars needs its unit.
        let below = ((left + right) / 2, bottom + 10);
        write(canvas, names.y, below, (HPos::Center, VPos::Top), &INK)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const LABELS: Labels<'_> = Labels {
        title: "Title",
        x: "Model",
        y: "Error",
    };

    /// Bars and the white sheet.
    fn rectangles(figure: &Figure) -> usize {
        figure.svg().matches("<rect").count() - 1
    }

    #[test]
    fn each_value_has_a_bar_and_its_number() -> Result<()> {
        let figure = bar_chart(&["a", "b", "c"], &[1.0, -2.5, 3.0], LABELS)?;
        assert_eq!(rectangles(&figure), 3);
        assert!(figure.svg().contains("-2.5"));
        let groups = [("one", vec![1, 2]), ("two", vec![3, 4])];
        let figure = grouped_bar_chart(&["a", "b"], &groups, LABELS)?;
        assert_eq!(rectangles(&figure), 4 + 2);
        Ok(())
    }

    #[test]
    fn long_labels_get_level_bars() -> Result<()> {
        let labels: Vec<String> = (0..12)
            .map(|n| format!("a feature with a long name {n}"))
            .collect();
        let figure = bar_chart(&labels, &(0..12), LABELS)?;
        assert_eq!(rectangles(&figure), 12);
        assert!(figure.svg().contains("a feature with a long name 11"));
        assert!(!figure.svg().contains("\nModel\n"));
        Ok(())
    }

    #[test]
    fn all_zeros_can_be_drawn() -> Result<()> {
        assert_eq!(rectangles(&bar_chart(&["a"], &[0], LABELS)?), 1);
        Ok(())
    }

    #[test]
    fn what_cannot_be_drawn_is_named() {
        let error = bar_chart(&["a"], &[1, 2], LABELS).unwrap_err();
        assert!(error.to_string().starts_with("`values` has 2 values"));
        assert!(bar_chart(&["a"], &[f64::NAN], LABELS).is_err());
        assert!(bar_chart(&[""; 0], &[0.0; 0], LABELS).is_err());
        let none: [(&str, [f64; 1]); 0] = [];
        assert!(grouped_bar_chart(&["a"], &none, LABELS).is_err());
    }
}
