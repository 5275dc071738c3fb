//! `--test`: a message that needs no more than a server and a recipient. It says where it comes from, so that
//! whoever gets it knows what to make of it.

use super::target::Resolved;
use crate::message::date;
use crate::report::text::printable;

/// Its subject and its text.
#[derive(Debug)]
pub struct TestMessage {
    /// The subject, where none is given.
    pub subject: String,
    /// The text.
    pub text: String,
}

/// The message that goes this way. `date` is the one that the header is to have, if it is not now.
pub fn of(connect: &Resolved<'_>, date: Option<&str>) -> TestMessage {
    let host = match &connect.target.session.ehlo_name {
        Some(name) => name.as_str().to_owned(),
        None => printable(&rustix::system::uname().nodename().to_string_lossy()),
    };
    let user = user();
    // A date that cannot be read is told of where the header is made.
    let date = date.map_or_else(date::now, date::parse).unwrap_or_default();
    let mut server = String::new();
    connect.describe(&mut |name, value| {
        if name == "server" {
            server = printable(value);
        }
    });
    let account = connect.account().map_or(String::new(), |account| format!(", account {}", account.name));
    let version = env!("CARGO_PKG_VERSION");
    TestMessage {
        subject: format!("test message from {host}"),
        text: format!(
            "This message tests whether mail works. You can ignore it.\n\n\
             sent by   {user}@{host}\n\
             on        {date}\n\
             through   {server}{account}\n\
             with      ehlo {version}\n"
        ),
    }
}

/// Who runs this program: by the environment, or else by the number.
fn user() -> String {
    let variable = |name| std::env::var(name).ok().filter(|value: &String| !value.is_empty());
    let number = rustix::process::getuid().as_raw();
    let known = || name_in(&std::fs::read_to_string("/etc/passwd").ok()?, number);
    let name = variable("LOGNAME").or_else(|| variable("USER")).or_else(known);
    printable(&name.unwrap_or_else(|| format!("uid{number}")))
}

/// The name of the user of this number (passwd(5)).
fn name_in(passwd: &str, number: u32) -> Option<String> {
    passwd.lines().find_map(|line| {
        let mut fields = line.split(':');
        let name = fields.next().filter(|name| !name.is_empty())?;
        (fields.nth(1)?.parse() == Ok(number)).then(|| name.to_owned())
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_user_is_found_by_the_number() {
        let passwd = "root:x:0:0:root:/root:/bin/sh\n\n+::::::\nbroken\nsmith:x:1000:100::/:/bin/sh\n";
        assert_eq!(name_in(passwd, 0).as_deref(), Some("root"));
        assert_eq!(name_in(passwd, 1000).as_deref(), Some("smith"));
        assert_eq!(name_in(passwd, 100), None);
    }
}
