//! `ehlo account login`: somebody signs in, or nobody has to, and the tokens are kept.

use super::super::clock::now;
use super::super::early_exit::{EarlyExit, Result};
use super::{Way, account, browser, failed};
use crate::config::secret::Secret;
use crate::net::loopback::{Came as Heard, Loopback, Request as Visit};
use crate::net::{Deadline, interrupt};
use crate::oauth::answer::Token;
use crate::oauth::code::{Came, CodeFlow};
use crate::oauth::device::{Next, Polling};
use crate::oauth::{Asker, ClientId, Configured, Endpoints, Flow, OauthError, Request, Tokens};
use crate::output::Output;
use crate::words::oauth as words;
use std::io::{self, BufRead};
use std::os::fd::AsFd;
use std::time::Duration;
use zeroize::Zeroizing;

/// How long somebody may take to sign in.
const PATIENCE: Duration = Duration::from_secs(10 * 60);
/// How long another process may hold the tokens.
const LOCK: Duration = Duration::from_secs(60);
/// The most octets of a line that is pasted.
const LONGEST: usize = 16 * 1024;

/// Signs in, and keeps what came of it.
pub fn sign_in(
    configured: &Configured,
    user: Option<&str>,
    way: &Way,
    browse: bool,
    output: &Output,
) -> Result<()> {
    // A run that cannot be told of signals is still worth making.
    let _ = interrupt::install();
    let failed = |error: OauthError| match error {
        _ if interrupt::caught().is_some() => {
            EarlyExit::in_time(crate::net::Error::Interrupted, "nobody has signed in".to_owned())
        }
        error => failed(configured, &error),
    };
    let account = account(configured, Deadline::never(), output)?;
    // Nobody signs in for tokens that cannot be kept.
    let lock = || account.keep.lock(Deadline::after(LOCK));
    lock().and_then(|mut lock| lock.prepare()).map_err(|error| failed(error.into()))?;
    let https = &way.https(Deadline::never());
    let settings = &account.settings;
    let endpoints = &settings.endpoints(https).map_err(failed)?;
    let talk = Talk { asker: Asker { https, endpoints, client: &account.client }, configured, output };
    let token = match settings.flow {
        Flow::Code => talk.by_browser(user, browse)?,
        Flow::Device => talk.by_device(),
        Flow::ClientCredentials => talk.asker.by_client(&settings.scope),
    };
    let tokens = Tokens::new(settings, endpoints, &account.client, token.map_err(failed)?, None, now());
    let mut lock = lock().map_err(|error| failed(error.into()))?;
    lock.write(&tokens.to_text()).map_err(|error| failed(error.into()))?;
    lock.set_note("");
    lock.mark();
    drop(lock);
    output.say(&words::signed_in(&configured.account, &account.keep.place()));
    if settings.flow != Flow::ClientCredentials && tokens.refresh.is_none() {
        output.warn(words::NO_REFRESH_TOKEN);
    }
    Ok(())
}

/// What is said between us, the provider and the user.
struct Talk<'a> {
    asker: Asker<'a>,
    configured: &'a Configured,
    output: &'a Output,
}

impl Talk<'_> {
    fn endpoints(&self) -> &Endpoints {
        self.asker.endpoints
    }

    fn client(&self) -> &ClientId {
        self.asker.client
    }

    /// The user types a code somewhere; we ask until that is done.
    fn by_device(&self) -> std::result::Result<Token, OauthError> {
        let device = self.asker.device(&self.configured.settings.scope)?;
        let until = Deadline::after(device.life);
        for line in words::device(&device.place, &device.user_code, device.complete.as_deref()) {
            self.output.say(&line);
        }
        let mut polling = Polling::new(device.interval);
        loop {
            crate::net::pause(Deadline::after(polling.pause())).map_err(|_| OauthError::Expired)?;
            if until.is_over() {
                return Err(OauthError::Expired);
            }
            match polling.next(self.asker.by_device(&device.code)) {
                Next::Wait if interrupt::caught().is_some() => return Err(OauthError::Expired),
                Next::Wait => {}
                Next::Done(token) => return Ok(token),
                Next::Over(error) => return Err(error),
            }
        }
    }

    /// The user signs in with a browser, which comes back to us with a code; or pastes where it ended.
    fn by_browser(&self, user: Option<&str>, browse: bool) -> Result<std::result::Result<Token, OauthError>> {
        let no_port = |error: io::Error| EarlyExit::io(error, "cannot listen on 127.0.0.1".to_owned());
        let mut loopback = Loopback::bind().map_err(no_port)?;
        let settings = &self.configured.settings;
        let flow = match CodeFlow::new(settings.host, loopback.port()) {
            Ok(flow) => flow,
            Err(error) => return Ok(Err(error)),
        };
        let address = match flow.address(self.endpoints(), settings, &self.client().id, user) {
            Ok(address) => address,
            Err(error) => return Ok(Err(error)),
        };
        let opened = browse && browser::open(&address);
        self.output.say(words::browse(opened));
        self.output.line(&address);
        self.output.say(words::PASTE);
        let (until, mut pasted, mut is_warned) = (Deadline::after(PATIENCE), Pasted::default(), false);
        loop {
            let stdin = io::stdin();
            let beside = (!pasted.is_over).then(|| stdin.as_fd());
            let visit = match loopback.wait(beside, until) {
                Ok(Heard::Request(visit)) => visit,
                Ok(Heard::Beside) => {
                    for line in pasted.read() {
                        match flow.judge(&line, settings.issuer()) {
                            Came::Code(code) => return Ok(self.asker.by_code(&flow, &code)),
                            Came::Refused(refusal) => {
                                return Ok(Err(OauthError::Refused(Request::Authorization, refusal)));
                            }
                            Came::Foreign | Came::Nothing => pasted.was_wrong(self.output),
                        }
                    }
                    continue;
                }
                Err(crate::net::Error::Io(error)) => return Err(no_port(error)),
                Err(_) => return Ok(Err(OauthError::Expired)),
            };
            match flow.judge(&visit.target, settings.issuer()) {
                Came::Code(code) => return Ok(self.exchange(&flow, &code, visit)),
                Came::Refused(refusal) => {
                    visit.answer("200 OK", words::PAGE_REFUSED);
                    return Ok(Err(OauthError::Refused(Request::Authorization, refusal)));
                }
                Came::Foreign => {
                    visit.answer("400 Bad Request", words::PAGE_FOREIGN);
                    if !std::mem::replace(&mut is_warned, true) {
                        self.output.warn(words::FOREIGN);
                    }
                }
                Came::Nothing => visit.answer("404 Not Found", words::PAGE_NOTHING),
            }
        }
    }

    /// The page says how it went, so it comes after that.
    fn exchange(
        &self,
        flow: &CodeFlow,
        code: &Secret,
        visit: Visit,
    ) -> std::result::Result<Token, OauthError> {
        let token = self.asker.by_code(flow, code);
        visit.answer("200 OK", if token.is_ok() { words::PAGE_DONE } else { words::PAGE_FAILED });
        token
    }
}

/// What comes by standard input, in lines.
#[derive(Debug, Default)]
struct Pasted {
    /// A code may be in it.
    part: Zeroizing<Vec<u8>>,
    is_over: bool,
    wrong: u32,
}

/// So many lines that are no answer are told of, and then standard input is left alone.
const MOST_WRONG: u32 = 5;

impl Pasted {
    /// The lines that are whole; one that has no end is whole when nothing more can come.
    fn read(&mut self) -> Vec<Zeroizing<String>> {
        let mut stdin = io::stdin().lock();
        let count = match stdin.fill_buf() {
            Ok(octets) => {
                self.part.extend_from_slice(octets);
                octets.len()
            }
            Err(_) => 0,
        };
        stdin.consume(count);
        self.is_over = count == 0 || self.part.len() > LONGEST;
        if self.is_over {
            self.part.push(b'\n');
        }
        let whole = self.part.iter().rposition(|octet| *octet == b'\n').map_or(0, |at| at + 1);
        let lines = self.part.get(..whole).unwrap_or_default().split(|octet| *octet == b'\n');
        let lines = lines.filter_map(|line| std::str::from_utf8(line).ok().map(str::trim));
        let lines =
            lines.filter(|line| !line.is_empty()).map(|line| Zeroizing::new(line.to_owned())).collect();
        self.part = Zeroizing::new(self.part.get(whole..).unwrap_or_default().to_vec());
        lines
    }

    /// A line was no answer.
    fn was_wrong(&mut self, output: &Output) {
        self.wrong += 1;
        if self.wrong <= MOST_WRONG {
            output.say(words::NOT_IT);
        }
        self.is_over |= self.wrong >= MOST_WRONG;
    }
}
