//! What is in the tables, and how they are put together.
