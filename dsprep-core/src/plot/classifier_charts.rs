//! How well a classifier ranks, and how true its probabilities are (questions 24, 27 and 28).

use super::{Figure, Labels, Line, LineChart, small_multiples};
use crate::evaluate::{
    Binning, average_precision, calibration_curve, expected_calibration_error,
    precision_recall_curve, roc_auc, roc_curve,
};
use crate::{Error, Result};
use ndarray::ArrayRef1;

/// A model's name, the labels (n, each 0 or 1), and the model's scores of them (n).
pub type Scored<'a> = (&'a str, &'a ArrayRef1<usize>, &'a ArrayRef1<f64>);

/// A nearly square chart, since both axes are shares; and one of two side by side.
const SIZE: (u32, u32) = (560, 480);
const HALF: (u32, u32) = (360, 400);

/// ROC curves with the area under each in the legend.
///
/// # Errors
/// [`Error::Empty`] without models, and those of [`roc_curve`].
///
/// # Examples
/// ```
/// use dsprep_core::ndarray::array;
/// use dsprep_core::plot::roc_chart;
///
/// let (y_true, scores) = (array![1, 0, 1, 0], array![0.9, 0.8, 0.7, 0.1]);
/// let figure = roc_chart(&[("logistic", &y_true, &scores)])?;
/// assert!(figure.svg().contains("logistic (AUC 0.750)"));
/// # Ok::<(), dsprep_core::Error>(())
/// ```
pub fn roc_chart(models: &[Scored<'_>]) -> Result<Figure> {
    roc(models, SIZE)?.draw()
}

/// Precision against recall with the average precision of each model in the legend, and the
/// prevalence, which is what scores without meaning reach.
///
/// The area under each line is the average precision: precision is not interpolated.
///
/// # Errors
/// [`Error::Empty`] without models, and those of [`precision_recall_curve`].
///
/// # Examples
/// ```
/// use dsprep_core::ndarray::array;
/// use dsprep_core::plot::pr_chart;
///
/// let (y_true, scores) = (array![1, 0, 1, 0], array![0.9, 0.8, 0.7, 0.1]);
/// let figure = pr_chart(&[("logistic", &y_true, &scores)])?;
/// assert!(figure.svg().contains("prevalence 50 %"));
/// # Ok::<(), dsprep_core::Error>(())
/// ```
pub fn pr_chart(models: &[Scored<'_>]) -> Result<Figure> {
    pr(models, SIZE)?.draw()
}

/// ROC and precision-recall curves of the same models side by side: where positives are rare, the
/// first flatters.
///
/// # Errors
/// As [`roc_chart`] and [`pr_chart`].
///
/// # Examples
/// ```
/// use dsprep_core::ndarray::array;
/// use dsprep_core::plot::roc_and_pr_chart;
///
/// let (y_true, scores) = (array![1, 0, 1, 0], array![0.9, 0.8, 0.7, 0.1]);
/// assert_eq!(roc_and_pr_chart(&[("logistic", &y_true, &scores)])?.size().0, 720);
/// # Ok::<(), dsprep_core::Error>(())
/// ```
pub fn roc_and_pr_chart(models: &[Scored<'_>]) -> Result<Figure> {
    let (roc, pr) = (roc(models, HALF)?, pr(models, HALF)?);
    // The plots begin at the same height.
    let head = roc.head_height().max(pr.head_height());
    let charts = [
        roc.with_least_head(head).draw()?,
        pr.with_least_head(head).draw()?,
    ];
    small_multiples(&charts, 2, "")
}

/// Observed shares against predicted probabilities, in about `bins` bins with the same number of
/// rows, with the expected calibration error of each model in the legend. On the diagonal,
/// predictions are true.
///
/// # Errors
/// [`Error::Empty`] without models, and those of [`calibration_curve`].
///
/// # Examples
/// ```
/// use dsprep_core::ndarray::array;
/// use dsprep_core::plot::calibration_chart;
///
/// let (y_true, p) = (array![0, 1, 1, 1], array![0.2, 0.4, 0.9, 0.7]);
/// assert!(calibration_chart(&[("logistic", &y_true, &p)], 2)?.svg().contains("ECE"));
/// # Ok::<(), dsprep_core::Error>(())
/// ```
pub fn calibration_chart(models: &[Scored<'_>], bins: usize) -> Result<Figure> {
    check(models)?;
    let mut lines = Vec::new();
    for (name, y_true, probabilities) in models {
        let curve = calibration_curve(y_true, probabilities, bins, Binning::Quantile)?;
        let error = expected_calibration_error(y_true, probabilities, bins, Binning::Quantile)?;
        let predicted: Vec<f64> = curve.iter().map(|bin| bin.mean_predicted).collect();
        let observed: Vec<f64> = curve.iter().map(|bin| bin.observed).collect();
        let name = format!("{name} (ECE {error:.3})");
        lines.push(Line::new(&name, &predicted, &observed).with_points());
    }
    lines.push(Line::new("perfect", &[0, 1], &[0, 1]).baseline());
    let labels = Labels {
        title: "Calibration",
        x: "Mean predicted probability",
        y: "Observed share of positives",
    };
    shares(&lines, labels, SIZE).draw()
}

fn roc(models: &[Scored<'_>], size: (u32, u32)) -> Result<LineChart<'static>> {
    check(models)?;
    let mut lines = Vec::new();
    for (name, y_true, scores) in models {
        let curve = roc_curve(y_true, scores)?;
        let name = format!("{name} (AUC {:.3})", roc_auc(y_true, scores)?);
        lines.push(Line::new(
            &name,
            &curve.false_positive_rate,
            &curve.true_positive_rate,
        ));
    }
    lines.push(Line::new("chance", &[0, 1], &[0, 1]).baseline());
    let labels = Labels {
        title: "ROC curve",
        x: "False positive rate",
        y: "True positive rate (recall)",
    };
    Ok(shares(&lines, labels, size))
}

fn pr(models: &[Scored<'_>], size: (u32, u32)) -> Result<LineChart<'static>> {
    check(models)?;
    let mut lines = Vec::new();
    let mut prevalences: Vec<f64> = Vec::new();
    for (name, y_true, scores) in models {
        let curve = precision_recall_curve(y_true, scores)?;
        let (mut recall, mut precision, mut before) = (vec![], vec![], 0.0);
        for (&r, &p) in curve.recall.iter().zip(&curve.precision) {
            recall.extend([before, r]);
            precision.extend([p, p]);
            before = r;
        }
        let name = format!("{name} (AP {:.3})", average_precision(y_true, scores)?);
        lines.push(Line::new(&name, &recall, &precision));
        let prevalence = y_true.iter().sum::<usize>() as f64 / y_true.len() as f64;
        if !prevalences.contains(&prevalence) {
            prevalences.push(prevalence);
        }
    }
    for prevalence in prevalences {
        let name = format!("prevalence {} %", percent(prevalence));
        lines.push(Line::new(&name, &[0, 1], &[prevalence; 2]).baseline());
    }
    let labels = Labels {
        title: "Precision-recall curve",
        x: "Recall",
        y: "Precision",
    };
    Ok(shares(&lines, labels, size))
}

/// Both axes from 0 to 1, with a little room for lines along the edges.
fn shares<'a>(lines: &[Line], labels: Labels<'a>, (width, height): (u32, u32)) -> LineChart<'a> {
    let chart = LineChart::new(lines, labels).size(width, height);
    chart
        .x_range(-0.01, 1.01)
        .y_range(-0.01, 1.01)
        .with_legend()
}

/// Two digits of a percentage.
fn percent(share: f64) -> String {
    let percent = 100.0 * share;
    let decimals = (1.0 - percent.log10().floor()).clamp(0.0, 6.0) as usize;
    let text = format!("{percent:.decimals$}");
    match text.contains('.') {
        true => text.trim_end_matches('0').trim_end_matches('.').to_owned(),
        false => text,
    }
}

fn check(models: &[Scored<'_>]) -> Result<()> {
    if models.is_empty() {
        return Err(Error::Empty {
            what: "`models`",
            item: "model",
        });
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::random::RandomState;
    use ndarray::{Array1, array};

    fn data() -> (Array1<usize>, Array1<f64>) {
        let mut rng = RandomState::seed(1);
        let y_true = Array1::from_shape_fn(5_000, |row| usize::from(row % 50 == 0));
        let scores = y_true.mapv(|label| label as f64) + rng.randn(5_000).unwrap();
        (y_true, scores)
    }

    #[test]
    fn thousands_of_scores_make_a_small_figure() -> Result<()> {
        let (y_true, scores) = data();
        let figure = roc_and_pr_chart(&[("model", &y_true, &scores)])?;
        assert!(figure.svg().len() < 60_000, "{}", figure.svg().len());
        assert!(figure.svg().contains("prevalence 2 %"));
        Ok(())
    }

    #[test]
    fn each_model_is_named_with_its_number() -> Result<()> {
        let (y_true, scores) = data();
        let models: [Scored<'_>; 2] = [("a", &y_true, &scores), ("b", &y_true, &(-&scores))];
        for model in ["\na (AUC 0.", "\nb (AUC 0."] {
            assert!(roc_chart(&models)?.svg().contains(model));
        }
        Ok(())
    }

    #[test]
    fn percentages_have_two_digits() {
        assert_eq!(
            [0.5, 0.01, 0.0123, 0.000_17, 1.0].map(percent),
            ["50", "1", "1.2", "0.017", "100"]
        );
    }

    #[test]
    fn one_class_no_model_and_wrong_probabilities_are_refused() {
        let (y_true, scores) = (array![0, 0], array![0.1, 0.2]);
        assert!(roc_chart(&[("a", &y_true, &scores)]).is_err());
        assert!(pr_chart(&[("a", &y_true, &scores)]).is_err());
        assert!(roc_chart(&[]).is_err() && calibration_chart(&[], 5).is_err());
        assert!(calibration_chart(&[("a", &y_true, &array![0.1, 2.0])], 5).is_err());
    }
}
