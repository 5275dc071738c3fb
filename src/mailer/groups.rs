//! Recipients of whom the same is to be written down, by their places: one line of the journal for all of them.

use crate::spool::journal::Places;
use std::collections::HashMap;
use std::hash::Hash;

/// Places by what became of them and what was said, in the order in which each came first. A server may say
/// something else to each of many thousand recipients.
#[derive(Debug)]
pub struct Groups<K> {
    known: HashMap<(K, String), usize>,
    places: Vec<Places>,
}

impl<K> Default for Groups<K> {
    fn default() -> Groups<K> {
        Groups { known: HashMap::new(), places: Vec::new() }
    }
}

impl<K: Eq + Hash> Groups<K> {
    /// One more place.
    pub fn add(&mut self, what: K, said: String, place: usize) {
        let at = *self.known.entry((what, said)).or_insert(self.places.len());
        match self.places.get_mut(at) {
            Some(places) => places.push(place),
            None => self.places.push(vec![place]),
        }
    }

    /// What there is to write down, made of each group.
    pub fn into_each<T>(self, make: impl Fn(K, String, Places) -> T) -> Vec<T> {
        let mut keys: Vec<((K, String), usize)> = self.known.into_iter().collect();
        keys.sort_unstable_by_key(|(_, at)| *at);
        keys.into_iter()
            .zip(self.places)
            .map(|(((what, said), _), places)| make(what, said, places))
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_come_together_in_the_order_of_the_first_of_each() {
        let mut groups = Groups::default();
        for (what, said, place) in
            [(1, "b", 7), (0, "a", 0), (1, "b", 2), (1, "a", 3), (0, "a", 4), (1, "b", 9)]
        {
            groups.add(what, said.to_owned(), place);
        }
        let made = groups.into_each(|what, said, places| (what, said, places));
        let wanted = [
            (1, String::from("b"), vec![7, 2, 9]),
            (0, String::from("a"), vec![0, 4]),
            (1, String::from("a"), vec![3]),
        ];
        assert_eq!(made, wanted);
    }
}
