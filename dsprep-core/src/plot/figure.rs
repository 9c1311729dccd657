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
}

impl Figure {
    /// A figure of this `title`, drawn as `svg`. The title is also added for screen readers.
    pub(super) fn new(title: &str, svg: &str) -> Self {
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
        }
    }

    /// What the figure shows.
    pub fn title(&self) -> &str {
        &self.title
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
