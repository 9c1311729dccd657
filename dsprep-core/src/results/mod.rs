//! What each result shows, by topic: its values with plain names, units and verdicts.

/// `Display` for results: what a notebook shows of them, as text.
macro_rules! shown_as_text {
    ($($result:ty),+ $(,)?) => {$(
        impl std::fmt::Display for $result {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                $crate::display::Summarise::summary(self).write(f)
            }
        }
    )+};
}
use shown_as_text;

mod drift;
mod evaluate;
mod experiment;
mod few_users;
mod figure;
mod forecast;
mod fraud;
mod interview;
mod learning;
mod linear;
mod monitor;
mod neural;
mod policy;
mod recommend;
mod rollout;
mod saved;
mod sql;
mod text;
mod trees;
mod triage;

#[cfg(test)]
mod tests;
