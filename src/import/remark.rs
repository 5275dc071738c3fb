//! What could not be carried, where it stands, and why. No value is ever repeated: it may be a secret.

use std::fmt;

/// A line of a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Place {
    /// The file, as it is told.
    pub file: String,
    /// The line, from 1.
    pub line: usize,
}

/// Something that was left out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Remark {
    /// Where it stands.
    pub at: Place,
    /// The name of the setting; none where what stands there is not certainly a name.
    pub what: Option<String>,
    /// Why.
    pub why: Why,
}

/// What is given for each message, and not for an account.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Given {
    /// When a delivery status notification is wanted.
    Notify,
    /// How much of the message it returns.
    Return,
}

/// Why something was left out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Why {
    /// No program of that format knows it, as far as we know.
    Unknown,
    /// It is not a setting with its value.
    Unreadable,
    /// The value is not of the right form.
    Value,
    /// There is nothing like it.
    NoCounterpart,
    /// It switches off the checking of certificates.
    Unchecked,
    /// A fingerprint by another hash.
    NotSha256,
    /// A mechanism for logging in.
    Mechanism,
    /// What NTLM asks for.
    Ntlm,
    /// Certificate revocation lists.
    Revocation,
    /// Ciphers, curves, sizes of keys.
    Ciphers,
    /// Certificates in a folder.
    Folder,
    /// A private key without its certificate.
    NoCertificate,
    /// A file that is read in.
    OtherFile,
    /// A program is named in place of a server.
    Program,
    /// A program whose output would be the value.
    NotRun,
    /// A variable from elsewhere.
    Variable,
    /// Something that holds only at times.
    Hook,
    /// An account that names no server.
    NoServer,
    /// A part of a log-in, where nobody logs in.
    NoLogin,
    /// A second source of the same secret.
    SecondSecret,
    /// A token for OAuth in the text itself.
    Token,
    /// A mechanism that takes a token, and there is none.
    NoToken,
    /// A secret for another host.
    OtherHost,
    /// An account of a name that another has, and what it is called now.
    Renamed(String),
    /// An account that is inherited from, and is not there.
    NoBase,
    /// A default account that is not there.
    NoDefault,
    /// A sender beside the one that is taken.
    OneAddress,
    /// A rule for senders, in an account without an address.
    NoAddress,
    /// A path that does not begin at the root or at home.
    Relative,
    /// A facility of the system's log.
    Facility,
    /// A server that is tried when another one fails.
    InTurn,
    /// It is given for each message.
    PerMessage(Given),
    /// Bcc would be left in the message.
    Bcc,
    /// Where mail for local users goes.
    Aliases,
    /// A sender that is made up of user and host.
    MadeUp,
    /// A pattern with something other than `*`.
    Pattern,
    /// Another log than that of another account.
    OneLog,
    /// It is about something other than sending.
    NotSending,
}

impl fmt::Display for Why {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Why::Unknown => "this setting is not known",
            Why::Unreadable => "this line cannot be understood",
            Why::Value => "its value cannot be used here",
            Why::NoCounterpart => "there is no such setting here",
            Why::Unchecked => "the server's certificate is always checked",
            Why::NotSha256 => "only SHA-256 fingerprints are used",
            Why::Mechanism => "this way to log in is not supported",
            Why::Ntlm => "NTLM is not supported",
            Why::Revocation => "revocation lists are not used",
            Why::Ciphers => "ciphers and key sizes are left to the TLS library",
            Why::Folder => "certificates are read from a file, not from a folder",
            Why::NoCertificate => "there is no certificate for this key",
            Why::OtherFile => "other files are not read",
            Why::Program => "it names a program, not a server",
            Why::NotRun => "programs are not run while importing",
            Why::Variable => "the variable is not set in this file",
            Why::Hook => "hooks are not run",
            Why::NoServer => "no server is named for this account",
            Why::NoLogin => "it is not used, because this account does not log in",
            Why::SecondSecret => "the secret is taken from another setting",
            Why::Token => "a token is not kept in a file, a command prints it",
            Why::NoToken => "one of its mechanisms takes a token, and no command prints one",
            Why::OtherHost => "it is for another host",
            Why::Renamed(name) => {
                return write!(f, "another account has this name; here it is called '{name}'");
            }
            Why::NoBase => "there is no account of this name above it",
            Why::NoDefault => "no account here has this name",
            Why::OneAddress => "an account has one address, and another setting gives it",
            Why::NoAddress => "it needs an address, and this account has none",
            Why::Relative => "the path must begin with '/' or '~/'",
            Why::Facility => "the facility of the log is not chosen here",
            Why::InTurn => {
                "servers that are tried in turn share all other settings; this one is an account of its own"
            }
            Why::PerMessage(_) => "it is given for each message",
            Why::Bcc => "Bcc is always removed",
            Why::Aliases => "aliases are not read",
            Why::MadeUp => "a sender is not made up from user and host",
            Why::Pattern => "the only wildcard is '*'",
            Why::OneLog => "there is one log for all accounts",
            Why::NotSending => "it is not about the server or the sender",
        })
    }
}
