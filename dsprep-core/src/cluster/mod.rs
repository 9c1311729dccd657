//! Structure without labels: [`KMeans`] finds groups of rows, [`Pca`] directions of features.

mod eigen;
mod k_means;
mod pca;

pub use k_means::KMeans;
pub use pca::Pca;
