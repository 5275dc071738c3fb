//! What big providers and common servers mean by words that they add to their codes: documented facts, each with what a
//! sender can do. Some use a registered code for something of their own; then this is what counts.
//!
//! Sources: the providers' own pages on their SMTP errors (Google, Microsoft, Yahoo, Apple, Amazon, Spamhaus), and the
//! texts of Postfix, Exim and Exchange. A table: the first row that fits is taken, so the narrow ones come first.

use super::Again::{self, AfterChange, Later, No};
use super::after::{ANY, After, Stages};
use super::table::{self, table};
use super::texts;

type Row = table::Row<Again, 4>;

/// Words, and what they mean where they come from.
pub(super) struct Habit {
    /// Who uses these words.
    pub(super) who: &'static str,
    /// Words in small letters: `a|b & c|d` is one of a and b, and one of c and d.
    pub(super) words: &'static str,
    /// What it is, in a few words.
    pub(super) name: &'static str,
    /// What a sender can do.
    pub(super) advice: &'static str,
    /// Whether trying again helps, if the code is of class 5.
    pub(super) again: Again,
    /// The commands after which the words mean this.
    pub(super) stages: Stages,
    /// They are everybody's words, which say nothing new where the code has the same name.
    pub(super) is_common: bool,
}

const fn habit(
    who: &'static str,
    words: &'static str,
    name: &'static str,
    advice: &'static str,
    again: Again,
) -> Row {
    (again, [who, words, name, advice])
}

const GMAIL: &str = "Gmail";
const MICROSOFT: &str = "Microsoft 365 and Outlook.com";
const EXCHANGE: &str = "Exchange and Microsoft 365";
const APP_PASSWORD: &str = "use an app password (it needs two-step verification to be on), or XOAUTH2";
const OWN_ADDRESS: &str =
    "send from the address of the account that logs in, or have 'send as' granted for the other";
const GREYLISTED: &str = "nothing is wrong: try again in 5 to 15 minutes, from the same host and address";
const SLOWLY: &str = "send more slowly, over fewer connections, and look for what is taken for spam";

table!(HABITS: Again, 4 = ROWS);

/// All of them, in order; those that everybody uses last.
pub(super) fn all() -> impl Iterator<Item = Habit> {
    let of_providers = HABITS.rows().map(|(again, [who, words, name, advice])| Habit {
        who,
        words,
        name,
        advice,
        again,
        stages: ANY,
        is_common: false,
    });
    of_providers.chain(texts::all())
}

const ROWS: &[Row] = &[
    // Logging in
    habit(
        GMAIL,
        "application-specific password required",
        "an app password is needed",
        APP_PASSWORD,
        AfterChange,
    ),
    habit(
        GMAIL,
        "username and password not accepted",
        "user name or password not accepted",
        APP_PASSWORD,
        AfterChange,
    ),
    habit(GMAIL, "5.7.8|5.7.9|5.7.14 & gsmtp", "log-in refused", APP_PASSWORD, AfterChange),
    habit(
        GMAIL,
        "too many login attempts",
        "too many log-ins",
        "log in once and send many messages in that session; wait some minutes",
        Later,
    ),
    habit(
        MICROSOFT,
        "5.7.139",
        "log-in by password is switched off",
        "use XOAUTH2, or have the administrator allow authenticated SMTP for this mailbox",
        AfterChange,
    ),
    habit(
        EXCHANGE,
        "5.7.57",
        "not logged in",
        "log in (-u); if nobody should have to, the server's administrator must allow it",
        AfterChange,
    ),
    habit(
        EXCHANGE,
        "5.7.3 & authentication unsuccessful",
        "log-in refused",
        "check user name (the whole address) and password; log-in by password may be switched off for the account",
        AfterChange,
    ),
    // Who may send as whom
    habit(
        EXCHANGE,
        "5.7.60|sendasdenied|5.2.252",
        "the account may not send from this address",
        OWN_ADDRESS,
        AfterChange,
    ),
    habit(
        "Postfix",
        "sender address rejected: not owned by user",
        "the account may not send from this address",
        OWN_ADDRESS,
        AfterChange,
    ),
    habit(
        "Amazon SES",
        "email address is not verified",
        "an address is not verified in SES",
        "verify the sender in the console, in the region of the server; in the sandbox recipients too",
        AfterChange,
    ),
    habit(
        "Amazon SES",
        "throttling failure",
        "over the sending limit",
        "send more slowly; if the day's quota is used up, wait or have it raised",
        Later,
    ),
    // SPF, DKIM, DMARC
    habit(
        GMAIL,
        "5.7.26|4.7.26 & gsmtp|gmail|unauthenticated|dmarc",
        "sender not authenticated: neither SPF nor DKIM passes, or DMARC forbids it",
        "send by the domain's own server; set up SPF and DKIM for the domain in From",
        AfterChange,
    ),
    habit(
        GMAIL,
        "5.7.27|4.7.27 & gsmtp|gmail|spf",
        "SPF does not pass",
        "name this host in the SPF record of the domain in the reverse-path",
        AfterChange,
    ),
    habit(
        GMAIL,
        "5.7.29|4.7.29 & gsmtp|gmail|tls",
        "sent without TLS",
        "use TLS for mail to Gmail",
        AfterChange,
    ),
    habit(
        GMAIL,
        "5.7.30|4.7.30 & gsmtp|gmail|dkim",
        "DKIM does not pass",
        "sign by the domain in From, and check the key in the DNS",
        AfterChange,
    ),
    habit(
        GMAIL,
        "5.7.31|4.7.31|5.7.40|4.7.40 & gsmtp|gmail|dmarc",
        "the domain in From has no DMARC policy",
        "publish a DMARC record: v=DMARC1; p=none is enough",
        AfterChange,
    ),
    habit(
        GMAIL,
        "5.7.32|4.7.32 & gsmtp|gmail|align",
        "the domain in From is not the one that SPF or DKIM vouches for",
        "sign by the domain in From, or use it in the reverse-path",
        AfterChange,
    ),
    habit(
        GMAIL,
        "5.7.25|4.7.25|4.7.23 & gsmtp|gmail|ptr",
        "no reverse DNS, or it does not lead back",
        "set the PTR record of the sending address to a name that leads back to it",
        AfterChange,
    ),
    habit(
        MICROSOFT,
        "5.7.515",
        "SPF, DKIM and DMARC must all pass (bulk senders)",
        "set up all three for the domain in From; the text says which one failed",
        AfterChange,
    ),
    habit(
        MICROSOFT,
        "5.7.509",
        "DMARC does not pass, and the domain's policy is to reject",
        "send by the domain's own server, with DKIM of the domain in From",
        AfterChange,
    ),
    habit(
        "servers that check DMARC",
        "dmarc policy|dmarc verification|dmarc check|dmarc evaluation",
        "the sender's domain has it refused (DMARC)",
        "send by the domain's own server, which is named in SPF and signs by DKIM",
        AfterChange,
    ),
    // Rate and reputation
    habit(
        GMAIL,
        "5.7.28|4.7.28|unusual rate & gsmtp|gmail|unsolicited|unusual rate",
        "too much unwanted mail comes from you",
        SLOWLY,
        AfterChange,
    ),
    habit(
        GMAIL,
        "is likely unsolicited mail|is likely suspicious|likely unsolicited",
        "taken for spam",
        "look at the text, its links, and the reputation of domain and address (Postmaster Tools)",
        AfterChange,
    ),
    habit(
        GMAIL,
        "5.4.5|4.4.5 & sending limit|sending quota",
        "the account's limit for today is used up",
        "wait a day; for more mail use a service for bulk mail",
        Later,
    ),
    habit(
        GMAIL,
        "receiving mail too quickly|receiving mail at a rate",
        "the recipient gets too much mail just now",
        "wait an hour or more",
        Later,
    ),
    habit(
        EXCHANGE,
        "thread limit exceeded|concurrent connections limit|concurrent connection limit",
        "too many connections of this mailbox at once (three are allowed)",
        "send over one connection at a time",
        Later,
    ),
    habit(
        MICROSOFT,
        "4.7.500|4.7.650|4.7.651|4.7.652",
        "slowed down: new or unknown sending address, or too much at once",
        SLOWLY,
        Later,
    ),
    habit(
        MICROSOFT,
        "banned sending ip",
        "the sending address is on Microsoft's list",
        "ask for removal at sender.office.com, when the cause is mended",
        AfterChange,
    ),
    habit(
        MICROSOFT,
        "part of their network is on our block list",
        "the sending network is on Outlook.com's list",
        "its owner must ask Microsoft for removal; or send by your provider's server",
        AfterChange,
    ),
    habit(
        MICROSOFT,
        "5.7.705",
        "the whole organization has sent too much",
        "its administrator must find the cause (an account taken over?) and ask Microsoft to lift it",
        AfterChange,
    ),
    habit(
        MICROSOFT,
        "5.7.708",
        "mail from this address or new subscription is not taken",
        "its administrator must ask Microsoft's support",
        AfterChange,
    ),
    habit(
        "Yahoo",
        "[tss|[ts0|[ts1",
        "put off: unusual traffic, or users' complaints",
        "wait some hours and send more slowly; see who complains",
        Later,
    ),
    habit(
        "iCloud",
        "[cs01]|[hm08]",
        "refused by Apple's filter",
        "look at the text, its links and the reputation of the domain",
        AfterChange,
    ),
    // Blocklists
    habit(
        "servers that ask Spamhaus",
        "spamhaus & open resolver|127.255.255.",
        "the recipient's server asks Spamhaus in a way that is not allowed",
        "you are not listed: the recipient's postmaster must use another DNS resolver; tell them",
        AfterChange,
    ),
    habit(
        "servers that ask Spamhaus",
        "spamhaus",
        "the sending address or domain is on Spamhaus's list",
        "look it up at check.spamhaus.org; from a home line (PBL) send by your provider's server",
        AfterChange,
    ),
    habit(
        "servers that ask a blocklist",
        "blocked using|is in a black list|spamcop|barracudacentral",
        "the sending address is on a blocklist",
        "look it up at the list that the text names; or send by your provider's server",
        AfterChange,
    ),
    // Relaying and addresses
    habit(
        "Postfix, Exim, Exchange and others",
        "relay access denied|relaying denied|relay not permitted|unable to relay|5.7.64|relay denied",
        "the server does not pass mail on for you",
        "log in (-u), or use your own provider's server; for a recipient there, see that the domain's MX is this server",
        AfterChange,
    ),
    habit(
        MICROSOFT,
        "5.4.1 & access denied",
        "no such recipient there",
        "check the address; the domain may also not be set up at Microsoft",
        No,
    ),
    habit(
        EXCHANGE,
        "5.1.10 & recipientnotfound|recipient not found|outlook.com",
        "no such recipient there",
        "check the address, letter by letter, or ask the person",
        No,
    ),
    habit(
        "Postfix, Exim and others",
        "sender address rejected: domain not found|sender verify failed|sender domain must exist",
        "the sender's domain does not exist in the DNS",
        "use a sender (--from, --envelope-from) whose domain exists",
        AfterChange,
    ),
    habit(
        "Postfix and others",
        "helo command rejected|ehlo command rejected|invalid helo|need fully-qualified hostname",
        "the server does not like the name in EHLO",
        "give this host's full name, one that is in the DNS, by --ehlo-name",
        AfterChange,
    ),
    habit(
        "Postfix and others",
        "cannot find your hostname|cannot find your reverse hostname|reverse dns",
        "the sending address has no good name in the DNS",
        "have its PTR record set; or send by your provider's server",
        AfterChange,
    ),
    // The message
    habit(
        GMAIL,
        "content presents a potential security",
        "a file in it is of a forbidden kind",
        "leave out programs and archives with programs in them; send a link",
        AfterChange,
    ),
    habit(
        GMAIL,
        "from: header & 5.7.1|5.7.0",
        "From is missing, or more than one",
        "give the message one From with one address (--add-missing-headers)",
        AfterChange,
    ),
    habit(
        "servers that guard against SMTP smuggling",
        "bare <lf>|bare lf|bare linefeed|bare newline|bare line feed",
        "a line feed without its carriage return",
        "end lines with CR LF (ehlo send does)",
        AfterChange,
    ),
    habit("servers that greylist", "greylist|graylist|grey-list|grey list", "greylisted", GREYLISTED, Later),
];

/// The first habit whose words are in a text of small letters that came after this, if that is known.
pub(super) fn known(text: &str, after: Option<After>) -> Option<Habit> {
    let mut fitting = all().filter(|habit| after.is_none_or(|after| after.is_in(habit.stages)));
    fitting.find(|habit| habit.groups().all(|mut group| group.any(|word| stands(text, word))))
}

impl Habit {
    /// Is it something that passes by itself? A code of class 5 says that it does not.
    pub(super) fn is_passing(&self) -> bool {
        self.advice.starts_with("nothing is wrong")
    }

    /// Of each group one word must occur.
    fn groups(&self) -> impl Iterator<Item = impl Iterator<Item = &'static str>> {
        self.words.split(" & ").map(|group| group.split('|'))
    }
}

/// Does the word stand in the text? Where it begins or ends in a digit, it is the whole number: 4.7.1 is neither in
/// 4.7.10 nor in 14.7.1.9.
fn stands(text: &str, word: &str) -> bool {
    let is_digit = |b: Option<&u8>| b.is_some_and(u8::is_ascii_digit);
    let (octets, ends) = (text.as_bytes(), word.as_bytes());
    text.match_indices(word).any(|(at, _)| {
        let (before, after) = octets.split_at(at);
        let after = &after[word.len()..];
        let cut_before = is_digit(ends.first())
            && (is_digit(before.last())
                || (before.last() == Some(&b'.') && is_digit(before.iter().rev().nth(1))));
        let cut_after = is_digit(ends.last())
            && (is_digit(after.first()) || (after.first() == Some(&b'.') && is_digit(after.get(1))));
        !cut_before && !cut_after
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_found_and_numbers_are_whole() {
        for (text, word, is_there) in [
            ("451 4.7.1 later", "4.7.1", true),
            ("451 4.7.10 later", "4.7.1", false),
            ("450 from 14.7.1.9", "4.7.1", false),
            ("450 from 1.4.7.1", "4.7.1", false),
            ("see 4.7.1. Then", "4.7.1", true),
            ("(#4.7.1)", "4.7.1", true),
            ("you were greylisted", "greylist", true),
        ] {
            assert_eq!(stands(text, word), is_there, "{word} in {text}");
        }
    }

    #[test]
    fn rows_are_in_small_letters_and_none_is_hidden_by_one_before() {
        for habit in all() {
            assert_eq!(habit.words, habit.words.to_lowercase(), "{}", habit.name);
            assert!(
                habit.groups().flatten().all(|word| !word.is_empty() && word.trim() == word),
                "{}",
                habit.name
            );
            let text = habit.groups().filter_map(|mut group| group.next()).collect::<Vec<_>>().join(" ");
            let found = known(&text, None).unwrap();
            assert_eq!(found.words, habit.words, "{}: hidden by {}", habit.name, found.name);
        }
    }
}
