//! Results as data frames, to be filtered, joined, plotted and stored.

use super::{Shown, Summarise, Summary};
use crate::Result;
use crate::frame::{ToColumn, data_frame};
use polars::prelude::{Column, DataFrame};
use std::collections::HashSet;

/// A result, or a list of results, as a data frame with all digits.
///
/// One result is a row with a column for each value it shows. A curve has a row for each point, in which
/// the values that stand beside the curve are repeated. A list has a row for each result, or, if they are
/// curves, for each point, with the number of its result in front. An interval becomes two columns,
/// "interval lower" and "interval upper"; what is not defined is null; notes and remarks are left out.
///
/// # Examples
/// ```
/// use dsprep_core::display::ToFrame;
/// use dsprep_core::experiment::{Conversions, risk_ratio};
///
/// let control = Conversions { converted: 200, users: 1000 };
/// let ratios = [164, 180, 210].map(|converted| Conversions { converted, users: 1000 });
/// let ratios: Vec<_> = ratios.into_iter().map(|arm| risk_ratio(control, arm, 0.95)).collect::<Result<_, _>>()?;
/// let frame = ratios.to_frame()?;
/// assert_eq!(
///     frame.get_column_names(),
///     ["ratio", "interval lower", "interval upper", "relative change"]
/// );
/// assert_eq!(frame.height(), 3);
/// # Ok::<(), dsprep_core::Error>(())
/// ```
pub trait ToFrame {
    /// The data frame.
    ///
    /// # Errors
    /// [`Error::Polars`](crate::Error::Polars) if polars refuses the columns.
    fn to_frame(&self) -> Result<DataFrame>;
}

impl<T: Summarise> ToFrame for T {
    fn to_frame(&self) -> Result<DataFrame> {
        self.summary().to_frame()
    }
}

impl<T: Summarise> ToFrame for [T] {
    fn to_frame(&self) -> Result<DataFrame> {
        frame_of_list(&self.iter().map(T::summary).collect::<Vec<_>>())
    }
}

impl<T: Summarise> ToFrame for Vec<T> {
    fn to_frame(&self) -> Result<DataFrame> {
        self.as_slice().to_frame()
    }
}

impl<T: Summarise, const N: usize> ToFrame for [T; N] {
    fn to_frame(&self) -> Result<DataFrame> {
        self.as_slice().to_frame()
    }
}

impl Summary {
    /// The summary as a data frame: one row, or a row for each point if it holds a curve. See [`ToFrame`].
    ///
    /// # Errors
    /// [`Error::Polars`](crate::Error::Polars) if polars refuses the columns.
    ///
    /// # Examples
    /// ```
    /// use dsprep_core::display::Summary;
    /// let fit = Summary::new("Fit").row("rows", 30_usize, "").column("x", [1.0, 2.0]).column("y", [0.5, 0.25]);
    /// let frame = fit.to_frame()?;
    /// assert_eq!((frame.shape(), frame.get_column_names()), ((2, 3), ["x", "y", "rows"].map(Into::into).iter().collect()));
    /// # Ok::<(), dsprep_core::Error>(())
    /// ```
    pub fn to_frame(&self) -> Result<DataFrame> {
        frame(table(self))
    }
}

/// Named values, `None` where a row has none.
type Named<'a> = (String, Vec<Option<&'a Shown>>);

fn table(summary: &Summary) -> Vec<Named<'_>> {
    let length = summary
        .points
        .iter()
        .map(|column| column.values.len())
        .max();
    let mut columns: Vec<Named> = Vec::new();
    for column in &summary.points {
        let mut values: Vec<Option<&Shown>> = column.values.iter().map(Some).collect();
        values.resize(length.unwrap_or(0), None);
        columns.push((column.name.clone(), values));
    }
    for row in &summary.rows {
        columns.push((
            row.name.clone(),
            vec![Some(&row.value); length.unwrap_or(1)],
        ));
    }
    columns
}

fn frame_of_list(summaries: &[Summary]) -> Result<DataFrame> {
    let are_curves = summaries.iter().all(|summary| summary.rows.is_empty());
    // In a list each result is one row; its points, if it has some, would not fit beside it.
    let tables: Vec<Vec<Named>> = summaries
        .iter()
        .map(|summary| match are_curves {
            true => table(summary),
            false => summary
                .rows
                .iter()
                .map(|row| (row.name.clone(), vec![Some(&row.value)]))
                .collect(),
        })
        .collect();
    let heights: Vec<usize> = tables
        .iter()
        .map(|columns| columns.first().map_or(0, |(_, values)| values.len()))
        .collect();
    let numbers: Vec<Shown> = (0..summaries.len())
        .map(|at| Shown::Id(at as u64))
        .collect();
    let mut joined: Vec<Named> = Vec::new();
    if are_curves && !summaries.is_empty() {
        let repeated = numbers.iter().zip(&heights);
        let repeated = repeated.flat_map(|(number, &height)| vec![Some(number); height]);
        joined.push(("result".to_owned(), repeated.collect()));
    }
    let first = joined.len();
    let mut above = 0;
    for (columns, height) in tables.into_iter().zip(heights) {
        for (name, values) in columns {
            let at = match joined[first..].iter().position(|(known, _)| *known == name) {
                Some(at) => first + at,
                None => {
                    joined.push((name, Vec::new()));
                    joined.len() - 1
                }
            };
            joined[at].1.resize(above, None);
            joined[at].1.extend(values);
        }
        above += height;
    }
    for (_, values) in &mut joined {
        values.resize(above, None);
    }
    frame(joined)
}

fn frame(columns: Vec<Named>) -> Result<DataFrame> {
    let mut made: Vec<Column> = Vec::new();
    let mut taken: HashSet<String> = HashSet::new();
    let mut add = |name: String, column: &dyn Fn(&str) -> Column| {
        let mut free = name.clone();
        let mut number = 1;
        while !taken.insert(free.clone()) {
            number += 1;
            free = format!("{name} {number}");
        }
        made.push(column(&free));
    };
    for (name, values) in columns {
        match kind(&values) {
            Kind::Intervals => {
                add(format!("{name} lower"), &|name| {
                    floats(&values, 0).to_column(name)
                });
                add(format!("{name} upper"), &|name| {
                    floats(&values, 1).to_column(name)
                });
            }
            Kind::Numbers => add(name, &|name| floats(&values, 0).to_column(name)),
            Kind::Counts => add(name, &|name| counts(&values).to_column(name)),
            Kind::Flags => add(name, &|name| flags(&values).to_column(name)),
            Kind::Texts => add(name, &|name| texts(&values).to_column(name)),
        }
    }
    data_frame(made)
}

/// What a column holds.
enum Kind {
    Numbers,
    Counts,
    Intervals,
    Flags,
    Texts,
}

fn kind(values: &[Option<&Shown>]) -> Kind {
    let mut present = values
        .iter()
        .flatten()
        .filter(|value| !matches!(value, Shown::Missing(_)));
    let all = |holds: fn(&&&Shown) -> bool| present.clone().all(|value| holds(&value));
    if all(|value| matches!(value, Shown::Count(_) | Shown::Id(_)))
        && present.clone().next().is_some()
    {
        Kind::Counts
    } else if all(|value| matches!(value, Shown::Number(_) | Shown::Count(_) | Shown::Id(_))) {
        Kind::Numbers
    } else if all(|value| matches!(value, Shown::Interval(..))) {
        Kind::Intervals
    } else if present.all(|value| matches!(value, Shown::Flag(_))) {
        Kind::Flags
    } else {
        Kind::Texts
    }
}

/// Numbers, or the lower (0) or upper (1) ends of intervals.
fn floats(values: &[Option<&Shown>], end: usize) -> Vec<Option<f64>> {
    let float = |value: &Option<&Shown>| match value {
        Some(Shown::Number(number)) => Some(*number),
        Some(Shown::Count(count) | Shown::Id(count)) => Some(*count as f64),
        Some(Shown::Interval(lower, upper)) => Some([*lower, *upper][end]),
        _ => None,
    };
    values.iter().map(float).collect()
}

fn counts(values: &[Option<&Shown>]) -> Vec<Option<u64>> {
    let count = |value: &Option<&Shown>| match value {
        Some(Shown::Count(count) | Shown::Id(count)) => Some(*count),
        _ => None,
    };
    values.iter().map(count).collect()
}

fn flags(values: &[Option<&Shown>]) -> Vec<Option<bool>> {
    let flag = |value: &Option<&Shown>| match value {
        Some(Shown::Flag(flag)) => Some(*flag),
        _ => None,
    };
    values.iter().map(flag).collect()
}

fn texts(values: &[Option<&Shown>]) -> Vec<Option<String>> {
    let text = |value: &Option<&Shown>| match value {
        None | Some(Shown::Missing(_)) => None,
        Some(value) => Some(value.alone()),
    };
    values.iter().map(text).collect()
}
