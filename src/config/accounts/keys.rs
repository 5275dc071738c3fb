//! What can stand in config.toml. A key of an account has the name of the flag that it stands for, where there
//! is one.

/// A key, and what its value is like.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Key {
    /// Its name.
    pub name: &'static str,
    /// The type of its value.
    pub kind: Kind,
}

/// The type of a value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// A text.
    Text,
    /// One text or a list of them.
    Texts,
    /// A program and its arguments, as a list, or in one text that is split as a flag's is.
    Command,
    /// True or false.
    Flag,
    /// A number that is not negative.
    Number,
    /// A number of octets: `25000000`, or a text such as `"25M"`.
    Size,
    /// A time, such as `"30s"`, `"5m"`, `"1h20m"` or `"5d"`: seconds.
    Time,
    /// One time or a list of them.
    Times,
}

const fn key(name: &'static str, kind: Kind) -> Key {
    Key { name, kind }
}

/// What stands in front of the tables.
pub const OF_FILE: &[Key] = &[key("default", Kind::Text), key("log", Kind::Text)];

/// What the table `queue` holds.
pub const OF_QUEUE: &[Key] = &[
    key("queue.retry", Kind::Times),
    key("queue.give-up", Kind::Time),
    key("queue.warn-after", Kind::Time),
    key("queue.on-unknown", Kind::Text),
    key("queue.bounce-to", Kind::Text),
    key("queue.min-free", Kind::Size),
    key("queue.max-size", Kind::Size),
    key("queue.max-recipients", Kind::Number),
    key("queue.keep-failed", Kind::Time),
    key("queue.per-user", Kind::Number),
    key("queue.per-user-size", Kind::Size),
    key("queue.unknown-after", Kind::Time),
    key("queue.database", Kind::Text),
    key("queue.password-file", Kind::Text),
    key("queue.password-command", Kind::Command),
    key("queue.password-credential", Kind::Text),
    key("queue.ca-file", Kind::Text),
    key("queue.lease", Kind::Time),
    key("queue.dot-lease", Kind::Time),
];

/// What the table `sendmail` holds.
pub const OF_SENDMAIL: &[Key] = &[
    key("sendmail.queue", Kind::Flag),
    key("sendmail.domain", Kind::Text),
    key("sendmail.aliases", Kind::Text),
    key("sendmail.odi", Kind::Text),
    key("sendmail.dot-unstuff", Kind::Flag),
];

/// What an account holds.
pub const OF_ACCOUNT: &[Key] = &[
    key("server", Kind::Texts),
    key("tls", Kind::Text),
    key("tls-min", Kind::Text),
    key("tls-name", Kind::Text),
    key("tls-backend", Kind::Text),
    key("ca-file", Kind::Text),
    key("client-cert", Kind::Text),
    key("client-key", Kind::Text),
    key("pin", Kind::Texts),
    key("user", Kind::Text),
    key("auth", Kind::Texts),
    key("auth-identity", Kind::Text),
    key("allow-cleartext-auth", Kind::Flag),
    key("password-file", Kind::Text),
    key("password-command", Kind::Command),
    key("password-credential", Kind::Text),
    key("password-keyring", Kind::Flag),
    key("oauth-token-command", Kind::Command),
    key("oauth-client-id", Kind::Text),
    key("oauth-client-secret-file", Kind::Text),
    key("oauth-keyring", Kind::Flag),
    key("address", Kind::Text),
    key("senders", Kind::Texts),
    key("from", Kind::Text),
    key("envelope", Kind::Text),
    key("domain", Kind::Text),
    key("ehlo-name", Kind::Text),
    key("bind", Kind::Text),
    key("proxy", Kind::Text),
    key("proxy-password-file", Kind::Text),
    key("resolver", Kind::Texts),
    key("resolver-trust", Kind::Text),
    key("policy", Kind::Texts),
    key("require-policy", Kind::Flag),
    key("cleartext-if-tls-fails", Kind::Flag),
    key("mx-allow", Kind::Texts),
    key("mx-hosts", Kind::Text),
    key("connect-timeout", Kind::Text),
    key("timeout", Kind::Text),
    key("final-timeout", Kind::Text),
    key("deadline", Kind::Text),
    key("no-pipelining", Kind::Flag),
    key("no-chunking", Kind::Flag),
    key("on-unknown", Kind::Text),
    key("users", Kind::Texts),
];

/// The key of an account that says by which keys its mail is signed: a list of tables, or one.
pub const DKIM: &str = "dkim";

/// What each of them holds. Their values are lists, in the same order; a key that is not given is an empty text in its
/// list.
pub const OF_DKIM: &[Key] =
    &[key("dkim.key", Kind::Text), key("dkim.selector", Kind::Text), key("dkim.domain", Kind::Text)];

/// The keys of an account that say where the secret is: one of them at most.
pub const OF_SECRET: [&str; 6] = [
    "password-file",
    "password-command",
    "password-credential",
    "password-keyring",
    "oauth-token-command",
    OAUTH,
];

/// The key of an account that names its provider of tokens; a table, or the provider alone.
pub const OAUTH: &str = "oauth";

/// What the table holds.
pub const OF_OAUTH: &[Key] = &[
    key("oauth.provider", Kind::Text),
    key("oauth.tenant", Kind::Text),
    key("oauth.issuer", Kind::Text),
    key("oauth.flow", Kind::Text),
    key("oauth.scope", Kind::Texts),
    key("oauth.authorization-endpoint", Kind::Text),
    key("oauth.device-endpoint", Kind::Text),
    key("oauth.token-endpoint", Kind::Text),
    key("oauth.revocation-endpoint", Kind::Text),
    key("oauth.client-auth", Kind::Text),
    key("oauth.ca-file", Kind::Text),
];

/// What its table `limits` holds.
pub const OF_LIMITS: &[Key] = &[
    key("limits.connections", Kind::Number),
    key("limits.messages-per-connection", Kind::Number),
    key("limits.messages-per-minute", Kind::Number),
    key("limits.recipients", Kind::Number),
    key("limits.size", Kind::Size),
];
