//! Files that are written to while they are sent: one that grows is sent as it was when it was opened, one
//! whose octets have changed is not. The server is a program that does the change, at a moment that is always
//! the same.

use crate::harness::{Done, Ehlo, ehlo};

/// Says what a server says; does `CHANGE` before anybody is accepted, and `LATER` when it has a part of the
/// message.
const SERVER: &str = r#"
cr=$(printf '\r')
say() { printf '%s\r\n' "$1"; }
say '220 beta'
while IFS= read -r line; do
    case $line in
        EHLO*) say '250-beta'; say "250 $OFFER" ;;
        RCPT*) eval "$CHANGE"; say '250 OK' ;;
        BDAT*)
            line=${line#BDAT }
            octets=${line%% *}
            head -c 1000 >got; eval "$LATER"; head -c $((octets - 1000)) >>got
            say '250 OK' ;;
        DATA*)
            say '354 go on'
            eval "$LATER"
            while IFS= read -r line && [ "$line" != ".$cr" ]; do printf '%s\n' "$line"; done >got
            say '250 OK' ;;
        QUIT*) say '221 bye'; exit ;;
        *) say '250 OK' ;;
    esac
done
"#;

const GROW: &str = "echo more >>grow";
/// As long as before, and then longer.
const OTHERS: [&str; 3] = [
    "printf X | dd of=grow conv=notrunc status=none; echo more >>grow",
    "printf X | dd of=grow conv=notrunc bs=1 seek=2500 status=none; echo more >>grow",
    "printf X | dd of=grow conv=notrunc bs=1 seek=2500 status=none; touch -d '2001-01-01' grow",
];

/// Lines of text, so many octets; the first of them a field.
fn text(octets: usize) -> String {
    let line = "Subject: a line of sixty-four octets, the field of a header....\n";
    let body = "0123456789 a line of sixty-four octets, with nothing in it.....\n";
    let text = format!("{line}\n{}", body.repeat(octets / body.len() + 1));
    text[..octets].to_owned()
}

/// The same with CRLF, and one at the end.
fn arrived(octets: usize) -> String {
    let text = text(octets).replace('\n', "\r\n");
    if text.ends_with('\n') { text } else { text + "\r\n" }
}

fn run(flags: &str, octets: usize, offer: &str, change: &str, later: &str) -> Ehlo {
    ehlo(&format!("send --ehlo-name alpha.arpa -f Smith@Alpha.ARPA -t Jones@Beta.ARPA {flags} --pipe"))
        .arg("sh server")
        .file("server", SERVER)
        .file("grow", text(octets))
        .env("OFFER", offer)
        .env("CHANGE", change)
        .env("LATER", later)
}

/// The octets of the first part that is in base64.
fn decoded(message: &str) -> String {
    let (_, part) = message.split_once("Content-Transfer-Encoding: base64").unwrap();
    let (_, encoded) = part.split_once("\r\n\r\n").unwrap();
    let encoded: String = encoded.split("\r\n--").next().unwrap().split_whitespace().collect();
    String::from_utf8(encodify::base64::STANDARD.decode(&encoded).unwrap()).unwrap()
}

fn is_sent(run: Ehlo) -> Done {
    run.stdout("250\tJones@Beta.ARPA\tOK\n250\tmessage\tOK\n").exit(0)
}

#[test]
fn a_message_that_grows_is_sent_as_it_was() {
    for offer in ["CHUNKING", "HELP"] {
        for octets in [3_000, 300_000] {
            for (change, later) in [(GROW, ""), ("", GROW), (GROW, GROW)] {
                let done = is_sent(run("-m grow", octets, offer, change, later));
                assert!(done.file("got") == arrived(octets), "{offer}, {octets}, {change}, {later}");
                assert!(done.file("grow").len() > octets);
            }
        }
    }
}

#[test]
fn an_attachment_that_grows_is_sent_as_it_was() {
    for name in ["grow.log", "grow.bin"] {
        for offer in ["CHUNKING", "HELP"] {
            for octets in [3_000, 200_000] {
                let flags = format!("--body x -a grow --attach-name {name}");
                let done = is_sent(run(&flags, octets, offer, GROW, GROW));
                assert!(decoded(&done.file("got")) == text(octets), "{name}, {offer}, {octets}");
            }
        }
    }
    let flags = "--html page --inline grow --attach-name grow.png";
    let done = is_sent(run(flags, 3_000, "CHUNKING", GROW, GROW).file("page", "<p>x</p>\n"));
    assert_eq!(decoded(&done.file("got")), text(3_000));
}

#[test]
fn octets_that_are_others_than_those_counted_66() {
    for flags in ["-m grow", "--body x -a grow", "--body x -a grow --attach-type application/x-thing"] {
        for offer in ["CHUNKING", "HELP"] {
            for change in
                OTHERS.into_iter().chain(["truncate -s 2000 grow", "head -c 9000 server server server >grow"])
            {
                let why = "'grow' changed while it was sent";
                run(flags, 5_000, offer, change, "")
                    .stdout(&format!(
                        "---\tJones@Beta.ARPA\tdeferred: {why}\n---\tmessage\tdeferred: {why}\n"
                    ))
                    .stderr(&format!("ehlo: {why}\n"))
                    .exit(66);
            }
        }
    }
}

#[test]
fn a_large_message_that_changes_while_it_is_sent_66_before_the_server_has_all_of_it() {
    // More than what fits between two programs.
    let octets = 8 << 20;
    for change in OTHERS.into_iter().chain(["truncate -s 2000 grow"]) {
        let why = "'grow' changed while it was sent";
        let done = run("-m grow", octets, "CHUNKING", "", change)
            .stdout(&format!("---\tJones@Beta.ARPA\tdeferred: {why}\n---\tmessage\tdeferred: {why}\n"))
            .stderr(&format!("ehlo: {why}\n"))
            .exit(66);
        assert!(done.file("got").len() < octets);
    }
    let done = is_sent(run("-m grow", octets, "CHUNKING", "", GROW));
    assert!(done.file("got") == arrived(octets));
}

#[test]
fn a_large_attachment_that_is_read_once_66_where_it_changes_and_sent_where_it_grows() {
    // More than what fits between two programs.
    let octets = 8 << 20;
    let edit = "printf X | dd of=grow conv=notrunc bs=1 seek=6000000 status=none";
    let swap = "printf %64s B | dd of=grow conv=notrunc bs=64 seek=100000 status=none";
    for flags in ["--body x -a grow --attach-type application/x-thing", "--body x -a grow"] {
        for change in
            [edit.to_owned(), format!("{edit}; {GROW}"), format!("{GROW}; {swap}; touch -d 2001-01-01 grow")]
        {
            let why = "'grow' changed while it was sent";
            let done = run(flags, octets, "CHUNKING", "", &change)
                .stdout(&format!("---\tJones@Beta.ARPA\tdeferred: {why}\n---\tmessage\tdeferred: {why}\n"))
                .stderr(&format!("ehlo: {why}\n"))
                .exit(66);
            // In base64.
            assert!(done.file("got").len() < octets / 3 * 4, "{flags}, {change}");
        }
        for change in [GROW, "touch -d 2001-01-01 grow", "chmod 600 grow; mv grow away; cp away grow"] {
            let done = is_sent(run(flags, octets, "CHUNKING", change, change));
            assert!(decoded(&done.file("got")) == text(octets), "{flags}, {change}");
        }
    }
    for (change, later) in [("touch grow", ""), ("", "touch -d 2001-01-01 grow")] {
        let done = is_sent(run("-m grow", octets, "CHUNKING", change, later));
        assert!(done.file("got") == arrived(octets), "{change}, {later}");
    }
}
