//! What the tables say of a reply, put together: what a code means after this command counts more than what
//! it means in general, the enhanced code says more than the reply code, words that are known say more than
//! both, and the reply's first digit has the last word on whether to try again.

use super::after::After;
use super::again::Again;
use super::codes::{self, OfCode, first_digit};
use super::phrases::Phrase;
use super::{Explanation, Subject, candidates, enhanced, phrases};
use ehlo_smtp::reply::Reply;
use ehlo_smtp::status::EnhancedStatus;
use std::borrow::Cow;

pub(super) const UNREGISTERED: &str = "not a registered code: explained by its first digit";
pub(super) const UNREGISTERED_STATUS: &str = "not a registered status: explained by its subject";
pub(super) const DISAGREE: &str = "code and status differ in their first digit: the code counts";
const PERMANENT: &str =
    "ask the server's postmaster: the text speaks of a passing problem, but the code is permanent";

impl Explanation {
    /// Explains a reply; `after` is what it came after, if that is known.
    #[must_use]
    pub fn of(reply: &Reply, after: Option<After>) -> Explanation {
        let text: Vec<_> = reply.text().collect();
        Explanation::of_codes(Some(reply.code()), reply.enhanced(), &text.join("\n"), after)
    }

    /// Explains a code, an enhanced code, or both. `text` is the text they are in, some words of which may be
    /// known; `after` is what they came after.
    #[must_use]
    pub fn of_codes(
        code: Option<u16>,
        enhanced: Option<EnhancedStatus>,
        text: &str,
        after: Option<After>,
    ) -> Explanation {
        let class = code.map_or_else(|| enhanced.map_or(5, |status| status.class), first_digit);
        let after = after.or_else(|| code.and_then(After::code));
        let of_code = code.map(|code| OfCode::find(code, after));
        let general = of_code.as_ref().filter(|_| enhanced.is_some()).map(|found| found.meaning.name);
        // RFC 2034, section 4: the classes must be the same.
        let agreeing = enhanced.filter(|status| status.class == class);
        let registered = (
            of_code.as_ref().is_none_or(|found| found.is_registered),
            agreeing.is_none_or(enhanced::is_registered),
        );
        let meaning = match (of_code, agreeing) {
            (Some(of_code), Some(status)) if class > 3 && !is_vague(status, code, &of_code, after) => {
                enhanced::find(status, after).unwrap_or(of_code.meaning)
            }
            (Some(of_code), _) => of_code.meaning,
            (None, Some(status)) => enhanced::find(status, after)
                .or_else(|| enhanced::elsewhere(status))
                .unwrap_or_else(|| codes::of_class(class)),
            (None, None) => codes::of_class(5),
        };
        let mut explanation = Explanation::new(Subject::Reply { code, enhanced }, meaning);
        let is_of_what_went_wrong = explanation.again != Again::Accepted;
        explanation.again = match (class, explanation.again) {
            (4, _) => Again::Later,
            (5, Again::Accepted) => Again::No,
            (2, again) if code.is_none() && again != Again::GoOn => Again::Accepted,
            (_, again) => again,
        };
        explanation.general = general.filter(|name| *name != explanation.name);
        explanation.registered = registered == (true, true);
        explanation.note = match registered {
            _ if agreeing != enhanced => Some(DISAGREE),
            (false, _) => Some(UNREGISTERED),
            (_, false) => Some(UNREGISTERED_STATUS),
            (true, true) => None,
        };
        match (class, enhanced) {
            (2, Some(status)) if code.is_none() && is_of_what_went_wrong => explanation.went_well(status),
            (4 | 5, _) => explanation.heed_words(text, class, after),
            _ => {}
        }
        if code == Some(553) && matches!(after, Some(After::Vrfy | After::Expn)) {
            explanation.name_candidates(text);
        }
        explanation
    }

    /// 2.x.y without a reply code: the table speaks of what can go wrong.
    fn went_well(&mut self, status: EnhancedStatus) {
        let about = about(status.subject);
        self.means = Cow::Owned(format!("it went well; the rest of the code says what it is about: {about}"));
        self.name = "accepted";
        self.who = "any server, or a report on the delivery";
        (self.advice, self.says_again) = (Cow::Borrowed("nothing"), false);
    }

    /// Words that are known say more than any code.
    fn heed_words(&mut self, text: &str, class: u8, after: Option<After>) {
        let text = format!("{} {}", self.subject, text.to_lowercase());
        let says_more = |phrase: &Phrase| !phrase.is_common || phrase.name != self.name;
        let Some(phrase) = phrases::find(&text, after).filter(says_more) else { return };
        self.means = Cow::Owned(format!("in general: {}: {}", self.name, self.means));
        (self.name, self.who, self.advice) = (phrase.name, phrase.who, Cow::Borrowed(phrase.advice));
        self.again = if class == 4 { Again::Later } else { phrase.again };
        self.says_again = phrase.says_again;
        if class == 5 && phrase.is_passing {
            (self.advice, self.again, self.says_again) = (Cow::Borrowed(PERMANENT), Again::No, false);
        }
        (self.known, self.common) = (true, phrase.is_common);
    }

    /// Those who may be meant, where a name is ambiguous (RFC 5321, section 3.5.1).
    fn name_candidates(&mut self, text: &str) {
        let found = candidates::find(text);
        if !found.is_empty() {
            self.advice =
                Cow::Owned(format!("ask with the whole address of one of them: {}", found.join(", ")));
            self.says_again = false;
        }
    }
}

/// Whether the enhanced code says less than the reply code: x.0.0 says less than any, and x.y.0, x.7.1, x.5.1
/// less than 530 or 454 do; 421 is the end of the session, whatever the reason.
fn is_vague(status: EnhancedStatus, code: Option<u16>, of_code: &OfCode, after: Option<After>) -> bool {
    match (status.subject, status.detail) {
        (0, 0) => true,
        (_, 0) => of_code.is_exact || code == Some(421),
        (7 | 5, 1) => of_code.is_exact,
        // Wrong commands and arguments: which, the command tells.
        (5, 2 | 4) => of_code.is_exact && after.is_some(),
        _ => false,
    }
}

/// The subjects of enhanced codes (RFC 3463, section 2).
fn about(subject: u16) -> &'static str {
    match subject {
        0 => "nothing in particular",
        1 => "an address",
        2 => "the mailbox",
        3 => "the server",
        4 => "the network",
        5 => "the protocol",
        6 => "the content",
        7 => "security or policy",
        _ => "something else",
    }
}
