//! Figures, one file per chart.
//!
//! Charts are drawn by plotters as SVG: about 700 px wide, on white, so that they can be read in a
//! dark theme too, in colours that colour-blind people can tell apart. The same data give the same
//! bytes.

mod attention_heatmap;
mod canvas;
mod color;
mod figure;
mod forecast_chart;
mod join_diagram;
mod monitor_timeline;

pub use attention_heatmap::attention_heatmap;
pub use figure::Figure;
pub use forecast_chart::{Labels, forecast_chart};
pub use join_diagram::join_diagram;
pub use monitor_timeline::monitor_timeline;
