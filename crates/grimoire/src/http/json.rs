//! JSON read strictly: no key twice, not deeper than 32, an object at the top.
//!
//! What comes in: bytes. What goes out: the object, or the one thing that is wrong with it. What it refuses to know:
//! which fields there should be.

use std::{cell::Cell, fmt};

use serde::{
    Deserialize,
    de::{DeserializeSeed, Deserializer, Error, MapAccess, SeqAccess, Visitor},
};
use serde_json::{Map, Number, Value, value::RawValue};

/// Levels of objects and arrays.
pub(super) const DEPTH: usize = 32;

/// What is wrong.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Wrong {
    /// It is no JSON; where and why.
    Syntax(String),
    /// It is too deep.
    Depth,
    /// A key stands twice in one object.
    Twice(String),
    /// The top is no object.
    NoObject,
}

/// Reads an object.
pub(super) fn read(bytes: &[u8]) -> Result<Map<String, Value>, Wrong> {
    let wrong = Cell::new(None);
    let mut deserializer = serde_json::Deserializer::from_slice(bytes);
    let value = Strict { depth: 0, wrong: &wrong }.deserialize(&mut deserializer);
    match value.and_then(|value| deserializer.end().map(|()| value)) {
        Ok(Value::Object(object)) => Ok(object),
        Ok(_) => Err(Wrong::NoObject),
        Err(error) => Err(wrong.take().unwrap_or_else(|| Wrong::Syntax(error.to_string()))),
    }
}

/// The values of an object in an object that [`read`] has read, as they were written: a number with all its digits.
pub(super) fn written(bytes: &[u8], name: &str) -> Option<Vec<(String, String)>> {
    let outer: Texts = serde_json::from_slice(bytes).ok()?;
    let (_, inner) = outer.0.into_iter().find(|(key, _)| key == name)?;
    let inner: Texts = serde_json::from_str(&inner).ok()?;
    Some(inner.0)
}

/// An object's keys, with their values as they were written.
struct Texts(Vec<(String, String)>);

impl<'de> Deserialize<'de> for Texts {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Pairs;
        impl<'de> Visitor<'de> for Pairs {
            type Value = Texts;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Texts, A::Error> {
                let mut pairs = Vec::new();
                while let Some((key, value)) = map.next_entry::<String, Box<RawValue>>()? {
                    pairs.push((key, value.get().to_owned()));
                }
                Ok(Texts(pairs))
            }
        }
        deserializer.deserialize_map(Pairs)
    }
}

/// Reads one value at a depth; leaves in `wrong` what it refuses beside syntax.
#[derive(Clone, Copy)]
struct Strict<'a> {
    depth: usize,
    wrong: &'a Cell<Option<Wrong>>,
}

impl Strict<'_> {
    fn deeper<E: Error>(self) -> Result<Self, E> {
        if self.depth == DEPTH {
            Err(self.refuse(Wrong::Depth))
        } else {
            Ok(Self { depth: self.depth + 1, ..self })
        }
    }

    fn refuse<E: Error>(self, wrong: Wrong) -> E {
        self.wrong.set(Some(wrong));
        E::custom("refused")
    }
}

impl<'de> DeserializeSeed<'de> for Strict<'_> {
    type Value = Value;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Value, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Strict<'_> {
    type Value = Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a JSON value")
    }

    fn visit_unit<E>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_bool<E>(self, b: bool) -> Result<Value, E> {
        Ok(Value::Bool(b))
    }

    fn visit_u64<E>(self, n: u64) -> Result<Value, E> {
        Ok(Value::Number(n.into()))
    }

    fn visit_i64<E>(self, n: i64) -> Result<Value, E> {
        Ok(Value::Number(n.into()))
    }

    fn visit_f64<E>(self, n: f64) -> Result<Value, E> {
        Ok(Number::from_f64(n).map_or(Value::Null, Value::Number))
    }

    fn visit_str<E>(self, text: &str) -> Result<Value, E> {
        Ok(Value::String(text.into()))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Value, A::Error> {
        let inner = self.deeper()?;
        let mut values = Vec::new();
        while let Some(value) = seq.next_element_seed(inner)? {
            values.push(value);
        }
        Ok(Value::Array(values))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Value, A::Error> {
        let inner = self.deeper()?;
        let mut object = Map::new();
        while let Some(key) = map.next_key::<String>()? {
            if object.contains_key(&key) {
                return Err(self.refuse(Wrong::Twice(key)));
            }
            object.insert(key, map.next_value_seed(inner)?);
        }
        Ok(Value::Object(object))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_object_is_read() {
        let object = read(br#" {"a":1,"b":[true,null,{"c":"x"}],"d":-1.5} "#).expect("valid");
        assert_eq!(Value::Object(object).to_string(), r#"{"a":1,"b":[true,null,{"c":"x"}],"d":-1.5}"#);
    }

    #[test]
    fn a_key_stands_once_in_an_object() {
        assert_eq!(read(br#"{"a":1,"b":{"x":1,"x":2}}"#), Err(Wrong::Twice("x".into())));
        assert_eq!(read(br#"{"a":1,"\u0061":2}"#), Err(Wrong::Twice("a".into())));
        assert!(read(br#"{"a":{"x":1},"b":{"x":1}}"#).is_ok());
    }

    #[test]
    fn depth_is_bounded() {
        let nested = |n: usize| format!("{}1{}", "{\"a\":".repeat(n), "}".repeat(n));
        assert!(read(nested(DEPTH).as_bytes()).is_ok());
        assert_eq!(read(nested(DEPTH + 1).as_bytes()), Err(Wrong::Depth));
        assert_eq!(read("{\"a\":".repeat(50_000).as_bytes()), Err(Wrong::Depth));
    }

    #[test]
    fn other_texts_are_refused() {
        for text in ["[]", "1", "\"a\"", "null"] {
            assert_eq!(read(text.as_bytes()), Err(Wrong::NoObject), "{text}");
        }
        for text in [
            "",
            "{",
            "{'a':1}",
            "{\"a\":1,}",
            "{} {}",
            "\u{feff}{}",
            "{\"a\":1e400}",
            "{\"a\":NaN}",
            r#"{"a":"\ud800"}"#,
        ] {
            assert!(matches!(read(text.as_bytes()), Err(Wrong::Syntax(_))), "{text}");
        }
    }
}
