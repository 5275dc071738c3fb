//! Values of several flags, in the order in which they stood on the command line.

use clap::ArgMatches;

/// What was found so far: each value and its place.
pub(super) struct Found<'a, T> {
    matches: &'a mut ArgMatches,
    found: Vec<(usize, T)>,
}

impl<'a, T> Found<'a, T> {
    /// Nothing yet.
    pub(super) fn new(matches: &'a mut ArgMatches) -> Self {
        Self { matches, found: Vec::new() }
    }

    /// Takes all values of one flag.
    pub(super) fn take<V: Clone + Send + Sync + 'static>(&mut self, flag: &str, make: impl Fn(V) -> T) {
        let places: Vec<usize> = self.matches.indices_of(flag).into_iter().flatten().collect();
        let values = self.matches.remove_many(flag).into_iter().flatten();
        self.found.extend(places.into_iter().zip(values.map(make)));
    }

    /// All of them, first to last.
    pub(super) fn in_order(mut self) -> impl Iterator<Item = T> {
        self.found.sort_by_key(|(place, _)| *place);
        self.found.into_iter().map(|(_, value)| value)
    }
}
