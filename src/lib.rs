//! The page of the StatefulSet sandbox.
pub mod app;
