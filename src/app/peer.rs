//! Who is at the other end of a socket of this machine, and which accounts that user may send by.
//!
//! The kernel says the number (SO_PEERCRED); passwd(5) and group(5) say the names.

use crate::config::accounts::Account;
use rustix::net::sockopt::socket_peercred;
use std::io;
use std::os::fd::AsFd;

/// The key of an account that says who may use it.
const USERS: &str = "users";

/// A user of this machine.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Peer {
    /// The number.
    pub uid: u32,
    /// The process; 0 where it is not known.
    pub pid: u32,
    /// The name; `uid1000` where there is none.
    pub name: String,
    /// The groups, by name.
    groups: Vec<String>,
    /// May use every account: root, and whom the daemon runs as.
    is_trusted: bool,
}

impl Peer {
    /// Whoever has connected.
    ///
    /// # Errors
    /// The system does not say.
    pub fn of_socket(socket: &impl AsFd) -> io::Result<Peer> {
        let credentials = socket_peercred(socket)?;
        let pid = credentials.pid.as_raw_nonzero().get().cast_unsigned();
        Ok(Peer { pid, ..Peer::known(credentials.uid.as_raw(), Some(credentials.gid.as_raw())) })
    }

    /// The number alone, for which no file is read.
    ///
    /// # Errors
    /// The system does not say.
    pub fn number(socket: &impl AsFd) -> io::Result<u32> {
        Ok(socket_peercred(socket)?.uid.as_raw())
    }

    /// Whether the user of this number may send by an account ([`Peer::may_use`]).
    #[must_use]
    pub fn may(uid: u32, account: &Account) -> bool {
        // The files are read for accounts that are not for everybody.
        !account.has(USERS) || Peer::known(uid, None).may_use(account)
    }

    /// Whether messages of a database may go by an account: all may where it has no `users`, or where these have the
    /// word `@database`.
    #[must_use]
    pub fn may_from_database(account: &Account) -> bool {
        !account.has(USERS) || account.list(USERS).iter().any(|word| word == "@database")
    }

    fn known(uid: u32, gid: Option<u32>) -> Peer {
        let own = rustix::process::geteuid().as_raw();
        Peer::among(uid, gid, &read("/etc/passwd"), &read("/etc/group"), own)
    }

    fn among(uid: u32, gid: Option<u32>, passwd: &str, group: &str, own: u32) -> Peer {
        let (name, own_group) = user_in(passwd, uid).unwrap_or_else(|| (format!("uid{uid}"), None));
        let groups = group.lines().filter_map(|line| {
            let mut fields = line.split(':');
            let (group, number, members) = (fields.next()?, fields.nth(1)?, fields.next()?);
            let number = number.parse::<u32>().ok();
            let is_own = number.is_some() && (number == own_group || number == gid);
            (is_own || members.split(',').any(|member| member.trim() == name)).then(|| group.to_owned())
        });
        Peer { uid, pid: 0, groups: groups.collect(), name, is_trusted: uid == 0 || uid == own }
    }

    /// Whether this user may send by an account: everybody may whom its `users` name, or `@` and a group of theirs;
    /// without `users`, everybody may.
    #[must_use]
    pub fn may_use(&self, account: &Account) -> bool {
        let is_meant = |word: &String| match word.strip_prefix('@') {
            Some(group) => self.groups.iter().any(|one| one == group),
            None => *word == self.name || word.parse() == Ok(self.uid),
        };
        self.is_trusted || !account.has(USERS) || account.list(USERS).iter().any(is_meant)
    }
}

/// The name of a user, by number, as passwd(5) has it.
#[must_use]
pub fn user(uid: u32) -> Option<String> {
    Some(user_in(&read("/etc/passwd"), uid)?.0)
}

/// The name and the group of a user.
fn user_in(passwd: &str, uid: u32) -> Option<(String, Option<u32>)> {
    passwd.lines().find_map(|line| {
        let mut fields = line.split(':');
        let (name, number, group) = (fields.next()?, fields.nth(1)?, fields.next()?);
        (number.parse() == Ok(uid)).then(|| (name.to_owned(), group.parse().ok()))
    })
}

/// The number of a group.
#[must_use]
pub fn group(name: &str) -> Option<u32> {
    let text = read("/etc/group");
    let mut lines = text.lines().map(|line| line.split(':'));
    lines.find_map(|mut fields| (fields.next()? == name).then(|| fields.nth(1)?.parse().ok()).flatten())
}

/// A file of names, which need not be there.
fn read(path: &str) -> String {
    std::fs::read(path).map(|octets| String::from_utf8_lossy(&octets).into_owned()).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::accounts;
    use std::path::Path;

    const PASSWD: &str =
        "root:x:0:0::/root:/bin/sh\nalice:x:1000:1000::/:/bin/sh\nbob:x:1001:100::/:/bin/sh\n";
    const GROUP: &str = "root:x:0:\nstaff:x:50:alice, carol\nusers:x:100:\nalice:x:1000:\nbroken\n";

    #[test]
    fn an_account_is_for_those_whom_it_names() {
        let text = "[account.a]\nserver='x'\nusers=['alice', '@users', '77']\n[account.b]\nserver='x'\n\
                    [account.c]\nserver='x'\nusers='@staff'\n";
        let config = accounts::read(text, Path::new("/etc/ehlo/config.toml")).unwrap();
        let may = |uid: u32, gid: Option<u32>| {
            let peer = Peer::among(uid, gid, PASSWD, GROUP, 999);
            let names = config.accounts.iter().filter(|account| peer.may_use(account));
            names.map(|account| account.name.as_str()).collect::<String>()
        };
        for (uid, gid, accounts) in [
            (0, None, "abc"),
            (999, None, "abc"),
            (1000, None, "abc"),
            (1001, None, "ab"),
            (1001, Some(50), "abc"),
            (77, None, "ab"),
            (78, None, "b"),
            (78, Some(50), "bc"),
        ] {
            assert_eq!(may(uid, gid), accounts, "{uid} {gid:?}");
        }
        assert_eq!(Peer::among(78, None, PASSWD, GROUP, 999).name, "uid78");
        assert_eq!(Peer::among(1001, None, PASSWD, GROUP, 999).name, "bob");
    }
}
