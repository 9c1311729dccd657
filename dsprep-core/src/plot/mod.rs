//! Figures, one file per chart.
//!
//! Charts are drawn by plotters as SVG: 720 px wide, on white, so that they can be read in a dark
//! theme too, in colours that colour-blind people can tell apart, and with broken lines and shapes of
//! points that tell the same. Names stand at the lines, or in a legend where they can't hide data.
//! The same data give the same bytes.
//!
//! | chart | shows |
//! |---|---|
//! | [`line_chart`], [`LineChart`] | lines, bands, reference lines, logarithmic axes |
//! | [`bar_chart`], [`grouped_bar_chart`] | one value, or several, for each label |
//! | [`histogram`], [`Histogram`] | how samples are distributed |
//! | [`scatter_chart`], [`ScatterChart`] | points, with texts, sizes and lines |
//! | [`forecast_chart`] | a forecast with its interval (question 30) |
//! | [`attention_heatmap`] | attention weights (question 20) |
//! | [`join_diagram`] | which rows a join pairs (question 16) |

mod attention_heatmap;
mod axes;
mod bar_chart;
mod canvas;
mod clutter;
mod color;
mod figure;
mod forecast_chart;
mod histogram;
mod join_diagram;
mod labels;
mod legend;
mod line;
mod line_chart;
mod reference;
mod scale;
mod scatter_chart;
mod stroke;
mod values;

pub use attention_heatmap::attention_heatmap;
pub use bar_chart::{bar_chart, grouped_bar_chart};
pub use figure::Figure;
pub use forecast_chart::forecast_chart;
pub use histogram::{Histogram, histogram};
pub use join_diagram::join_diagram;
pub use labels::Labels;
pub use line::Line;
pub use line_chart::{LineChart, line_chart};
pub use scatter_chart::{Points, ScatterChart, scatter_chart};
pub use values::{Scalar, Values};
