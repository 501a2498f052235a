//! How kubectl writes: aligned columns, ages, YAML, JSON, JSONPath, custom columns, templates.
//! It must not know any kind or command.

pub mod age;
pub mod columns;
pub mod json;
pub mod jsonpath;
pub mod tabwriter;
pub mod template;
pub mod wrap;
pub mod yaml;
