//! The queue in files.
