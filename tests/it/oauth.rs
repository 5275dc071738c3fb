//! Signing in by OAuth, with a provider that is scripted: what it is asked, what is kept, what is said, and what becomes of
//! the mail.

use crate::provider::{Asked, Provider, Say};
use crate::server::Server;
use std::fs;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};
use tempfile::TempDir;

/// A home in which several commands run, one after the other.
struct Home {
    folder: TempDir,
    /// The provider's.
    port: u16,
    /// With `SMTP` where the server's port goes.
    config: String,
}

/// What a run came to. In what it printed, the folder is `DIR` and the provider's port is `PROVIDER`.
#[derive(Debug, PartialEq, Eq)]
struct Came {
    status: i32,
    stdout: String,
    stderr: String,
}

const SECRET: &str = "cl1ent-s3cret";
const USER: &str = "smith@alpha.arpa";

/// An account of this provider; `more` are lines of its table `oauth`.
fn account(provider: &Provider, more: &str) -> String {
    format!(
        "[account.own]\nserver = 'smtp://127.0.0.1:SMTP'\ntls = 'off'\nallow-cleartext-auth = true\n\
         user = '{USER}'\naddress = '{USER}'\nehlo-name = 'alpha.arpa'\nca-file = 'ca.pem'\n\
         oauth-client-id = 'client'\noauth-client-secret-file = 'secret'\n[account.own.oauth]\n\
         token-endpoint = 'https://127.0.0.1:{port}/token'\n\
         authorization-endpoint = 'https://127.0.0.1:{port}/authorize?x=y'\n\
         device-endpoint = 'https://127.0.0.1:{port}/device'\nscope = 'mail'\n{more}",
        port = provider.port
    )
}

fn home(provider: &Provider, config: &str) -> Home {
    let folder = TempDir::new().unwrap();
    let below = folder.path().join(".config/ehlo");
    fs::create_dir_all(&below).unwrap();
    fs::write(below.join("ca.pem"), &provider.pem).unwrap();
    fs::write(below.join("secret"), format!("{SECRET}\n")).unwrap();
    fs::set_permissions(below.join("secret"), fs::Permissions::from_mode(0o600)).unwrap();
    let home = Home { folder, port: provider.port, config: config.to_owned() };
    home.served_at(9);
    home
}

/// An account that has signed in by code, with these tokens.
fn signed_in(provider: &Provider, tokens: &str) -> Home {
    let home = home(provider, &account(provider, ""));
    home.keep(tokens);
    home
}

/// Tokens as they are kept; they are good for so many seconds from now.
fn kept(provider: &Provider, access: &str, refresh: &str, good: i64) -> String {
    let now = i64::try_from(std::time::UNIX_EPOCH.elapsed().unwrap().as_secs()).unwrap();
    format!(
        "{{\"version\":1,\"provider\":\"https://127.0.0.1:{port}/token\",\"client_id\":\"client\",\"for\":\"user\",\
         \"asked\":\"mail\",\"token_endpoint\":\"https://127.0.0.1:{port}/token\",\"revocation_endpoint\":\
         \"https://127.0.0.1:{port}/revoke\",\"client_auth\":\"post\",\"scope\":\"mail\",\
         \"access_token\":\"{access}\",\"refresh_token\":\"{refresh}\",\"good_until\":{}}}",
        now + good,
        port = provider.port
    )
}

fn token(access: &str, more: &str) -> Say {
    Say::Json(200, format!("{{\"access_token\":\"{access}\",\"token_type\":\"Bearer\"{more}}}"))
}

fn refused(status: u16, code: &str) -> Say {
    Say::Json(status, format!("{{\"error\":\"{code}\"}}"))
}

impl Home {
    fn tokens(&self) -> PathBuf {
        self.folder.path().join(".local/state/ehlo/tokens/own")
    }

    /// Keeps this text as the tokens of the account.
    fn keep(&self, text: &str) {
        let path = self.tokens();
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::set_permissions(path.parent().unwrap(), fs::Permissions::from_mode(0o700)).unwrap();
        // Who signs in leaves a lock.
        for (path, text) in [(path.with_file_name(".own.lock"), ""), (path, text)] {
            fs::write(&path, text).unwrap();
            fs::set_permissions(&path, fs::Permissions::from_mode(0o600)).unwrap();
        }
    }

    /// One of the values that are kept; empty if there is none.
    fn kept(&self, name: &str) -> String {
        let text = fs::read_to_string(self.tokens()).unwrap_or_else(|_| "{}".to_owned());
        let value: serde_json::Value = serde_json::from_str(&text).unwrap();
        value[name].as_str().unwrap_or_default().to_owned()
    }

    fn command(&self, line: &str) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_ehlo"));
        command.args(line.split(' ')).current_dir(self.folder.path()).env_clear();
        command.env("HOME", self.folder.path()).env("TZ", "UTC");
        command.env("EHLO_SOCKETS", self.folder.path().join("none"));
        command.env("PATH", std::env::var_os("PATH").unwrap_or_default());
        command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
        command
    }

    fn told(&self, text: &str) -> String {
        let port = format!("127.0.0.1:{}", self.port);
        text.replace(&self.folder.path().display().to_string(), "DIR").replace(&port, "PROVIDER")
    }

    fn came(&self, child: Child) -> Came {
        let done = child.wait_with_output().unwrap();
        Came {
            status: done.status.code().unwrap_or(-1),
            stdout: self.told(&String::from_utf8(done.stdout).unwrap()),
            stderr: self.told(&String::from_utf8(done.stderr).unwrap()),
        }
    }

    fn run(&self, line: &str) -> Came {
        self.came(self.command(line).spawn().unwrap())
    }

    /// The account's server is at this port.
    fn served_at(&self, port: u16) {
        let path = self.folder.path().join(".config/ehlo/config.toml");
        fs::write(&path, self.config.replace("SMTP", &port.to_string())).unwrap();
    }

    /// Sends a message to a server that plays this dialogue.
    fn send(&self, dialogue: &str) -> Came {
        let server = Server::tcp(dialogue);
        self.served_at(server.port().unwrap());
        let child = self.command("send -A own -s hello --body hello jones@beta.arpa").spawn().unwrap();
        let running = server.start(child.id());
        let came = self.came(child);
        let (_, fault) = running.end();
        assert_eq!(fault, None, "{came:?}");
        came
    }
}

/// AUTH by XOAUTH2 with this token, and the reply.
fn auth(token: &str, reply: &str) -> String {
    let message = format!("user={USER}\x01auth=Bearer {token}\x01\x01");
    let encoded = encodify::base64::STANDARD.encode(message);
    format!("C: AUTH XOAUTH2 {encoded}\nS: {reply}\n")
}

const GREETING: &str = "S: 220 beta\nC: EHLO alpha.arpa\nS: 250-beta\nS: 250 AUTH XOAUTH2\n";
const MESSAGE: &str = "C: MAIL FROM:<smith@alpha.arpa>\nS: 250 OK\nC: RCPT TO:<jones@beta.arpa>\nS: 250 OK\n\
                       C: DATA\nS: 354 go on\n! any-content\nS: 250 OK\nC: QUIT\nS: 221 bye\n";
const SENT: &str = "250\tjones@beta.arpa\tOK\n250\tmessage\tOK\n";

fn ok(stdout: &str) -> Came {
    Came { status: 0, stdout: stdout.to_owned(), stderr: String::new() }
}

fn failed(status: i32, text: &str) -> Came {
    Came { status, stdout: String::new(), stderr: format!("ehlo: {text}\n") }
}

/// A sign-in that goes on: the lines of standard error so far.
struct SignIn {
    child: Child,
    stderr: BufReader<std::process::ChildStderr>,
    said: String,
    /// The address for the browser.
    address: String,
}

impl SignIn {
    /// Begins, and reads up to the line that says what is waited for.
    fn begin(home: &Home, stdin: Stdio) -> SignIn {
        let mut child = home.command("account login own").stdin(stdin).spawn().unwrap();
        let mut stderr = BufReader::new(child.stderr.take().unwrap());
        let (mut said, mut address) = (String::new(), String::new());
        while !said.contains("press Enter") {
            let mut line = String::new();
            assert!(stderr.read_line(&mut line).unwrap() > 0, "{said}");
            if line.starts_with("https://") {
                address = line.trim_end().to_owned();
            }
            said += &line;
        }
        SignIn { child, stderr, said, address }
    }

    /// A value in the address.
    fn value(&self, name: &str) -> String {
        let (_, query) = self.address.split_once('?').unwrap();
        let found = form_urlencoded::parse(query.as_bytes()).find(|(known, _)| known == name);
        found.unwrap_or_else(|| panic!("no {name} in {}", self.address)).1.into_owned()
    }

    /// A browser comes back with this query; the page that it gets.
    fn come_back(&self, query: &str) -> String {
        let redirect = self.value("redirect_uri");
        let place = redirect.strip_prefix("http://").unwrap().trim_end_matches('/').to_owned();
        let mut stream = TcpStream::connect(&place).unwrap();
        write!(stream, "GET {query} HTTP/1.1\r\nHost: {place}\r\n\r\n").unwrap();
        let mut page = String::new();
        stream.read_to_string(&mut page).unwrap();
        let (head, body) = page.split_once("\r\n\r\n").unwrap();
        let words = body.split_once("<p>").unwrap().1.split("</p>").next().unwrap();
        format!("{} {words}", head.lines().next().unwrap().trim_start_matches("HTTP/1.1 "))
    }

    /// What is said after that, and the status.
    fn end(mut self, home: &Home) -> (i32, String) {
        let mut rest = String::new();
        self.stderr.read_to_string(&mut rest).unwrap();
        (self.child.wait().unwrap().code().unwrap_or(-1), home.told(&rest))
    }
}

fn percent(text: &str) -> String {
    form_urlencoded::byte_serialize(text.as_bytes()).collect()
}

const SIGNED_IN: &str = "ehlo: account 'own': signed in; the tokens are in DIR/.local/state/ehlo/tokens/own; try it with \
                         ehlo account test own\n";

#[test]
fn a_browser_signs_in_and_the_mail_goes_out_with_what_it_brought() {
    let provider =
        Provider::new(|_, _| token("acc3ss", ",\"refresh_token\":\"r3fresh\",\"expires_in\":3600"));
    let home = home(&provider, &account(&provider, ""));
    let sign_in = SignIn::begin(&home, Stdio::null());
    let mut said = sign_in.said.lines();
    assert_eq!(said.next(), Some("ehlo: open this address in a browser, and sign in:"));
    assert!(sign_in.address.starts_with(&format!("https://127.0.0.1:{}/authorize?x=y&", provider.port)));
    for (name, value) in [
        ("response_type", "code"),
        ("client_id", "client"),
        ("scope", "mail"),
        ("code_challenge_method", "S256"),
        ("login_hint", USER),
    ] {
        assert_eq!(sign_in.value(name), value);
    }
    let (state, challenge) = (sign_in.value("state"), sign_in.value("code_challenge"));
    assert_eq!(sign_in.come_back("/favicon.ico"), "404 Not Found There is nothing here.");
    let page = sign_in.come_back(&format!("/?code=c%2Fde&state={}", percent(&state)));
    assert_eq!(page, "200 OK You are signed in. You can close this page.");
    assert_eq!(sign_in.end(&home), (0, SIGNED_IN.to_owned()));

    let asked = provider.asked();
    let [one] = asked.as_slice() else { panic!("{asked:?}") };
    assert_eq!(one.line, "POST /token");
    assert_eq!(one.value("grant_type"), "authorization_code");
    assert_eq!(one.value("code"), "c/de");
    assert_eq!(one.authorization.as_deref(), Some("Basic Y2xpZW50OmNsMWVudC1zM2NyZXQ="));
    assert_eq!(one.value("client_id"), "");
    // RFC 7636, section 4.6.
    use sha2::Digest;
    let verifier = sha2::Sha256::digest(one.value("code_verifier"));
    assert_eq!(encodify::base64::URL_SAFE_NO_PAD.encode(verifier), challenge);

    let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
    assert_eq!((mode(&home.tokens()), mode(home.tokens().parent().unwrap())), (0o600, 0o700));
    let dialogue = format!("{GREETING}{}{MESSAGE}", auth("acc3ss", "235 OK"));
    assert_eq!(home.send(&dialogue), ok(SENT));
    assert_eq!(provider.asked().len(), 1);
}

#[test]
fn an_answer_with_a_wrong_state_is_left_out_and_the_right_one_counts_once() {
    let provider = Provider::new(|_, _| token("acc3ss", ""));
    let home = home(&provider, &account(&provider, ""));
    let sign_in = SignIn::begin(&home, Stdio::null());
    let foreign = "400 Bad Request This does not belong to the sign-in that is waited for.";
    for query in ["/?code=evil&state=x", "/?code=evil", "/?error=access_denied&state=x"] {
        assert_eq!(sign_in.come_back(query), foreign);
    }
    let query = format!("/?code=c&state={}", percent(&sign_in.value("state")));
    assert!(sign_in.come_back(&query).starts_with("200 OK You are signed in."));
    let redirect = sign_in.value("redirect_uri");
    let (status, said) = sign_in.end(&home);
    assert_eq!(status, 0);
    assert_eq!(
        said,
        format!(
            "ehlo: warning: an answer came that does not belong to this sign-in, and was left out\n{SIGNED_IN}ehlo: \
             warning: the provider gave no refresh token, so you have to sign in again when the token is over; most \
             providers want the scope offline_access for one\n"
        )
    );
    assert_eq!(
        provider.asked().iter().map(|asked| asked.value("code").to_owned()).collect::<Vec<_>>(),
        ["c"]
    );
    // Whoever comes a second time finds nobody.
    let place = redirect.strip_prefix("http://").unwrap().trim_end_matches('/').to_owned();
    assert!(TcpStream::connect(place).is_err());
}

#[test]
fn the_address_that_a_browser_ended_at_can_be_pasted() {
    let provider = Provider::new(|_, _| token("acc3ss", ",\"refresh_token\":\"r\""));
    let home = home(&provider, &account(&provider, ""));
    let mut sign_in = SignIn::begin(&home, Stdio::piped());
    let state = percent(&sign_in.value("state"));
    let mut stdin = sign_in.child.stdin.take().unwrap();
    writeln!(stdin, "what\n  http://127.0.0.1:1/?code=evil&state=x").unwrap();
    // In pieces, and without a line end.
    for piece in ["http://127.0.0.1:1/?sta", &format!("te={state}&co"), "de=pasted"] {
        write!(stdin, "{piece}").unwrap();
        stdin.flush().unwrap();
        thread::sleep(Duration::from_millis(30));
    }
    drop(stdin);
    let not_it =
        "ehlo: this does not belong to this sign-in: paste the whole address that the browser ended at\n";
    assert_eq!(sign_in.end(&home), (0, format!("{not_it}{not_it}{SIGNED_IN}")));
    assert_eq!(provider.asked()[0].value("code"), "pasted");
}

#[test]
fn who_refuses_in_the_browser_is_told_so_and_nothing_is_kept() {
    let provider = Provider::new(|_, _| panic!("it is asked"));
    let home = home(&provider, &account(&provider, ""));
    let sign_in = SignIn::begin(&home, Stdio::null());
    let query = format!(
        "/?error=access_denied&error_description=not+today%1B%5B2J&state={}",
        percent(&sign_in.value("state"))
    );
    assert_eq!(sign_in.come_back(&query), "200 OK The sign-in was refused. You can close this page.");
    let said = "ehlo: account 'own': the sign-in was refused: not today[2J (access_denied); run ehlo account login own to \
                try again\n";
    assert_eq!(sign_in.end(&home), (77, said.to_owned()));
    assert!(!home.tokens().exists());
}

#[test]
fn a_browser_that_never_comes_is_waited_for_until_a_signal() {
    let provider = Provider::new(|_, _| panic!("it is asked"));
    let home = home(&provider, &account(&provider, ""));
    let sign_in = SignIn::begin(&home, Stdio::null());
    let pid = sign_in.child.id().to_string();
    assert!(Command::new("kill").args(["-TERM", &pid]).status().unwrap().success());
    assert_eq!(sign_in.end(&home), (75, "ehlo: nobody has signed in: interrupted by a signal\n".to_owned()));
}

/// The provider of a device: what it says to each question for a token.
fn of_device(answers: &'static [&'static str]) -> Provider {
    Provider::new(move |asked, number| {
        match asked.line.as_str() {
        "POST /device" => Say::Json(
            200,
            "{\"device_code\":\"d3vice\",\"user_code\":\"ABCD-EFGH\",\"verification_uri\":\"https://x.example/go\",\
             \"interval\":1,\"expires_in\":600}"
                .to_owned(),
        ),
        _ => match answers.get(number - 1).copied() {
            Some("token") => token("acc3ss", ",\"refresh_token\":\"r\""),
            Some(code) => refused(400, code),
            None => panic!("asked too often"),
        },
    }
    })
}

const DEVICE: &str = "ehlo: open https://x.example/go in any browser, and enter the code ABCD-EFGH\n\
                      ehlo: waiting until you have signed in there\n";

#[test]
fn a_device_waits_until_its_code_was_typed() {
    let provider = of_device(&["authorization_pending", "authorization_pending", "token"]);
    let home = home(&provider, &account(&provider, "flow = 'device'"));
    let came = home.run("account login own");
    assert_eq!(came, Came { status: 0, stdout: String::new(), stderr: format!("{DEVICE}{SIGNED_IN}") });
    let asked = provider.asked();
    assert_eq!(asked[0].value("scope"), "mail");
    let grant = |asked: &Asked| (asked.value("grant_type").to_owned(), asked.value("device_code").to_owned());
    let wanted = ("urn:ietf:params:oauth:grant-type:device_code".to_owned(), "d3vice".to_owned());
    assert_eq!(asked[1..].iter().map(grant).collect::<Vec<_>>(), vec![wanted; 3]);
}

#[test]
fn a_device_that_is_asked_to_slow_down_does() {
    let provider = of_device(&["slow_down", "token"]);
    let home = home(&provider, &account(&provider, "flow = 'device'"));
    let began = Instant::now();
    assert_eq!(home.run("account login own").status, 0);
    // One second, and one and five.
    assert!(began.elapsed() >= Duration::from_secs(7), "{:?}", began.elapsed());
}

#[test]
fn a_device_is_told_why_there_will_be_no_token() {
    for (code, status, said) in [
        ("expired_token", 75, "nobody has signed in within the time: start again"),
        (
            "access_denied",
            77,
            "the sign-in was refused: access_denied; run ehlo account login own to try again",
        ),
        (
            "authorization_declined",
            77,
            "the sign-in was refused: authorization_declined; run ehlo account login own to try again",
        ),
        (
            "invalid_client",
            77,
            "the provider does not accept the client: invalid_client; check oauth-client-id, oauth-client-secret-file, \
             and the flows that the client may use",
        ),
    ] {
        let provider = Provider::new(move |asked, _| {
            match asked.line.as_str() {
            "POST /device" => Say::Json(
                200,
                "{\"device_code\":\"d\",\"user_code\":\"ABCD-EFGH\",\"verification_uri\":\"https://x.example/go\",\
                 \"interval\":1}"
                    .to_owned(),
            ),
            _ => refused(400, code),
        }
        });
        let home = home(&provider, &account(&provider, "flow = 'device'"));
        let came = home.run("account login own");
        let stderr = format!("{DEVICE}ehlo: account 'own': {said}\n");
        assert_eq!(came, Came { status, stdout: String::new(), stderr }, "{code}");
        assert!(!home.tokens().exists());
    }
}

/// A provider that says this to the client itself, and what comes of it.
fn answered(say: impl Fn() -> Say + Send + Sync + 'static) -> Came {
    let provider = Provider::new(move |_, _| say());
    let home = home(&provider, &account(&provider, "flow = 'client-credentials'"));
    let came = home.run("account login own");
    assert_eq!(home.tokens().exists(), came.status == 0);
    came
}

#[test]
fn what_is_no_answer_is_told_as_what_it_is() {
    let octets = |text: &str| Say::Octets(text.as_bytes().to_vec());
    let ok = "HTTP/1.1 200 OK\r\n";
    let redirect = "HTTP/1.1 307 x\r\nLocation: https://evil.example/\r\nContent-Length: 0\r\n\r\n";
    let cannot = |why: &str, status| failed(status, &format!("account 'own': cannot get a token: {why}"));
    let huge = format!("{ok}Content-Length: 100000\r\n\r\n{}", "x".repeat(100_000));
    let endless = format!(
        "{ok}Transfer-Encoding: chunked\r\n\r\n{}",
        "1000\r\n".to_owned() + &"x".repeat(0x1000) + "\r\n"
    );
    let header = format!("{ok}X: {}\r\n\r\n", "x".repeat(100_000));
    assert_eq!(
        answered(move || octets(redirect)),
        cannot(
            "the answer is a redirect (307), which is not followed: give the address that it leads to",
            76
        )
    );
    assert_eq!(
        answered(move || Say::Octets(huge.clone().into())),
        cannot("the answer is larger than any should be", 76)
    );
    assert_eq!(
        answered(move || Say::Octets(header.clone().into())),
        cannot("the answer is larger than any should be", 76)
    );
    assert_eq!(answered(move || octets("SSH-2.0-x\r\n\r\n")), cannot("the answer is not HTTP", 76));
    assert_eq!(answered(move || octets("")), cannot("connection closed in the middle of the answer", 75));
    assert_eq!(
        answered(move || Say::Octets(endless.clone().into())),
        cannot("connection closed in the middle of the answer", 75)
    );
    // What never ends, and has always something to read: interim answers, trailers, a body.
    for (head, more) in [
        (&b""[..], &b"HTTP/1.1 103 Early Hints\r\nLink: <x>\r\n\r\n"[..]),
        (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n", b"X: y\r\n"),
        (
            b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n",
            b"1;x=yyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyy\r\nz\r\n",
        ),
    ] {
        let came = answered(move || Say::Drip(head, more, Duration::ZERO));
        assert_eq!(came.status, 76, "{came:?}");
    }
    assert_eq!(answered(|| Say::Json(200, "{".to_owned())), cannot("the answer cannot be read", 76));
    assert_eq!(answered(|| Say::Json(500, String::new())), cannot("status 500: try again later", 75));
    assert_eq!(answered(|| Say::Json(429, String::new())), cannot("status 429: try again later", 75));
    assert_eq!(answered(|| Say::Json(404, String::new())), cannot("status 404", 76));
    assert_eq!(
        answered(|| Say::Json(200, "{\"access_token\":\"a\",\"token_type\":\"mac\"}".to_owned())),
        failed(76, "account 'own': the token is not a bearer token")
    );
    assert_eq!(
        answered(|| Say::Json(
            401,
            format!("{{\"error\":\"invalid_client\",\"error_description\":\"not {SECRET}\"}}")
        )),
        failed(
            77,
            "account 'own': the provider does not accept the client: invalid_client; check oauth-client-id, \
             oauth-client-secret-file, and the flows that the client may use"
        )
    );
}

#[test]
fn a_provider_with_a_foreign_certificate_is_told_nothing() {
    let provider = Provider::new(|_, _| panic!("it is asked"));
    let other = Provider::new(|_, _| panic!("it is asked"));
    let home = home(&provider, &account(&provider, "flow = 'client-credentials'"));
    fs::write(home.folder.path().join("other.pem"), &other.pem).unwrap();
    let came = home.run("account login own --ca-file other.pem");
    assert_eq!((came.status, came.stdout.as_str()), (77, ""));
    let start = "ehlo: account 'own': cannot get a token: ";
    assert!(came.stderr.starts_with(start) && came.stderr.contains("certificate"), "{}", came.stderr);
    assert_eq!(home.run("account login own --ca-file .config/ehlo/ca.pem").status, 77 - 2);
}

#[test]
fn a_client_of_its_own_needs_nobody_to_sign_in() {
    let provider = Provider::new(|_, number| token(&format!("t{number}"), ",\"expires_in\":3600"));
    let home = home(&provider, &account(&provider, "flow = 'client-credentials'\nclient-auth = 'post'"));
    let dialogue = |token| format!("{GREETING}{}{MESSAGE}", auth(token, "235 OK"));
    assert_eq!(home.send(&dialogue("t0")), ok(SENT));
    let asked = &provider.asked()[0];
    assert_eq!(asked.authorization, None);
    let form: Vec<(&str, &str)> =
        asked.form.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    assert_eq!(
        form,
        [
            ("grant_type", "client_credentials"),
            ("scope", "mail"),
            ("client_id", "client"),
            ("client_secret", SECRET)
        ]
    );
}

#[test]
fn a_token_that_is_over_is_renewed_before_the_server_sees_it() {
    for good in [-10, 0] {
        let provider = Provider::new(|_, _| token("new", ",\"refresh_token\":\"r2\",\"expires_in\":3600"));
        let home = signed_in(&provider, &kept(&provider, "old", "r1", good));
        assert_eq!(home.send(&format!("{GREETING}{}{MESSAGE}", auth("new", "235 OK"))), ok(SENT));
        let asked = provider.asked();
        assert_eq!(asked.len(), 1);
        assert_eq!(asked[0].value("grant_type"), "refresh_token");
        assert_eq!(asked[0].value("refresh_token"), "r1");
        assert_eq!((home.kept("access_token"), home.kept("refresh_token")), ("new".into(), "r2".into()));
    }
}

#[test]
fn a_token_that_the_server_refuses_is_renewed_once() {
    let provider = Provider::new(|_, _| token("new", ",\"expires_in\":3600"));
    let home = signed_in(&provider, &kept(&provider, "old", "r1", 3600));
    let reason = encodify::base64::STANDARD.encode("{\"status\":\"401\"}");
    let expired = format!("{}C: \nS: 535 5.7.8 expired\n", auth("old", &format!("334 {reason}")));
    assert_eq!(home.send(&format!("{GREETING}{expired}{}{MESSAGE}", auth("new", "235 OK"))), ok(SENT));
    assert_eq!(provider.asked().len(), 1);
    // None came, so the one before stays good.
    assert_eq!((home.kept("access_token"), home.kept("refresh_token")), ("new".into(), "r1".into()));
}

#[test]
fn an_empty_refresh_token_takes_the_place_of_none() {
    let provider = Provider::new(|_, _| token("new", ",\"refresh_token\":\"\""));
    let home = signed_in(&provider, &kept(&provider, "old", "r1", -1));
    assert_eq!(home.send(&format!("{GREETING}{}{MESSAGE}", auth("new", "235 OK"))), ok(SENT));
    assert_eq!(home.kept("refresh_token"), "r1");
}

#[test]
fn a_sign_in_that_is_over_is_told_with_what_to_do_and_the_provider_is_asked_once() {
    let provider = Provider::new(|_, _| {
        Say::Json(
            400,
            "{\"error\":\"invalid_grant\",\"error_description\":\"r1-refresh has been expired or revoked.\"}"
                .to_owned(),
        )
    });
    let home = signed_in(&provider, &kept(&provider, "old", "r1-refresh", -1));
    let said = "account 'own': the sign-in is over: consent was withdrawn, the password changed, or it was too long ago: \
                invalid_grant; run ehlo account login own";
    for _ in 0..3 {
        let came = home.run("send -A own -s hello --body hello jones@beta.arpa");
        assert_eq!(came, failed(77, said));
    }
    assert_eq!(provider.asked().len(), 1);
}

#[test]
fn a_provider_that_is_away_for_a_while_ends_no_sign_in() {
    let provider = Provider::new(|_, number| match number {
        0 => Say::Json(503, String::new()),
        _ => token("new", ""),
    });
    let home = signed_in(&provider, &kept(&provider, "old", "r1", -1));
    let dialogue = format!("{GREETING}{}{MESSAGE}", auth("new", "235 OK"));
    let came = home.run("send -A own -s hello --body hello jones@beta.arpa");
    assert_eq!(came, failed(75, "account 'own': cannot get a token: status 503: try again later"));
    assert_eq!(home.kept("refresh_token"), "r1");
    assert_eq!(home.send(&dialogue), ok(SENT));
}

#[test]
fn of_five_at_once_one_renews_and_the_others_read_what_it_got() {
    let provider = Provider::new(|_, number| {
        assert_eq!(number, 0, "it is asked twice");
        let json = "{\"access_token\":\"new\",\"token_type\":\"Bearer\",\"expires_in\":3600,\"refresh_token\":\"r2\"}";
        Say::Late(Duration::from_millis(500), 200, json.to_owned())
    });
    let home = signed_in(&provider, &kept(&provider, "old", "r1", -1));
    let dialogue = format!("{GREETING}{}{MESSAGE}", auth("new", "235 OK"));
    let servers: Vec<Server> = (0..5).map(|_| Server::tcp(&dialogue)).collect();
    let children: Vec<_> = servers
        .into_iter()
        .enumerate()
        .map(|(number, server)| {
            // Each has its own server; the tokens are the same.
            let below = home.folder.path().join(format!("c{number}/ehlo"));
            fs::create_dir_all(&below).unwrap();
            let port = server.port().unwrap().to_string();
            fs::write(below.join("config.toml"), home.config.replace("SMTP", &port)).unwrap();
            for file in ["ca.pem", "secret"] {
                fs::copy(home.folder.path().join(".config/ehlo").join(file), below.join(file)).unwrap();
            }
            let mut command = home.command("send -A own -s hello --body hello jones@beta.arpa");
            let child = command.env("XDG_CONFIG_HOME", below.parent().unwrap()).spawn().unwrap();
            let running = server.start(child.id());
            (child, running)
        })
        .collect();
    for (child, running) in children {
        let came = home.came(child);
        assert_eq!((running.end().1, came), (None, ok(SENT)));
    }
    assert_eq!(provider.asked().len(), 1);
    assert_eq!(home.kept("refresh_token"), "r2");
}

#[test]
fn who_is_killed_between_the_answer_and_the_disk_leaves_the_old_tokens_whole() {
    let provider = Provider::new(|_, number| match number {
        // Rotated, and never read.
        0 => {
            Say::Drip(b"HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n", b" ", Duration::from_millis(100))
        }
        _ => token("new", ",\"refresh_token\":\"r3\""),
    });
    let home = signed_in(&provider, &kept(&provider, "old", "r1", -1));
    let before = fs::read_to_string(home.tokens()).unwrap();
    let mut child = home.command("send -A own -s hello --body hello jones@beta.arpa").spawn().unwrap();
    let until = Instant::now() + Duration::from_secs(10);
    while provider.asked().is_empty() && Instant::now() < until {
        thread::sleep(Duration::from_millis(10));
    }
    child.kill().unwrap();
    child.wait().unwrap();
    assert_eq!(fs::read_to_string(home.tokens()).unwrap(), before);
    // The lock went with the process, and a provider that still takes the old one is asked again.
    let renewed = home.run("account login own --help");
    assert_eq!(renewed.status, 0);
    let came = home.run("send -A own -S 127.0.0.1:9 -s hello --body hello jones@beta.arpa");
    assert_eq!(came.status, 75);
    let names: Vec<_> = fs::read_dir(home.tokens().parent().unwrap())
        .unwrap()
        .flatten()
        .map(|entry| entry.file_name())
        .collect();
    assert_eq!(names.len(), 2, "{names:?}");
    assert_eq!((home.kept("access_token"), home.kept("refresh_token")), ("new".into(), "r3".into()));
}

#[test]
fn a_signal_ends_no_question_whose_answer_is_the_only_one() {
    let provider = Provider::new(|_, _| {
        let json = "{\"access_token\":\"new\",\"token_type\":\"Bearer\",\"refresh_token\":\"r2\"}";
        Say::Late(Duration::from_millis(700), 200, json.to_owned())
    });
    for line in
        ["send -A own --body x jones@beta.arpa", "send -A own --deadline 300ms --body x jones@beta.arpa"]
    {
        let home = signed_in(&provider, &kept(&provider, "old", "r1", -1));
        let before = provider.asked().len();
        let child = home.command(line).spawn().unwrap();
        let until = Instant::now() + Duration::from_secs(10);
        while provider.asked().len() == before && Instant::now() < until {
            thread::sleep(Duration::from_millis(10));
        }
        if !line.contains("deadline") {
            let pid = child.id().to_string();
            assert!(Command::new("kill").args(["-INT", &pid]).status().unwrap().success());
        }
        let came = home.came(child);
        assert_eq!(came.status, 75, "{came:?}");
        assert_eq!((home.kept("access_token"), home.kept("refresh_token")), ("new".into(), "r2".into()));
    }
}

#[test]
fn tokens_that_cannot_be_kept_are_not_asked_for() {
    let provider = Provider::new(|_, _| panic!("it is asked"));
    let home = signed_in(&provider, &kept(&provider, "old", "r1", -1));
    fs::create_dir(home.tokens().with_file_name(".own.new")).unwrap();
    for line in ["send -A own --body x jones@beta.arpa", "account login own"] {
        let came = home.run(line);
        assert_eq!((came.status, came.stdout.as_str()), (75, ""), "{came:?}");
        assert!(
            came.stderr.starts_with("ehlo: account 'own': DIR/.local/state/ehlo/tokens/own: "),
            "{came:?}"
        );
    }
    assert_eq!(home.kept("refresh_token"), "r1");
}

#[test]
fn a_provider_that_refuses_is_left_alone_for_some_minutes() {
    let provider = Provider::new(|_, number| match number {
        0 => refused(401, "invalid_client"),
        _ => token("new", ""),
    });
    let home = home(&provider, &account(&provider, "flow = 'client-credentials'"));
    let said = "account 'own': the provider does not accept the client: invalid_client; check oauth-client-id, \
                oauth-client-secret-file, and the flows that the client may use";
    for _ in 0..3 {
        assert_eq!(home.run("send -A own --body x jones@beta.arpa"), failed(77, said));
    }
    assert_eq!(provider.asked().len(), 1);
    // To sign in is to ask again.
    assert_eq!(home.run("account login own").status, 0);
    let came = home.send(&format!("{GREETING}{}{MESSAGE}", auth("new", "235 OK")));
    assert_eq!(came, ok(SENT));
    assert_eq!(provider.asked().len(), 2);
}

#[test]
fn a_server_that_takes_no_token_is_left_alone_though_they_are_renewed() {
    let provider = Provider::new(|_, number| token(&format!("t{number}"), ",\"expires_in\":3600"));
    let home = signed_in(&provider, &kept(&provider, "old", "r1", 3600));
    let reason = encodify::base64::STANDARD.encode("{\"status\":\"401\"}");
    let no = |token: &str| format!("{}C: \nS: 535 5.7.8 expired\n", auth(token, &format!("334 {reason}")));
    let server = Server::tcp(&format!("{GREETING}{}{}C: QUIT\nS: 221 bye\n", no("old"), no("t0")));
    home.served_at(server.port().unwrap());
    let running = server.start(0);
    let came = home.run("send -A own --queue --body x jones@beta.arpa");
    assert_eq!(came.status, 0, "{came:?}");
    let until = Instant::now() + Duration::from_secs(15);
    while !home.run("queue list").stdout.contains("account-down") && Instant::now() < until {
        thread::sleep(Duration::from_millis(50));
    }
    for _ in 0..3 {
        assert_eq!(home.run("queue run").status, 75);
    }
    assert!(home.run("queue list").stdout.contains("account-down"));
    assert_eq!(provider.asked().len(), 1);
    assert_eq!(running.end().1, None);
}

#[test]
fn a_pipe_in_place_of_the_tokens_holds_nobody_up() {
    let provider = Provider::new(|_, _| panic!("it is asked"));
    let home = signed_in(&provider, "");
    fs::remove_file(home.tokens()).unwrap();
    assert!(Command::new("mkfifo").args(["-m", "600"]).arg(home.tokens()).status().unwrap().success());
    let path = "DIR/.local/state/ehlo/tokens/own";
    let said = format!(
        "account 'own': {path} is a link, or no ordinary file: remove {path}, and run ehlo account login own"
    );
    assert_eq!(home.run("send -A own --body x jones@beta.arpa"), failed(78, &said));
}

#[test]
fn signing_out_needs_no_secret_to_forget() {
    let provider = Provider::new(|_, _| panic!("it is asked"));
    let home = signed_in(&provider, &kept(&provider, "a", "r1", 3600));
    fs::remove_file(home.folder.path().join(".config/ehlo/secret")).unwrap();
    let came = home.run("account logout own");
    assert_eq!(came.status, 66, "{came:?}");
    assert!(came.stderr.contains("cannot read the file with the client's secret"), "{came:?}");
    assert!(!home.tokens().exists());
}

#[test]
fn signing_out_ends_the_tokens_and_forgets_them() {
    let provider = Provider::new(|_, _| Say::Json(200, String::new()));
    let home = signed_in(&provider, &kept(&provider, "a", "r1", 3600));
    let said = |text: &str| Came {
        status: 0,
        stdout: String::new(),
        stderr: format!("ehlo: account 'own': {text}\n"),
    };
    assert_eq!(home.run("account logout own"), said("signed out; the provider has ended the tokens"));
    let asked = provider.asked();
    assert_eq!(asked.len(), 1);
    assert_eq!((asked[0].line.as_str(), asked[0].value("token")), ("POST /revoke", "r1"));
    assert!(!home.tokens().exists());
    assert_eq!(home.run("account logout own"), said("nobody was signed in"));
    assert_eq!(provider.asked().len(), 1);
    let came = home.run("send -A own -s hello --body hello jones@beta.arpa");
    assert_eq!(came, failed(77, "account 'own': nobody has signed in: run ehlo account login own"));
}

#[test]
fn signing_out_forgets_the_tokens_even_if_the_provider_does_not_end_them() {
    let provider = Provider::new(|_, _| Say::Json(503, String::new()));
    let home = signed_in(&provider, &kept(&provider, "a", "r1", 3600));
    let came = home.run("account logout own");
    let stderr = "ehlo: account 'own': signed out; the tokens here are gone, but the provider has not ended them: take the \
                  access away in your account there\nehlo: account 'own': the provider does not end the tokens (status 503): try \
                  again later\n";
    assert_eq!(came, Came { status: 75, stdout: String::new(), stderr: stderr.to_owned() });
    assert!(!home.tokens().exists());
}

#[test]
fn tokens_of_another_client_or_provider_go_nowhere() {
    let provider = Provider::new(|_, _| panic!("it is asked"));
    let own = kept(&provider, "a", "r1", -1);
    let other = "account 'own': the sign-in was for another provider, client id, scope or flow: run ehlo account login own";
    let home = signed_in(&provider, "");
    let sends = |tokens: &str| {
        home.keep(tokens);
        home.run("send -A own -s hello --body hello jones@beta.arpa")
    };
    assert_eq!(sends(&own.replace("\"client\"", "\"other\"")), failed(77, other));
    let provider_key = format!("\"provider\":\"https://127.0.0.1:{}/token\"", provider.port);
    assert_eq!(sends(&own.replace(&provider_key, "\"provider\":\"https://x/\"")), failed(77, other));
    let unreadable =
        "account 'own': DIR/.local/state/ehlo/tokens/own holds no tokens: run ehlo account login own";
    for text in ["", "x", "{}", &own.replace("\"version\":1", "\"version\":9")] {
        assert_eq!(sends(text), failed(77, unreadable), "{text}");
    }
}

#[test]
fn tokens_that_others_can_read_are_not_used() {
    let provider = Provider::new(|_, _| panic!("it is asked"));
    let home = signed_in(&provider, &kept(&provider, "a", "r1", 3600));
    fs::set_permissions(home.tokens(), fs::Permissions::from_mode(0o640)).unwrap();
    let path = "DIR/.local/state/ehlo/tokens/own";
    let said = format!("account 'own': {path}: others can read it: run chmod go-rwx {path}");
    assert_eq!(home.run("send -A own -s hello --body hello jones@beta.arpa"), failed(78, &said));
}

#[test]
fn no_secret_is_shown_by_any_command() {
    let provider = Provider::new(|_, _| token("n3w-acc3ss", ",\"refresh_token\":\"n3w-r3fresh\""));
    let mut home = signed_in(&provider, &kept(&provider, "0ld-acc3ss", "0ld-r3fresh", -1));
    let log = home.folder.path().join("log");
    home.config = format!("log = '{}'\n{}", log.display(), home.config);
    let server = Server::tcp(&format!("{GREETING}{}{MESSAGE}", auth("n3w-acc3ss", "235 OK")));
    home.served_at(server.port().unwrap());
    let mut shown = String::new();
    for line in
        ["account show own", "account list", "send -A own --dry-run -s hello --body hello jones@beta.arpa"]
    {
        let came = home.run(line);
        assert_eq!(came.status, 0, "{came:?}");
        shown += &format!("{came:?}");
    }
    let line = "send -A own -vv --json --transcript wire -s hello --body hello jones@beta.arpa";
    let mut child = home.command(line).spawn().unwrap();
    let running = server.start(child.id());
    for name in ["cmdline", "environ"] {
        let text = fs::read(format!("/proc/{}/{name}", child.id())).unwrap_or_default();
        shown += &String::from_utf8_lossy(&text);
    }
    let status = child.wait().unwrap();
    assert!(status.success());
    let came = home.came(child);
    assert_eq!(running.end().1, None, "{came:?}");
    shown += &format!("{came:?}");
    shown += &fs::read_to_string(log).unwrap();
    shown += &fs::read_to_string(home.folder.path().join("wire")).unwrap();
    assert!(shown.contains("AUTH XOAUTH2 ***") && shown.contains("status=sent"), "{shown}");
    let encoded = |text: &str| encodify::base64::STANDARD.encode(text);
    for secret in ["0ld-acc3ss", "0ld-r3fresh", "n3w-acc3ss", "n3w-r3fresh", SECRET] {
        assert!(!shown.contains(secret), "{secret}: {shown}");
        assert!(!shown.contains(encoded(secret).trim_end_matches('=')), "{secret}: {shown}");
    }
}

#[test]
fn a_configuration_that_cannot_work_is_told_with_its_line() {
    let provider = Provider::new(|_, _| panic!("it is asked"));
    let base = "[account.own]\nserver = 'smtp.alpha.arpa'\n";
    for (toml, said) in [
        (
            "user = 'me'\noauth = 'google'\n",
            "line 1: 'oauth' needs 'oauth-client-id', which the provider gives",
        ),
        ("oauth = 'google'\noauth-client-id = 'x'\n", "line 1: 'oauth' needs 'user': whose mailbox it is"),
        (
            "user = 'me'\noauth = 'gogle'\noauth-client-id = 'x'\n",
            "line 4: 'oauth.provider' needs one of google, microsoft, not 'gogle'; others have an 'issuer'",
        ),
        (
            "user = 'me'\noauth-client-id = 'x'\noauth = { flow = 'device', provider = 'google' }\n",
            "line 5: 'oauth.flow' cannot be 'device': Google lets no device send mail; leave it out",
        ),
        (
            "user = 'me'\noauth-client-id = 'x'\noauth-client-secret-file = 'secret'\noauth = { provider = 'microsoft', flow = 'client-credentials' }\n",
            "line 6: 'oauth' needs 'tenant' for the flow 'client-credentials': your organization's domain",
        ),
        (
            "user = 'me'\noauth-client-id = 'x'\noauth = { provider = 'microsoft', flow = 'client-credentials', tenant = 'x' }\n",
            "line 1: 'oauth' needs 'oauth-client-secret-file' for the flow 'client-credentials'",
        ),
        (
            "user = 'me'\noauth-client-id = 'x'\noauth = { provider = 'microsoft', tenant = 'a/b' }\n",
            "line 5: 'oauth.tenant' needs a domain, or the number that Microsoft gave",
        ),
        (
            "user = 'me'\noauth-client-id = 'x'\noauth = { provider = 'google', tenant = 'x' }\n",
            "line 5: 'oauth.tenant' is for the provider 'microsoft' alone",
        ),
        (
            "user = 'me'\noauth-client-id = 'x'\noauth = { issuer = 'http://id.example' }\n",
            "line 5: 'oauth.issuer' cannot be 'http://id.example': it does not begin with https://",
        ),
        (
            "user = 'me'\noauth-client-id = 'x'\noauth = { issuer = 'https://id.example', provider = 'google' }\n",
            "line 5: 'oauth.issuer' is for a provider that 'provider' does not name",
        ),
        (
            "user = 'me'\noauth-client-id = 'x'\noauth = { issuer = 'https://id.example', token-endpoint = 'https://x.example' }\n",
            "line 5: 'oauth.token-endpoint' stands in the issuer's own document: leave one of them out",
        ),
        (
            "user = 'me'\noauth-client-id = 'x'\noauth = { token-endpoint = 'https://x.example' }\n",
            "line 1: 'oauth' needs 'authorization-endpoint' for this flow",
        ),
        (
            "user = 'me'\noauth-client-id = 'x'\noauth = { scope = 'x' }\n",
            "line 1: 'oauth' needs 'provider', 'issuer', or 'token-endpoint'",
        ),
        (
            "user = 'me'\noauth-client-id = 'x'\noauth = { flow = 'implicit', provider = 'google' }\n",
            "line 5: 'oauth.flow' needs one of code, device, client-credentials, not 'implicit'",
        ),
        (
            "user = 'me'\noauth-client-id = 'x'\n",
            "line 4: 'oauth-client-id' needs 'oauth', which names the provider",
        ),
        (
            "user = 'me'\noauth = 'google'\npassword-file = 'x'\n",
            "line 4: 'password-file' and 'oauth' exclude each other",
        ),
        (
            "user = 'me'\noauth = 'google'\noauth-client-secret = 'x'\n",
            "line 5: 'oauth-client-secret': a secret does not belong in this file: use oauth-client-secret-file",
        ),
        ("oauth = 7\n", "line 3: 'oauth.provider' needs a text in quotation marks"),
        (
            "oauth = { client = 'x' }\n",
            "line 3: unknown key 'client' in [account.own.oauth]; known are provider, tenant, issuer, flow, scope, \
             authorization-endpoint, device-endpoint, token-endpoint, revocation-endpoint, client-auth, ca-file",
        ),
    ] {
        let home = home(&provider, &format!("{base}{toml}"));
        let came = home.run("account login own");
        assert_eq!(came, failed(78, &format!("DIR/.config/ehlo/config.toml, {said}")), "{toml}");
    }
    let home = home(&provider, &format!("{base}user = 'me'\n"));
    let came = home.run("account login own");
    assert_eq!(came, failed(78, "account 'own' has no 'oauth': see ehlo-config(5)"));
    let came = home.run("account login");
    assert_eq!(came, failed(78, "no default account: name one, as in 'ehlo account show NAME'"));
    let came = home.run("account show own --no-browser");
    assert_eq!(came, failed(64, "--no-browser is for 'ehlo account login'"));
    let came = home.run("account test own --ca-file x");
    assert_eq!(came, failed(64, "--ca-file is for 'ehlo account login' and 'ehlo account logout'"));
}
