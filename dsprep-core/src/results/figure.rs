//! Figures: as SVG, and as an HTML image with alternative text.

use crate::cell::MimeBundle;
use crate::display::RichDisplay;
use crate::display::html::escape;
use crate::plot::Figure;

/// The image is shown in notebooks that are not trusted, too, grows no wider than the page, and is read aloud by
/// its alternative text. It has a white ground of its own for dark themes.
impl RichDisplay for Figure {
    fn mime_bundle(&self) -> MimeBundle {
        let (width, height) = self.size();
        let image = format!(
            "<img alt=\"{}\" width=\"{width}\" height=\"{height}\" style=\"max-width:100%;height:auto\" src=\"{}\">",
            escape(&self.description()),
            data_uri(self.svg())
        );
        let text = format!("[figure: {}]", self.title());
        MimeBundle::plain(text)
            .with("image/svg+xml", self.svg())
            .with("text/html", image)
    }
}

/// An SVG document as the address of an image, in as few characters as an attribute in double quotes allows.
fn data_uri(svg: &str) -> String {
    let mut uri = String::from("data:image/svg+xml;charset=utf-8,");
    let mut in_tag = false;
    let mut last = '>';
    for character in svg.chars() {
        match character {
            '<' => in_tag = true,
            '>' => in_tag = false,
            _ => {}
        }
        match character {
            // Attributes hold no quotes: what plotters and our charts write into them are numbers and names.
            '"' if in_tag => uri.push('\''),
            // Space at the ends of a text is not shown.
            '\n' | '\r' | '\t' if in_tag || last != '>' => uri.push(' '),
            '\n' | '\r' | '\t' => {}
            '%' => uri.push_str("%25"),
            '#' => uri.push_str("%23"),
            '"' => uri.push_str("%22"),
            '<' => uri.push_str("%3C"),
            '>' => uri.push_str("%3E"),
            '&' => uri.push_str("%26"),
            other => uri.push(other),
        }
        last = character;
    }
    uri
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::plot::{Labels, Line, line_chart};
    use crate::{Error, Result};

    fn image() -> Result<String> {
        let labels = Labels {
            title: "Loss of \"A & B\" <1>",
            x: "step",
            y: "loss in %",
        };
        let line = Line::new("rate #1", &[0.0, 1.0, 2.0], &[3.0, 2.0, 1.0]);
        let figure = line_chart(&[line], labels)?;
        let bundle = figure.mime_bundle();
        assert!(
            bundle
                .get("image/svg+xml")
                .is_some_and(|svg| svg.starts_with("<svg"))
        );
        assert_eq!(
            bundle.get("text/plain"),
            Some("[figure: Loss of \"A & B\" <1>]")
        );
        bundle
            .get("text/html")
            .map(str::to_owned)
            .ok_or(Error::Plot("no HTML".to_owned()))
    }

    #[test]
    fn the_alternative_text_names_title_axes_and_lines() -> Result<()> {
        let html = image()?;
        let alt = html
            .split("alt=\"")
            .nth(1)
            .and_then(|rest| rest.split('"').next());
        let alt = alt.unwrap_or_default();
        assert!(
            alt.starts_with("Loss of &quot;A &amp; B&quot; &lt;1&gt;. "),
            "{alt}"
        );
        for label in ["step", "loss in %", "rate #1"] {
            assert!(alt.contains(label), "{label} in {alt}");
        }
        assert!(!alt.contains("0.5"), "no ticks: {alt}");
        Ok(())
    }

    #[test]
    fn the_image_is_one_tag_whose_address_is_the_drawing() -> Result<()> {
        let html = image()?;
        assert_eq!(html.matches('<').count(), 1);
        assert_eq!(html.matches('>').count(), 1);
        let address = html
            .split("src=\"")
            .nth(1)
            .and_then(|rest| rest.split('"').next());
        let address = address.unwrap_or_default();
        let svg = address.strip_prefix("data:image/svg+xml;charset=utf-8,");
        let svg = svg.unwrap_or_default();
        assert!(svg.starts_with("%3Csvg width='720'"), "{}", &svg[..40]);
        assert!(svg.ends_with("%3C/svg%3E"));
        assert!(
            !svg.contains(['#', '\n', '&']),
            "what ends an address, or is lost in one"
        );
        assert!(svg.contains("loss in %25") && svg.contains("rate %231"));
        Ok(())
    }
}
