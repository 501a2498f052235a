//! The inspector: a drawer at the stage's edge (a sheet on a narrow screen) that tells about the object that a person has
//! chosen. It is not modal: the stage stays in use. Escape closes it and gives the focus back.
//! It must not know where the object was chosen.

mod drawer;
pub mod sheet;

pub use drawer::Inspector;
