//! Figures, one file per chart.
//!
//! Charts are drawn by plotters as SVG: 720 px wide, on white, so that they can be read in a dark
//! theme too, in colours that colour-blind people can tell apart, and with dashed lines and shapes of
//! points that tell the same. Names stand at the lines, or in a legend where they can't hide data.
//! The same data give the same bytes.
//!
//! | chart | shows |
//! |---|---|
//! | [`line_chart`], [`LineChart`] | lines, bands, reference lines, logarithmic axes |
//! | [`bar_chart`], [`grouped_bar_chart`] | one value, or several, for each label |
//! | [`histogram`], [`Histogram`] | how samples are distributed |
//! | [`scatter_chart`], [`ScatterChart`] | points, with texts, sizes and lines |
//! | [`roc_chart`], [`pr_chart`], [`roc_and_pr_chart`], [`calibration_chart`] | classifiers (question 27) |
//! | [`learning_curves`] | training and validation against size |
//! | [`path_chart`] | coefficients against the penalty |
//! | [`heatmap`] | a matrix as colours, with its values |
//! | [`timeline_chart`] | events along time, with windows |
//! | [`graph_diagram`], [`tree_diagram`] | boxes and arrows |
//! | [`small_multiples`] | several figures in one |
//! | [`forecast_chart`] | a forecast with its interval (question 30) |
//! | [`attention_heatmap`] | attention weights (question 20) |
//! | [`join_diagram`] | which rows a join pairs (question 16) |
//! | [`partition_chart`] | the rows of each partition by their place (question 17) |
//! | [`ranking_chart`] | ROW_NUMBER, RANK and DENSE_RANK side by side (question 18) |
//! | [`monitor_timeline`] | score, drift and AUC of a live model, with what was decided (question 25) |

mod attention_heatmap;
mod axes;
mod bar_chart;
mod canvas;
mod classifier_charts;
mod clutter;
mod color;
mod figure;
mod forecast_chart;
mod graph_diagram;
mod heatmap;
mod histogram;
mod join_diagram;
mod labels;
mod learning_curves;
mod legend;
mod line;
mod line_chart;
mod monitor_timeline;
mod number_text;
mod partition_chart;
mod path_chart;
mod points;
mod ranking_chart;
mod reference;
mod scale;
mod scatter_chart;
mod small_multiples;
mod stroke;
mod timeline_chart;
mod tree_diagram;
mod values;
mod view;

pub use attention_heatmap::attention_heatmap;
pub use bar_chart::{bar_chart, grouped_bar_chart};
pub use classifier_charts::{Scored, calibration_chart, pr_chart, roc_and_pr_chart, roc_chart};
pub use figure::Figure;
pub use forecast_chart::forecast_chart;
pub use graph_diagram::{Edge, Node, graph_diagram};
pub use heatmap::heatmap;
pub use histogram::{Histogram, histogram};
pub use join_diagram::join_diagram;
pub use labels::Labels;
pub use learning_curves::learning_curves;
pub use line::Line;
pub use line_chart::{LineChart, line_chart};
pub use monitor_timeline::monitor_timeline;
pub use partition_chart::partition_chart;
pub use path_chart::path_chart;
pub use points::Points;
pub use ranking_chart::ranking_chart;
pub use scatter_chart::{ScatterChart, scatter_chart};
pub use small_multiples::small_multiples;
pub use timeline_chart::{Lane, timeline_chart};
pub use tree_diagram::{Tree, tree_diagram};
pub use values::{Scalar, Values};
