//! `json!` as serde_json has it, with the same grammar, for small code: each entry is one call, where serde_json's own macro
//! spells out at each entry how a key is copied, a value is serialized, a failure is told and an older value is dropped.

use std::rc::Rc;

use serde_json::{Map, Value};

use crate::sorted::SortedMap;

/// A JSON value from a literal with expressions in it.
macro_rules! json {
    (@list [$($done:expr),*]) => { ::std::vec![$($done),*] };
    (@list [$($done:expr),*] null $(, $($rest:tt)*)?) => {
        $crate::json::json!(@list [$($done,)* $crate::json::json!(null)] $($($rest)*)?)
    };
    (@list [$($done:expr),*] [$($inner:tt)*] $(, $($rest:tt)*)?) => {
        $crate::json::json!(@list [$($done,)* $crate::json::json!([$($inner)*])] $($($rest)*)?)
    };
    (@list [$($done:expr),*] {$($inner:tt)*} $(, $($rest:tt)*)?) => {
        $crate::json::json!(@list [$($done,)* $crate::json::json!({$($inner)*})] $($($rest)*)?)
    };
    (@list [$($done:expr),*] $item:expr $(, $($rest:tt)*)?) => {
        $crate::json::json!(@list [$($done,)* $crate::json::json!($item)] $($($rest)*)?)
    };

    (@object $object:ident ()) => {};
    (@object $object:ident ($($key:tt)+) : null $(, $($rest:tt)*)?) => {
        $crate::json::put(&mut $object, AsRef::<str>::as_ref(&$($key)+), $crate::json::json!(null));
        $crate::json::json!(@object $object () $($($rest)*)?);
    };
    (@object $object:ident ($($key:tt)+) : [$($inner:tt)*] $(, $($rest:tt)*)?) => {
        $crate::json::put(&mut $object, AsRef::<str>::as_ref(&$($key)+), $crate::json::json!([$($inner)*]));
        $crate::json::json!(@object $object () $($($rest)*)?);
    };
    (@object $object:ident ($($key:tt)+) : {$($inner:tt)*} $(, $($rest:tt)*)?) => {
        $crate::json::put(&mut $object, AsRef::<str>::as_ref(&$($key)+), $crate::json::json!({$($inner)*}));
        $crate::json::json!(@object $object () $($($rest)*)?);
    };
    (@object $object:ident ($($key:tt)+) : $value:expr $(, $($rest:tt)*)?) => {
        $crate::json::put(&mut $object, AsRef::<str>::as_ref(&$($key)+), $crate::json::json!($value));
        $crate::json::json!(@object $object () $($($rest)*)?);
    };
    (@object $object:ident ($($key:tt)*) $next:tt $($rest:tt)*) => {
        $crate::json::json!(@object $object ($($key)* $next) $($rest)*);
    };

    (null) => { ::serde_json::Value::Null };
    ([$($items:tt)*]) => { ::serde_json::Value::Array($crate::json::json!(@list [] $($items)*)) };
    ({}) => { ::serde_json::Value::Object(::serde_json::Map::new()) };
    ({$($entries:tt)+}) => {{
        let mut object = ::serde_json::Map::new();
        $crate::json::json!(@object object () $($entries)+);
        ::serde_json::Value::Object(object)
    }};
    ($value:expr) => { $crate::json::ToJson::to_json(&$value) };
}
pub(crate) use json;

/// Gives a key of an object a value.
#[inline(never)]
pub(crate) fn put(object: &mut Map<String, Value>, key: &str, value: Value) {
    object.insert(key.to_owned(), value);
}

/// An object of entries. `collect` would sort them first, with a sort compiled for each kind of iterator.
pub(crate) fn object<K: AsRef<str>>(entries: impl Iterator<Item = (K, Value)>) -> Value {
    let mut object = Map::new();
    for (key, value) in entries {
        put(&mut object, key.as_ref(), value);
    }
    Value::Object(object)
}

/// What can be a value in `json!`.
pub(crate) trait ToJson {
    /// As a JSON value.
    fn to_json(&self) -> Value;
}

impl ToJson for Value {
    fn to_json(&self) -> Value {
        self.clone()
    }
}

impl ToJson for Map<String, Value> {
    fn to_json(&self) -> Value {
        Value::Object(self.clone())
    }
}

impl ToJson for str {
    #[inline(never)]
    fn to_json(&self) -> Value {
        Value::String(self.to_owned())
    }
}

impl ToJson for String {
    fn to_json(&self) -> Value {
        self.as_str().to_json()
    }
}

macro_rules! plain {
    ($($type:ty),*) => {
        $(impl ToJson for $type {
            fn to_json(&self) -> Value {
                Value::from(*self)
            }
        })*
    };
}
plain!(bool, i32, i64, u8, u16, u32, u64, usize, f64);

impl<T: ToJson + ?Sized> ToJson for &T {
    fn to_json(&self) -> Value {
        (**self).to_json()
    }
}

impl<T: ToJson + ?Sized> ToJson for &mut T {
    fn to_json(&self) -> Value {
        (**self).to_json()
    }
}

impl<T: ToJson + ?Sized> ToJson for Rc<T> {
    fn to_json(&self) -> Value {
        (**self).to_json()
    }
}

impl<T: ToJson + ?Sized> ToJson for Box<T> {
    fn to_json(&self) -> Value {
        (**self).to_json()
    }
}

impl<T: ToJson> ToJson for Option<T> {
    fn to_json(&self) -> Value {
        self.as_ref().map_or(Value::Null, ToJson::to_json)
    }
}

impl<T: ToJson> ToJson for [T] {
    fn to_json(&self) -> Value {
        Value::Array(self.iter().map(ToJson::to_json).collect())
    }
}

impl<T: ToJson> ToJson for Vec<T> {
    fn to_json(&self) -> Value {
        self.as_slice().to_json()
    }
}

impl<T: ToJson, const N: usize> ToJson for [T; N] {
    fn to_json(&self) -> Value {
        self.as_slice().to_json()
    }
}

impl<K: AsRef<str>, V: ToJson> ToJson for SortedMap<K, V> {
    fn to_json(&self) -> Value {
        object(self.iter().map(|(key, value)| (key, value.to_json())))
    }
}

#[cfg(test)]
mod tests {

    #[test]
    fn reads_what_the_macro_of_serde_json_reads() {
        let (name, none, list) = (String::from("web"), None::<i64>, vec!["a", "b"]);
        macro_rules! both {
            ($($value:tt)+) => { assert_eq!(json!($($value)+), serde_json::json!($($value)+)) };
        }
        both!(null);
        both!({});
        both!([]);
        both!(name);
        both!({"a": null, "b": [1, null, {"c": -1}, [], list.len() + 1,], name.as_str(): {"d": 1.5, "e": {}}, (format!("{name}-0")): none,});
        both!([{"a": list}, if list.is_empty() { "no" } else { "yes" }, &name, [true]]);
    }
}
