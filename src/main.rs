//! `ehlo`: parse, run, exit.

fn main() {}
