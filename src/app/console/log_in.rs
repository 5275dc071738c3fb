//! `auth`: who logs in, and by what.

#![allow(clippy::disallowed_types)] // Replies are timed here.

use super::super::early_exit::{EarlyExit, Result};
use super::super::login;
use super::talk::{Goes, Talk};
use crate::client::{Connection, LoginPolicy};
use crate::config::secret::Secret;
use crate::report::exit::ExitStatus;
use crate::report::text::printable;
use crate::sasl::{self, Credentials};
use crate::words::console::objection as unfit;
use crate::words::login::no_mechanism;
use ehlo_smtp::verb::Verb;
use std::time::Instant;

impl Talk<'_> {
    /// Logs in, perhaps by this mechanism.
    pub(super) fn auth(&mut self, connection: &mut Connection, mechanism: Option<&str>) -> Goes {
        if let Some(objection) = connection.session().objection(Verb::Auth.name()) {
            return Ok(self.unsaid(&format!("not sent: {}", unfit(&objection)), ExitStatus::USAGE));
        }
        let LoginPolicy { credentials, tokens } = match self.login(connection, mechanism) {
            Ok(login) => login,
            Err(exit) => return Ok(self.stopped(&exit)),
        };
        let began = Instant::now();
        let done = connection.log_in(credentials, tokens, &mut self.observers);
        let done = self.came_of(connection, done)?;
        if done {
            let mechanism = connection.session().logged_in().unwrap_or_default();
            self.remark(&format!("logged in by {mechanism}"), began.elapsed());
        }
        Ok(done)
    }

    /// The flags' user, or one who is asked for.
    fn login(&mut self, connection: &Connection, mechanism: Option<&str>) -> Result<LoginPolicy> {
        let mechanism = mechanism.map(str::to_ascii_uppercase);
        if let Some(name) = mechanism.as_deref().filter(|name| !sasl::is_known(name)) {
            let known = sasl::KNOWN.join(", ");
            return Err(EarlyExit::usage(format!(
                "unknown mechanism '{}'; known are {known}",
                printable(name)
            )));
        }
        let mut login = match &self.login {
            Some(login) => login.clone(),
            None if self.input.is_typed() => {
                self.check_means(connection, mechanism.as_ref())?;
                LoginPolicy { credentials: self.asked()?, tokens: None }
            }
            None => return Err(EarlyExit::usage("auth: no user to log in as: name one with -u (--user)")),
        };
        if let Some(name) = mechanism {
            login.credentials.mechanisms = vec![name];
        }
        Ok(login)
    }

    /// Nobody is asked for a password that could not be used.
    fn check_means(&self, connection: &Connection, mechanism: Option<&String>) -> Result<()> {
        let mut anybody = self.by_password("user", Secret::new("password".to_owned()));
        anybody.mechanisms = mechanism.cloned().into_iter().collect();
        match connection.session().log_in_objection(&mut anybody) {
            Some(objection) => Err(EarlyExit::of(ExitStatus::NO_PERMISSION, no_mechanism(&objection))),
            None => Ok(()),
        }
    }

    fn asked(&mut self) -> Result<Credentials> {
        let user =
            self.input.next("user: ")?.and_then(|user| String::from_utf8(user).ok()).unwrap_or_default();
        if user.is_empty() || user.chars().any(char::is_control) {
            return Err(EarlyExit::usage("auth: no user, no log-in"));
        }
        let Some(password) = self.input.password(&user)? else {
            return Err(EarlyExit::usage("auth: no password, no log-in"));
        };
        if password.reveal().is_empty() || password.reveal().contains('\0') {
            return Err(EarlyExit::usage("auth: the password is empty, or contains a NUL"));
        }
        Ok(self.by_password(&user, password))
    }

    fn by_password(&self, user: &str, password: Secret) -> Credentials {
        login::by_password(&self.args.session.login, user, password, self.target)
    }
}
