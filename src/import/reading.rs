//! What is collected while a format is read.

use super::draft::Draft;
use super::remark::{Place, Remark, Why};
use std::fmt;
use zeroize::Zeroizing;

/// A text, and what its file is called.
#[derive(Clone)]
pub struct Source {
    /// The name, as it is told.
    pub name: String,
    /// The text. It may hold secrets.
    pub text: Zeroizing<String>,
}

impl fmt::Debug for Source {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Source").field("name", &self.name).finish_non_exhaustive()
    }
}

impl Source {
    /// A line of it.
    pub(super) fn at(&self, line: usize) -> Place {
        Place { file: self.name.clone(), line }
    }

    /// Its lines without blanks around them, each with its number.
    pub(super) fn lines(&self) -> impl Iterator<Item = (usize, &str)> {
        self.text.lines().enumerate().map(|(index, line)| (index + 1, line.trim()))
    }
}

/// The text is no configuration of that kind.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Unlike {
    /// Nothing in it names a server, perhaps for this reason.
    NoServer(Option<Remark>),
    /// It has a NUL in it.
    Nul,
}

impl fmt::Display for Unlike {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Unlike::NoServer(None) => "nothing in it names a server",
            Unlike::NoServer(Some(Remark { at, what, why })) => {
                let what = what.as_deref().unwrap_or_default();
                return write!(f, "nothing in it names a server; line {}: '{what}': {why}", at.line);
            }
            Unlike::Nul => "it is not a text: it has a NUL in it",
        })
    }
}

/// What has been read so far.
#[derive(Debug, Default)]
pub struct Reading {
    /// The accounts, in the order of the text.
    pub drafts: Vec<Draft>,
    /// The name of the account that is used where nothing else decides.
    pub default: Option<String>,
    /// Where that is said, and by which setting, where it may name one that is not there.
    pub default_at: Option<(Place, String)>,
    /// The log of all accounts.
    pub log: Option<String>,
    remarks: Vec<Remark>,
}

impl Reading {
    /// Something is left out.
    pub fn leave(&mut self, at: Place, what: &str, why: Why) {
        self.remark(at, Some(what.to_owned()), why);
    }

    /// A line is left out whose words may be anything.
    pub fn leave_line(&mut self, at: Place) {
        self.remark(at, None, Why::Unreadable);
    }

    /// What is inherited is told of once.
    fn remark(&mut self, at: Place, what: Option<String>, why: Why) {
        let remark = Remark { at, what, why };
        if !self.remarks.contains(&remark) {
            self.remarks.push(remark);
        }
    }

    /// Why no server may have been found, where something says so.
    pub fn why_none(&self) -> Option<Remark> {
        let says_so = |why: &Why| {
            matches!(why, Why::Program | Why::Variable | Why::NotRun | Why::Hook | Why::OtherFile)
        };
        self.remarks_in_order().into_iter().find(|remark| says_so(&remark.why))
    }

    /// What was left out, by line; a second file after the first.
    pub fn remarks_in_order(&self) -> Vec<Remark> {
        let mut files: Vec<&str> = Vec::new();
        for remark in &self.remarks {
            if !files.contains(&remark.at.file.as_str()) {
                files.push(&remark.at.file);
            }
        }
        let mut remarks = self.remarks.clone();
        let place = |remark: &Remark| files.iter().position(|file| *file == remark.at.file);
        remarks.sort_by_key(|remark| (place(remark), remark.at.line));
        remarks
    }
}

/// Whether a word may be told as the name of a setting: it looks like one, in these letters.
pub fn is_name(word: &str) -> bool {
    let is_fit = |c: char| c.is_ascii_alphabetic() || matches!(c, '_' | '-');
    word.len() <= 40 && word.starts_with(|c: char| c.is_ascii_alphabetic()) && word.chars().all(is_fit)
}
