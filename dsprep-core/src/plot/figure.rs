//! A finished figure.

/// A figure as SVG, which a notebook shows inline.
///
/// # Examples
/// ```
/// use dsprep_core::ndarray::array;
/// use dsprep_core::plot::attention_heatmap;
///
/// let figure = attention_heatmap(&array![[0.25, 0.75]], "Where the query looks")?;
/// assert_eq!(figure.title(), "Where the query looks");
/// assert!(figure.svg().starts_with("<svg "));
/// # Ok::<(), dsprep_core::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Figure {
    title: String,
    svg: String,
    size: (u32, u32),
}

impl Figure {
    /// A figure of this `title`, drawn as `svg` of `size`. The title is also added for screen readers.
    pub(super) fn new(title: &str, svg: &str, size: (u32, u32)) -> Self {
        let named = match svg.split_once('>') {
            None => svg.to_owned(),
            Some((tag, rest)) => {
                format!(
                    "{tag} role=\"img\">\n<title>{}</title>{rest}",
                    escape(title)
                )
            }
        };
        Figure {
            title: title.to_owned(),
            svg: named,
            size,
        }
    }

    /// The figure with the elements `inner` drawn over what it holds.
    pub(super) fn with_inner(mut self, inner: &str) -> Self {
        if let Some(end) = self.svg.rfind("</svg>") {
            self.svg.insert_str(end, inner);
        }
        self
    }

    /// What the figure shows.
    pub fn title(&self) -> &str {
        &self.title
    }

    /// Width and height in pixels.
    pub fn size(&self) -> (u32, u32) {
        self.size
    }

    /// The drawing, a complete SVG document.
    pub fn svg(&self) -> &str {
        &self.svg
    }
}

fn escape(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
}
