//! An account that is not written yet, and what a value must be like for each of its keys.

use super::remark::{Place, Why};
use super::server::{self, Server};
use crate::config::secret::Secret;
use crate::config::words::{in_a_shell, words};
use crate::net::TlsMode;
use crate::sasl;
use ehlo_smtp::command::EhloName;
use std::collections::BTreeMap;
use std::net::IpAddr;

/// A value, as TOML has it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Item {
    /// A text.
    Text(String),
    /// A list of texts.
    List(Vec<String>),
    /// A truth value.
    Flag(bool),
    /// A number.
    Number(u64),
}

/// The value of a key, and the setting that it comes from.
#[derive(Debug, Clone)]
pub struct Entry {
    /// The value.
    pub item: Item,
    /// The name of the setting.
    pub named: String,
    /// Where it stands.
    pub at: Place,
}

/// A secret, and the setting that it comes from.
#[derive(Debug, Clone)]
pub struct Found {
    /// The secret.
    pub secret: Secret,
    /// The name of the setting.
    pub named: String,
    /// Where it stands.
    pub at: Place,
}

/// An account on its way.
#[derive(Debug, Clone)]
pub struct Draft {
    /// Its name.
    pub name: String,
    /// Its name in the text, where it has one.
    pub original: String,
    /// Where it begins.
    pub at: Place,
    /// The server.
    pub server: Server,
    /// The values of other keys, by the names of config.toml.
    pub values: BTreeMap<&'static str, Entry>,
    /// The password or the token.
    pub secret: Option<Found>,
    /// The host and the port of a proxy.
    pub proxy: (Option<String>, Option<u16>),
    /// The program does not log in.
    pub has_no_login: bool,
    /// Settings whose work is done without being asked.
    pub done: Vec<String>,
    /// Settings that need nothing.
    pub idle: Vec<String>,
    /// What else is said of it.
    pub notes: Vec<&'static str>,
    now: (String, Place),
}

/// What is no key, and goes into `address`: the sender's name.
pub const NAME: &str = "sender's name";

impl Draft {
    /// An account that has only a name.
    pub fn new(name: &str, at: Place) -> Draft {
        Draft {
            name: name.to_owned(),
            original: name.to_owned(),
            at: at.clone(),
            server: Server::default(),
            values: BTreeMap::new(),
            secret: None,
            proxy: (None, None),
            has_no_login: false,
            done: Vec::new(),
            idle: Vec::new(),
            notes: Vec::new(),
            now: (String::new(), at),
        }
    }

    /// What is put from here on comes from this setting.
    pub fn goes_on(&mut self, named: &str, at: &Place) {
        self.now = (named.to_owned(), at.clone());
    }

    /// The file for its secret.
    pub fn secret_file(&self) -> String {
        format!("{}.password", self.name)
    }

    /// The mechanisms that may be used, where any are named.
    pub fn mechanisms(&self) -> &[String] {
        match self.values.get("auth").map(|entry| &entry.item) {
            Some(Item::List(names)) => names,
            _ => &[],
        }
    }

    /// The setting does what is done here by itself.
    pub fn is_done(&mut self) -> Result<(), Why> {
        self.done.push(self.now.0.clone());
        Ok(())
    }

    /// The setting says what is the case here anyway.
    pub fn is_idle(&mut self) -> Result<(), Why> {
        self.idle.push(self.now.0.clone());
        Ok(())
    }

    pub fn put(&mut self, key: &'static str, item: Item) -> Result<(), Why> {
        let (named, at) = self.now.clone();
        self.values.insert(key, Entry { item, named, at });
        Ok(())
    }

    /// A text that is taken as it is.
    pub fn text(&mut self, key: &'static str, value: &str) -> Result<(), Why> {
        match value {
            "" => self.is_idle(),
            value => self.put(key, Item::Text(value.to_owned())),
        }
    }

    /// The path of a file. A relative one would be looked for beside config.toml.
    pub fn file(&mut self, key: &'static str, value: &str) -> Result<(), Why> {
        if !value.is_empty() && !is_whole(value) {
            return Err(Why::Relative);
        }
        self.text(key, value)
    }

    /// A host, perhaps with a port.
    pub fn host(&mut self, value: &str) -> Result<(), Why> {
        let (host, port) = server::host_and_port(value)?;
        self.server.host = Some(host);
        self.server.port = port.or(self.server.port);
        Ok(())
    }

    pub fn port(&mut self, value: &str) -> Result<(), Why> {
        self.server.port = Some(server::port(value)?);
        Ok(())
    }

    pub fn tls(&mut self, tls: TlsMode) -> Result<(), Why> {
        self.server.tls = Some(tls);
        Ok(())
    }

    /// Who logs in. A colon is taken for the end of a name elsewhere, and what follows it for a password.
    pub fn user(&mut self, value: &str) -> Result<(), Why> {
        match value.chars().any(|c| c.is_control() || c == ':') {
            true => Err(Why::Value),
            false => self.text("user", value),
        }
    }

    /// The user's password. A control in it would not come through a file of one line.
    pub fn password(&mut self, value: &str) -> Result<(), Why> {
        if value.is_empty() || value.chars().any(|c| c.is_control() || c == '\u{feff}') {
            return Err(Why::Value);
        }
        let (named, at) = self.now.clone();
        self.secret = Some(Found { secret: Secret::new(value.to_owned()), named, at });
        Ok(())
    }

    /// A command for a shell that prints the password, or the token: without the shell where it is made of
    /// plain words.
    pub fn command(&mut self, key: &'static str, value: &str) -> Result<(), Why> {
        let is_plain = |c: char| c.is_alphanumeric() || " _-./:,@%+='\"".contains(c);
        let is_program = |words: &Vec<String>| {
            let name = words.first().map_or("", String::as_str);
            !name.contains('=') && !["", ".", "command", "eval", "exec"].contains(&name)
        };
        let words = words(value).filter(|words| value.chars().all(is_plain) && is_program(words));
        match value {
            "" => self.is_idle(),
            value => self.put(key, Item::List(words.unwrap_or_else(|| in_a_shell(value)))),
        }
    }

    /// The name of a mechanism for logging in.
    pub fn mechanism(&mut self, value: &str) -> Result<(), Why> {
        let name = value.to_ascii_uppercase();
        if !sasl::is_known(&name) {
            return Err(Why::Mechanism);
        }
        let names = self.mechanisms().iter().cloned().chain([name]).collect();
        self.put("auth", Item::List(names))
    }

    /// The fingerprint of the server's certificate.
    pub fn fingerprint(&mut self, value: &str) -> Result<(), Why> {
        let digits: String = value.chars().filter(|c| *c != ':').collect::<String>().to_ascii_lowercase();
        match (digits.len(), digits.bytes().all(|octet| octet.is_ascii_hexdigit())) {
            (64, true) => self.put("pin", Item::List(vec![format!("sha256:{digits}")])),
            (32 | 40, true) => Err(Why::NotSha256),
            _ => Err(Why::Value),
        }
    }

    /// The sender: an address, perhaps with a name, or a pattern of addresses.
    pub fn sender(&mut self, value: &str) -> Result<(), Why> {
        let (name, address) = match value.rsplit_once('<').map(|(name, rest)| (name, rest.strip_suffix('>')))
        {
            Some((name, Some(address))) => (name.trim(), address),
            _ => ("", value),
        };
        let is_odd = |c: char| c.is_whitespace() || c.is_control() || "<>,;:\"\\()".contains(c);
        let (local, domain) = address.rsplit_once('@').ok_or(Why::Value)?;
        if local.is_empty() || address.contains(is_odd) {
            return Err(Why::Value);
        }
        if address.contains(['?', '[', ']']) {
            return Err(Why::Pattern);
        }
        if address.contains('*') {
            return self.put("senders", Item::List(vec![address.to_owned()]));
        }
        server::host(domain)?;
        self.put("address", Item::Text(address.to_owned()))?;
        self.sender_name(name)
    }

    /// The name of the sender, which is put before the address once both are known.
    pub fn sender_name(&mut self, value: &str) -> Result<(), Why> {
        let inside = value.strip_prefix('"').and_then(|rest| rest.strip_suffix('"'));
        let name = inside.unwrap_or(value).trim();
        if name.contains(|c: char| c.is_control() || "\"\\<>".contains(c)) {
            return Err(Why::Value);
        }
        match name {
            "" => Ok(()),
            name => self.put(NAME, Item::Text(name.to_owned())),
        }
    }

    /// The name for the greeting. `localhost` is never said, and says nothing.
    pub fn ehlo_name(&mut self, value: &str) -> Result<(), Why> {
        if value.eq_ignore_ascii_case("localhost") {
            return self.is_idle();
        }
        EhloName::parse(value).map_err(|_| Why::Value)?;
        self.text("ehlo-name", value)
    }

    /// The domain of addresses that have none.
    pub fn domain(&mut self, value: &str) -> Result<(), Why> {
        let domain = server::host(value)?;
        self.text("domain", &domain)
    }

    /// The address of this end.
    pub fn bind(&mut self, value: &str) -> Result<(), Why> {
        value.parse::<IpAddr>().map_err(|_| Why::Value)?;
        self.text("bind", value)
    }

    /// A time in seconds, of which none means no limit.
    pub fn seconds(&mut self, key: &'static str, value: &str) -> Result<(), Why> {
        match value.parse::<u32>() {
            Ok(0) => self.is_idle(),
            Ok(seconds) if seconds <= 365 * 24 * 3600 => self.text(key, &format!("{seconds}s")),
            _ => Err(Why::Value),
        }
    }
}

/// Whether a path means the same wherever it is read.
pub fn is_whole(path: &str) -> bool {
    path.starts_with('/') || path.starts_with("~/")
}

/// A word that means yes or no in one of these programs; nothing at all means yes.
pub fn yes(value: &str) -> Result<bool, Why> {
    match value.to_ascii_lowercase().as_str() {
        "" | "on" | "yes" | "true" | "1" => Ok(true),
        "off" | "no" | "false" | "0" => Ok(false),
        _ => Err(Why::Value),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn draft() -> Draft {
        Draft::new("a", Place { file: "f".to_owned(), line: 1 })
    }

    #[test]
    fn plain_words_need_no_shell() {
        let shell = |script: &str| vec!["sh".to_owned(), "-c".to_owned(), script.to_owned()];
        let plain = |words: &[&str]| words.iter().map(|word| (*word).to_owned()).collect::<Vec<_>>();
        for (command, words) in [
            ("pass show mail/work", plain(&["pass", "show", "mail/work"])),
            ("secret-tool lookup name 'my mail'", plain(&["secret-tool", "lookup", "name", "my mail"])),
            ("gpg -qd ~/.pw.gpg", shell("gpg -qd ~/.pw.gpg")),
            ("pass mail | head -n1", shell("pass mail | head -n1")),
            ("echo $PW", shell("echo $PW")),
            ("cat pw*", shell("cat pw*")),
            ("LANG=C pass mail", shell("LANG=C pass mail")),
            (". pw", shell(". pw")),
            ("echo 'open", shell("echo 'open")),
            ("printf a\\ b", shell("printf a\\ b")),
        ] {
            let mut draft = draft();
            draft.command("password-command", command).unwrap();
            assert_eq!(draft.values["password-command"].item, Item::List(words), "{command}");
        }
    }

    #[test]
    fn a_value_has_the_form_that_its_key_wants() {
        let mut draft = draft();
        let sha1 = "00:".repeat(19) + "00";
        assert_eq!(draft.fingerprint(&sha1), Err(Why::NotSha256));
        assert_eq!(draft.fingerprint(&"0g".repeat(32)), Err(Why::Value));
        assert_eq!(draft.fingerprint(&"ß".repeat(32)), Err(Why::Value));
        assert_eq!(draft.sender("me"), Err(Why::Value));
        assert_eq!(draft.sender("m?@a.example"), Err(Why::Pattern));
        assert_eq!(draft.sender("a b@a.example"), Err(Why::Value));
        assert_eq!(draft.password("a\nb"), Err(Why::Value));
        assert_eq!(draft.seconds("timeout", "1m"), Err(Why::Value));
        assert_eq!(draft.bind("lo"), Err(Why::Value));
        assert_eq!(draft.mechanism("digest-md5"), Err(Why::Mechanism));
        assert_eq!(draft.ehlo_name("a b"), Err(Why::Value));
        assert!(draft.values.is_empty() && draft.secret.is_none());
    }
}
