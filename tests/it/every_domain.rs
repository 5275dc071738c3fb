//! `ehlo sink --dns`: the line that it prints is run as it is; its DNS over real sockets, whatever comes.

use crate::harness::{Sink, ehlo};
use crate::here::{Here, without_digest};
use std::io::{Read, Write};
use std::net::{SocketAddr, TcpStream, UdpSocket};
use std::path::PathBuf;
use std::time::{Duration, Instant};

const DELIVERED: &str = "250\tyou@example.org\tOK\n250\tthem@example.com\tOK\n250\tmessage\tmx.example.org: OK\n250\tmessage\tmx.example.com: OK\n";

#[test]
fn the_line_that_it_prints_sends_a_message_to_two_domains() {
    let here = Here::start("--dns 127.0.0.1:0");
    assert_eq!(
        here.clean(&here.said),
        "This sink is the mail server of every domain, for those who ask its DNS at\n\
         127.0.0.1:DNS. In another terminal:\n  \
         echo hello | ehlo send -S mx: -p SMTP --resolver 127.0.0.1:DNS --mx-allow loopback \
         --ca-file DIR/ehlo-sink-MADE/ca.pem --mta-sts-connect 127.0.0.1:HTTPS \
         --mta-sts-cache DIR/ehlo-sink-MADE/policies -f me@example.net you@example.org them@example.com\n\
         Any addresses will do. --policy mta-sts checks the server by MTA-STS instead of\n\
         DANE; -v shows the dialogue, --dry-run the look-ups.\n"
    );
    assert_eq!(here.send(here.line(), ""), (DELIVERED.to_owned(), String::new(), Some(0)));
    // Both policies prove that the server is the domain's.
    for policy in ["dane", "mta-sts", "dane,mta-sts"] {
        let done = here.send(here.line(), &format!("--require-policy --policy {policy}"));
        assert_eq!(done, (DELIVERED.to_owned(), String::new(), Some(0)), "{policy}");
    }
    assert_eq!(here.stop(), (String::new(), vec![]));
}

#[test]
fn what_is_looked_up_says_by_which_policy_the_server_is_known() {
    let here = Here::start("--dns 127.0.0.1:0");
    let way = |more: &str| {
        let (out, err, status) = here.send(here.line(), &format!("--dry-run {more}"));
        assert_eq!((err.as_str(), status), ("", Some(0)));
        let rows: Vec<&str> = out.lines().skip_while(|row| !row.starts_with("domain")).collect();
        rows.join("\n")
    };
    assert_eq!(
        without_digest(&way("")),
        "domain      example.org: MX (validated)\n\
         host        10 mx.example.org: 127.0.0.1, validated; TLS by DANE: 3 1 1 0000000000000000…\n\
         domain      example.com: MX (validated)\n\
         host        10 mx.example.com: 127.0.0.1, validated; TLS by DANE: 3 1 1 0000000000000000…"
    );
    let by_mta_sts = |source: &str| {
        let domain = |name: &str| {
            format!(
                "domain      {name}: MX (validated)\n\
                 mta-sts     enforced, id 0000000000000000, {source}\n\
                 host        10 mx.{name}: 127.0.0.1, validated; TLS by MTA-STS, with a certificate for mx.{name}"
            )
        };
        format!("{}\n{}", domain("example.org"), domain("example.com"))
    };
    assert_eq!(without_digest(&way("--policy mta-sts")), by_mta_sts("fetched"));
    // Kept in the sink's own folder, and in no other.
    assert_eq!(without_digest(&way("--policy mta-sts")), by_mta_sts("kept"));
    assert!(!here.folder.path().join(".cache").exists());
    assert_eq!(here.stop().1, Vec::<PathBuf>::new());
}

#[test]
fn the_dialogue_names_the_host_of_each_domain() {
    let here = Here::start("--dns 127.0.0.1:0 -v");
    let line = here.line().replace(" them@example.com", "");
    let fixed =
        "-v --ehlo-name alpha.arpa --date 'Mon, 02 Nov 1981 14:37:00 +0000' --message-id 1@alpha.arpa";
    let (out, err, status) = here.send(&line, fixed);
    assert_eq!((out.as_str(), status), ("250\tyou@example.org\tOK\n250\tmessage\tOK\n", Some(0)));
    assert_eq!(
        without_digest(&err),
        "# for the domain example.org\n\
         # connected to mx.example.org at 127.0.0.1:SMTP\n\
         S: 220 beta.arpa Service ready\n\
         C: EHLO alpha.arpa\n\
         S: 250-beta.arpa\n\
         S: 250-PIPELINING\n\
         S: 250-SIZE\n\
         S: 250-8BITMIME\n\
         S: 250-SMTPUTF8\n\
         S: 250-CHUNKING\n\
         S: 250 STARTTLS\n\
         C: STARTTLS\n\
         S: 220 Ready to start TLS\n\
         # TLS: TLSv1.3, TLS13_AES_256_GCM_SHA384, certificate verified by DANE (3 1 1 0000000000000000…)\n\
         C: EHLO alpha.arpa\n\
         S: 250-beta.arpa\n\
         S: 250-PIPELINING\n\
         S: 250-SIZE\n\
         S: 250-8BITMIME\n\
         S: 250-SMTPUTF8\n\
         S: 250 CHUNKING\n\
         C: MAIL FROM:<me@example.net> SIZE=217\n\
         C: RCPT TO:<you@example.org>\n\
         S: 250 OK\n\
         S: 250 OK\n\
         C: BDAT 217 LAST\n\
         # > Date: Mon, 2 Nov 1981 14:37:00 +0000\n\
         # > From: <me@example.net>\n\
         # > To: <you@example.org>\n\
         # > Message-ID: <1@alpha.arpa>\n\
         C: … 217 octets\n\
         C: QUIT\n\
         S: 250 OK\n\
         S: 221 beta.arpa Service closing transmission channel\n"
    );
    let done = here.send(&line, "--policy mta-sts -q");
    assert_eq!(done, (String::new(), String::new(), Some(0)));
    let tlsa = format!("# looked up: _{}._tcp.mx.example.org TLSA", here.smtp.port());
    let (said, left) = here.stop();
    assert_eq!(left, Vec::<PathBuf>::new());
    let asked: Vec<&str> =
        said.lines().filter(|line| line.contains("looked up") || line.contains("MTA-STS")).collect();
    let mx = "# looked up: example.org MX";
    let txt = "# looked up: _mta-sts.example.org TXT";
    let (v4, v6) = ("# looked up: mx.example.org A", "# looked up: mx.example.org AAAA");
    let fetched = "# MTA-STS policy fetched from mta-sts.example.org";
    assert_eq!(asked, [mx, txt, v4, v6, &tlsa, mx, txt, v4, v6, fetched]);
}

#[test]
fn a_server_that_is_not_the_domains_gets_nothing() {
    let here = Here::start("--dns 127.0.0.1:0");
    let other: Sink = ehlo("sink --name beta.arpa").listen();
    let line = here.line().replace(&format!("-p {}", here.smtp.port()), &format!("-p {}", other.port()));
    // There is no TLSA record for another port: the policy that is left demands a certificate by the sink's authority.
    let (out, err, status) = here.send(&line, "");
    let why = |name: &str| format!("untried: mx.{name}: certificate not trusted: it is self-signed");
    assert_eq!(
        out,
        format!(
            "---\tyou@example.org\t{}\n---\tthem@example.com\t{}\n---\tmessage\t{}\n",
            why("example.org"),
            why("example.com"),
            why("example.com")
        )
    );
    assert_eq!((err.as_str(), status), ("", Some(75)));
    other.stop("");
}

#[test]
fn the_certificate_can_be_kept() {
    let here = Here::start("--dns 127.0.0.1:0 --cert-out ca.pem");
    let kept = here.folder.path().canonicalize().unwrap().join("ca.pem");
    assert_eq!(here.value("--ca-file"), kept.display().to_string());
    let done = here.send(here.line(), "--policy mta-sts --require-policy");
    assert_eq!(done, (DELIVERED.to_owned(), String::new(), Some(0)));
    // Whoever knows the server needs no DNS: the certificate is for its address too.
    let line = format!("echo hello | ehlo send -S {} --tls starttls --ca-file {}", here.smtp, kept.display());
    let (out, err, status) = here.send(&line, "-f me@example.net you@example.org");
    assert_eq!(
        (out.as_str(), err.as_str(), status),
        ("250\tyou@example.org\tOK\n250\tmessage\tOK\n", "", Some(0))
    );
    let (_, left) = here.stop();
    assert_eq!(left.len(), 1);
    assert!(left[0].ends_with("ca.pem"));
}

#[test]
fn ipv6_goes_as_well() {
    if std::net::TcpListener::bind("[::1]:0").is_err() {
        return;
    }
    let here = Here::start("--listen [::1]:0 --dns [::1]:0");
    for policy in ["dane", "mta-sts"] {
        let done = here.send(here.line(), &format!("--require-policy --policy {policy}"));
        assert_eq!(done, (DELIVERED.to_owned(), String::new(), Some(0)), "{policy}");
    }
}

#[test]
fn once_ends_the_dns_too() {
    let mut here = Here::start("--dns 127.0.0.1:0 --once");
    let line = here.line().replace(" them@example.com", "");
    let (out, err, status) = here.send(&line, "");
    assert_eq!(
        (out.as_str(), err.as_str(), status),
        ("250\tyou@example.org\tOK\n250\tmessage\tOK\n", "", Some(0))
    );
    assert_eq!(here.child.wait().unwrap().code(), Some(0));
}

#[test]
fn flags_that_speak_against_it_64() {
    for (flags, why) in [
        (
            "--dns 127.0.0.1:0 --tls off",
            "--dns: mail servers of domains speak TLS after STARTTLS; leave out --tls",
        ),
        (
            "--dns 127.0.0.1:0 --tls implicit",
            "--dns: mail servers of domains speak TLS after STARTTLS; leave out --tls",
        ),
        (
            "--dns 127.0.0.1:0 --listen 0.0.0.0:0",
            "--dns: 0.0.0.0 is no address that a client can connect to; give one with --listen",
        ),
    ] {
        ehlo(&format!("sink {flags}")).stderr(&format!("ehlo: {why}\n")).exit(64);
    }
    for flags in ["--dns 127.0.0.1:0 --lmtp", "--mta-sts-port 8443", "--dns 5353", "--dns localhost:53"] {
        let done = ehlo(&format!("sink {flags}")).command(None).output().unwrap();
        assert_eq!(done.status.code(), Some(64), "{flags}");
    }
}

#[test]
fn a_port_that_is_taken_is_told() {
    let here = Here::start("--dns 127.0.0.1:0");
    let taken = here.dns();
    ehlo(&format!("sink --dns {taken}"))
        .stderr(&format!("ehlo: cannot start the sink: cannot listen on {taken}: address already in use\n"))
        .exit(74);
}

/// A question for the MX records of this name, by hand: without EDNS.
fn question(name: &str) -> Vec<u8> {
    let mut octets = vec![0x12, 0x34, 1, 0, 0, 1, 0, 0, 0, 0, 0, 0];
    for label in name.split('.') {
        octets.push(u8::try_from(label.len()).unwrap());
        octets.extend_from_slice(label.as_bytes());
    }
    octets.extend([0, 0, 15, 0, 1]);
    octets
}

/// Whether this is an answer to such a question with one record.
fn is_answer(octets: &[u8]) -> bool {
    octets.len() > 12 && octets[..4] == [0x12, 0x34, 0x81, 0x80] && octets[4..8] == [0, 1, 0, 1]
}

fn asks_by_udp(address: SocketAddr) -> bool {
    let socket = UdpSocket::bind("127.0.0.1:0").unwrap();
    socket.set_read_timeout(Some(Duration::from_millis(500))).unwrap();
    let mut room = [0; 4096];
    // Where there is no room for a datagram it is lost, and asked again.
    for _ in 0..10 {
        socket.send_to(&question("alpha.example"), address).unwrap();
        if let Ok(count) = socket.recv(&mut room) {
            return is_answer(&room[..count]);
        }
    }
    false
}

#[test]
fn no_datagram_stops_the_dns() {
    let here = Here::start("--dns 127.0.0.1:0");
    let socket = UdpSocket::bind("127.0.0.1:0").unwrap();
    socket.set_nonblocking(true).unwrap();
    let whole = question("alpha.example");
    for length in 0..whole.len() {
        socket.send_to(&whole[..length], here.dns()).unwrap();
    }
    for octet in 0..=255 {
        let _ = socket.send_to(&[octet; 600], here.dns());
    }
    // An answer: to answer it would be the beginning of a long conversation.
    let mut answer = whole.clone();
    answer[2] |= 0x80;
    let alone = UdpSocket::bind("127.0.0.1:0").unwrap();
    alone.send_to(&answer, here.dns()).unwrap();
    assert!(asks_by_udp(here.dns()));
    alone.set_nonblocking(true).unwrap();
    assert!(alone.recv(&mut [0; 16]).is_err());
    assert_eq!(here.stop().0, "");
}

#[test]
fn over_tcp_questions_come_in_pieces_and_one_after_the_other() {
    let here = Here::start("--dns 127.0.0.1:0");
    let framed = |question: &[u8]| [&u16::try_from(question.len()).unwrap().to_be_bytes(), question].concat();
    let mut stream = TcpStream::connect(here.dns()).unwrap();
    stream.set_read_timeout(Some(Duration::from_secs(5))).unwrap();
    stream.set_nodelay(true).unwrap();
    let hear = |stream: &mut TcpStream| {
        let mut length = [0; 2];
        stream.read_exact(&mut length).unwrap();
        let mut octets = vec![0; usize::from(u16::from_be_bytes(length))];
        stream.read_exact(&mut octets).unwrap();
        assert!(is_answer(&octets));
    };
    let two = [framed(&question("alpha.example")), framed(&question("beta.example"))].concat();
    for piece in two.chunks(7) {
        stream.write_all(piece).unwrap();
        std::thread::sleep(Duration::from_millis(2));
    }
    hear(&mut stream);
    hear(&mut stream);
    stream.write_all(&two).unwrap();
    hear(&mut stream);
    hear(&mut stream);
    // What is no question ends it, and so does one that is far too long.
    for octets in [framed(&[0x80; 20]), [&[0xff, 0xff][..], &[0; 8192]].concat()] {
        let mut stream = TcpStream::connect(here.dns()).unwrap();
        // Longer than any client is waited for: that it does not end is seen.
        stream.set_read_timeout(Some(Duration::from_secs(40))).unwrap();
        let _ = stream.write_all(&octets);
        match stream.read(&mut [0; 16]) {
            Ok(octets) => assert_eq!(octets, 0),
            Err(error) => assert_eq!(error.kind(), std::io::ErrorKind::ConnectionReset),
        }
    }
    assert_eq!(here.stop().0, "");
}

#[test]
fn clients_that_say_nothing_keep_nobody_else_waiting() {
    let here = Here::start("--dns 127.0.0.1:0");
    let https: SocketAddr = here.value("--mta-sts-connect").parse().unwrap();
    let idle: Vec<TcpStream> = (0..40).map(|_| TcpStream::connect(here.dns()).unwrap()).collect();
    let stalled: Vec<TcpStream> = (0..8).map(|_| TcpStream::connect(https).unwrap()).collect();
    assert!(asks_by_udp(here.dns()));
    let begun = Instant::now();
    let done = here.send(here.line(), "--policy mta-sts --require-policy");
    assert_eq!(done, (DELIVERED.to_owned(), String::new(), Some(0)));
    // It does not wait for them at its end, either.
    assert_eq!(here.stop().0, "");
    assert!(begun.elapsed() < Duration::from_secs(4), "{:?}", begun.elapsed());
    drop((idle, stalled));
}
