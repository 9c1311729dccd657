//! Forecasts, their intervals and backtests (question 30).

use crate::display::{Shown, Summarise, Summary};
use crate::forecast::{
    Backtest, ExponentialSmoothing, Fold, HoltWinters, PredictionInterval, RollingOrigin,
};

/// 1, 2, 3, ... for the rows of a table of steps.
fn steps(number: usize) -> impl Iterator<Item = Shown> {
    (1..=number as u64).map(Shown::Id)
}

impl Summarise for PredictionInterval {
    fn summary(&self) -> Summary {
        Summary::new("Prediction interval")
            .column("step", steps(self.lower.len()))
            .column("lower", &self.lower)
            .column("upper", &self.upper)
            .column("width", &(&self.upper - &self.lower))
    }
}

impl Summarise for RollingOrigin {
    fn summary(&self) -> Summary {
        Summary::new("Rolling origin")
            .row("first", self.first, "values in the first training part")
            .row("horizon", self.horizon, "steps forecast from each origin")
            .row("step", self.step, "how far the origin moves")
    }
}

impl Summarise for Fold {
    fn summary(&self) -> Summary {
        Summary::new("Forecast from one origin")
            .row("origin", self.origin, "values that the model was fitted on")
            .row("steps", self.actual.len(), "")
            .column("step", steps(self.actual.len()))
            .column("actual", &self.actual)
            .column("forecast", &self.forecast)
            .column("error", &(&self.actual - &self.forecast))
    }
}

impl Summarise for Backtest {
    fn summary(&self) -> Summary {
        let folds = self.folds();
        let horizon = folds.first().map_or(0, |fold| fold.actual.len());
        let errors: Vec<crate::Result<f64>> = (1..=horizon).map(|step| self.mae_at(step)).collect();
        Summary::new("Backtest")
            .row("origins", folds.len(), "")
            .row("MAE", self.mae(), "in the unit of the data")
            .row("RMSE", self.rmse(), "in the unit of the data")
            .row("sMAPE", self.smape(), "%")
            .row("MASE", self.mase(1), "1 is the naive forecast in training")
            .column("steps ahead", steps(horizon))
            .column("MAE", errors)
    }
}

impl Summarise for ExponentialSmoothing {
    fn summary(&self) -> Summary {
        Summary::new("Exponential smoothing")
            .row("α", self.alpha(), "weight of the newest value")
            .row("level", self.level(), "the forecast of every step")
            .row(
                "sum of squared errors",
                self.squared_error(),
                "one step ahead, in training",
            )
            .row("residuals", self.residuals().len(), "")
    }
}

impl Summarise for HoltWinters {
    fn summary(&self) -> Summary {
        Summary::new("Holt-Winters, additive")
            .row("α", self.alpha(), "weight of the newest value in the level")
            .row("β", self.beta(), "... in the trend")
            .row("γ", self.gamma(), "... in the season")
            .row(
                "sum of squared errors",
                self.squared_error(),
                "one step ahead, in training",
            )
            .row("residuals", self.residuals().len(), "")
    }
}

super::shown_as_text!(
    PredictionInterval,
    RollingOrigin,
    Fold,
    Backtest,
    ExponentialSmoothing,
    HoltWinters
);
