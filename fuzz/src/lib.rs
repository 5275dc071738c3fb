//! The properties of tests/properties/holds, for the fuzz targets.

#[path = "../../tests/properties/holds/mod.rs"]
mod holds;

pub use holds::*;
