//! One value, or several, for each label.

mod bars;

use super::canvas::draw;
use super::color::series_color;
use super::legend::{Head, Sign};
use super::number_text::value_texts;
use super::scale::Scale;
use super::values::{Values, check_finite, check_length};
use super::view::SIZE;
use super::{Figure, Labels};
use crate::{Error, Result};
use bars::{Bars, Group};

/// A bar for each label, with its value; horizontal if the labels are long, and always from 0.
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
    if bars.fit_vertical() {
        draw(names.title, SIZE, |canvas| {
            head.draw(canvas)?;
            bars.draw_vertical(canvas, head.height(), names)
        })
    } else {
        let height = head.height() + bars.horizontal_height() + 34;
        draw(names.title, (SIZE.0, height.unsigned_abs()), |canvas| {
            head.draw(canvas)?;
            bars.draw_horizontal(canvas, head.height(), names)
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
    fn long_labels_get_horizontal_bars() -> Result<()> {
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
