//! What each result shows, by topic: its values with plain names, units and verdicts.

mod drift;
mod evaluate;
mod experiment;
mod forecast;
mod fraud;
mod interview;
mod linear;
mod monitor;
mod neural;
mod recommend;
mod rollout;
mod sql;
mod text;
mod trees;
mod triage;

#[cfg(test)]
mod tests;
