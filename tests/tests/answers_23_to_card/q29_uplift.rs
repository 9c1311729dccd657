//! The uplift that is learned from a pilot.

use super::{assert_accepts, assert_refuses};
use dsprep_core::check::check_q29_uplift as check;
use dsprep_core::linear::LogisticRegression;
use dsprep_core::ndarray::{Array1, Array2, Axis, concatenate, s};

type Learned = dsprep_core::Result<Array1<f64>>;

/// A model of the rows that are kept, and what it says of `new`.
fn risk(
    x: &Array2<f64>,
    left: &[usize],
    new: &Array2<f64>,
    keep: impl Fn(usize) -> bool,
) -> Learned {
    risk_by(x, left, new, 1.0, keep)
}

fn risk_by(
    x: &Array2<f64>,
    left: &[usize],
    new: &Array2<f64>,
    c: f64,
    keep: impl Fn(usize) -> bool,
) -> Learned {
    let rows: Vec<usize> = (0..left.len()).filter(|&row| keep(row)).collect();
    let y: Array1<usize> = rows.iter().map(|&row| left[row]).collect();
    LogisticRegression::fit(&x.select(Axis(0), &rows), &y, c)?.probabilities(new)
}

/// `x` with one more column.
fn with(x: &Array2<f64>, column: Array1<f64>) -> Array2<f64> {
    concatenate(Axis(1), &[x.view(), column.insert_axis(Axis(1)).view()]).expect("equal rows")
}

/// One model with the call as a feature, and its products with the others if they may interact.
fn s_learner(
    x: &Array2<f64>,
    called: &[bool],
    left: &[usize],
    new: &Array2<f64>,
    interact: bool,
) -> Learned {
    let table = |x: &Array2<f64>, call: Array1<f64>| {
        let mut table = with(x, call.clone());
        if interact {
            for column in 0..x.ncols() {
                let product = &x.column(column) * &call;
                table = with(&table, product);
            }
        }
        table
    };
    let call: Array1<f64> = called
        .iter()
        .map(|&called| f64::from(u8::from(called)))
        .collect();
    let y: Array1<usize> = left.iter().copied().collect();
    let model = LogisticRegression::fit(&table(x, call), &y, 1.0)?;
    let never = table(new, Array1::zeros(new.nrows()));
    let always = table(new, Array1::ones(new.nrows()));
    Ok(model.probabilities(&never)? - model.probabilities(&always)?)
}

#[test]
fn uplift() {
    assert_accepts(
        "check_q29_uplift",
        &[
            (
                "two models",
                check(|x, called, left, new| {
                    Ok(risk(x, left, new, |row| !called[row])?
                        - risk(x, left, new, |row| called[row])?)
                }),
            ),
            (
                "hardly a penalty",
                check(|x, called, left, new| {
                    let without = risk_by(x, left, new, 1000.0, |row| !called[row])?;
                    Ok(without - risk_by(x, left, new, 1000.0, |row| called[row])?)
                }),
            ),
            (
                "one model in which the call interacts with everything",
                check(|x, called, left, new| s_learner(x, called, left, new, true)),
            ),
            (
                "by staying instead of leaving",
                check(|x, called, left, new| {
                    let stayed: Vec<usize> = left.iter().map(|left| 1 - left).collect();
                    Ok(risk(x, &stayed, new, |row| called[row])?
                        - risk(x, &stayed, new, |row| !called[row])?)
                }),
            ),
        ],
    );
    assert_refuses(
        "check_q29_uplift",
        &[
            (
                "the other sign",
                "The sign",
                check(|x, called, left, new| {
                    Ok(risk(x, left, new, |row| called[row])?
                        - risk(x, left, new, |row| !called[row])?)
                }),
            ),
            (
                "the risk without a call",
                "risk without a call",
                check(|x, called, left, new| risk(x, left, new, |row| !called[row])),
            ),
            (
                "the risk with a call",
                "risk with a call",
                check(|x, called, left, new| risk(x, left, new, |row| called[row])),
            ),
            (
                "the risk by all rows",
                "one model of all rows",
                check(|x, _, left, new| risk(x, left, new, |_| true)),
            ),
            (
                "without minus everybody",
                "second model has both arms",
                check(|x, called, left, new| {
                    Ok(risk(x, left, new, |row| !called[row])? - risk(x, left, new, |_| true)?)
                }),
            ),
            (
                "everybody minus with",
                "first model has both arms",
                check(|x, called, left, new| {
                    Ok(risk(x, left, new, |_| true)? - risk(x, left, new, |row| called[row])?)
                }),
            ),
            (
                "classes",
                "subtract classes",
                check(|x, called, left, new| {
                    let class = |p: Array1<f64>| p.mapv(|p| f64::from(u8::from(p >= 0.5)));
                    Ok(class(risk(x, left, new, |row| !called[row])?)
                        - class(risk(x, left, new, |row| called[row])?))
                }),
            ),
            (
                "a ratio",
                "ratio of the risks",
                check(|x, called, left, new| {
                    Ok(risk(x, left, new, |row| !called[row])?
                        / risk(x, left, new, |row| called[row])?)
                }),
            ),
            (
                "one model with the call as a feature",
                "same uplift",
                check(|x, called, left, new| {
                    let found = s_learner(x, called, left, new, false)?;
                    Ok(Array1::from_elem(found.len(), found.mean().unwrap_or(0.0)))
                }),
            ),
            (
                "the pilot's rows",
                "pilot's own rows",
                check(|x, called, left, _| {
                    Ok(
                        risk(x, left, x, |row| !called[row])?
                            - risk(x, left, x, |row| called[row])?,
                    )
                }),
            ),
            (
                "only the first feature",
                "Fit one model on those who were called",
                check(|x, called, left, new| {
                    let (x, new) = (
                        x.slice(s![.., ..1]).to_owned(),
                        new.slice(s![.., ..1]).to_owned(),
                    );
                    Ok(risk(&x, left, &new, |row| !called[row])?
                        - risk(&x, left, &new, |row| called[row])?)
                }),
            ),
            (
                "an error",
                "ends with an error",
                check(|x, _, left, new| risk(x, left, new, |_| false)),
            ),
        ],
    );
}
