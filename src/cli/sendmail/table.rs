//! The options of sendmail(8), by their letters: which of them have a value, and where it stands. They are those of
//! Sendmail, Postfix, Exim and their like, with msmtp's `-a`.

/// Where an option's value stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Value {
    /// It has none: other letters may follow.
    None,
    /// Right behind the letter, or nowhere.
    Joined,
    /// Right behind the letter, or in the next word.
    Either,
}

/// A letter, where its value stands, and what it means here.
pub type Row = (char, Value, &'static str);

/// All that are known.
pub const OPTIONS: &[Row] = &[
    ('a', Value::Either, "the account to send by"),
    ('A', Value::Either, "the account to send by; -Am and -Ac mean nothing"),
    (
        'b',
        Value::Either,
        "what to do: -bm deliver, -bs serve SMTP, -bp list the queue, -bv verify, -bi nothing",
    ),
    ('B', Value::Either, "the type of the body; it is looked at anyway"),
    ('C', Value::Either, "a configuration of sendmail's: means nothing"),
    ('d', Value::Joined, "means nothing"),
    ('D', Value::Either, "a file for debugging: means nothing"),
    ('e', Value::Either, "how errors are told: means nothing"),
    ('f', Value::Either, "the reverse-path; '' and '<>' are the null one"),
    ('F', Value::Either, "the sender's name, where the message has no From"),
    ('G', Value::None, "means nothing"),
    ('h', Value::Either, "means nothing"),
    ('i', Value::None, "a dot alone does not end the message"),
    ('I', Value::None, "as -bi"),
    ('L', Value::Either, "means nothing"),
    ('m', Value::None, "means nothing"),
    ('n', Value::None, "means nothing"),
    ('N', Value::Either, "when the sender is told: never, or success, failure, delay"),
    ('o', Value::Either, "-oi as -i; -odb, -odi, -odq how soon it is sent; others mean nothing"),
    ('O', Value::Either, "DeliveryMode as -od, IgnoreDots as -oi; others mean nothing"),
    ('p', Value::Either, "means nothing"),
    ('q', Value::Joined, "run the queue now"),
    ('r', Value::Either, "as -f"),
    ('R', Value::Either, "what a notice has of the message: full or hdrs"),
    ('t', Value::None, "To, Cc and Bcc of the message name recipients, too"),
    ('U', Value::None, "means nothing"),
    ('v', Value::None, "say what is passed over"),
    ('V', Value::Either, "an identifier for notices"),
    ('x', Value::None, "means nothing"),
    ('X', Value::Either, "means nothing"),
];

/// The long options, and whether they have a value. They are msmtp's, but for those that every program has.
pub const LONG: &[(&str, bool)] = &[
    ("account", true),
    ("dkim-check", false),
    ("dkim-domain", true),
    ("dkim-expire", true),
    ("dkim-header", true),
    ("dkim-key", true),
    ("dkim-selector", true),
    ("from", true),
    ("help", false),
    ("no-queue", false),
    ("read-envelope-from", false),
    ("read-recipients", false),
    ("resolver", true),
    ("version", false),
];

/// Where the value of this letter stands; nothing if the letter is not known.
#[must_use]
pub fn means(letter: char) -> Option<Value> {
    OPTIONS.iter().find(|(known, ..)| *known == letter).map(|(_, value, _)| *value)
}
