//! What is written on a chart.

/// What is written on a chart: its title and the names of its axes, with units.
///
/// # Examples
/// ```
/// use dsprep_core::plot::Labels;
///
/// let labels = Labels { title: "Training", x: "Epoch", y: "Loss" };
/// assert_eq!(labels.y, "Loss");
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Labels<'a> {
    /// What the chart shows.
    pub title: &'a str,
    /// The horizontal axis.
    pub x: &'a str,
    /// The vertical axis.
    pub y: &'a str,
}
