//! Facts and what is made of them.
