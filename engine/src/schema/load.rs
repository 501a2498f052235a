//! Reads the embedded structure. Its form, line by line, fields separated by one blank:
//!
//! - `K Kind type-number`: the type of a kind of `api::kind`;
//! - `T package Name definition` begins a type; types are numbered in order, from 0;
//! - `field[!] type [key=…] [patch=…] [list=…] [map=…] [keys=…|…] [go=…] [enum=…|…] [values=…|…] [needed]` a field of that type;
//!   `!` means required. Types: `s` text, `i`/`l` whole number of 32/64 bits, `n` number, `b` boolean, `q` quantity,
//!   `o` int-or-string, `t`/`u` time, `y` bytes, `x` anything, `@N` object of type N, `[` before: list, `{` before: map.

use super::{Field, FieldType, Required, Schema, Type, TypeId};
use crate::api::kind::{KINDS, Kind};
use crate::order;

/// The structure of the release that the sandbox models.
pub(crate) const STRUCTURE: &str = include_str!("data/structure.txt");

/// Reads `text`. Lines that do not fit are left out: the data is ours, and a test checks it.
pub(crate) fn load(text: &'static str) -> Schema {
    let mut schema = Schema { kinds: vec![0; KINDS.len()], types: Vec::new() };
    for line in text.lines() {
        if line.starts_with('#') {
            continue;
        }
        if let Some(kind) = line.strip_prefix("K ") {
            if let Some((kind, ty)) = read_kind(kind) {
                schema.kinds[kind as usize] = ty;
            }
        } else if let Some(ty) = line.strip_prefix("T ") {
            let mut words = ty.split(' ');
            schema.types.push(Type {
                package: words.next().unwrap_or(""),
                name: words.next().unwrap_or(""),
                definition: words.next().unwrap_or(""),
                fields: Vec::new(),
            });
        } else if let (Some(ty), Some(field)) = (schema.types.last_mut(), read_field(line)) {
            ty.fields.push(field);
        }
    }
    for ty in &mut schema.types {
        order::sort_by_key(&mut ty.fields, |field| field.name);
    }
    schema
}

fn read_kind(line: &str) -> Option<(Kind, usize)> {
    let (name, ty) = line.split_once(' ')?;
    Some((Kind::by_name(name)?, ty.parse().ok()?))
}

fn read_field(line: &'static str) -> Option<Field> {
    let mut words = line.split(' ');
    let name = words.next()?;
    let mut field = Field {
        name: name.trim_end_matches('!'),
        ty: read_type(words.next()?)?,
        required: if name.ends_with('!') { Required::Structure } else { Required::No },
        go: None,
        values: Vec::new(),
        enumerated: false,
        merge_key: None,
        patch: None,
        list: None,
        map: None,
        list_keys: Vec::new(),
    };
    for word in words {
        match word.split_once('=') {
            Some(("key", value)) => field.merge_key = Some(value),
            Some(("patch", value)) => field.patch = Some(value),
            Some(("list", value)) => field.list = Some(value),
            Some(("map", value)) => field.map = Some(value),
            Some(("keys", value)) => field.list_keys = value.split('|').collect(),
            Some(("go", value)) => field.go = Some(value),
            Some((key @ ("enum" | "values"), value)) => {
                field.values = value.split('|').collect();
                field.enumerated = key == "enum";
            }
            None if word == "needed" && field.required == Required::No => {
                field.required = Required::Validation;
            }
            _ => {}
        }
    }
    Some(field)
}

fn read_type(word: &str) -> Option<FieldType> {
    Some(match word.as_bytes().first()? {
        b'[' => FieldType::List(Box::new(read_type(&word[1..])?)),
        b'{' => FieldType::Map(Box::new(read_type(&word[1..])?)),
        b'@' => FieldType::Object(TypeId(word[1..].parse().ok()?)),
        b's' => FieldType::String,
        b'i' => FieldType::Int32,
        b'l' => FieldType::Int64,
        b'n' => FieldType::Float,
        b'b' => FieldType::Bool,
        b'q' => FieldType::Quantity,
        b'o' => FieldType::IntOrString,
        b't' => FieldType::Time,
        b'u' => FieldType::MicroTime,
        b'y' => FieldType::Bytes,
        b'x' => FieldType::Any,
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_line_of_the_data_is_read() {
        let schema = load(STRUCTURE);
        let fields: usize = schema.types.iter().map(|ty| ty.fields.len()).sum();
        let lines = STRUCTURE.lines().filter(|line| !line.starts_with('#')).count();
        assert_eq!(schema.kinds.len() + schema.types.len() + fields, lines);
        for info in KINDS {
            assert_eq!(schema.types[schema.kinds[info.kind as usize]].name, info.name);
        }
        let objects = schema.types.iter().flat_map(|ty| &ty.fields);
        for field in objects {
            let mut ty = &field.ty;
            while let FieldType::List(inner) | FieldType::Map(inner) = ty {
                ty = inner;
            }
            if let FieldType::Object(id) = ty {
                assert!(id.0 < schema.types.len(), "{}", field.name);
            }
        }
    }
}
