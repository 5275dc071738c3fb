//! Plays tests/dialogues/*.smtp in memory: whole, octet by octet, and cut at every place. What connects and
//! drives is a script here; the loop over connections and transactions is the program's own
//! (src/delivery/work.rs), and so are the fates and the exit status that come of it.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)] // A test fails by panicking.

use ehlo::inside::client::Error;
use ehlo::inside::client::drive::Timing;
use ehlo::inside::client::observer::Anew;
use ehlo::inside::client::open::Known;
use ehlo::inside::config::secret::Secret;
use ehlo::inside::delivery::outcome::{Server, Verification};
use ehlo::inside::delivery::{Driver, Outcome, Task, Work, run};
use ehlo::inside::report::exit;
use ehlo::inside::sasl::{Credentials, Means, Nonce};
use ehlo::inside::words;
use ehlo_smtp::auth::{Channel, ChannelBinding, Login, SecretOctets};
use ehlo_smtp::command::EhloName;
use ehlo_smtp::content::{Facts, Framer};
use ehlo_smtp::dialogue::{self, ClientLine, Entry};
use ehlo_smtp::envelope::{Envelope, Recipient};
use ehlo_smtp::expect::Stage as Until;
use ehlo_smtp::extension::Extension;
use ehlo_smtp::failure::{Failure, Need};
use ehlo_smtp::inquiry::{Argument, Inquiry, InquiryVerb};
use ehlo_smtp::parameter::Parameter;
use ehlo_smtp::path::{ForwardPath, Mailbox, ReversePath};
use ehlo_smtp::session::{Protocol, Session, Settings, StartTls, Step};
use ehlo_smtp::transaction::{Status, Summary};
use ehlo_smtp::xclient::Xclient;
use std::path::Path;

/// How the server's octets come.
#[derive(Clone, Copy, Debug)]
enum Cut {
    Whole,
    Single,
    At(usize),
}

/// A dialogue, and what its settings say.
struct Play {
    entries: Vec<Entry>,
    envelope: Envelope,
    content: Vec<u8>,
    facts: Facts,
    settings: Vec<(String, String)>,
}

impl Play {
    fn read(path: &Path) -> Play {
        let text = std::fs::read_to_string(path).unwrap();
        let entries = dialogue::parse(&text).unwrap_or_else(|e| panic!("{}: {e}", path.display()));
        let mut settings = Vec::new();
        let mut lines = Vec::new();
        for entry in entries {
            match entry {
                Entry::Setting { name, value } if !MARKS.contains(&name.as_str()) => {
                    assert!(KNOWN.contains(&name.as_str()), "{}: unknown setting {name}", path.display());
                    settings.push((name, value));
                }
                Entry::Remark(_) => {}
                other => lines.push(other),
            }
        }
        let given = |wanted: &str| {
            settings
                .iter()
                .filter(move |(name, _)| name == wanted)
                .map(|(_, value)| value.clone())
                .collect::<Vec<_>>()
        };
        let arguments = |verb: &str| arguments(&lines, verb);
        let from = given("from").into_iter().next().or_else(|| arguments("MAIL FROM:").into_iter().next());
        let mut to = given("to");
        if to.is_empty() {
            for recipient in arguments("RCPT TO:") {
                // A second transaction names some of them again.
                if !to.contains(&recipient) {
                    to.push(recipient);
                }
            }
        }
        let envelope = Envelope {
            reverse_path: reverse_path(&from.unwrap_or_else(|| "Smith@Alpha.ARPA".to_owned())),
            mail_parameters: given("mail").iter().map(|text| Parameter::parse(text).unwrap()).collect(),
            demands: given("demand").iter().map(|keyword| demand(keyword)).collect(),
            only_offered: given("only").first().is_some_and(|which| which == "offered"),
            recipients: to.iter().map(|recipient| self::recipient(recipient)).collect(),
        };
        let content =
            given("content").first().map_or_else(|| shown_content(&lines), |text| dialogue::unescape(text));
        let lf = content
            .iter()
            .enumerate()
            .filter(|(i, b)| **b == b'\n' && (*i == 0 || content[i - 1] != b'\r'))
            .count();
        let open = usize::from(!content.is_empty() && !content.ends_with(b"\n")) * 2;
        let octets =
            given("facts").first().map_or((content.len() + lf + open) as u64, |n| n.parse().unwrap());
        let facts = Facts { octets, eight_bit: !content.is_ascii(), utf8_headers: false };
        Play { entries: lines, envelope, content, facts, settings }
    }

    fn all(&self, name: &str) -> Vec<&str> {
        self.settings.iter().filter(|(n, _)| n == name).map(|(_, value)| value.as_str()).collect()
    }

    fn get(&self, name: &str) -> Option<&str> {
        self.all(name).first().copied()
    }

    fn credentials(&self, login: &str) -> Credentials {
        let words: Vec<&str> = login.split(' ').collect();
        let service = self.get("service").map(|value| value.split_once(' ').unwrap());
        Credentials {
            user: words[0].to_owned(),
            identity: self.get("identity").map(str::to_owned),
            means: match (self.get("token"), words[1]) {
                (Some(_), token) => Means::Token(Secret::new(token.to_owned())),
                (None, "-") => Means::Outside,
                (None, password) => Means::Password(Secret::new(password.to_owned())),
            },
            mechanisms: words[2..].iter().map(|word| (*word).to_owned()).collect(),
            allow_clear: self.get("allow-clear").is_some(),
            allow_unverified: self.get("allow-unverified").is_some(),
            server: service
                .map_or(("beta".to_owned(), 25), |(host, port)| (host.to_owned(), port.parse().unwrap())),
            nonce: self.get("nonce").map_or(Nonce::Random, |nonce| Nonce::Fixed(nonce.to_owned())),
        }
    }

    fn inquiries(&self) -> Vec<Inquiry> {
        let of = |verb, name| {
            let texts = self.all(name).into_iter();
            texts.map(move |text| Inquiry { verb, argument: Argument::parse(text).unwrap() })
        };
        of(InquiryVerb::Vrfy, "vrfy").chain(of(InquiryVerb::Expn, "expn")).collect()
    }

    /// Those whose fate can be told.
    fn names(&self) -> Vec<String> {
        let inquiries = self.inquiries();
        if inquiries.is_empty() {
            return self.envelope.recipients.iter().map(|recipient| recipient.path.to_string()).collect();
        }
        inquiries.iter().map(|inquiry| inquiry.argument.as_str().to_owned()).collect()
    }

    fn binding(&self) -> Option<ChannelBinding> {
        let (kind, text) = self.get("binding")?.split_once(' ').unwrap();
        let data = dialogue::unescape(text);
        Some(match kind {
            "tls-exporter" => ChannelBinding::Exporter(data),
            "tls-server-end-point" => ChannelBinding::EndPoint(data),
            other => panic!("binding {other}"),
        })
    }

    fn session(&self, chunking: bool, had_tls: bool) -> Session {
        let tls = self.get("tls");
        let login = self.get("login").map(|value| Box::new(self.credentials(value)) as Box<dyn Login>);
        Session::new(Settings {
            protocol: if self.get("protocol") == Some("lmtp") { Protocol::Lmtp } else { Protocol::Smtp },
            ehlo_name: EhloName::parse("alpha.arpa").unwrap(),
            start_tls: match tls {
                Some("demanded") => StartTls::Demanded,
                Some("if-offered") if had_tls => StartTls::AsBefore,
                Some("if-offered") => StartTls::IfOffered,
                Some("implicit") | None => StartTls::Never,
                Some(other) => panic!("tls {other}"),
            },
            channel: match (tls, self.get("unix")) {
                (Some("implicit"), _) if self.get("unverified").is_some() => Channel::Unverified,
                (Some("implicit"), _) => Channel::Verified,
                (_, Some(_)) => Channel::Local,
                _ => Channel::Clear,
            },
            binding: if tls == Some("implicit") { self.binding() } else { None },
            xclient: self.get("xclient").map(|text| Xclient::parse(text).unwrap()),
            login,
            pipelining: self.get("no-pipelining").is_none(),
            chunking: chunking && self.get("no-chunking").is_none(),
            helo: self.get("helo").is_some(),
            force_8bit: self.get("force-8bit").is_some(),
            until: self.get("stop-after").map_or(Until::Message, until),
        })
    }
}

/// Settings that stand within the conversation.
const MARKS: [&str; 3] = ["close", "raw", "connect"];

const KNOWN: [&str; 40] = [
    "stop-after",
    "vrfy",
    "expn",
    "say",
    "log-in-later",
    "offers",
    "mail",
    "demand",
    "allow-unverified",
    "binding",
    "identity",
    "nonce",
    "service",
    "token",
    "xclient",
    "no-chunking",
    "from",
    "to",
    "content",
    "facts",
    "protocol",
    "helo",
    "no-pipelining",
    "all-or-none",
    "other-servers",
    "force-8bit",
    "unix",
    "tls",
    "unverified",
    "login",
    "allow-clear",
    "last",
    "only",
    "line-end",
    "outcome",
    "fate",
    "error",
    "close",
    "why",
    "exit",
];

/// A stage, by its name.
fn until(name: &str) -> Until {
    use Until::{Auth, Connect, Data, Ehlo, Mail, Rcpt, Tls};
    let stages = [Connect, Ehlo, Tls, Auth, Mail, Rcpt, Data];
    stages.into_iter().find(|stage| stage.name() == name).unwrap_or_else(|| panic!("stop-after {name}"))
}

/// What a server must offer, by its keyword.
fn demand(keyword: &str) -> Need {
    Need::Extension(extension(keyword))
}

fn extension(keyword: &str) -> Extension {
    Extension::named(keyword).unwrap_or_else(|| panic!("no extension {keyword}"))
}

/// What stands in angle brackets behind a verb, on each of its lines.
fn arguments(entries: &[Entry], verb: &str) -> Vec<String> {
    let lines = entries.iter().filter_map(|entry| match entry {
        Entry::Client(ClientLine::Text(line)) => String::from_utf8(line.clone()).ok(),
        _ => None,
    });
    lines
        .filter_map(|line| {
            Some(line.strip_prefix(verb)?.trim_start_matches('<').rsplit_once('>')?.0.to_owned())
        })
        .collect()
}

fn reverse_path(text: &str) -> ReversePath {
    match text {
        "" | "<>" => ReversePath::Null,
        text => ReversePath::Mailbox(Mailbox::parse(text).unwrap()),
    }
}

fn recipient(text: &str) -> Recipient {
    let mut words = text.split(' ');
    let path = match words.next().unwrap() {
        "Postmaster" => ForwardPath::Postmaster,
        text => ForwardPath::Mailbox(Mailbox::parse(text).unwrap()),
    };
    Recipient { path, parameters: words.map(|word| Parameter::parse(word).unwrap()).collect() }
}

/// The content between 354 and the lone dot, without the doubled dots.
fn shown_content(entries: &[Entry]) -> Vec<u8> {
    let mut content = Vec::new();
    let mut within = false;
    for entry in entries {
        match entry {
            Entry::Server(line) if line.starts_with(b"354") => within = true,
            Entry::Client(ClientLine::Text(line)) if within => {
                if line == b"." {
                    break;
                }
                content.extend_from_slice(line.strip_prefix(b".").unwrap_or(line));
                content.extend_from_slice(b"\r\n");
            }
            _ => {}
        }
    }
    content
}

/// The network and the server, as the dialogue has them.
struct Stage<'a> {
    entries: &'a [Entry],
    /// Octets of the server that are on their way.
    coming: Vec<u8>,
    delivered: usize,
    cut: Cut,
    line_end: &'static [u8],
}

impl Stage<'_> {
    /// The client says a line.
    fn client(&mut self, line: &[u8]) -> Result<(), String> {
        let text = || String::from_utf8_lossy(line);
        let without = line.strip_suffix(b"\r\n").ok_or_else(|| format!("{:?} has no CRLF", text()))?;
        match self.entries.split_first() {
            Some((Entry::Client(wanted), rest)) if wanted.matches(without) => {
                self.entries = rest;
                Ok(())
            }
            other => {
                let turn = other.map(|(first, _)| first);
                Err(format!("the client said {:?}, but it was the turn of {turn:?}", text()))
            }
        }
    }

    /// All the server says before it is the client's turn again.
    fn load(&mut self) {
        while let Some((entry, rest)) = self.entries.split_first() {
            match entry {
                Entry::Server(line) => {
                    self.coming.extend_from_slice(line);
                    self.coming.extend_from_slice(self.line_end);
                }
                Entry::Setting { name, value } if name == "raw" => {
                    self.coming.extend_from_slice(&dialogue::unescape(value));
                }
                Entry::Setting { .. } | Entry::Client(_) | Entry::Remark(_) => break,
            }
            self.entries = rest;
        }
    }

    /// The client connects anew.
    fn connects(&mut self) -> Result<(), String> {
        match self.entries.split_first() {
            Some((Entry::Setting { name, .. }, rest)) if name == "connect" && self.coming.is_empty() => {
                self.entries = rest;
                Ok(())
            }
            other => Err(format!("the client connects anew, but it is the turn of {:?}", other.map(|o| o.0))),
        }
    }

    /// What a read gives now; nothing at the end.
    fn read(&mut self) -> Result<Vec<u8>, String> {
        self.load();
        if self.coming.is_empty() {
            return match self.entries.first() {
                Some(Entry::Setting { name, .. }) if name == "close" => {
                    self.entries = &self.entries[1..];
                    Ok(Vec::new())
                }
                other => Err(format!("the client waits, but it is the turn of {other:?}")),
            };
        }
        let length = match self.cut {
            Cut::Whole => self.coming.len(),
            Cut::Single => 1,
            Cut::At(place) if self.delivered < place => self.coming.len().min(place - self.delivered),
            Cut::At(_) => self.coming.len(),
        };
        self.delivered += length;
        Ok(self.coming.drain(..length).collect())
    }
}

/// How far a session was driven.
enum End {
    Ready,
    Closed,
    Failed(Failure),
}

/// What drives sessions as the dialogue has it.
struct Scripted<'a> {
    play: &'a Play,
    stage: Stage<'a>,
    /// How the conversation differs from the dialogue. Nothing more is said then.
    fault: Option<String>,
    /// The keyword that must be offered at the end is.
    is_offered: bool,
    /// How many other servers there are.
    others: usize,
}

impl<'a> Scripted<'a> {
    fn new(play: &'a Play, cut: Cut) -> Scripted<'a> {
        let line_end: &[u8] = if play.get("line-end") == Some("lf") { b"\n" } else { b"\r\n" };
        let stage = Stage { entries: &play.entries, coming: Vec::new(), delivered: 0, cut, line_end };
        let others = play.get("other-servers").map_or(0, |count| count.parse().unwrap());
        Scripted { play, stage, fault: None, is_offered: false, others }
    }

    /// Does what the session asks for. Where the dialogue has something else, that is an error.
    fn advance(&mut self, session: &mut Session) -> Result<End, String> {
        let play = self.play;
        for _ in 0..100_000 {
            let step = match session.advance() {
                Ok(step) => step,
                Err(failure) => return Ok(End::Failed(failure)),
            };
            match step {
                Step::Send(line) => self.stage.client(line.octets())?,
                Step::Received(_) | Step::Working => {}
                Step::RenewToken => {
                    let token = play.get("token").filter(|token| !token.is_empty());
                    let token = token.map(|token| SecretOctets::new(token.as_bytes().to_vec()));
                    if let Err(failure) = session.token_renewed(token.as_ref()) {
                        return Ok(End::Failed(failure));
                    }
                }
                Step::Receive => match self.stage.read()? {
                    octets if octets.is_empty() => session.hung_up(),
                    octets => session.receive(&octets),
                },
                Step::StartTls => {
                    self.stage.load();
                    if self.stage.coming.is_empty() {
                        session.tls_started(play.get("unverified").is_none(), play.binding());
                    } else {
                        // They were there when the handshake was to begin.
                        let octets = self.stage.read()?;
                        session.receive(&octets);
                    }
                }
                Step::SendContent => send_content(play, &mut self.stage, session)?,
                Step::Ready => return Ok(End::Ready),
                Step::Closed => return Ok(End::Closed),
            }
        }
        Err("the session does not end".to_owned())
    }

    /// The same for the program's loop.
    fn go_on(&mut self, session: &mut Session) -> Result<(), Error> {
        match self.advance(session) {
            Ok(End::Ready | End::Closed) => Ok(()),
            Ok(End::Failed(failure)) => Err(ended(session, failure)),
            Err(fault) => Err(self.differs(fault)),
        }
    }

    fn differs(&mut self, fault: String) -> Error {
        self.fault.get_or_insert(fault);
        Error::Source(std::io::Error::other("the dialogue has something else"))
    }

    /// Says QUIT, where it is in place.
    fn leave(&mut self, session: &mut Session) -> Result<(), String> {
        self.is_offered =
            self.play.get("offers").is_none_or(|keyword| session.extensions().offers(extension(keyword)));
        while session.may_quit() {
            session.quit();
            match self.advance(session)? {
                End::Ready => {}
                End::Closed => break,
                End::Failed(failure) => return Err(format!("{failure} after QUIT")),
            }
        }
        Ok(())
    }
}

fn ended(session: &Session, failure: Failure) -> Error {
    Error::Session { failure, awaiting: session.doing(), said: None }
}

impl Driver for Scripted<'_> {
    type Connection = Session;

    fn open(&mut self, known: Known, why: Option<Anew>) -> Result<Session, (Error, Option<Session>)> {
        if let Some(Err(fault)) = why.map(|_| self.stage.connects()) {
            return Err((self.differs(fault), None));
        }
        let mut session = self.play.session(!known.no_bdat, known.had_tls);
        match self.go_on(&mut session) {
            Ok(()) => Ok(session),
            Err(error) => Err((error, Some(session))),
        }
    }

    fn drive(&mut self, session: &mut Session, _: &[usize], task: Task) -> Result<(), Error> {
        match task {
            Task::Deliver(mut job) => {
                job.last &= self.play.get("last") != Some("no");
                session.deliver(job).map_err(|failure| ended(session, failure))?;
            }
            Task::Ask(inquiries) => session.ask(inquiries),
        }
        self.go_on(session)
    }

    fn session<'a>(&self, session: &'a mut Session) -> &'a mut Session {
        session
    }

    fn goes_on(&self, session: &Session) -> bool {
        session.is_open()
    }

    fn most_recipients(&self) -> Option<usize> {
        None
    }

    fn has_another_server(&self) -> bool {
        self.others > 0
    }

    fn turn(&mut self, why: Option<&Error>) -> bool {
        let has_another = self.others > 0 && why.is_none_or(Error::is_of_the_server);
        self.others -= usize::from(has_another);
        has_another
    }

    fn server(&self, session: &Session) -> Server {
        Server {
            name: "beta".to_owned(),
            address: String::new(),
            routed: None,
            local: None,
            proxy: None,
            protocol: Protocol::Smtp,
            greeting: session.greeting().cloned(),
            extensions: session.offers(),
            tls: None,
            auth: session.logged_in(),
            timing: Timing::default(),
        }
    }

    fn finish(&mut self, mut session: Session) {
        if self.fault.is_none() {
            self.fault = self.leave(&mut session).err();
        }
    }
}

/// Plays one dialogue once; how many octets the server said.
fn play(play: &Play, cut: Cut) -> Result<usize, String> {
    let mut scripted = Scripted::new(play, cut);
    let (fates, error) = if play.get("say").is_some() {
        let error = talk(play, &mut scripted)?;
        (vec![(Status::Untried, None); play.names().len()], error)
    } else {
        let inquiries = play.inquiries();
        let all_or_none = play.get("all-or-none").is_some();
        let work = match inquiries.as_slice() {
            [] => Work::Message { envelope: &play.envelope, facts: play.facts, all_or_none },
            inquiries => Work::Inquiries(inquiries),
        };
        let mut outcome = run(&mut scripted, &work);
        if let Some(fault) = scripted.fault {
            return Err(fault);
        }
        let fates = outcome.fates().map(|(_, fate)| (fate.status, fate.reply().map(|reply| reply.code())));
        let fates: Vec<_> = fates.collect();
        check_exit(play, &mut outcome)?;
        (fates, outcome.error().and_then(Error::failure).map(words::failure))
    };
    if let Some(left) = scripted.stage.entries.first() {
        return Err(format!("the session is over, but it is the turn of {left:?}"));
    }
    if !scripted.is_offered {
        return Err(format!("{:?} is not known to be offered", play.get("offers")));
    }
    check(play, &fates, error)?;
    Ok(scripted.stage.delivered)
}

/// A person says one line after the other. How the last of them failed that did.
fn talk(play: &Play, scripted: &mut Scripted<'_>) -> Result<Option<String>, String> {
    let mut session = play.session(true, false);
    let mut said = play.all("say").into_iter();
    let mut error = None;
    loop {
        match scripted.advance(&mut session)? {
            End::Failed(failure) => {
                error = Some(words::failure(&failure));
                if session.is_open() {
                    continue;
                }
                break;
            }
            End::Closed => break,
            End::Ready => {}
        }
        let Some(line) = said.next() else { break };
        if let Some(objected) = line.strip_prefix("? ") {
            let objection = session.objection(objected).ok_or(format!("{objected} is all right"))?;
            error = Some(objection.to_string());
            continue;
        }
        let intent = match line {
            "(tls)" => {
                session.begin_tls();
                Ok(())
            }
            "(content)" => {
                session.say_content();
                Ok(())
            }
            "(log in)" => session.log_in(Box::new(play.credentials(play.get("log-in-later").unwrap()))),
            line => session.say(line),
        };
        if let Err(failure) = intent {
            error = Some(words::failure(&failure));
        }
    }
    scripted.leave(&mut session)?;
    Ok(error)
}

/// Writes the content, unless the server does not wait for its end.
fn send_content(play: &Play, stage: &mut Stage, session: &mut Session) -> Result<(), String> {
    match stage.entries.first() {
        Some(Entry::Client(ClientLine::Content { octets })) => {
            if *octets != play.facts.octets {
                return Err(format!("the content has {} octets, not {octets}", play.facts.octets));
            }
            stage.entries = &stage.entries[1..];
            if !session.is_chunked() {
                stage.client(b".\r\n")?;
            }
        }
        Some(Entry::Client(_)) => {
            let mut framed = Vec::new();
            let mut framer = if session.is_chunked() { Framer::without_dots() } else { Framer::default() };
            framer.push(&play.content, &mut framed);
            framer.finish(&mut framed);
            for line in framed.split_inclusive(|b| *b == b'\n') {
                if !matches!(stage.entries.first(), Some(Entry::Client(_))) {
                    // The server interrupts, or hangs up, before the rest is written.
                    return Ok(());
                }
                stage.client(line)?;
            }
        }
        // The same, before anything is.
        _ => return Ok(()),
    }
    session.content_sent();
    session.content_written();
    Ok(())
}

/// Compares what came of it with what the settings say.
fn check(play: &Play, fates: &[(Status, Option<u16>)], error: Option<String>) -> Result<(), String> {
    let outcome = Summary::of(fates.iter().map(|(status, _)| *status)).name();
    let default = if play.get("say").is_some() { "none" } else { "all" };
    let wanted = play.get("outcome").unwrap_or(default);
    if outcome != wanted {
        return Err(format!("the outcome is {outcome}, not {wanted}; {error:?}"));
    }
    for fate in play.all("fate") {
        let words: Vec<&str> = fate.split(' ').collect();
        let place = play.names().iter().position(|name| name == words[0]);
        let place = place.ok_or(format!("nobody is called {}", words[0]))?;
        let (status, code) = fates[place];
        let code = code.map(|code| code.to_string());
        if status.name() != words[1] || words.get(2).is_some_and(|wanted| code.as_deref() != Some(wanted)) {
            return Err(format!("{} is {} ({code:?}), not {fate}", words[0], status.name()));
        }
    }
    match (play.get("error"), error) {
        (None, None) => Ok(()),
        (Some(wanted), Some(error)) if error.contains(wanted) => Ok(()),
        (wanted, error) => Err(format!("the error is {error:?}, not {wanted:?}")),
    }
}

/// What the program would end with.
fn check_exit(play: &Play, outcome: &mut Outcome) -> Result<(), String> {
    let Some(wanted) = play.get("exit") else { return Ok(()) };
    outcome.stopped = play.get("stop-after").map(until);
    if let Some(inquiry) = play.inquiries().first() {
        outcome.verification = Some(Verification { by: inquiry.verb.stage(), random: Vec::new() });
    }
    let status = exit::of_outcome(outcome).0.to_string();
    if status == wanted { Ok(()) } else { Err(format!("the exit status is {status}, not {wanted}")) }
}

#[test]
fn every_dialogue_holds_whole_octet_by_octet_and_at_every_split() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/dialogues");
    let mut files: Vec<_> = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.retain(|path| path.extension().is_some_and(|extension| extension == "smtp"));
    files.sort();
    let failed: Vec<String> = files.iter().flat_map(|file| failures(file)).collect();
    assert!(failed.is_empty(), "{} of {} fail:\n{}", failed.len(), files.len(), failed.join("\n"));
    assert!(files.len() >= 200, "only {} dialogues", files.len());
}

/// Where one dialogue does not hold: whole, and at the first cut.
fn failures(file: &Path) -> Vec<String> {
    let dialogue = Play::read(file);
    let mut failed = Vec::new();
    let mut cuts = vec![Cut::Single];
    match play(&dialogue, Cut::Whole) {
        // Each cut plays it all again: in a long one every seventh place is enough, which is another octet of
        // each line; in one that computes (SCRAM), every 29th.
        Ok(octets) => {
            let step = match octets {
                _ if dialogue.get("nonce").is_some() => 29,
                2001.. => 7,
                _ => 1,
            };
            cuts.extend((1..octets).step_by(step).map(Cut::At));
        }
        Err(reason) => failed.push(format!("{} (whole): {reason}", file.display())),
    }
    let reasons = cuts.into_iter().filter_map(|cut| Some((cut, play(&dialogue, cut).err()?)));
    failed.extend(reasons.take(1).map(|(cut, reason)| format!("{} ({cut:?}): {reason}", file.display())));
    failed
}
