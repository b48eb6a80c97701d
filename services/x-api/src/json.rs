//! Reading and writing JSON without losing anything: a member no field takes ends in `extra`.
//!
//! serde's derive is not used here because it would refuse a whole post for one member of a new
//! type, and any answer that carries a member under both of its names.

use serde_json::{Map, Value};

use crate::ids::IdError;
use crate::vocabulary::{Names, Vocabulary};

/// Members of a JSON object no field took, by name.
pub type Extra = Map<String, Value>;

/// Why a JSON value is not what was expected.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Reason {
    /// Another JSON type, or a value outside the type's range.
    #[error("not {expected}")]
    WrongType {
        /// What would have been read.
        expected: &'static str,
    },
    /// A member nothing can be done without, such as a post's id.
    #[error("no {member}")]
    Missing {
        /// The member's name.
        member: &'static str,
    },
    /// An id that is not one.
    #[error(transparent)]
    Id(#[from] IdError),
}

/// What can be read from X's JSON and written back in either vocabulary.
///
/// For every value `v` a type reads, writing in the vocabulary `v` is in gives `v` again.
pub trait Json: Sized {
    /// Reads the value, in whichever vocabulary it is.
    fn from_json(value: &Value) -> Result<Self, Reason>;

    /// Writes the value in the names of one vocabulary.
    fn to_json(&self, vocabulary: Vocabulary) -> Value;
}

impl Json for String {
    fn from_json(value: &Value) -> Result<Self, Reason> {
        value.as_str().map(str::to_owned).ok_or(Reason::WrongType { expected: "a text" })
    }

    fn to_json(&self, _: Vocabulary) -> Value {
        Value::String(self.clone())
    }
}

impl Json for bool {
    fn from_json(value: &Value) -> Result<Self, Reason> {
        value.as_bool().ok_or(Reason::WrongType { expected: "true or false" })
    }

    fn to_json(&self, _: Vocabulary) -> Value {
        Value::Bool(*self)
    }
}

impl Json for Extra {
    fn from_json(value: &Value) -> Result<Self, Reason> {
        value.as_object().cloned().ok_or(Reason::WrongType { expected: "an object" })
    }

    fn to_json(&self, _: Vocabulary) -> Value {
        Value::Object(self.clone())
    }
}

impl<T: Json> Json for Vec<T> {
    fn from_json(value: &Value) -> Result<Self, Reason> {
        let items = value.as_array().ok_or(Reason::WrongType { expected: "a list" })?;
        items.iter().map(T::from_json).collect()
    }

    fn to_json(&self, vocabulary: Vocabulary) -> Value {
        Value::Array(self.iter().map(|item| item.to_json(vocabulary)).collect())
    }
}

/// An object being read: what was taken from it, and so what is left.
pub(crate) struct Reading<'a> {
    object: &'a Map<String, Value>,
    taken: Vec<&'static str>,
}

impl<'a> Reading<'a> {
    pub(crate) fn new(value: &'a Value) -> Result<Self, Reason> {
        let object = value.as_object().ok_or(Reason::WrongType { expected: "an object" })?;
        Ok(Self { object, taken: Vec::new() })
    }

    /// The member under its first name that reads well. A member of another type is left for `extra`.
    pub(crate) fn may<T: Json>(&mut self, names: Names) -> Option<T> {
        names.0.iter().find_map(|name| {
            let read = T::from_json(self.object.get(*name)?).ok()?;
            self.taken.push(name);
            Some(read)
        })
    }

    /// The member, or why there is none.
    pub(crate) fn must<T: Json>(&mut self, name: &'static str) -> Result<T, Reason> {
        let value = self.object.get(name).ok_or(Reason::Missing { member: name })?;
        let read = T::from_json(value)?;
        self.taken.push(name);
        Ok(read)
    }

    /// The member's value as it is, taken only if the caller could use it.
    pub(crate) fn with<T>(&mut self, names: Names, read: impl Fn(&'a Value) -> Option<T>) -> Option<T> {
        let object = self.object;
        names.0.iter().find_map(|name| {
            let read = read(object.get(*name)?)?;
            self.taken.push(name);
            Some(read)
        })
    }

    /// What nothing took.
    pub(crate) fn rest(self) -> Extra {
        let left = self.object.iter().filter(|(name, _)| !self.taken.contains(&name.as_str()));
        left.map(|(name, value)| (name.clone(), value.clone())).collect()
    }
}

/// Writes a member if there is one.
pub(crate) fn put<T: Json>(into: &mut Extra, names: Names, value: Option<&T>, vocabulary: Vocabulary) {
    if let Some(value) = value {
        into.insert(names.of(vocabulary).to_owned(), value.to_json(vocabulary));
    }
}

/// Declares a JSON object: `must` members are required, `may` members are `Option`s, the rest is `extra`.
/// A member with two names is `"tweet name" | "post name"`.
macro_rules! record {
    (
        $(#[$meta:meta])*
        pub struct $name:ident {
            $(must { $( $(#[$must_meta:meta])* $must:ident : $must_ty:ty = $must_name:literal, )+ })?
            may { $( $(#[$may_meta:meta])* $may:ident : $may_ty:ty = $tweet:literal $(| $post:literal)?, )* }
        }
    ) => {
        $(#[$meta])*
        #[derive(Debug, Clone, PartialEq)]
        pub struct $name {
            $($( $(#[$must_meta])* pub $must: $must_ty, )+)?
            $( $(#[$may_meta])* pub $may: Option<$may_ty>, )*
            /// Members without a field here, and members whose value is of an unexpected type.
            pub extra: $crate::json::Extra,
        }

        impl $crate::json::Json for $name {
            fn from_json(value: &serde_json::Value) -> Result<Self, $crate::json::Reason> {
                let mut reading = $crate::json::Reading::new(value)?;
                Ok(Self {
                    $($( $must: reading.must($must_name)?, )+)?
                    $( $may: reading.may($crate::vocabulary::Names(&[$tweet $(, $post)?])), )*
                    extra: reading.rest(),
                })
            }

            fn to_json(&self, vocabulary: $crate::vocabulary::Vocabulary) -> serde_json::Value {
                let mut object = self.extra.clone();
                $($(
                    object.insert($must_name.to_owned(), $crate::json::Json::to_json(&self.$must, vocabulary));
                )+)?
                $(
                    let names = $crate::vocabulary::Names(&[$tweet $(, $post)?]);
                    $crate::json::put(&mut object, names, self.$may.as_ref(), vocabulary);
                )*
                serde_json::Value::Object(object)
            }
        }
    };
}
pub(crate) use record;
