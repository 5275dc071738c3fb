//! `ehlo("send …")`: runs the program once, against a scripted server if there is one, and compares all it does.
//!
//! Nothing of this host reaches the program: the environment is empty but for PATH, HOME, TZ and what a test adds; it
//! runs in an empty folder of its own. In what it prints, the server's port becomes `PORT`, its folder `DIR`, and
//! times become 0; in what is typed, `PORT` and `DIR` become what they are.

use crate::server::{Heard, Server};
use crate::terminal::{On, Terminal};
use serde_json::Value;
use std::ffi::OsString;
use std::io::{BufRead, BufReader, Read, Seek, Write};
use std::net::TcpStream;
use std::os::unix::ffi::OsStringExt;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};
use tempfile::TempDir;

/// No run takes longer.
const LIMIT: Duration = Duration::from_secs(20);

/// Who calls, and two headers that would change from run to run.
const FIXED: [&str; 6] = [
    "--ehlo-name",
    "alpha.arpa",
    "--date",
    "Mon, 02 Nov 1981 14:37:00 +0000",
    "--message-id",
    "1@alpha.arpa",
];

/// One run of the program.
pub struct Ehlo {
    args: Vec<OsString>,
    environment: Vec<(String, String)>,
    stdin: Vec<u8>,
    stdin_is: Input,
    folder: TempDir,
    server: Option<Server>,
    port: Option<u16>,
    stdout: Expected,
    stderr: String,
    /// What it says instead of nothing, now and then.
    at_times: &'static str,
    stdout_is_closed: bool,
    terminal: Option<(u16, On)>,
    /// The name by which the program is called.
    name: Option<&'static str>,
    /// What a shell does with its streams before it.
    redirected: Option<&'static str>,
}

/// What standard input is.
enum Input {
    /// A pipe, whose writer waits for so long before it writes.
    Pipe(Duration),
    /// A file.
    File,
    /// /dev/null.
    Null,
    /// Nothing: the descriptor is closed.
    Closed,
}

enum Expected {
    Any,
    Text(String),
    Json(Value),
    AnyJson,
}

/// The program with these words, split at blanks but for those in single quotation marks.
pub fn ehlo(line: &str) -> Ehlo {
    Ehlo {
        args: words(line),
        environment: Vec::new(),
        stdin: Vec::new(),
        stdin_is: Input::Pipe(Duration::ZERO),
        folder: TempDir::new().unwrap(),
        server: None,
        port: None,
        stdout: Expected::Text(String::new()),
        stderr: String::new(),
        at_times: "",
        stdout_is_closed: false,
        terminal: None,
        name: None,
        redirected: None,
    }
}

/// `ehlo send`, and the same EHLO name, Date and Message-ID in each run.
pub fn send(line: &str) -> Ehlo {
    let mut run = ehlo("send");
    run.args.extend(FIXED.map(OsString::from));
    run.args.extend(words(line));
    run
}

/// `ehlo send -m -` with this message.
pub fn send_as_is(message: impl AsRef<[u8]>, line: &str) -> Ehlo {
    let mut run = ehlo("send --ehlo-name alpha.arpa -m -").stdin(message);
    run.args.extend(words(line));
    run
}

impl Ehlo {
    /// One more word.
    pub fn arg(mut self, word: impl Into<OsString>) -> Ehlo {
        self.args.push(word.into());
        self
    }

    /// One more word that need not be UTF-8.
    pub fn arg_octets(self, word: &[u8]) -> Ehlo {
        self.arg(OsString::from_vec(word.to_vec()))
    }

    /// Standard input; empty if nothing is said.
    pub fn stdin(mut self, text: impl AsRef<[u8]>) -> Ehlo {
        self.stdin = text.as_ref().to_vec();
        self
    }

    /// Standard input is a file with this text.
    pub fn stdin_file(self, text: impl AsRef<[u8]>) -> Ehlo {
        Ehlo { stdin_is: Input::File, ..self.stdin(text) }
    }

    /// Standard input is a pipe into which this text comes late.
    pub fn stdin_late(self, text: impl AsRef<[u8]>, after: Duration) -> Ehlo {
        Ehlo { stdin_is: Input::Pipe(after), ..self.stdin(text) }
    }

    /// Standard input is /dev/null.
    pub fn stdin_null(self) -> Ehlo {
        Ehlo { stdin_is: Input::Null, ..self }
    }

    /// Standard input is closed.
    pub fn stdin_closed(self) -> Ehlo {
        Ehlo { stdin_is: Input::Closed, ..self }
    }

    /// A variable of the environment.
    pub fn env(mut self, name: &str, value: &str) -> Ehlo {
        self.environment.push((name.to_owned(), value.to_owned()));
        self
    }

    /// A file in the folder where the program runs.
    pub fn file(self, name: &str, contents: impl AsRef<[u8]>) -> Ehlo {
        std::fs::write(self.folder.path().join(name), contents).unwrap();
        self
    }

    /// The user's own configuration, in which `PORT` is the port of the server that is there by then.
    pub fn config(self, toml: &str) -> Ehlo {
        let port = self.port.or_else(|| self.server.as_ref().and_then(Server::port));
        let toml = port.map_or(toml.to_owned(), |port| toml.replace("PORT", &port.to_string()));
        std::fs::create_dir_all(self.folder.path().join(".config/ehlo")).unwrap();
        self.file_of_mode(".config/ehlo/config.toml", toml, 0o600)
    }

    /// A file in the folder where the program runs, and its mode.
    pub fn file_of_mode(self, name: &str, contents: impl AsRef<[u8]>, mode: u32) -> Ehlo {
        let run = self.file(name, contents);
        let path = run.folder.path().join(name);
        std::fs::set_permissions(path, std::fs::Permissions::from_mode(mode)).unwrap();
        run
    }

    /// A named pipe in the folder where the program runs, which nobody writes to.
    pub fn pipe(self, name: &str) -> Ehlo {
        let path = self.folder.path().join(name);
        assert!(
            std::process::Command::new("mkfifo").args(["-m", "600"]).arg(path).status().unwrap().success()
        );
        self
    }

    /// Where the program runs.
    pub fn folder(&self) -> &Path {
        self.folder.path()
    }

    /// A server on loopback that plays this dialogue: a text, or the name of a file in tests/dialogues. The program
    /// is told of it by --server.
    pub fn server(self, dialogue: &str) -> Ehlo {
        let server = Server::tcp(dialogue);
        let place = server.place();
        self.served_by(server).arg("--server").arg(place)
    }

    /// The same, but the program is not told of it: the words hold `PORT`.
    pub fn served_by(mut self, server: Server) -> Ehlo {
        self.server = Some(server);
        self
    }

    /// The same on a Unix socket, `socket` in the folder.
    pub fn unix_server(self, scheme: &str, dialogue: &str) -> Ehlo {
        let path = self.folder.path().join("socket");
        let url = format!("{scheme}://{}", path.display());
        self.served_by(Server::unix(&path, dialogue)).arg("--server").arg(url)
    }

    /// A server that nobody may connect to.
    pub fn unasked(self) -> Ehlo {
        self.server("")
    }

    /// What must come out of it on standard output; nothing if nothing is said.
    pub fn stdout(mut self, text: &str) -> Ehlo {
        self.stdout = Expected::Text(text.to_owned());
        self
    }

    /// Whatever comes out: [`Done::stdout`] shows it.
    pub fn any_stdout(mut self) -> Ehlo {
        self.stdout = Expected::Any;
        self
    }

    /// One JSON object, on one line, must come out.
    pub fn json(mut self, value: Value) -> Ehlo {
        self.stdout = Expected::Json(value);
        self
    }

    /// One JSON object, whatever is in it: [`Done::json`] shows it.
    pub fn any_json(mut self) -> Ehlo {
        self.stdout = Expected::AnyJson;
        self
    }

    /// What must come out on standard error; nothing if nothing is said.
    pub fn stderr(mut self, text: &str) -> Ehlo {
        self.stderr = text.to_owned();
        self
    }

    /// It may say this on standard error, or nothing: what others do at the same time decides.
    pub fn at_times(mut self, text: &'static str) -> Ehlo {
        self.at_times = text;
        self
    }

    /// The program is called by a link of this name, in its folder.
    pub fn called(self, name: &'static str) -> Ehlo {
        std::os::unix::fs::symlink(env!("CARGO_BIN_EXE_ehlo"), self.folder.path().join(name)).unwrap();
        Ehlo { name: Some(name), ..self }
    }

    /// A shell redirects its streams: `>/dev/full`, `2>&-`.
    pub fn redirected(self, how: &'static str) -> Ehlo {
        Ehlo { redirected: Some(how), ..self }
    }

    /// Nobody reads standard output.
    pub fn stdout_closed(mut self) -> Ehlo {
        self.stdout_is_closed = true;
        self
    }

    /// Standard output and standard error are one terminal of so many columns: [`Ehlo::stdout`] is all that is seen.
    pub fn terminal(self, columns: u16) -> Ehlo {
        self.on_terminal(columns, On::Both)
    }

    /// Standard output, standard error or both are a terminal of so many columns, without colours.
    pub fn on_terminal(self, columns: u16, on: On) -> Ehlo {
        Ehlo { terminal: Some((columns, on)), ..self.env("TERM", "xterm").env("NO_COLOR", "1") }
    }

    /// The program, ready to run; `PORT` is this one.
    pub fn command(&self, port: Option<u16>) -> Command {
        let folder = self.folder.path().display().to_string();
        let fill = |word: OsString| {
            let Some(text) = word.to_str() else { return word };
            let text = text.replace("DIR", &folder);
            port.map_or(text.clone(), |port| text.replace("PORT", &port.to_string())).into()
        };
        let program = self.name.map(|name| self.folder.path().join(name));
        let mut command = Command::new(program.unwrap_or_else(|| env!("CARGO_BIN_EXE_ehlo").into()));
        command.args(self.args.iter().cloned().map(fill)).current_dir(self.folder.path()).env_clear();
        command.env("HOME", self.folder.path()).env("TZ", "UTC");
        // This machine may have a daemon.
        command.env("EHLO_SOCKETS", self.folder.path().join("none"));
        command.env("PATH", std::env::var_os("PATH").unwrap_or_default());
        for (name, value) in &self.environment {
            command.env(name, fill(value.into()));
        }
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        command
    }

    /// Runs it as a server, up to its first line on standard output: where it listens.
    #[track_caller]
    pub fn listen(self) -> Sink {
        let mut child = self.command(None).stdin(Stdio::null()).spawn().unwrap();
        let stderr = read_all(child.stderr.take().unwrap());
        let mut stdout = BufReader::new(child.stdout.take().unwrap());
        let mut line = String::new();
        stdout.read_line(&mut line).unwrap();
        let port = line.strip_prefix("127.0.0.1:").and_then(|rest| rest.trim_end().parse().ok());
        let stdout = read_all(stdout);
        let Some(port) = port else {
            let _ = child.kill();
            let _ = child.wait();
            panic!("no sink: '{line}', {}", stderr.join().unwrap());
        };
        Sink { child, port, stdout: Some(stdout), stderr: Some(stderr), folder: self.folder }
    }

    /// The program is told of this sink.
    pub fn sink(self, sink: &Sink) -> Ehlo {
        self.beside(sink).arg("--server").arg("127.0.0.1:PORT")
    }

    /// The same, but the program is not told of it: the words hold `PORT`.
    pub fn beside(mut self, sink: &Sink) -> Ehlo {
        self.port = Some(sink.port);
        self
    }

    /// Runs it all, and compares.
    #[track_caller]
    pub fn exit(self, status: i32) -> Done {
        let port = self.port.or_else(|| self.server.as_ref().and_then(Server::port));
        let folder = self.folder.path().display().to_string();
        let mut command = self.command(port);
        match self.stdin_is {
            Input::Pipe(_) => {}
            Input::Null => _ = command.stdin(Stdio::null()),
            Input::Closed => {
                command = redirected(&command, "<&-");
                command.stdin(Stdio::null());
            }
            Input::File => {
                let mut file = tempfile::tempfile().unwrap();
                file.write_all(&self.stdin).and_then(|()| file.rewind()).unwrap();
                command.stdin(file);
            }
        }
        if let Some(how) = self.redirected {
            command = redirected(&command, how);
        }
        let terminal = self.terminal.map(|(columns, on)| (Terminal::new(columns), on));
        if let Some((terminal, on)) = &terminal {
            let end = || terminal.inside.try_clone().unwrap();
            if *on != On::Stderr {
                command.stdout(end());
            }
            if *on != On::Stdout {
                command.stderr(end());
            }
        }
        let mut child = command.spawn().unwrap();
        // It holds ends of the terminal.
        drop(command);
        if self.stdout_is_closed {
            drop(child.stdout.take());
        }
        let server = self.server.map(|server| server.start(child.id()));

        let pipe = child.stdin.take();
        let stdin = self.stdin;
        let after = if let Input::Pipe(after) = self.stdin_is { after } else { Duration::ZERO };
        let writer = thread::spawn(move || {
            thread::sleep(after);
            // A program that does not read its input closes it: that is no fault.
            pipe.map(|mut pipe| drop(pipe.write_all(&stdin)))
        });
        let mut stdout = child.stdout.take().map(read_all);
        let mut stderr = child.stderr.take().map(read_all);
        if let Some((terminal, on)) = terminal {
            let shown = if on == On::Stderr { &mut stderr } else { &mut stdout };
            *shown = Some(terminal.read());
        }
        let ended = wait(&mut child);
        writer.join().unwrap();
        let [stdout, stderr] =
            [stdout, stderr].map(|reader| reader.map_or_else(String::new, |reader| reader.join().unwrap()));
        let heard = server.map(crate::server::Running::end);

        let clean = |text: &str| {
            let text = without_ports(&text.replace(&folder, "DIR"));
            without_times(&port.map_or(text.clone(), |port| text.replace(&format!(":{port}"), ":PORT")))
        };
        let (mut stdout, stderr) = (clean(&stdout), clean(&stderr));
        if self.args.first().is_some_and(|command| command == "probe") {
            stdout = without_measures(&stdout);
        }
        let mut faults = Vec::new();
        let (heard, fault) = heard.unwrap_or_default();
        faults.extend(fault.map(|fault| format!("the server: {fault}\n{}", heard.transcript)));
        match &self.stdout {
            Expected::Any => {}
            Expected::Text(text) => faults.extend(difference("stdout", text, &stdout)),
            Expected::Json(wanted) => match one_object(&stdout) {
                Ok(value) if value == *wanted => {}
                Ok(value) => faults.push(format!("json: wanted\n{wanted:#}\nbut was\n{value:#}")),
                Err(why) => faults.push(format!("stdout is no JSON object on one line ({why}):\n{stdout}")),
            },
            Expected::AnyJson => faults.extend(one_object(&stdout).err()),
        }
        if self.at_times.is_empty() || stderr != self.at_times {
            faults.extend(difference("stderr", &self.stderr, &stderr));
        }
        match ended {
            None => faults.push(format!("the program did not end within {LIMIT:?}")),
            Some(ended) if ended.code() == Some(status) => {}
            Some(ended) => faults.push(format!("wanted exit status {status} but was {ended}")),
        }
        assert!(faults.is_empty(), "\n{}\n", faults.join("\n"));
        Done { heard, folder: self.folder, stdout }
    }
}

/// The same program, begun by a shell that redirects its streams first.
fn redirected(command: &Command, how: &str) -> Command {
    let mut shell = Command::new("sh");
    shell.arg("-c").arg(format!("exec \"$0\" \"$@\" {how}"));
    shell.arg(command.get_program()).args(command.get_args());
    shell.env_clear().envs(command.get_envs().filter_map(|(name, value)| Some((name, value?))));
    if let Some(folder) = command.get_current_dir() {
        shell.current_dir(folder);
    }
    shell.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    shell
}

/// The program as a server, while it listens.
pub struct Sink {
    child: Child,
    port: u16,
    stdout: Option<thread::JoinHandle<String>>,
    stderr: Option<thread::JoinHandle<String>>,
    folder: TempDir,
}

impl Sink {
    /// Tells it to end; it says this on standard error, and its status is 0.
    #[track_caller]
    pub fn stop(self, stderr: &str) -> Done {
        let id = self.child.id().to_string();
        assert!(Command::new("kill").arg("-TERM").arg(id).status().unwrap().success());
        self.over(0, stderr)
    }

    /// It ends by itself, with this status, and says this on standard error.
    #[track_caller]
    pub fn over(mut self, status: i32, stderr: &str) -> Done {
        let ended = wait(&mut self.child);
        let out = self.stdout.take().unwrap().join().unwrap();
        let said = without_ports(&self.stderr.take().unwrap().join().unwrap());
        let mut faults = Vec::new();
        faults.extend(difference("the sink's stdout behind its address", "", &out));
        faults.extend(difference("the sink's stderr", stderr, &said));
        if ended.is_none_or(|ended| ended.code() != Some(status)) {
            faults.push(format!("wanted the sink's exit status {status} but was {ended:?}"));
        }
        assert!(faults.is_empty(), "\n{}\n", faults.join("\n"));
        let folder = std::mem::replace(&mut self.folder, TempDir::new().unwrap());
        Done { heard: Heard::default(), folder, stdout: out }
    }

    /// Where it listens.
    pub fn port(&self) -> u16 {
        self.port
    }

    /// What is in a file that it wrote.
    #[track_caller]
    pub fn file(&self, name: &str) -> String {
        std::fs::read_to_string(self.folder.path().join(name))
            .unwrap_or_else(|error| panic!("{name}: {error}"))
    }
}

/// A test that fails leaves no process behind.
impl Drop for Sink {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// What is left to look at behind a run that went as it should.
pub struct Done {
    heard: Heard,
    folder: TempDir,
    stdout: String,
}

impl Done {
    /// What came out on standard output.
    pub fn stdout(&self) -> &str {
        &self.stdout
    }

    /// The one JSON object that came out on standard output.
    #[track_caller]
    pub fn json(&self) -> Value {
        one_object(&self.stdout).unwrap()
    }

    /// All that the one connection's client said.
    #[track_caller]
    pub fn wire(&self) -> String {
        assert_eq!(self.heard.connections.len(), 1, "connections");
        shown(&self.heard.connections[0].concat())
    }

    /// The pieces in which the client's octets came, of the one connection.
    #[track_caller]
    pub fn pieces(&self) -> Vec<String> {
        assert_eq!(self.heard.connections.len(), 1, "connections");
        self.heard.connections[0].iter().map(|piece| shown(piece)).collect()
    }

    /// The message that was sent last, as the server would keep it.
    #[track_caller]
    pub fn message(&self) -> String {
        let octets = self.heard.connections.concat().concat();
        let begin = find_last(&octets, b"\r\nDATA\r\n").expect("no DATA") + 8;
        let end = begin + find_first(&octets[begin - 2..], b"\r\n.\r\n").expect("no final dot");
        let lines = octets[begin..end].split_inclusive(|octet| *octet == b'\n');
        shown(&lines.map(|line| line.strip_prefix(b".").unwrap_or(line)).collect::<Vec<_>>().concat())
    }

    /// What is in a file that the program wrote.
    #[track_caller]
    pub fn file(&self, name: &str) -> String {
        shown(&std::fs::read(self.path(name)).unwrap_or_else(|error| panic!("{name}: {error}")))
    }

    /// The name of a file in the folder where the program ran.
    pub fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }
}

/// UTF-8 as it is, any other octet as `\xNN`.
fn shown(octets: &[u8]) -> String {
    let mut out = String::new();
    for chunk in octets.utf8_chunks() {
        out.push_str(chunk.valid());
        chunk.invalid().iter().for_each(|octet| out.push_str(&format!("\\x{octet:02x}")));
    }
    out
}

fn find_first(octets: &[u8], wanted: &[u8]) -> Option<usize> {
    octets.windows(wanted.len()).position(|window| window == wanted)
}

fn find_last(octets: &[u8], wanted: &[u8]) -> Option<usize> {
    octets.windows(wanted.len()).rposition(|window| window == wanted)
}

fn read_all(mut pipe: impl Read + Send + 'static) -> thread::JoinHandle<String> {
    thread::spawn(move || {
        let mut octets = Vec::new();
        pipe.read_to_end(&mut octets).unwrap();
        shown(&octets)
    })
}

/// Waits for the end; a program that hangs is killed, and `None` comes back.
fn wait(child: &mut Child) -> Option<ExitStatus> {
    let begun = Instant::now();
    while begun.elapsed() < LIMIT {
        if let Some(status) = child.try_wait().unwrap() {
            return Some(status);
        }
        thread::sleep(Duration::from_millis(2));
    }
    child.kill().unwrap();
    child.wait().unwrap();
    None
}

/// `# 0.3 ms (+0.1 ms)` is 0 ms, whatever follows it.
fn without_times(text: &str) -> String {
    let mut out = String::new();
    for line in text.split_inclusive('\n') {
        match line.strip_prefix("# ").and_then(|rest| rest.split_once(" ms")) {
            Some((number, rest)) if number.parse::<f64>().is_ok() => {
                let rest = rest.split_once(" ms)").map_or(rest, |(_, rest)| rest);
                out.push_str(&format!("# 0 ms (+0 ms){rest}"));
            }
            _ => out.push_str(line),
        }
    }
    out
}

/// In a probe's report ` 12.3 ms` is ` 0 ms`, and ` 12 days left` is ` 0 days left`.
fn without_measures(text: &str) -> String {
    let mut out = String::new();
    let mut rest = text;
    while let Some((at, unit)) =
        [" ms", " days left"].iter().filter_map(|unit| Some((rest.find(unit)?, *unit))).min()
    {
        let before = &rest[..at];
        let number = before.trim_end_matches(|c: char| c.is_ascii_digit() || c == '.');
        out.push_str(number);
        out.push_str(if number.len() < before.len() { "0" } else { "" });
        out.push_str(unit);
        rest = &rest[at + unit.len()..];
    }
    out + rest
}

/// Numbers that are times or count days become 0, wherever they stand.
fn zero_measures(value: &mut Value) {
    match value {
        Value::Object(fields) => {
            for (name, field) in fields {
                let is_measure = name.ends_with("_ms") || name == "days_left";
                match field {
                    Value::Number(_) if is_measure => *field = 0.into(),
                    field => zero_measures(field),
                }
            }
        }
        Value::Array(values) => values.iter_mut().for_each(zero_measures),
        _ => {}
    }
}

/// A port in a remark is `PORT`, even if it is the other end's.
fn without_ports(text: &str) -> String {
    let mut out = String::new();
    for line in text.split_inclusive('\n') {
        let is_remark = line.starts_with("# connected to 127.0.0.1:") || line.ends_with(" connected\n");
        match line.split_once("127.0.0.1:") {
            Some((before, rest)) if is_remark => {
                let rest = rest.trim_start_matches(|c: char| c.is_ascii_digit());
                out.push_str(&format!("{before}127.0.0.1:PORT{rest}"));
            }
            _ => out.push_str(line),
        }
    }
    out
}

/// The object on the only line, with the numbers in `timing_ms` 0.
fn one_object(stdout: &str) -> Result<Value, String> {
    let line = stdout.strip_suffix('\n').ok_or("no line end")?;
    if line.contains('\n') {
        return Err("more than one line".to_owned());
    }
    let mut value: Value = serde_json::from_str(line).map_err(|error| error.to_string())?;
    zero_measures(&mut value);
    if let Some(times) = value.get_mut("timing_ms").and_then(Value::as_object_mut) {
        times.values_mut().filter(|time| time.is_number()).for_each(|time| *time = 0.into());
    }
    Ok(value)
}

fn difference(what: &str, wanted: &str, was: &str) -> Option<String> {
    (wanted != was).then(|| format!("{what}: wanted\n{wanted}but was\n{was}"))
}

fn words(line: &str) -> Vec<OsString> {
    let (mut words, mut word, mut quoted) = (Vec::new(), None::<String>, false);
    for c in line.chars() {
        match c {
            '\'' => {
                quoted = !quoted;
                word.get_or_insert_default();
            }
            c if c.is_whitespace() && !quoted => words.extend(word.take().map(OsString::from)),
            c => word.get_or_insert_default().push(c),
        }
    }
    assert!(!quoted, "a quotation mark is not closed: {line}");
    words.extend(word.map(OsString::from));
    words
}

/// What a server for one client says at its end, when that client is gone.
pub fn ended<T>(server: JoinHandle<T>, port: u16) -> T {
    // One that nobody came to still waits. The port of one that somebody came to may be another test's by now.
    let patience = Instant::now() + Duration::from_secs(2);
    while !server.is_finished() && Instant::now() < patience {
        thread::sleep(Duration::from_millis(1));
    }
    if !server.is_finished() {
        drop(TcpStream::connect(("127.0.0.1", port)));
    }
    server.join().unwrap()
}
