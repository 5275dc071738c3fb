//! Conversations with the server, each played whole, octet by octet, and cut at every place.

use super::*;
use crate::extension::Extension;
use crate::path::Domain;

/// Everything that happens, one line each: what the client is heard to say, what it is answered, what becomes
/// of content. Pieces of content are joined, so that it is the same for every cut.
fn log_of(settings: ServeSettings, pieces: &[&[u8]], keep: &[Reply]) -> Vec<String> {
    let mut server = Server::new(settings);
    let mut pieces = pieces.iter();
    let mut log: Vec<String> = Vec::new();
    let mut content: Option<Vec<u8>> = None;
    for _ in 0..100_000 {
        let step = server.advance();
        if let (false, Some(whole)) = (matches!(step, ServeStep::Content(_) | ServeStep::Receive), &content) {
            log.push(format!("= {}", super::super::dialogue::escape(whole)));
            content = None;
        }
        match step {
            ServeStep::Received(line) => {
                log.push(format!("C: {}", super::super::dialogue::escape(line)).trim_end().to_owned())
            }
            ServeStep::Send(reply) => {
                let text = std::str::from_utf8(reply).unwrap();
                assert!(text.ends_with("\r\n"));
                log.extend(text.lines().map(|line| format!("S: {}", line.trim_end())));
            }
            ServeStep::Receive => match pieces.next() {
                Some(piece) => server.receive(piece),
                None => server.hung_up(),
            },
            ServeStep::StartTls => {
                log.push("tls".to_owned());
                server.tls_started();
            }
            ServeStep::Begin(envelope) => {
                let to: Vec<_> = envelope.recipients.iter().map(|r| r.path.to_string()).collect();
                log.push(format!("from <{}> to {}", envelope.reverse_path, to.join(",")));
            }
            ServeStep::Content(piece) => {
                assert!(!piece.is_empty());
                content.get_or_insert_default().extend_from_slice(piece);
            }
            ServeStep::End(_, bare) => {
                let bare = if *bare == BareNames::default() { String::new() } else { format!(" {bare:?}") };
                log.push(format!("end{bare}"));
                server.conclude(keep);
            }
            ServeStep::Abandon => log.push("abandon".to_owned()),
            ServeStep::Closed => {
                log.push("closed".to_owned());
                return log;
            }
        }
    }
    panic!("it does not end: {log:?}");
}

/// Plays what the client says at every cut; each time the same must happen.
fn plays(settings: impl Fn() -> ServeSettings, client: &str, wanted: &str) {
    plays_octets(settings, client.replace('\n', "\r\n").as_bytes(), wanted, &[Reply::new(250, "OK")]);
}

fn plays_octets(settings: impl Fn() -> ServeSettings, client: &[u8], wanted: &str, keep: &[Reply]) {
    let wanted: Vec<&str> = wanted.lines().map(str::trim).filter(|line| !line.is_empty()).collect();
    assert_eq!(log_of(settings(), &[client], keep), wanted, "whole");
    let single: Vec<&[u8]> = client.chunks(1).collect();
    assert_eq!(log_of(settings(), &single, keep), wanted, "octet by octet");
    for at in 1..client.len() {
        assert_eq!(log_of(settings(), &[&client[..at], &client[at..]], keep), wanted, "cut at {at}");
    }
}

fn beta() -> ServeSettings {
    let mut settings = ServeSettings::new(Domain::parse("Beta.ARPA").unwrap());
    settings.rules.add("Green@Beta.ARPA", 550, None).unwrap();
    settings
}

#[derive(Debug)]
struct Smith;

impl Accounts for Smith {
    fn admits(&mut self, user: &str, password: &str) -> bool {
        (user, password) == ("smith", "pa ss")
    }
}

/// `smith` and `pa ss`.
const SMITH: &str = "c21pdGg=";
const PASS: &str = "cGEgc3M=";
const PLAIN: &str = "AHNtaXRoAHBhIHNz";

fn with_accounts() -> ServeSettings {
    ServeSettings { accounts: Some(Box::new(Smith)), require_auth: true, ..beta() }
}

#[test]
fn std10s_example_is_answered_word_for_word() {
    plays(
        beta,
        "HELO Alpha.ARPA\nMAIL FROM:<Smith@Alpha.ARPA>\nRCPT TO:<Jones@Beta.ARPA>\nRCPT TO:<Green@Beta.ARPA>\n\
         RCPT TO:<Brown@Beta.ARPA>\nDATA\nBlah blah blah...\n...etc. etc. etc.\n.\nQUIT\n",
        r"S: 220 Beta.ARPA Service ready
        C: HELO Alpha.ARPA
        S: 250 Beta.ARPA
        C: MAIL FROM:<Smith@Alpha.ARPA>
        S: 250 OK
        C: RCPT TO:<Jones@Beta.ARPA>
        S: 250 OK
        C: RCPT TO:<Green@Beta.ARPA>
        S: 550 No such user here
        C: RCPT TO:<Brown@Beta.ARPA>
        S: 250 OK
        C: DATA
        S: 354 Start mail input; end with <CRLF>.<CRLF>
        from <Smith@Alpha.ARPA> to Jones@Beta.ARPA,Brown@Beta.ARPA
        = Blah blah blah...\x0d\x0a..etc. etc. etc.\x0d\x0a
        C: .
        end
        S: 250 OK
        C: QUIT
        S: 221 Beta.ARPA Service closing transmission channel
        closed",
    );
}

#[test]
fn a_pipelined_group_is_answered_in_its_order_and_a_second_message_may_follow() {
    plays(
        || ServeSettings { max_size: Some(1000), ..beta() },
        "EHLO alpha.arpa\nMAIL FROM:<> SIZE=7 BODY=8BITMIME SMTPUTF8\nRCPT TO:<Jones@Beta.ARPA>\nDATA\n.\n\
         MAIL FROM:<Smith@Alpha.ARPA>\nRCPT TO:<postmaster>\nDATA\n..\n.\nQUIT\n",
        r"S: 220 Beta.ARPA Service ready
        C: EHLO alpha.arpa
        S: 250-Beta.ARPA
        S: 250-PIPELINING
        S: 250-SIZE 1000
        S: 250-8BITMIME
        S: 250-SMTPUTF8
        S: 250 CHUNKING
        C: MAIL FROM:<> SIZE=7 BODY=8BITMIME SMTPUTF8
        S: 250 OK
        C: RCPT TO:<Jones@Beta.ARPA>
        S: 250 OK
        C: DATA
        S: 354 Start mail input; end with <CRLF>.<CRLF>
        from <> to Jones@Beta.ARPA
        C: .
        end
        S: 250 OK
        C: MAIL FROM:<Smith@Alpha.ARPA>
        S: 250 OK
        C: RCPT TO:<postmaster>
        S: 250 OK
        C: DATA
        S: 354 Start mail input; end with <CRLF>.<CRLF>
        from <Smith@Alpha.ARPA> to Postmaster
        = .\x0d\x0a
        C: .
        end
        S: 250 OK
        C: QUIT
        S: 221 Beta.ARPA Service closing transmission channel
        closed",
    );
}

const START: &str = "EHLO a.example\nMAIL FROM:<>\nRCPT TO:<Jones@Beta.ARPA>\n";

/// What [`START`] is answered when everything but the withheld is offered.
fn after_start(rest: &str) -> String {
    format!(
        "S: 220 Beta.ARPA Service ready
        C: EHLO a.example
        S: 250-Beta.ARPA
        S: 250-PIPELINING
        S: 250-SIZE 10
        S: 250-8BITMIME
        S: 250-SMTPUTF8
        S: 250 CHUNKING
        C: MAIL FROM:<>
        S: 250 OK
        C: RCPT TO:<Jones@Beta.ARPA>
        S: 250 OK
        {rest}"
    )
}

fn small() -> ServeSettings {
    ServeSettings { max_size: Some(10), ..beta() }
}

#[test]
fn no_message_is_smuggled_behind_a_bare_line_feed() {
    plays_octets(
        || ServeSettings { max_size: Some(10), ..beta() },
        b"EHLO a.example\r\nMAIL FROM:<>\nRCPT TO:<Jones@Beta.ARPA>\r\nDATA\r\n\n.\r\nA\r.\n\r\n.\r\nQUIT\n",
        &after_start(
            r"C: DATA
            S: 354 Start mail input; end with <CRLF>.<CRLF>
            from <> to Jones@Beta.ARPA
            = \x0a.\x0d\x0aA\x0d.\x0a\x0d\x0a
            C: .
            end
            S: 250 OK
            C: QUIT
            S: 221 Beta.ARPA Service closing transmission channel
            closed",
        ),
        &[Reply::new(250, "OK")],
    );
}

#[test]
fn chunks_are_taken_by_their_length_and_hold_dots_and_commands() {
    plays(
        small,
        &format!("{START}BDAT 3\n.\nBDAT 0\nBDAT 4 LAST\nQUITRSET\n"),
        &after_start(
            r"C: BDAT 3
            from <> to Jones@Beta.ARPA
            = .\x0d\x0a
            S: 250 3 octets received
            C: BDAT 0
            S: 250 0 octets received
            C: BDAT 4 LAST
            = QUIT
            end
            S: 250 OK
            C: RSET
            S: 250 OK
            closed",
        ),
    );
}

#[test]
fn a_chunk_out_of_place_is_read_over_and_what_is_too_large_stays_so_until_rset() {
    plays(
        small,
        &format!(
            "BDAT 6\nQUIT\n{START}BDAT 1\naBDAT 10 LAST\n0123456789RCPT TO:<b@b.example>\nBDAT 1\nxDATA\nRSET\nBDAT 1x\nx"
        ),
        &after_start(
            r"C: BDAT 1
            from <> to Jones@Beta.ARPA
            = a
            C: BDAT 10 LAST
            abandon
            S: 552 Message too large: 10 octets at most
            C: RCPT TO:<b@b.example>
            S: 503 Bad sequence of commands: RCPT comes after MAIL, before the content
            C: BDAT 1
            S: 503 Bad sequence of commands: RSET comes after a BDAT that failed
            C: DATA
            S: 503 Bad sequence of commands: the content came by BDAT
            C: RSET
            S: 250 OK
            C: BDAT 1x
            S: 501 Syntax error: BDAT octets [LAST]
            closed",
        )
        .replacen("ready\n", "ready\nC: BDAT 6\nS: 503 Bad sequence of commands: MAIL comes first\n", 1)
        .replacen("= a\n", "= a\nS: 250 1 octets received\n", 1),
    );
}

#[test]
fn a_message_that_grows_too_large_is_read_to_its_end_and_refused() {
    let client = format!("{START}DATA\n.....\n....\n.\nMAIL FROM:<> SIZE=11\nMAIL FROM:<> SIZE=10\n");
    let client = client.replace('\n', "\r\n");
    let wanted = after_start(
        "C: DATA
        S: 354 Start mail input; end with <CRLF>.<CRLF>
        from <> to Jones@Beta.ARPA
        abandon
        C: .
        S: 552 Message too large: 10 octets at most
        C: MAIL FROM:<> SIZE=11
        S: 552 Message too large: 10 octets at most
        C: MAIL FROM:<> SIZE=10
        S: 250 OK
        closed",
    );
    let wanted: Vec<&str> = wanted.lines().map(str::trim).collect();
    for at in 0..client.len() {
        let mut log = log_of(small(), &[&client.as_bytes()[..at], &client.as_bytes()[at..]], &[]);
        // How much is handed out before it is too much depends on the cut.
        log.retain(|line| !line.starts_with("= "));
        assert_eq!(log, wanted, "cut at {at}");
    }
}

#[test]
fn a_break_within_the_content_abandons_it() {
    for (command, begun) in
        [("DATA\n", "S: 354 Start mail input; end with <CRLF>.<CRLF>\n"), ("BDAT 9\n", "")]
    {
        plays(
            small,
            &format!("{START}{command}abc"),
            &after_start(&format!("C: {command}{begun}from <> to Jones@Beta.ARPA\n= abc\nabandon\nclosed")),
        );
    }
}

#[test]
fn nothing_is_taken_out_of_its_order() {
    plays(
        || ServeSettings { max_recipients: 1, withheld: vec![Extension::Chunking], ..beta() },
        "MAIL FROM:<>\nRCPT TO:<a@b.example>\nDATA\nEHLO a.example\nDATA\nMAIL FROM:<>\nMAIL FROM:<>\n\
         RCPT TO:<Green@Beta.ARPA>\nDATA\nRCPT TO:<a@b.example>\nRCPT TO:<c@b.example>\nEHLO a.example\nDATA\n\
         BDAT 4\nQUITLHLO a.example\nSTARTTLS\nAUTH PLAIN\nVRFY x\nEXPN x\nHELP\nNOOP\nWHAT\n\nMAIL FROM:x\n\
         MAIL FROM:<> X=1\nMAIL FROM:<> SIZE=x\nMAIL FROM:<> BODY=BINARYMIME\nMAIL FROM:<é@b.example>\n",
        "S: 220 Beta.ARPA Service ready
        C: MAIL FROM:<>
        S: 503 Bad sequence of commands: EHLO comes first
        C: RCPT TO:<a@b.example>
        S: 503 Bad sequence of commands: RCPT comes after MAIL, before the content
        C: DATA
        S: 503 Bad sequence of commands: MAIL comes first
        C: EHLO a.example
        S: 250-Beta.ARPA
        S: 250-PIPELINING
        S: 250-SIZE
        S: 250-8BITMIME
        S: 250 SMTPUTF8
        C: DATA
        S: 503 Bad sequence of commands: MAIL comes first
        C: MAIL FROM:<>
        S: 250 OK
        C: MAIL FROM:<>
        S: 503 Bad sequence of commands: MAIL was given, RSET takes it back
        C: RCPT TO:<Green@Beta.ARPA>
        S: 550 No such user here
        C: DATA
        S: 503 Bad sequence of commands: nobody to send to
        C: RCPT TO:<a@b.example>
        S: 250 OK
        C: RCPT TO:<c@b.example>
        S: 452 Too many recipients
        C: EHLO a.example
        S: 250-Beta.ARPA
        S: 250-PIPELINING
        S: 250-SIZE
        S: 250-8BITMIME
        S: 250 SMTPUTF8
        C: DATA
        S: 503 Bad sequence of commands: MAIL comes first
        C: BDAT 4
        S: 502 Command not implemented
        C: LHLO a.example
        S: 500 Syntax error, command unrecognized
        C: STARTTLS
        S: 502 Command not implemented
        C: AUTH PLAIN
        S: 502 Command not implemented
        C: VRFY x
        S: 252 Cannot VRFY user, but will accept message and attempt delivery
        C: EXPN x
        S: 502 Command not implemented
        C: HELP
        S: 214 EHLO HELO STARTTLS AUTH MAIL RCPT DATA BDAT RSET NOOP VRFY HELP QUIT
        C: NOOP
        S: 250 OK
        C: WHAT
        S: 500 Syntax error, command unrecognized
        C:
        S: 500 Syntax error, command unrecognized
        C: MAIL FROM:x
        S: 501 Syntax error: MAIL FROM:<reverse-path> [parameters]
        C: MAIL FROM:<> X=1
        S: 555 MAIL parameter not recognized: X
        C: MAIL FROM:<> SIZE=x
        S: 501 Syntax error: SIZE is a number of octets
        C: MAIL FROM:<> BODY=BINARYMIME
        S: 501 Syntax error: BODY is 7BIT or 8BITMIME
        C: MAIL FROM:<é@b.example>
        S: 553 Mailbox name not allowed without SMTPUTF8
        closed",
    );
}

#[test]
fn lmtp_answers_for_each_recipient() {
    let settings = || ServeSettings { lmtp: true, max_size: Some(10), ..beta() };
    let client =
        b"EHLO a.example\nLHLO a.example\nMAIL FROM:<>\nRCPT TO:<a@b.example>\nRCPT TO:<green@beta.arpa>\n\
        RCPT TO:<c@b.example>\nRCPT TO:<d@b.example>\nDATA\nx\r\n.\r\n\
        MAIL FROM:<>\nRCPT TO:<a@b.example>\nRCPT TO:<c@b.example>\nBDAT 11 LAST\n01234567890";
    let keep = [Reply::new(250, "OK"), Reply::new(452, "Full")];
    plays_octets(
        settings,
        client,
        r"S: 220 Beta.ARPA Service ready
        C: EHLO a.example
        S: 500 Syntax error, command unrecognized
        C: LHLO a.example
        S: 250-Beta.ARPA
        S: 250-PIPELINING
        S: 250-SIZE 10
        S: 250-8BITMIME
        S: 250-SMTPUTF8
        S: 250 CHUNKING
        C: MAIL FROM:<>
        S: 250 OK
        C: RCPT TO:<a@b.example>
        S: 250 OK
        C: RCPT TO:<green@beta.arpa>
        S: 550 No such user here
        C: RCPT TO:<c@b.example>
        S: 250 OK
        C: RCPT TO:<d@b.example>
        S: 250 OK
        C: DATA
        S: 354 Start mail input; end with <CRLF>.<CRLF>
        from <> to a@b.example,c@b.example,d@b.example
        = x\x0d\x0a
        C: .
        end
        S: 250 OK
        S: 452 Full
        S: 451 Local error in processing
        C: MAIL FROM:<>
        S: 250 OK
        C: RCPT TO:<a@b.example>
        S: 250 OK
        C: RCPT TO:<c@b.example>
        S: 250 OK
        C: BDAT 11 LAST
        S: 552 Message too large: 10 octets at most
        S: 552 Message too large: 10 octets at most
        closed",
        &keep,
    );
}

#[test]
fn with_smtp_one_store_that_fails_fails_the_message() {
    let keep = [Reply::new(250, "OK"), Reply::new(452, "Full")];
    let client = format!("{START}DATA\nx\n.\n").replace('\n', "\r\n");
    let log = log_of(beta(), &[client.as_bytes()], &keep);
    assert_eq!(log[log.len() - 2], "S: 452 Full");
}

#[test]
fn log_ins_go_through_with_the_right_credentials_and_no_secret_is_shown() {
    let client = format!(
        "EHLO a.example\nMAIL FROM:<>\nAUTH CRAM-MD5\nAUTH PLAIN\n*\nAUTH PLAIN !\nAUTH PLAIN {SMITH}\n\
         AUTH LOGIN\n{SMITH}\n{SMITH}\nAUTH LOGIN {SMITH}\n{PASS}\nAUTH PLAIN {PLAIN}\nMAIL FROM:<> AUTH=<>\n"
    );
    plays(
        with_accounts,
        &client,
        "S: 220 Beta.ARPA Service ready
        C: EHLO a.example
        S: 250-Beta.ARPA
        S: 250-PIPELINING
        S: 250-SIZE
        S: 250-8BITMIME
        S: 250-SMTPUTF8
        S: 250-CHUNKING
        S: 250 AUTH PLAIN LOGIN
        C: MAIL FROM:<>
        S: 530 Authentication required
        C: AUTH CRAM-MD5
        S: 504 Unrecognized authentication mechanism
        C: AUTH PLAIN
        S: 334
        C: *
        S: 501 Authentication cancelled
        C: AUTH PLAIN ***
        S: 501 Cannot make anything of that response
        C: AUTH PLAIN ***
        S: 501 Cannot make anything of that response
        C: AUTH LOGIN
        S: 334 VXNlcm5hbWU6
        C: ***
        S: 334 UGFzc3dvcmQ6
        C: ***
        S: 535 Authentication credentials invalid
        C: AUTH LOGIN ***
        S: 334 UGFzc3dvcmQ6
        C: ***
        S: 235 Authentication succeeded
        C: AUTH PLAIN ***
        S: 503 Bad sequence of commands: AUTH comes once, after EHLO and before MAIL
        C: MAIL FROM:<> AUTH=<>
        S: 250 OK
        closed",
    );
}

#[test]
fn plain_is_taken_with_the_command_and_behind_it() {
    for client in [
        format!("AUTH PLAIN {PLAIN}"),
        format!("auth plain\n{PLAIN}"),
        format!("AUTH PLAIN =\nAUTH PLAIN {PLAIN}"),
    ] {
        let client = format!("EHLO a.example\n{client}\n").replace('\n', "\r\n");
        let log = log_of(with_accounts(), &[client.as_bytes()], &[]);
        assert_eq!(log[log.len() - 2], "S: 235 Authentication succeeded", "{log:?}");
        assert!(!log.concat().contains(PLAIN));
    }
    // An empty challenge has its blank all the same (RFC 4954, section 4).
    let mut server = Server::new(with_accounts());
    server.receive(b"EHLO a.example\r\nAUTH PLAIN\r\n");
    let mut last = Vec::new();
    loop {
        match server.advance() {
            ServeStep::Send(reply) => last = reply.to_vec(),
            ServeStep::Receive => break,
            _ => {}
        }
    }
    assert_eq!(last, b"334 \r\n");
}

#[test]
fn where_tls_is_to_be_had_no_password_is_taken_in_clear_and_tls_begins_anew() {
    let settings = || ServeSettings { tls_available: true, ..with_accounts() };
    let before = "EHLO a.example\r\nAUTH PLAIN AHNtaXRoAHBhIHNz\r\nSTARTTLS\r\n";
    let after = format!("MAIL FROM:<>\r\nEHLO a.example\r\nSTARTTLS\r\nAUTH PLAIN {PLAIN}\r\n");
    let log = log_of(settings(), &[before.as_bytes(), after.as_bytes()], &[]);
    let wanted = [
        "S: 220 Beta.ARPA Service ready",
        "C: EHLO a.example",
        "S: 250-Beta.ARPA",
        "S: 250-PIPELINING",
        "S: 250-SIZE",
        "S: 250-8BITMIME",
        "S: 250-SMTPUTF8",
        "S: 250-CHUNKING",
        "S: 250 STARTTLS",
        "C: AUTH PLAIN ***",
        "S: 538 Encryption required for requested authentication mechanism",
        "C: STARTTLS",
        "S: 220 Ready to start TLS",
        "tls",
        "C: MAIL FROM:<>",
        "S: 503 Bad sequence of commands: EHLO comes first",
        "C: EHLO a.example",
        "S: 250-Beta.ARPA",
        "S: 250-PIPELINING",
        "S: 250-SIZE",
        "S: 250-8BITMIME",
        "S: 250-SMTPUTF8",
        "S: 250-CHUNKING",
        "S: 250 AUTH PLAIN LOGIN",
        "C: STARTTLS",
        "S: 502 Command not implemented",
        "C: AUTH PLAIN ***",
        "S: 235 Authentication succeeded",
        "closed",
    ];
    assert_eq!(log, wanted);
}

#[test]
fn what_is_put_behind_starttls_in_clear_is_refused_and_never_obeyed() {
    let settings = || ServeSettings { tls_available: true, ..beta() };
    for injected in ["R", "RSET\r\n", "EHLO a.example\r\nMAIL FROM:<>\r\n"] {
        let client = format!("EHLO a.example\r\nSTARTTLS\r\n{injected}");
        let log = log_of(settings(), &[client.as_bytes()], &[]);
        assert_eq!(
            log[log.len() - 3..],
            ["C: STARTTLS", "S: 501 Nothing may follow STARTTLS in clear", "closed"]
        );
    }
    // What comes between the 220 and the handshake is dropped.
    let mut server = Server::new(settings());
    server.receive(b"STARTTLS\r\n");
    while server.advance() != ServeStep::StartTls {}
    server.receive(b"QUIT\r\n");
    server.tls_started();
    assert_eq!(server.advance(), ServeStep::Receive);
}

#[test]
fn a_line_that_is_too_long_is_refused_and_not_kept() {
    let fits = format!("NOOP {}\r\n", "x".repeat(LONGEST_LINE - 7));
    let long = format!("NOOP {}\r\n", "x".repeat(LONGEST_LINE - 6));
    let endless = "x".repeat(3 * LONGEST_LINE);
    for size in [1, 1000, LONGEST_LINE, LONGEST_LINE + 1, 100_000] {
        let client = format!("{fits}{long}{endless}\nNOOP\n");
        let pieces: Vec<&[u8]> = client.as_bytes().chunks(size).collect();
        let mut log = log_of(beta(), &pieces, &[]);
        log.retain(|line| line.starts_with("S: "));
        assert_eq!(
            log[1..],
            ["S: 250 OK", "S: 500 Line too long", "S: 500 Line too long", "S: 250 OK"],
            "in pieces of {size}"
        );
    }
    let mut server = Server::new(beta());
    for _ in 0..1000 {
        server.receive(&[b'x'; 1000]);
        while server.advance() != ServeStep::Receive {}
        assert!(server.input.len() < LONGEST_LINE + 1000);
    }
}

#[test]
fn too_many_errors_end_the_session() {
    let client = "WHAT\r\n".repeat(200);
    let log = log_of(beta(), &[client.as_bytes()], &[]);
    assert_eq!(log.iter().filter(|line| line.starts_with("S: 500")).count(), 99);
    assert_eq!(
        log[log.len() - 2..],
        ["S: 421 Beta.ARPA Too many errors, closing transmission channel", "closed"]
    );
}

#[test]
fn a_rule_with_421_ends_the_session_and_so_does_the_driver() {
    let mut settings = beta();
    settings.rules.add("a@b.example", 421, Some("Going down")).unwrap();
    let log = log_of(settings, &[b"EHLO x.example\nMAIL FROM:<>\nRCPT TO:<a@b.example>\nQUIT\n"], &[]);
    assert_eq!(log[log.len() - 2..], ["S: 421 Going down", "closed"]);

    let mut server = Server::new(beta());
    server.receive(format!("{START}DATA\nabc").replace('\n', "\r\n").as_bytes());
    while server.advance() != ServeStep::Receive {}
    server.dismiss("Timeout, closing transmission channel");
    assert_eq!(server.advance(), ServeStep::Abandon);
    assert_eq!(server.advance(), ServeStep::Send(b"421 Beta.ARPA Timeout, closing transmission channel\r\n"));
    assert_eq!(server.advance(), ServeStep::Closed);
}

fn submission() -> ServeSettings {
    ServeSettings { submission: true, ..ServeSettings::new(Domain::parse("host.example").unwrap()) }
}

#[test]
fn a_program_of_this_machine_gives_names_and_asks_for_reports() {
    let keep = [Reply::new(250, "2.0.0 Ok: queued as 1NGT5M0QX4K7C")];
    let client = "EHLO [127.0.0.1]\nMAIL FROM:<www-data> RET=HDRS ENVID=a+20b BODY=8BITMIME\n\
        RCPT TO:<you@example.org> NOTIFY=FAILURE,DELAY ORCPT=rfc822;you@example.org\nRCPT TO:<root>\n\
        RCPT TO:<postmaster>\nRCPT TO:<a b>\nRCPT TO:<x@y.z> NOTIFY=SOON\nDATA\n..\n.\nQUIT\n";
    plays_octets(
        submission,
        client.replace('\n', "\r\n").as_bytes(),
        r"S: 220 host.example Service ready
        C: EHLO [127.0.0.1]
        S: 250-host.example
        S: 250-PIPELINING
        S: 250-SIZE
        S: 250-8BITMIME
        S: 250-SMTPUTF8
        S: 250-CHUNKING
        S: 250-DSN
        S: 250 ENHANCEDSTATUSCODES
        C: MAIL FROM:<www-data> RET=HDRS ENVID=a+20b BODY=8BITMIME
        S: 250 2.1.0 OK
        C: RCPT TO:<you@example.org> NOTIFY=FAILURE,DELAY ORCPT=rfc822;you@example.org
        S: 250 2.1.5 OK
        C: RCPT TO:<root>
        S: 250 2.1.5 OK
        C: RCPT TO:<postmaster>
        S: 250 2.1.5 OK
        C: RCPT TO:<a b>
        S: 501 5.5.4 Syntax error: RCPT TO:<forward-path> [parameters]
        C: RCPT TO:<x@y.z> NOTIFY=SOON
        S: 501 5.5.4 Syntax error: NOTIFY is NEVER, or some of SUCCESS, FAILURE, DELAY
        C: DATA
        S: 354 Start mail input; end with <CRLF>.<CRLF>
        from <www-data@host.example> to you@example.org,root@host.example,Postmaster
        = .\x0d\x0a
        C: .
        end BareNames { sender: true, recipients: [1, 2] }
        S: 250 2.0.0 Ok: queued as 1NGT5M0QX4K7C
        C: QUIT
        S: 221 2.0.0 host.example Service closing transmission channel
        closed",
        &keep,
    );
}

#[test]
fn who_ends_data_by_lf_alone_ends_the_content_so_and_nobody_else_does() {
    let mail = r"S: 220 host.example Service ready
        C: MAIL FROM:<>
        S: 250 2.1.0 OK
        C: RCPT TO:<root>
        S: 250 2.1.5 OK
        C: DATA
        S: 354 Start mail input; end with <CRLF>.<CRLF>
        from <> to root@host.example
        ";
    let end = r"C: .
        end BareNames { sender: false, recipients: [0] }
        S: 250 OK
        ";
    plays_octets(
        submission,
        b"MAIL FROM:<>\nRCPT TO:<root>\nDATA\na\n..b\n.\nQUIT\n",
        &format!(
            r"{mail}= a\x0a.b\x0a
            {end}C: QUIT
            S: 221 2.0.0 host.example Service closing transmission channel
            closed"
        ),
        &[Reply::new(250, "OK")],
    );
    plays_octets(
        submission,
        b"MAIL FROM:<>\nRCPT TO:<root>\nDATA\r\na\n.\nQUIT\n\r\n.\r\n",
        &format!(r"{mail}= a\x0a.\x0aQUIT\x0a\x0d\x0a{}{end}closed", "\n"),
        &[Reply::new(250, "OK")],
    );
}

#[test]
fn programs_of_this_machine_are_told_of_every_error_and_not_sent_away() {
    let client = "RCPT TO:<x>\r\n".repeat(200);
    let log = log_of(submission(), &[client.as_bytes()], &[]);
    assert_eq!(log.iter().filter(|line| line.starts_with("S: 503 5.5.1")).count(), 200);
}
