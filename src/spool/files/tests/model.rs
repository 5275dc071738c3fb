//! A disk in memory. It numbers what is done with it, and at one number the process dies, or the system fails, or
//! both. After that the power can go: what was not synced is lost then, in one of many combinations.

use super::super::disk::{Disk, DiskFile, Folder, Meta, Space};
use rustix::io::Errno;
use std::collections::BTreeMap;
use std::io;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// What happens at one operation.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Fault {
    /// The process dies before it.
    Die,
    /// It fails, and nothing was done.
    Fail(Errno),
    /// It was done, and fails all the same.
    FailBehind(Errno),
}

/// In which order what was not synced may reach the disk.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Order {
    /// Names in the order in which they were changed, and any sync brings all of them there.
    Journalled,
    /// Each name, and each write, by itself.
    Harsh,
}

/// Numbers that look random, and are the same each time (xorshift).
pub struct Chance(pub u64);

impl Chance {
    pub fn of(seed: u64) -> Chance {
        Chance(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1)
    }

    pub fn below(&mut self, limit: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 % limit.max(1) as u64).unwrap()
    }
}

type Name = (Folder, String);

#[derive(Clone, Default)]
struct Node {
    octets: Vec<u8>,
    kept: Vec<u8>,
    /// Writes that are not synced.
    writes: Vec<(usize, Vec<u8>)>,
    locked_by: Option<usize>,
}

fn put(octets: &mut Vec<u8>, at: usize, piece: &[u8]) {
    octets.resize(octets.len().max(at + piece.len()), 0);
    octets[at..at + piece.len()].copy_from_slice(piece);
}

/// What stands for names from some change on; `None` for no file.
type Change = Vec<(Name, Option<usize>)>;

#[derive(Clone)]
struct State {
    order: Order,
    nodes: Vec<Node>,
    names: BTreeMap<Name, usize>,
    kept: BTreeMap<Name, usize>,
    changes: Vec<Change>,
    handles: usize,
    count: usize,
    fault: Option<(usize, Fault)>,
    is_dead: bool,
}

impl State {
    fn change(&mut self, change: Change) {
        for (name, node) in &change {
            match node {
                Some(node) => drop(self.names.insert(name.clone(), *node)),
                None => drop(self.names.remove(name)),
            }
        }
        self.changes.push(change);
    }

    fn keep(&mut self, change: Change) {
        for (name, node) in change {
            match node {
                Some(node) => drop(self.kept.insert(name, node)),
                None => drop(self.kept.remove(&name)),
            }
        }
    }

    fn keep_all(&mut self) {
        std::mem::take(&mut self.changes).into_iter().for_each(|change| self.keep(change));
    }

    fn find(&self, folder: Folder, name: &str) -> io::Result<usize> {
        self.names.get(&(folder, name.to_owned())).copied().ok_or_else(|| Errno::NOENT.into())
    }

    fn meta(&self, node: usize) -> Meta {
        let links = self.names.values().filter(|other| **other == node).count() as u64;
        Meta { number: node as u64, length: self.nodes[node].octets.len() as u64, links }
    }

    fn power_off(&mut self, chance: &mut Chance) {
        match self.order {
            Order::Journalled => {
                let survive = chance.below(self.changes.len() + 1);
                let changes: Vec<Change> = self.changes.drain(..survive).collect();
                changes.into_iter().for_each(|change| self.keep(change));
            }
            Order::Harsh => {
                let mut each: BTreeMap<Name, Vec<Option<usize>>> = BTreeMap::new();
                for (name, node) in std::mem::take(&mut self.changes).into_iter().flatten() {
                    each.entry(name).or_default().push(node);
                }
                for (name, nodes) in each {
                    let survive = chance.below(nodes.len() + 1);
                    if let Some(last) = survive.checked_sub(1) {
                        self.keep(vec![(name, nodes[last])]);
                    }
                }
            }
        }
        self.changes.clear();
        self.names = self.kept.clone();
        for node in &mut self.nodes {
            for (at, piece) in std::mem::take(&mut node.writes) {
                match chance.below(3) {
                    0 => {}
                    1 => put(&mut node.kept, at, &piece),
                    _ => put(&mut node.kept, at, &piece[..chance.below(piece.len() + 1)]),
                }
            }
            node.octets = node.kept.clone();
        }
    }
}

/// The disk, as one process sees it.
pub struct Model(Arc<Mutex<State>>);

/// An open file.
pub struct ModelFile {
    disk: Arc<Mutex<State>>,
    node: usize,
    handle: usize,
}

impl Model {
    pub fn new(order: Order) -> Model {
        let (names, kept) = (BTreeMap::new(), BTreeMap::new());
        let (nodes, changes) = (Vec::new(), Vec::new());
        let state =
            State { order, nodes, names, kept, changes, handles: 0, count: 0, fault: None, is_dead: false };
        Model(Arc::new(Mutex::new(state)))
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// From here on operations are counted anew, and one of them is not as it should be.
    pub fn will(&self, at: usize, fault: Fault) {
        let mut state = self.state();
        (state.count, state.fault) = (0, Some((at, fault)));
    }

    /// Whether it came to that.
    pub fn has_come_to_it(&self) -> bool {
        let state = self.state();
        state.fault.is_some_and(|(at, _)| state.count > at)
    }

    /// What another process finds, later; locks have gone with the one that died.
    pub fn afterwards(&self) -> Model {
        let mut state = self.state().clone();
        (state.fault, state.is_dead) = (None, false);
        state.nodes.iter_mut().for_each(|node| node.locked_by = None);
        Model(Arc::new(Mutex::new(state)))
    }

    /// What is found when the power is back.
    pub fn after_power_failure(&self, chance: &mut Chance) -> Model {
        let model = self.afterwards();
        model.state().power_off(chance);
        model
    }

    /// Changes a file behind everybody's back.
    pub fn meddle(&self, folder: Folder, name: &str, meddle: impl FnOnce(&mut Vec<u8>)) {
        let mut state = self.state();
        let node = state.find(folder, name).unwrap();
        let node = &mut state.nodes[node];
        meddle(&mut node.octets);
        node.kept = node.octets.clone();
        node.writes.clear();
    }

    /// All names.
    pub fn names(&self) -> Vec<String> {
        let state = self.state();
        state.names.keys().map(|(folder, name)| format!("{}/{name}", folder.name())).collect()
    }

    fn open_node(&self, state: &mut State, node: usize) -> ModelFile {
        state.handles += 1;
        ModelFile { disk: Arc::clone(&self.0), node, handle: state.handles }
    }
}

/// Does one operation, or does not.
fn perform<T>(state: &mut State, operation: impl FnOnce(&mut State) -> io::Result<T>) -> io::Result<T> {
    if state.is_dead {
        return Err(Errno::CANCELED.into());
    }
    let number = state.count;
    state.count += 1;
    match state.fault {
        Some((at, Fault::Die)) if at == number => {
            state.is_dead = true;
            Err(Errno::CANCELED.into())
        }
        Some((at, Fault::Fail(error))) if at == number => Err(error.into()),
        Some((at, Fault::FailBehind(error))) if at == number => operation(state).and(Err(error.into())),
        _ => operation(state),
    }
}

impl Disk for Model {
    type File = ModelFile;

    fn make(&self, folder: Folder, name: &str, _: u32) -> io::Result<ModelFile> {
        let mut state = self.state();
        let node = perform(&mut state, |state| {
            if state.find(folder, name).is_ok() {
                return Err(Errno::EXIST.into());
            }
            state.nodes.push(Node::default());
            let node = state.nodes.len() - 1;
            state.change(vec![((folder, name.to_owned()), Some(node))]);
            Ok(node)
        })?;
        Ok(self.open_node(&mut state, node))
    }

    fn open(&self, folder: Folder, name: &str, _: bool) -> io::Result<ModelFile> {
        let mut state = self.state();
        let node = perform(&mut state, |state| state.find(folder, name))?;
        Ok(self.open_node(&mut state, node))
    }

    fn meta(&self, folder: Folder, name: &str) -> io::Result<Meta> {
        perform(&mut self.state(), |state| Ok(state.meta(state.find(folder, name)?)))
    }

    fn link(&self, from: Folder, name: &str, to: Folder, new: &str) -> io::Result<()> {
        perform(&mut self.state(), |state| {
            let node = state.find(from, name)?;
            if state.find(to, new).is_ok() {
                return Err(Errno::EXIST.into());
            }
            state.change(vec![((to, new.to_owned()), Some(node))]);
            Ok(())
        })
    }

    fn unlink(&self, folder: Folder, name: &str) -> io::Result<()> {
        perform(&mut self.state(), |state| {
            state.find(folder, name)?;
            state.change(vec![((folder, name.to_owned()), None)]);
            Ok(())
        })
    }

    fn rename(&self, from: Folder, name: &str, to: Folder, new: &str) -> io::Result<()> {
        perform(&mut self.state(), |state| {
            let node = state.find(from, name)?;
            state.change(vec![((from, name.to_owned()), None), ((to, new.to_owned()), Some(node))]);
            Ok(())
        })
    }

    fn sync_folder(&self, folder: Folder) -> io::Result<()> {
        perform(&mut self.state(), |state| {
            if state.order == Order::Journalled {
                state.keep_all();
                return Ok(());
            }
            for change in std::mem::take(&mut state.changes) {
                let (now, later): (Change, Change) =
                    change.into_iter().partition(|((of, _), _)| *of == folder);
                state.keep(now);
                state.changes.push(later);
            }
            Ok(())
        })
    }

    fn list(&self, folder: Folder, each: &mut dyn FnMut(&str, u64)) -> io::Result<()> {
        let names = perform(&mut self.state(), |state| Ok(state.names.clone()))?;
        for ((_, name), node) in names.iter().filter(|((of, _), _)| *of == folder) {
            each(name, *node as u64);
        }
        Ok(())
    }

    fn make_folder(&self, _: Folder) -> io::Result<()> {
        perform(&mut self.state(), |_| Ok(()))
    }

    fn space(&self) -> io::Result<Space> {
        let space = Space { free: 1 << 40, total: 1 << 40, files_free: 1 << 20, files: 1 << 20 };
        perform(&mut self.state(), |_| Ok(space))
    }

    fn locked(&self) -> Vec<u64> {
        let state = self.state();
        let nodes = state.nodes.iter().enumerate();
        nodes.filter(|(_, node)| node.locked_by.is_some()).map(|(number, _)| number as u64).collect()
    }
}

impl ModelFile {
    fn state(&self) -> MutexGuard<'_, State> {
        self.disk.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn write(&self, octets: &[u8], at: u64) -> io::Result<()> {
        let at = usize::try_from(at).unwrap();
        perform(&mut self.state(), |state| {
            let node = &mut state.nodes[self.node];
            put(&mut node.octets, at, octets);
            node.writes.push((at, octets.to_vec()));
            Ok(())
        })
    }
}

impl DiskFile for ModelFile {
    fn read_at(&self, octets: &mut [u8], at: u64) -> io::Result<usize> {
        let at = usize::try_from(at).unwrap();
        perform(&mut self.state(), |state| {
            let all = &state.nodes[self.node].octets;
            let count = all.len().saturating_sub(at).min(octets.len());
            octets[..count].copy_from_slice(all.get(at..at + count).unwrap_or_default());
            Ok(count)
        })
    }

    fn write_at(&self, octets: &[u8], at: u64) -> io::Result<()> {
        // Half of it may be there when it fails.
        let (first, second) = octets.split_at(octets.len() / 2);
        self.write(first, at)?;
        self.write(second, at + first.len() as u64)
    }

    /// One that fails has forgotten what was to be written: the next does not bring it there.
    fn sync(&self) -> io::Result<()> {
        let mut state = self.state();
        let writes = std::mem::take(&mut state.nodes[self.node].writes);
        if state.is_dead || state.fault.is_some_and(|(at, fault)| at == state.count && fault == Fault::Die) {
            state.nodes[self.node].writes = writes.clone();
        }
        perform(&mut state, |state| {
            let node = &mut state.nodes[self.node];
            writes.iter().for_each(|(at, piece)| put(&mut node.kept, *at, piece));
            if state.order == Order::Journalled {
                state.keep_all();
            }
            Ok(())
        })
    }

    fn sync_data(&self) -> io::Result<()> {
        self.sync()
    }

    fn reserve(&self, from: u64, octets: u64) -> io::Result<()> {
        let end = usize::try_from(from + octets).unwrap();
        perform(&mut self.state(), |state| {
            let node = &mut state.nodes[self.node];
            let zeros = vec![0; end.saturating_sub(node.octets.len())];
            let at = node.octets.len();
            put(&mut node.octets, at, &zeros);
            node.writes.push((at, zeros));
            Ok(())
        })
    }

    fn try_lock(&self) -> io::Result<bool> {
        perform(&mut self.state(), |state| {
            let lock = &mut state.nodes[self.node].locked_by;
            Ok(*lock.get_or_insert(self.handle) == self.handle)
        })
    }

    fn meta(&self) -> io::Result<Meta> {
        perform(&mut self.state(), |state| Ok(state.meta(self.node)))
    }
}

impl Drop for ModelFile {
    fn drop(&mut self) {
        let mut state = self.state();
        let lock = &mut state.nodes[self.node].locked_by;
        if *lock == Some(self.handle) {
            *lock = None;
        }
    }
}
