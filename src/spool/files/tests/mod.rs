//! What the queue in files promises: on a disk that dies at every step, and on a real one.

mod crash;
mod model;
mod real;
mod world;
