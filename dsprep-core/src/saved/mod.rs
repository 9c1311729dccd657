//! Saving and loading models.
//!
//! [`Saved`] writes a model as JSON and reads it again without losing a bit. The structs derive serde's traits, so
//! that plain Rust can keep them in any other format too.
//!
//! ```json
//! {"model": "linear regression", "format": 1, "parameters": {"coefficients": [2.0], "intercept": 1.0}}
//! ```

pub(crate) mod array;
mod file;
mod json;

use crate::{Error, Result};
use json::{Fault, from_json, parse, to_json};
use serde::{Deserialize, Serialize, de::DeserializeOwned};
use std::path::Path;

/// The format that this version writes, and the only one there is so far.
const FORMAT: u32 = 1;

/// A model that can be saved and loaded.
///
/// # Examples
/// ```
/// use dsprep_core::{linear::LinearRegression, ndarray::array, saved::Saved};
///
/// let model = LinearRegression::fit(&array![[1.0], [2.0], [4.0]], &array![0.1, 0.2, 0.7])?;
/// let json = model.to_json()?;
/// assert_eq!(LinearRegression::from_json(&json)?, model); // bit for bit
/// # Ok::<(), dsprep_core::Error>(())
/// ```
pub trait Saved: Sized {
    /// The model as JSON.
    ///
    /// # Errors
    /// [`Error::Stored`] if the model holds a number that is not finite.
    fn to_json(&self) -> Result<String>;

    /// Reads what [`to_json`](Self::to_json) wrote.
    ///
    /// # Errors
    /// [`Error::Stored`] if `json` is not such a text, is that of another kind of model, or says what no
    /// model can be.
    fn from_json(json: &str) -> Result<Self>;

    /// Writes the model to a file. What was there before stays until all of it is written.
    ///
    /// # Errors
    /// As [`to_json`](Self::to_json); [`Error::File`] if the file can't be written.
    ///
    /// # Examples
    /// ```no_run
    /// use dsprep_core::{ndarray::array, saved::Saved, trees::{BoostedTrees, GradientBoosting}};
    /// let model = GradientBoosting::regressor().fit(&array![[1.0], [2.0]], &array![3.0, 4.0])?;
    /// model.save("model.json")?;
    /// assert_eq!(BoostedTrees::load("model.json")?, model);
    /// # Ok::<(), dsprep_core::Error>(())
    /// ```
    fn save(&self, path: impl AsRef<Path>) -> Result<()> {
        file::write(path.as_ref(), &self.to_json()?)
    }

    /// Reads what [`save`](Self::save) wrote.
    ///
    /// # Errors
    /// As [`from_json`](Self::from_json); [`Error::File`] if the file can't be read.
    fn load(path: impl AsRef<Path>) -> Result<Self> {
        Self::from_json(&file::read(path.as_ref())?)
    }
}

/// A model with its kind, as it is written.
#[derive(Serialize)]
struct Written<'a, T> {
    model: &'a str,
    format: u32,
    parameters: &'a T,
}

/// What kind of model a text holds.
#[derive(Deserialize)]
struct Head {
    model: String,
    format: u32,
}

#[derive(Deserialize)]
struct Read<T> {
    parameters: T,
}

/// Implements [`Saved`]. The bodies are compiled here, not in a notebook's cell.
macro_rules! saved {
    ($($model:ty => $kind:literal),+ $(,)?) => {$(
        impl $crate::saved::Saved for $model {
            fn to_json(&self) -> $crate::Result<String> {
                $crate::saved::write($kind, self)
            }

            fn from_json(json: &str) -> $crate::Result<Self> {
                $crate::saved::read($kind, json)
            }
        }
    )+};
}
pub(crate) use saved;

/// Serde's traits for a struct that is derived with `#[serde(remote = "Self")]` and says by `check_stored`
/// whether what was read can be a model.
macro_rules! checked {
    ($model:ty $(, $task:ident)?) => {
        impl$(<$task>)? serde::Serialize for $model {
            fn serialize<S: serde::Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
                // The derived function, which belongs to the type itself.
                Self::serialize(self, to)
            }
        }

        impl<'de$(, $task)?> serde::Deserialize<'de> for $model {
            fn deserialize<D: serde::Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
                let model = Self::deserialize(from)?;
                model.check_stored().map_err(serde::de::Error::custom)?;
                Ok(model)
            }
        }
    };
}
pub(crate) use checked;

/// Fails with what a model must have unless it `fits`.
pub(crate) fn unless_consistent(fits: bool, expected: &'static str) -> Result<()> {
    if fits {
        return Ok(());
    }
    Err(Error::OutOfRange {
        what: "what was stored".to_owned(),
        found: "inconsistent".to_owned(),
        expected,
    })
}

pub(crate) fn write<T: Serialize>(kind: &str, model: &T) -> Result<String> {
    let written = Written {
        model: kind,
        format: FORMAT,
        parameters: model,
    };
    match to_json(&written) {
        Ok(json) => Ok(json.to_string()),
        Err(fault) => Err(Error::Stored {
            reason: format!("this {kind} can't be written as JSON: {fault}"),
            remedy: "Fit it again on finite numbers.",
        }),
    }
}

pub(crate) fn read<T: DeserializeOwned>(kind: &str, text: &str) -> Result<T> {
    let wrong = |fault: Fault| Error::Stored {
        reason: format!("this is not a stored {kind}: {fault}"),
        remedy: "Load what `to_json` or `save` wrote.",
    };
    let json = parse(text).map_err(wrong)?;
    let head: Head = from_json(json.clone()).map_err(wrong)?;
    if head.model != kind {
        return Err(Error::Stored {
            reason: format!("this is a stored {}, not a {kind}", head.model),
            remedy: "Load it with the type that saved it.",
        });
    }
    if head.format != FORMAT {
        return Err(Error::Stored {
            reason: format!("its format is {}, and {FORMAT} is known", head.format),
            remedy: "Load it with the version that saved it.",
        });
    }
    let read: Read<T> = from_json(json).map_err(wrong)?;
    Ok(read.parameters)
}

#[cfg(test)]
mod tests;
