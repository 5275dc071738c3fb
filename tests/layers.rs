//! Who may use whom (docs/architecture.md), read out of the sources.
//!
//! Every `crate::module` in `src/` is looked up in the table; a module that is not in it is a mistake too.
//! This is one of three locks; the others are clippy.toml, which keeps sockets, clocks, files and printing in
//! their places, and tests/circles.rs, by which no two files import each other.

#![allow(clippy::unwrap_used, clippy::panic)] // A test fails by panicking.

mod sources;

use ehlo_smtp::extension::Extension;
use ehlo_smtp::verb::Verb;
use sources::{code, files, is_test, without_tests};
use std::path::Path;

/// A module of the program, and those that it may use besides itself. All may use the protocol, `ehlo_smtp`,
/// which is a crate of its own: cargo sees to it that it uses none of them.
const TABLE: [(&str, &[&str]); 26] = [
    ("config", &[]),
    ("meaning", &[]),
    ("sasl", &["config"]),
    ("message", &[]),
    // It takes keys, records and messages as octets.
    ("dkim", &[]),
    // They judge what others have looked up.
    ("spf", &[]),
    ("dmarc", &[]),
    // A proxy has a password, and a Secret is what it is kept in.
    ("net", &["config"]),
    ("dns", &["net"]),
    ("https", &["config", "net"]),
    ("oauth", &["config", "net", "https"]),
    ("route", &["config", "net", "dns", "https"]),
    ("client", &["sasl", "net", "route"]),
    ("sink", &["net", "dns", "config"]),
    ("import", &["config", "sasl", "net"]),
    ("spool", &[]),
    ("probe", &["sasl", "net", "client"]),
    ("check", &["net", "dns", "route", "client", "probe", "dkim", "spf", "dmarc"]),
    (
        "words",
        &[
            "meaning", "config", "sasl", "message", "dkim", "dns", "net", "https", "oauth", "import",
            "route", "client", "sink", "spool", "delivery", "probe", "check", "spf", "dmarc", "mailer",
        ],
    ),
    (
        "report",
        &[
            "meaning", "sasl", "dkim", "dns", "net", "https", "oauth", "route", "client", "spool", "probe",
            "check", "delivery", "mailer", "words",
        ],
    ),
    ("delivery", &["net", "client", "route"]),
    ("mailer", &["message", "dkim", "net", "dns", "route", "client", "delivery", "spool"]),
    ("output", &["net", "delivery", "report", "cli"]),
    // The values of flags are types of lower layers.
    ("cli", &["net", "dns", "oauth", "route", "client", "sink", "spool"]),
    (
        "app",
        &[
            "config", "meaning", "sasl", "message", "dkim", "net", "dns", "https", "oauth", "import",
            "route", "client", "sink", "spool", "probe", "check", "report", "delivery", "mailer", "output",
            "cli", "words",
        ],
    ),
    // What the library exports to it.
    ("main", &["parse", "run"]),
];

/// Crates that only some modules may use.
const CRATES: [(&str, &[&str]); 25] = [
    ("anyhow", &["app"]),
    ("clap", &["cli"]),
    ("rustls", &["net"]),
    ("native_tls", &["net"]),
    ("rcgen", &["net"]),
    ("ring", &["net", "dkim"]),
    ("x509_cert", &["net"]),
    ("rustix", &["config", "net", "oauth", "route", "spool", "output", "app"]),
    ("ureq", &["https"]),
    ("domain", &["dns"]),
    ("form_urlencoded", &["https", "oauth"]),
    ("mail_builder", &["message"]),
    ("encoding_rs", &["message", "cli"]),
    ("indicatif", &["app"]),
    ("serde", &["report"]),
    ("rpassword", &["app"]),
    ("rustyline", &["app"]),
    ("keyring", &["app"]),
    ("postgres", &["spool", "app"]),
    ("tokio_postgres_rustls", &["net"]),
    ("hmac", &["sasl"]),
    ("sha1", &["sasl"]),
    ("sha2", &["sasl", "oauth"]),
    ("md5", &["sasl"]),
    ("stringprep", &["sasl"]),
];

/// The module that a file belongs to: the first step of its path.
fn module(path: &Path, root: &Path) -> String {
    let first = path.strip_prefix(root).unwrap().components().next().unwrap();
    first.as_os_str().to_str().unwrap().trim_end_matches(".rs").to_owned()
}

/// What follows `prefix` in a line, as far as it is a name, wherever `prefix` begins a word.
fn names_behind<'a>(line: &'a str, prefix: &str) -> Vec<&'a str> {
    line.match_indices(prefix)
        .filter(|(at, _)| !line[..*at].ends_with(|c: char| c.is_alphanumeric() || c == '_' || c == ':'))
        .map(|(at, _)| {
            let rest = &line[at + prefix.len()..];
            &rest[..rest.find(|c: char| !c.is_alphanumeric() && c != '_').unwrap_or(rest.len())]
        })
        .collect()
}

#[test]
fn each_module_uses_only_what_the_table_allows() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let files = files(&root);
    assert!(files.len() > 40, "the sources were not found");
    let mut culprits = Vec::new();
    for file in files {
        let name = module(&file, &root);
        // They hand on what others have.
        if ["lib", "inside"].contains(&name.as_str()) {
            continue;
        }
        let allowed = TABLE.iter().find(|(module, _)| *module == name);
        let Some((_, allowed)) = allowed else {
            culprits.push(format!("{}: the module {name} is not in the table", file.display()));
            continue;
        };
        let text = std::fs::read_to_string(&file).unwrap();
        // Documentation may point anywhere.
        let code = text.lines().enumerate().filter(|(_, line)| !line.trim_start().starts_with("//"));
        for (number, line) in code {
            let place = format!("{}:{}", file.display(), number + 1);
            for used in names_behind(line, "crate::").into_iter().chain(names_behind(line, "ehlo::")) {
                if !used.is_empty() && used != name && !allowed.contains(&used) {
                    culprits.push(format!("{place}: {name} may not use {used}"));
                }
            }
            for (library, users) in CRATES {
                let used = line.contains(&format!("{library}::"))
                    && names_behind(line, library).iter().any(|n| n.is_empty());
                if used && !users.contains(&name.as_str()) {
                    culprits.push(format!("{place}: {name} may not use the crate {library}"));
                }
            }
        }
    }
    assert!(culprits.is_empty(), "{}", culprits.join("\n"));
}

#[test]
fn the_lock_itself_sees_names() {
    assert_eq!(names_behind("use crate::net::Stream;", "crate::"), ["net"]);
    assert_eq!(names_behind("a(crate::sasl::x, crate::net)", "crate::"), ["sasl", "net"]);
    assert_eq!(names_behind("use mycrate::net;", "crate::"), Vec::<&str>::new());
    assert_eq!(names_behind("use crate::{net, smtp};", "crate::"), [""]);
}

#[test]
fn grouped_imports_from_the_crate_root_do_not_slip_through() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let files = files(&root);
    for file in files {
        let text = std::fs::read_to_string(&file).unwrap();
        assert!(!text.contains("crate::{"), "{}: name each module on a line of its own", file.display());
    }
}

/// `forbid` cannot be taken back further down, and both crates have it from the workspace.
#[test]
fn unsafe_code_is_forbidden() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let manifest = std::fs::read_to_string(root.join("Cargo.toml")).unwrap();
    assert!(manifest.contains("\n[workspace.lints.rust]\nunsafe_code = \"forbid\"\n"));
    for manifest in ["Cargo.toml", "crates/smtp/Cargo.toml"] {
        let manifest = std::fs::read_to_string(root.join(manifest)).unwrap();
        assert!(manifest.contains("\n[lints]\nworkspace = true\n"));
    }
}

/// Programs are run in one place, without a shell, and only the words of a command that the user gave get
/// there.
#[test]
fn programs_are_run_in_one_place() {
    for (file, code) in code().into_iter().filter(|(file, _)| !file.ends_with("/tests.rs")) {
        let own = without_tests(&code);
        let runs = own.contains("process::Command") || own.contains("process::{Child, Command");
        assert_eq!(runs, file == "net/program.rs", "{file}");
        // Which words a shell is meant by is known there, to leave them alone.
        let names_it = own.contains("\"sh\"") || own.contains("/bin/sh");
        assert!(!names_it || file == "config/words.rs", "{file}");
    }
}

/// Few places write to a server, and each but these six has its lines from `ehlo_smtp::command::Line`: the header of the
/// PROXY protocol, made of addresses, the sink, which is a server itself, and three that speak HTTP or to the DNS.
#[test]
fn commands_are_written_in_one_place() {
    let mut found: Vec<String> = code()
        .into_iter()
        .filter(|(_, code)| code.contains("stream.write_all(") || code.contains("stream.write_unless("))
        .map(|(file, _)| file)
        .collect();
    found.sort();
    let others = [
        "client/reach.rs",
        "dns/ask.rs",
        "https/transport.rs",
        "net/loopback.rs",
        "sink/connection.rs",
        "sink/name_server.rs",
    ];
    found.retain(|file| !others.contains(&file.as_str()));
    assert_eq!(found, ["client/drive/wire.rs", "probe/talk.rs"]);
}

/// The rooms below `words`: they say what is wrong as data, and in a few words; flags and exit statuses are
/// others'. `meaning` is not among them, whose tables are words.
const WORDLESS: [&str; 17] = [
    "smtp", "config", "sasl", "message", "dkim", "spf", "dmarc", "dns", "net", "https", "oauth", "route",
    "client", "sink", "delivery", "probe", "check",
];

/// What of a source is text for people: its string literals, without those of its tests.
fn literals(code: &str) -> Vec<String> {
    let own = without_tests(code);
    let mut found = Vec::new();
    let mut rest = own;
    while let Some(at) = rest.find(['"', '\'', '/']) {
        let (before, here) = rest.split_at(at);
        if here.starts_with("//") {
            rest = here.split_once('\n').map_or("", |(_, rest)| rest);
        } else if here.starts_with("'\"'") || here.starts_with("'\\'") || here.starts_with("'/'") {
            rest = &here[3..];
        } else if let Some(inside) = here.strip_prefix('"') {
            let hashes = before.len() - before.trim_end_matches('#').len();
            let is_raw = before.trim_end_matches('#').ends_with('r');
            let end = format!("\"{}", &"###"[..if is_raw { hashes } else { 0 }]);
            let mut to = 0;
            while !inside[to..].starts_with(&end) {
                let is_escape = !is_raw && inside[to..].starts_with('\\');
                to +=
                    inside[to..].chars().take(1 + usize::from(is_escape)).map(char::len_utf8).sum::<usize>();
            }
            found.push(inside[..to].to_owned());
            rest = &inside[to + end.len()..];
        } else {
            rest = &here[1..];
        }
    }
    found
}

/// Whether a text names a flag, long or short, or an exit status.
fn gives_advice(text: &str) -> bool {
    let behind = |at: usize| text[..at].chars().next_back();
    let long = text.match_indices("--").any(|(at, _)| {
        let is_word = text[at + 2..].starts_with(|c: char| c.is_ascii_lowercase());
        is_word && behind(at).is_none_or(|c| c != '-' && !c.is_alphanumeric())
    });
    let short = text.match_indices('-').any(|(at, _)| {
        let mut rest = text[at + 1..].chars();
        let is_letter = rest.next().is_some_and(|c| c.is_ascii_alphabetic());
        let ends = rest.next().is_none_or(|c| " ),;:".contains(c));
        is_letter && ends && behind(at).is_none_or(|c| " (".contains(c))
    });
    long || short || text.contains("exit status")
}

#[test]
fn the_rooms_below_words_name_no_flags_and_no_exit_statuses() {
    let mut culprits = Vec::new();
    for (file, code) in code() {
        let room = file.split(['/', '.']).next().unwrap();
        if !WORDLESS.contains(&room) || file.ends_with("tests.rs") {
            continue;
        }
        let mut found: Vec<String> = literals(&code).into_iter().filter(|text| gives_advice(text)).collect();
        // How a program ended is another matter.
        if code.contains("ExitStatus") && !code.contains("std::process::{Child, Command, ExitStatus") {
            found.push("ExitStatus".to_owned());
        }
        culprits.extend(found.into_iter().map(|text| format!("{file}: {text}")));
    }
    assert!(culprits.is_empty(), "{}", culprits.join("\n"));
}

/// A keyword of an extension, or a verb, is written in its table and nowhere else: what depends on one depends
/// on the enum.
#[test]
fn keywords_and_verbs_are_written_in_their_tables_alone() {
    // Of XCLIENT's attributes one is called HELO.
    let may = ["smtp/extension.rs", "smtp/verb.rs", "smtp/xclient.rs"];
    let mut culprits = Vec::new();
    for (file, code) in code() {
        if is_test(&file) || may.contains(&file.as_str()) {
            continue;
        }
        let known = literals(&code).into_iter().filter(|text| {
            let is_one = Extension::ALL.iter().any(|extension| extension.keyword() == text);
            is_one || Verb::ALL.iter().any(|verb| verb.name() == text)
        });
        culprits.extend(known.map(|text| format!("{file}: {text}")));
    }
    assert!(culprits.is_empty(), "{}", culprits.join("\n"));
}

#[test]
fn the_lock_on_words_knows_a_flag_when_it_sees_one() {
    for text in
        ["use --tls starttls", "--priority", "(--bind): no", "name it with -S (--server)", "(-u)", "-v"]
    {
        assert!(gives_advice(text), "{text}");
    }
    for text in
        ["-----BEGIN CERTIFICATE-----", "xn--mller-kva.example", "PKCS8 -TOPK", "a -- b", "8-bit", "A-labels"]
    {
        assert!(!gives_advice(text), "{text}");
    }
    let code = r##"let a = "one"; // "two"
        let b = ['"', '\'']; let c = r#"thr"ee"#; let d = "fo\"ur"; &'a str"##;
    assert_eq!(literals(code), ["one", "thr\"ee", "fo\\\"ur"]);
}
