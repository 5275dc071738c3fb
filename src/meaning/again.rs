//! Whether it helps to try again: as JSON has it, as an answer, and as an order.

/// Whether it helps to try again.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Again {
    /// There is no need: it went well.
    Accepted,
    /// There is no need: the dialogue goes on.
    GoOn,
    /// Yes, later.
    Later,
    /// No.
    #[default]
    No,
    /// When something was changed.
    AfterChange,
    /// For some recipients, whose names are told.
    ThoseNamed,
    /// It may have gone well, and would happen twice.
    Twice,
}

impl Again {
    const ALL: [Again; 7] = [
        Again::Accepted,
        Again::GoOn,
        Again::Later,
        Again::No,
        Again::AfterChange,
        Again::ThoseNamed,
        Again::Twice,
    ];

    /// Reads the name that the tables use.
    pub(super) fn read(name: &str) -> Option<Again> {
        Again::ALL.into_iter().find(|again| again.name() == name)
    }

    /// A cell of a table without its `*`, and whether it had one: then the advice says itself whether to try
    /// again.
    pub(super) fn without_mark(cell: &str) -> (&str, bool) {
        cell.strip_suffix('*').map_or((cell, false), |name| (name, true))
    }

    /// As JSON and the tables name it.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Again::Accepted => "not needed",
            Again::GoOn => "go on",
            Again::Later => "later",
            Again::No => "no",
            Again::AfterChange => "after a change",
            Again::ThoseNamed => "for those named",
            Again::Twice => "may send twice",
        }
    }

    /// For people: the answer to 'does it help to try again'.
    #[must_use]
    pub fn answer(self) -> &'static str {
        match self {
            Again::Accepted => "no need: it went well",
            Again::GoOn => "no need: the dialogue goes on",
            Again::Later => "yes, later",
            Again::No => "no: the result will be the same",
            Again::AfterChange => "after a change; otherwise the result will be the same",
            Again::ThoseNamed => "only for those named",
            Again::Twice => "it may send twice",
        }
    }

    /// For people: an order that follows some advice.
    pub(super) fn order(self) -> Option<&'static str> {
        match self {
            Again::Accepted | Again::GoOn => None,
            Again::Later => Some("try again later"),
            Again::No => Some("do not try again"),
            Again::AfterChange => Some("try again after that"),
            Again::ThoseNamed => Some("try again for those named"),
            Again::Twice => Some("trying again may send it twice"),
        }
    }
}
