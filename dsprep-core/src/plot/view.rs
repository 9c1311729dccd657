//! What charts with two axes have in common to set: reference lines, logarithms, ranges, size.

use super::reference::References;

/// The default width and height, in pixels.
pub(super) const SIZE: (u32, u32) = (720, 400);

/// What is shown besides the data, and how.
#[derive(Debug, Clone)]
pub(super) struct View {
    pub(super) references: References,
    /// Whether the horizontal and the vertical axis are logarithmic.
    pub(super) log: (bool, bool),
    pub(super) x_range: Option<(f64, f64)>,
    pub(super) y_range: Option<(f64, f64)>,
    /// Width and height in pixels.
    pub(super) size: (u32, u32),
}

impl Default for View {
    fn default() -> Self {
        View {
            references: References::default(),
            log: (false, false),
            x_range: None,
            y_range: None,
            size: SIZE,
        }
    }
}

/// The methods of a chart that change its `view`: those that are named, each with the same words at every chart.
macro_rules! view_methods {
    ($($method:ident),+ $(,)?) => { $( $crate::plot::view::view_methods!(@ $method); )+ };
    (@ horizontal) => {
        /// A horizontal line at `y`, with a text.
        #[must_use]
        pub fn horizontal(mut self, y: f64, text: &str) -> Self {
            self.view.references.horizontal.push((y, text.to_owned()));
            self
        }
    };
    (@ vertical) => {
        /// A vertical line at `x`, with a text.
        #[must_use]
        pub fn vertical(mut self, x: f64, text: &str) -> Self {
            self.view.references.vertical.push((x, text.to_owned()));
            self
        }
    };
    (@ shaded) => {
        /// Shades the chart between two values of the horizontal axis, with a text.
        #[must_use]
        pub fn shaded(mut self, from: f64, to: f64, text: &str) -> Self {
            self.view.references.shaded.push((from, to, text.to_owned()));
            self
        }
    };
    (@ log_x) => {
        /// A logarithmic horizontal axis.
        #[must_use]
        pub fn log_x(mut self) -> Self {
            self.view.log.0 = true;
            self
        }
    };
    (@ log_y) => {
        /// A logarithmic vertical axis.
        #[must_use]
        pub fn log_y(mut self) -> Self {
            self.view.log.1 = true;
            self
        }
    };
    (@ x_range) => {
        /// The ends of the horizontal axis; what lies outside is not drawn.
        #[must_use]
        pub fn x_range(mut self, low: f64, high: f64) -> Self {
            self.view.x_range = Some((low, high));
            self
        }
    };
    (@ y_range) => {
        /// The ends of the vertical axis; what lies outside is not drawn.
        #[must_use]
        pub fn y_range(mut self, low: f64, high: f64) -> Self {
            self.view.y_range = Some((low, high));
            self
        }
    };
    (@ size) => {
        /// Width and height in pixels, for a place beside others.
        #[must_use]
        pub fn size(mut self, width: u32, height: u32) -> Self {
            self.view.size = (width, height);
            self
        }
    };
}

pub(super) use view_methods;
