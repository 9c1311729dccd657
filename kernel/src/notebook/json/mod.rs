//! JSON that loses nothing: the order of keys, the digits of numbers and the spelling of texts stay as they were
//! written, halves of characters (lone surrogates) too.
//!
//! `serde_json`'s values round numbers to 64 bits, keep the last of equal keys and refuse lone surrogates. A notebook
//! is somebody else's file, so what a run does not change must come out as it came in.

mod parse;
mod text;
mod write;

pub use parse::{Mistake, parse_noting_halves, place};
pub use text::Text;

use serde_json::Value;

/// A value of a document.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Json {
    /// `null`
    Null,
    /// `true` or `false`
    Bool(bool),
    /// A number, as it is written.
    Number(Box<str>),
    /// A text, as it is written.
    Text(Text),
    /// A list.
    List(Vec<Json>),
    /// An object: keys and values in order; no key stands twice.
    Object(Vec<(Text, Json)>),
}

impl Json {
    /// The value under `key`, if this is an object that has it.
    pub fn get(&self, key: &str) -> Option<&Json> {
        let Json::Object(entries) = self else {
            return None;
        };
        let found = entries.iter().find(|(name, _)| name.is(key));
        found.map(|(_, value)| value)
    }

    /// The same, to change it.
    pub fn get_mut(&mut self, key: &str) -> Option<&mut Json> {
        let Json::Object(entries) = self else {
            return None;
        };
        let found = entries.iter_mut().find(|(name, _)| name.is(key));
        found.map(|(_, value)| value)
    }

    /// The value at the end of a path of keys.
    pub fn at(&self, path: &[&str]) -> Option<&Json> {
        path.iter().try_fold(self, |value, key| value.get(key))
    }

    /// Puts `value` under `key`: in the place of the value that is there, or at the end.
    pub fn set(&mut self, key: &str, value: Json) {
        match self.get_mut(key) {
            Some(place) => *place = value,
            None => {
                if let Json::Object(entries) = self {
                    entries.push((key.into(), value));
                }
            }
        }
    }

    /// Takes `key` away.
    pub fn remove(&mut self, key: &str) {
        if let Json::Object(entries) = self {
            entries.retain(|(name, _)| !name.is(key));
        }
    }

    /// The elements of a list.
    pub fn list(&self) -> Option<&[Json]> {
        match self {
            Json::List(elements) => Some(elements),
            _ => None,
        }
    }

    /// The text, with a sign in the place of each lone surrogate.
    pub fn text(&self) -> Option<String> {
        match self {
            Json::Text(text) => Some(text.decoded()),
            _ => None,
        }
    }

    /// Whether it is this text.
    pub fn is_text(&self, text: &str) -> bool {
        matches!(self, Json::Text(own) if own.is(text))
    }

    /// The whole number, if it is one, however it is written: `4`, `4.0` and `4e0` are the same.
    pub fn whole(&self) -> Option<u64> {
        let Json::Number(digits) = self else {
            return None;
        };
        digits.parse().ok().or_else(|| {
            let number: f64 = digits.parse().ok()?;
            // Above that, neighbours are more than one apart.
            let is_whole = number.fract() == 0.0 && (0.0..9e15).contains(&number);
            is_whole.then_some(number as u64)
        })
    }

    /// The number, to the precision that the machine has.
    pub fn number(&self) -> Option<f64> {
        match self {
            Json::Number(digits) => digits.parse().ok(),
            _ => None,
        }
    }

    /// What kind of value it is, in words.
    pub fn kind(&self) -> &'static str {
        match self {
            Json::Null => "null",
            Json::Bool(_) => "a truth value",
            Json::Number(_) => "a number",
            Json::Text(_) => "a text",
            Json::List(_) => "a list",
            Json::Object(_) => "an object",
        }
    }

    /// The value as `serde_json` holds it, where numbers and texts may lose what it can't hold.
    pub fn value(&self) -> Value {
        match self {
            Json::Null => Value::Null,
            Json::Bool(truth) => Value::Bool(*truth),
            // Numbers beyond all bounds are texts there.
            Json::Number(digits) => {
                serde_json::from_str(digits).unwrap_or_else(|_| Value::from(&**digits))
            }
            Json::Text(text) => Value::String(text.decoded()),
            Json::List(elements) => elements.iter().map(Json::value).collect(),
            Json::Object(entries) => {
                let entries = entries
                    .iter()
                    .map(|(key, value)| (key.decoded(), value.value()));
                Value::Object(entries.collect())
            }
        }
    }
}

impl From<Value> for Json {
    fn from(value: Value) -> Self {
        match value {
            Value::Null => Json::Null,
            Value::Bool(truth) => Json::Bool(truth),
            Value::Number(number) => Json::Number(number.to_string().into()),
            Value::String(text) => Json::Text(text.as_str().into()),
            Value::Array(elements) => Json::List(elements.into_iter().map(Json::from).collect()),
            Value::Object(entries) => {
                let entries = entries
                    .into_iter()
                    .map(|(key, value)| (key.as_str().into(), value.into()));
                Json::Object(entries.collect())
            }
        }
    }
}

impl From<&str> for Json {
    fn from(text: &str) -> Self {
        Json::Text(text.into())
    }
}

impl From<usize> for Json {
    fn from(number: usize) -> Self {
        Json::Number(number.to_string().into())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn whole_numbers_are_told_however_they_are_written() {
        let whole = |text: &str| Json::parse(text).ok().and_then(|json| json.whole());
        assert_eq!(["4", "4.0", "4e0", "40e-1"].map(whole), [Some(4); 4]);
        assert_eq!(["4.5", "-4", "\"4\"", "1e400"].map(whole), [None; 4]);
    }

    #[test]
    fn values_come_and_go() {
        let value = json!({"a": [1, 2.5, null, true], "b": {"c": "ä\n\u{1}\"\\"}});
        assert_eq!(Json::from(value.clone()).value(), value);
    }

    #[test]
    fn keys_are_set_in_their_place_or_at_the_end() {
        let mut json = Json::parse(r#"{"a": 1, "\u0062": 2}"#).expect("it is JSON");
        json.set("b", "x".into());
        json.set("c", Json::Null);
        json.remove("a");
        assert_eq!(json.value(), json!({"b": "x", "c": null}));
    }
}
