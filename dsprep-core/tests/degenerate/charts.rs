//! Charts and tables of the same inputs.

use crate::inputs::{COUNTS, NUMBERS, TEXTS, classes, matrices, pairs, scored, vectors};
use crate::sweep::Sweep;
use dsprep_core::prelude::*;

const LABELS: Labels<'_> = Labels {
    title: "Title",
    x: "x",
    y: "y",
};

/// A figure that says nothing of NaN, and is no larger than what it shows.
fn drawn(figure: DsResult<Figure>) -> DsResult<Vec<f64>> {
    let figure = figure?;
    let svg = figure.svg();
    assert!(svg.len() < 4_000_000, "{} bytes", svg.len());
    assert!(figure.description().starts_with(figure.title()));
    Ok(vec![match svg.contains("NaN") || svg.contains(">inf") {
        true => f64::NAN,
        false => svg.len() as f64,
    }])
}

pub fn of_numbers(s: &mut Sweep) {
    for (input, x) in vectors() {
        let steps: Vec<f64> = (0..x.len()).map(|step| step as f64).collect();
        let line = || Line::new("a", &steps, &x).with_points().with_band(&x, &x);
        s.try_on("line_chart", input, || {
            drawn(line_chart(&[line(), line().steps()], LABELS))
        });
        s.try_on("line_chart", input, || {
            drawn(line_chart(&[Line::new("", &x, &steps)], LABELS))
        });
        let chart = || LineChart::new(&[line()], LABELS);
        s.try_on("LineChart::log_x", input, || {
            drawn(
                LineChart::new(&[Line::new("", &x, &steps)], LABELS)
                    .log_x()
                    .draw(),
            )
        });
        s.try_on("LineChart::log_y", input, || drawn(chart().log_y().draw()));
        for low in NUMBERS {
            s.try_on("LineChart::horizontal", format!("{input} {low:e}"), || {
                drawn(
                    chart()
                        .horizontal(low, "here")
                        .vertical(low, "there")
                        .draw(),
                )
            });
            for high in [0.0, 1.0, 5e-324, f64::MAX, f64::NAN, f64::INFINITY] {
                let input = format!("{input} {low:e} {high:e}");
                s.try_on("LineChart::y_range", &input, || {
                    drawn(chart().y_range(low, high).x_range(low, high).draw())
                });
                s.try_on("LineChart::shaded", &input, || {
                    drawn(chart().shaded(low, high, "time").log_y().draw())
                });
            }
        }
        for (width, height) in [
            (0, 0),
            (1, 1),
            (60, 20),
            (u32::MAX, u32::MAX),
            (720, i32::MAX as u32 + 9),
            (99_000, 40),
        ] {
            s.try_on(
                "LineChart::size",
                format!("{input} {width} × {height}"),
                || drawn(chart().size(width, height).draw()),
            );
        }
        let names: Vec<String> = (0..x.len())
            .map(|at| TEXTS[at % TEXTS.len()].to_owned())
            .collect();
        s.try_on("bar_chart", input, || drawn(bar_chart(&names, &x, LABELS)));
        s.try_on("bar_chart", input, || {
            drawn(bar_chart(&["one"], &x, LABELS))
        });
        s.try_on("grouped_bar_chart", input, || {
            drawn(grouped_bar_chart(&names, &[("a", &x), ("b", &x)], LABELS))
        });
        let names: Vec<&str> = names.iter().map(String::as_str).collect();
        for n in COUNTS {
            s.try_on("ranking_chart", format!("{input} {n}"), || {
                drawn(ranking_chart(&names, &x.to_vec(), n, "Title"))
            });
        }
        for bins in COUNTS {
            s.try_on("histogram", format!("{input} {bins}"), || {
                drawn(histogram(&[("a", &x), ("b", &x)], bins, LABELS))
            });
            s.try_on("Histogram::range", format!("{input} {bins}"), || {
                drawn(
                    Histogram::new(&[("a", &x)], bins, LABELS)
                        .range(0.0, 1e-320)
                        .draw(),
                )
            });
        }
        let lane = || {
            Lane::new("lane", &x)
                .with_texts(&names)
                .with_window(0.0, 1.0, "window")
        };
        s.try_on("timeline_chart", input, || {
            drawn(timeline_chart(&[lane(), Lane::new("", &x)], LABELS))
        });
        s.try_on("round", input, || {
            for decimals in [0, 2, 30, 400, i32::MAX, i32::MIN, -3, -400] {
                let rounded = round(&x, decimals);
                assert!(
                    x.iter()
                        .zip(&rounded)
                        .all(|(x, rounded)| !x.is_finite() || rounded.is_finite()),
                    "{decimals}"
                );
            }
            Ok(vec![])
        });
    }
    for (input, x, y) in pairs() {
        let points = || Points::new("a", &x, &y);
        s.try_on("scatter_chart", &input, || {
            drawn(scatter_chart(&[points(), points().joined()], LABELS))
        });
        s.try_on("scatter_chart", &input, || {
            drawn(scatter_chart(&[points().with_sizes(&x)], LABELS))
        });
        s.try_on("ScatterChart::line", &input, || {
            drawn(
                ScatterChart::new(&[points()], LABELS)
                    .line(Line::new("b", &x, &y))
                    .log_x()
                    .draw(),
            )
        });
        s.try_on("forecast_chart", &input, || {
            drawn(forecast_chart(&x, &y, &y, &y, 0.95, LABELS))
        });
    }
    for confidence in NUMBERS {
        let x = array![1.0, 2.0];
        s.try_on("forecast_chart", confidence.to_string(), || {
            drawn(forecast_chart(
                &x,
                &x,
                &(&x - 1.0),
                &(&x + 1.0),
                confidence,
                LABELS,
            ))
        });
    }
    for (input, y, scores) in scored() {
        let models = [("a", &*y, &*scores), ("b", &*y, &*scores)];
        s.try_on("roc_chart", &input, || drawn(roc_chart(&models)));
        s.try_on("pr_chart", &input, || drawn(pr_chart(&models)));
        s.try_on("roc_and_pr_chart", &input, || {
            drawn(roc_and_pr_chart(&models))
        });
        for bins in COUNTS {
            s.try_on("calibration_chart", &input, || {
                drawn(calibration_chart(&models, bins))
            });
        }
    }
}

pub fn of_tables(s: &mut Sweep) {
    for (input, x) in matrices() {
        let rows: Vec<&str> = (0..x.nrows()).map(|row| TEXTS[row % TEXTS.len()]).collect();
        let columns: Vec<&str> = (0..x.ncols())
            .map(|column| TEXTS[column % TEXTS.len()])
            .collect();
        s.try_on("heatmap", input, || {
            drawn(heatmap(&x, &rows, &columns, LABELS))
        });
        s.try_on("heatmap", input, || {
            drawn(heatmap(&x, &["a"], &columns, LABELS))
        });
        s.try_on("attention_heatmap", input, || {
            drawn(attention_heatmap(&x, "Title"))
        });
        for (other, steps) in vectors() {
            s.try_on("learning_curves", format!("{input} {other}"), || {
                drawn(learning_curves(&steps, &x, &x, LABELS))
            });
            s.try_on("path_chart", format!("{input} {other}"), || {
                drawn(path_chart(&steps, &x, &columns, LABELS))
            });
        }
        s.try_on("RichDisplay of an array", input, || {
            let shown = x.mime_bundle();
            Ok(vec![format!("{shown:?}").len() as f64])
        });
    }
    let figure = || line_chart(&[Line::new("a", &[0.0, 1.0], &[0.0, 1.0])], LABELS);
    for columns in COUNTS {
        for number in [0, 1, 5] {
            s.try_on("small_multiples", format!("{number} in {columns}"), || {
                let figures = (0..number)
                    .map(|_| figure())
                    .collect::<DsResult<Vec<_>>>()?;
                drawn(small_multiples(&figures, columns, "Title"))
            });
        }
    }
    for text in TEXTS {
        for at in [0, 1, 7, 999, usize::MAX] {
            let node = || Node::new(at, text, text);
            s.try_on("graph_diagram", format!("{text:?} {at}"), || {
                let edges = [
                    Edge::new(0, 1).with_text(text),
                    Edge::new(1, 1),
                    Edge::new(at, 0).dashed(),
                ];
                drawn(graph_diagram(
                    &[node(), node(), Node::new(0, "b", "")],
                    &edges,
                    text,
                ))
            });
        }
        for row in NUMBERS {
            s.try_on("graph_diagram", format!("{text:?} {row}"), || {
                drawn(graph_diagram(
                    &[Node::new(0, text, text).at_row(row)],
                    &[],
                    text,
                ))
            });
        }
        s.try_on("tree_diagram", format!("{text:?}"), || {
            let mut tree = Tree::new(text, text);
            for _ in 0..200 {
                tree = Tree::new(text, "").with(text, tree);
            }
            drawn(tree_diagram(&tree, text))
        });
        s.try_on("partition_chart", format!("{text:?}"), || {
            let table = table!("group" => ["a", "a", "b"], "name" => [text, text, "c"], "place" => [1_i64, 2, 0])?;
            drawn(partition_chart(&table, "group", "name", "place", text))
        });
        s.try_on(
            "partition_chart",
            format!("{text:?}, no such column"),
            || {
                let table = table!("group" => ["a"], "name" => [text], "place" => [1_i64])?;
                drawn(
                    partition_chart(&table, text, "name", "place", text).or_else(
                        |error| match error {
                            dsprep_core::Error::Polars(_) => figure(),
                            other => Err(other),
                        },
                    ),
                )
            },
        );
    }
    // What is labelled can be shown, too.
    for (input, x, y) in classes().into_iter().step_by(5) {
        s.try_on("FittedTree::rules", &input, || {
            let tree = DecisionTree::classifier().fit(&x, &y)?;
            let names = vec!["f"; x.ncols()];
            Ok(vec![tree.rules(&names)?.len() as f64, tree.depth() as f64])
        });
    }
}
