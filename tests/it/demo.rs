//! `ehlo demo`: STD 10's example, without a server of ours.

use crate::harness::ehlo;
use ehlo_smtp::dialogue;

const REPORT: &str = "250\tJones@Beta.ARPA\tOK\n550\tGreen@Beta.ARPA\tNo such user here\n250\tBrown@Beta.ARPA\tOK\n\
     250\tmessage\tOK\n";

const TALK: &str = "The example of STD 10, the SMTP standard: Smith at Alpha.ARPA writes to Jones,\n\
     Green and Brown at Beta.ARPA, and Green does not exist. The client is the real\n\
     one; the server is 'ehlo sink'.\n\n\
     # connected to 127.0.0.1:PORT\n\
     S: 220 Beta.ARPA Service ready\n\
     C: EHLO Alpha.ARPA\n\
     S: 250 Beta.ARPA\n\
     C: MAIL FROM:<Smith@Alpha.ARPA>\n\
     S: 250 OK\n\
     C: RCPT TO:<Jones@Beta.ARPA>\n\
     S: 250 OK\n\
     C: RCPT TO:<Green@Beta.ARPA>\n\
     S: 550 No such user here\n\
     C: RCPT TO:<Brown@Beta.ARPA>\n\
     S: 250 OK\n\
     C: DATA\n\
     S: 354 Start mail input; end with <CRLF>.<CRLF>\n\
     # > Blah blah blah...\n\
     # > ...etc. etc. etc.\n\
     C: … 38 octets\n\
     C: .\n\
     S: 250 OK\n\
     C: QUIT\n\
     S: 221 Beta.ARPA Service closing transmission channel\n\n\
     This is the report: one line for each recipient and one for the message (on\n\
     standard output).\n\n\n\
     'ehlo send' would exit with status 10 now: only some recipients have it. Jones\n\
     and Brown have the message. Green does not, and the report says so.\n\n\
     Next, send a message of your own:\n  \
     echo done | ehlo send -S mail.example.org -f me@example.org ops@example.org\n";

#[test]
fn four_lines_on_standard_output_and_the_status_is_0() {
    ehlo("demo").stdout(REPORT).stderr(TALK).exit(0);
    ehlo("demo std10").stdout(REPORT).stderr(TALK).exit(0);
}

#[test]
fn the_dialogue_in_it_is_one() {
    let lines = TALK.lines().filter(|line| line.starts_with("C: ") || line.starts_with("S: "));
    let text: String = lines.map(|line| format!("{line}\n")).collect();
    assert_eq!(dialogue::parse(&text).unwrap().len(), 18);
}

#[test]
fn colours_come_when_they_are_asked_for() {
    ehlo("demo --color always").stdout("\x1b[32m250\x1b[0m\tJones@Beta.ARPA\tOK\n\x1b[31m550\x1b[0m\tGreen@Beta.ARPA\tNo such user here\n\
         \x1b[32m250\x1b[0m\tBrown@Beta.ARPA\tOK\n\x1b[32m250\x1b[0m\tmessage\tOK\n").stderr(TALK).exit(0);
}

#[test]
fn nobody_reads_standard_output() {
    ehlo("demo").stdout_closed().stderr(TALK).exit(0);
}

#[test]
fn what_is_no_demo_is_64() {
    ehlo("demo Jones@Beta.ARPA")
        .stderr("ehlo: DEMO must be one of std10, mx, not 'Jones@Beta.ARPA'\n")
        .exit(64);
    ehlo("demo std10 mx").stderr("ehlo: unexpected argument 'mx': see 'ehlo demo --help'\n").exit(64);
}

/// What the second demo says, without what changes from run to run.
fn of_mx(stderr: &str) -> String {
    let port = stderr.split_once("at 127.0.0.1:").unwrap().1.split_once('\n').unwrap().0;
    let digest = stderr.split_once(", id ").unwrap().1.split_once(',').unwrap().0;
    assert_eq!(digest.len(), 16);
    let text = stderr.replace(&format!(":{port}"), ":PORT").replace(&format!("_{port}"), "_PORT");
    text.replace(digest, "DIGEST")
}

#[test]
fn two_domains_are_found_and_proved_and_nothing_is_left() {
    let folder = tempfile::TempDir::new().unwrap();
    let run = ehlo("demo mx");
    let mut command = run.command(None);
    let done = command.env("TMPDIR", folder.path()).env("HOME", folder.path()).output().unwrap();
    let [out, err] = [done.stdout, done.stderr].map(|text| String::from_utf8(text).unwrap());
    assert_eq!(
        out,
        "250\tJones@beta.example\tOK\n250\tBrown@gamma.example\tOK\n250\tmessage\tmx.beta.example: OK\n250\tmessage\tmx.gamma.example: OK\n"
    );
    assert_eq!(done.status.code(), Some(0));
    let dialogue = |recipient: &str, by: &str| {
        format!(
            "S: 220 mx.example Service ready\n\
             C: EHLO alpha.example\n\
             S: 250-mx.example\n\
             S: 250 STARTTLS\n\
             C: STARTTLS\n\
             S: 220 Ready to start TLS\n\
             # TLS: TLSv1.3, TLS13_AES_256_GCM_SHA384, certificate verified{by}\n\
             C: EHLO alpha.example\n\
             S: 250 mx.example\n\
             C: MAIL FROM:<Smith@alpha.example>\n\
             S: 250 OK\n\
             C: RCPT TO:<{recipient}>\n\
             S: 250 OK\n\
             C: DATA\n\
             S: 354 Start mail input; end with <CRLF>.<CRLF>\n\
             # > From: Smith <Smith@alpha.example>\n\
             # > To: Jones <Jones@beta.example>, Brown <Brown@gamma.example>\n\
             # > Subject: Two domains\n\
             # > \n\
             C: … 139 octets\n\
             C: .\n\
             S: 250 OK\n\
             C: QUIT\n\
             S: 221 mx.example Service closing transmission channel\n"
        )
    };
    let way = |domain: &str| {
        format!(
            "# for the domain {domain}\n\
             # looked up: {domain} MX\n\
             # looked up: _mta-sts.{domain} TXT\n\
             # looked up: mx.{domain} A\n\
             # looked up: mx.{domain} AAAA\n\
             # looked up: _PORT._tcp.mx.{domain} TLSA\n\
             # connected to mx.{domain} at 127.0.0.1:PORT\n"
        )
    };
    assert_eq!(
        of_mx(&err),
        [
            "One message to two domains, as 'ehlo send -S mx:' sends it: no server is named,\n\
             the DNS says which one it is. The client is the real one; 'ehlo sink --dns' is\n\
             the DNS, the web server and the mail server of both domains, on this host.\n\n\
             First, where it goes, and what is demanded there ('ehlo send --dry-run' shows\n\
             this):\n\n\
             domain      beta.example: MX (validated)\n\
             host        10 mx.beta.example: 127.0.0.1, validated; TLS by DANE: 3 1 1\n            \
             DIGEST…\n\
             domain      gamma.example: MX (not validated)\n\
             mta-sts     enforced, id DIGEST, fetched\n\
             host        10 mx.gamma.example: 127.0.0.1; TLS by MTA-STS, with a certificate\n            \
             for mx.gamma.example\n\n\
             beta.example is signed by DNSSEC: a TLSA record says which key its server has\n\
             (DANE). gamma.example is not: it has a policy, fetched over https, by which its\n\
             server needs a certificate for its name (MTA-STS). A server that does not prove\n\
             itself gets nothing. Now the message, and what is looked up for it once more:\n\n",
            &way("beta.example"),
            &dialogue("Jones@beta.example", " by DANE (3 1 1 DIGEST…)"),
            &way("gamma.example"),
            &dialogue("Brown@gamma.example", ""),
            "\nThis is the report: who has the message (on standard output).\n\n\n\
             'ehlo send' would exit with status 0 now: every recipient has the message. Next,\n\
             be the mail server of every domain yourself; it says how to send to it:\n  \
             ehlo sink -v --dns 127.0.0.1:0\n"
        ]
        .concat()
    );
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 0);
}
