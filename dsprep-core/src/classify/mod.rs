//! Classifiers that an interviewer has one write from scratch.
//!
//! | model | idea |
//! |---|---|
//! | [`NearestNeighbours`] | ask the k most similar rows |
//! | [`GaussianNaiveBayes`] | a normal distribution for each feature in each class |
//! | [`MultinomialNaiveBayes`] | counts, such as those of words |
//!
//! Classes may have any numbers, few or many, in any order; they are counted, never used as an index.

mod gaussian_bayes;
mod labels;
mod multinomial_bayes;
mod neighbours;

pub use gaussian_bayes::GaussianNaiveBayes;
pub use multinomial_bayes::MultinomialNaiveBayes;
pub use neighbours::NearestNeighbours;
