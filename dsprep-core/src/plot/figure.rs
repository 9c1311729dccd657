//! A finished figure.

/// The most bytes of the description of a figure.
const LONGEST_DESCRIPTION: usize = 400;

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

    /// What the figure shows, for those who can't see it: its title, and what is written into it but the numbers.
    pub fn description(&self) -> String {
        let mut labels: Vec<String> = Vec::new();
        for element in self.svg.split("<text").skip(1) {
            let inner = element.split_once('>').map_or("", |(_, rest)| rest);
            let label = unescape(inner.split('<').next().unwrap_or_default().trim());
            let is_number = !label.contains(|c: char| c.is_alphabetic());
            if !is_number && !self.title.contains(&label) && !labels.contains(&label) {
                labels.push(label);
            }
        }
        let mut description = self.title.clone();
        for (number, label) in labels.iter().enumerate() {
            if description.len() + label.len() > LONGEST_DESCRIPTION {
                description.push_str("; …");
                break;
            }
            description.push_str(if number == 0 { ". Labels: " } else { "; " });
            description.push_str(label);
        }
        description
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

fn unescape(text: &str) -> String {
    text.replace("&lt;", "<")
        .replace("&gt;", ">")
        .replace("&quot;", "\"")
        .replace("&apos;", "'")
        .replace("&amp;", "&")
}

/// The text without the characters that XML forbids: with one of them no browser shows the figure.
pub(super) fn legible(text: &str) -> String {
    let forbidden = |c: char| {
        (c < ' ' && !matches!(c, '\t' | '\n' | '\r')) || matches!(c, '\u{fffe}' | '\u{ffff}')
    };
    text.replace(forbidden, "\u{fffd}")
}

fn escape(text: &str) -> String {
    legible(text)
        .replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
}
