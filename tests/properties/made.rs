//! Input that is nearly right: pieces of the protocol in any order, with what does not belong among them.

use proptest::prelude::*;
use proptest::sample::select;

/// Some of these, one behind the other.
fn some_of(pieces: &'static [&'static str], most: usize) -> impl Strategy<Value = Vec<u8>> {
    let piece = prop_oneof![
        12 => select(pieces).prop_map(|piece| piece.as_bytes().to_vec()),
        1 => prop::collection::vec(any::<u8>(), 0..4),
        1 => any::<char>().prop_map(|c| c.to_string().into_bytes()),
    ];
    prop::collection::vec(piece, 0..most).prop_map(|pieces| pieces.concat())
}

/// Two behind one another.
fn then(
    one: impl Strategy<Value = Vec<u8>>,
    other: impl Strategy<Value = Vec<u8>>,
) -> impl Strategy<Value = Vec<u8>> {
    (one, other).prop_map(|(one, other)| [one, other].concat())
}

/// Octets from `0` on, as flags are written.
fn flags(count: usize) -> impl Strategy<Value = Vec<u8>> {
    // Mostly none: each of them ends many sessions early.
    let flag = prop_oneof![3 => Just(b'0'), 2 => b'0'..=b'o'];
    prop::collection::vec(flag, count)
}

pub fn replies() -> impl Strategy<Value = Vec<u8>> {
    some_of(
        &[
            "220 beta.arpa\r\n",
            "250 OK\r\n",
            "250-",
            "250 ",
            "250\r\n",
            "251",
            "354 go\r\n",
            "421 ",
            "550 5.1.1 no\r\n",
            "550-5.7.1 ",
            "\r\n",
            "\n",
            "\r",
            "-",
            " ",
            "\x1b[31m",
            "25",
            "dsn=5.1.1 ",
            "said: ",
            "alert number 40",
            "\u{202e}",
            "secret",
        ],
        40,
    )
}

pub fn offers() -> impl Strategy<Value = Vec<u8>> {
    some_of(
        &[
            "SIZE",
            "size ",
            "10000",
            "0",
            "99999999999999999999",
            "AUTH ",
            "AUTH=",
            "auth\t",
            "PLAIN",
            "plain ",
            "LIMITS ",
            "RCPTMAX=",
            "MAILMAX=",
            "=",
            " ",
            "\t",
            "\n",
            "\r\n",
            "PIPELINING",
            "STARTTLS",
            "é",
            "\0",
        ],
        40,
    )
}

pub fn address() -> impl Strategy<Value = Vec<u8>> {
    some_of(
        &[
            "a",
            "Jones",
            "B",
            ".",
            "@",
            "\"",
            "\\",
            " ",
            "[",
            "]",
            "127.0.0.1",
            "IPv6:",
            "::1",
            "x-tag:",
            ">",
            "<",
            "-",
            "_",
            "é",
            "müller",
            "ß",
            "。",
            "xn--",
            "x.y",
            "@beta.arpa",
            "\n",
            "\u{202e}",
            "=",
            "SIZE=1",
            "\u{ad}",
        ],
        8,
    )
}

pub fn address_list() -> impl Strategy<Value = Vec<u8>> {
    some_of(
        &[
            "a@b.c",
            "Jones",
            " ",
            ", ",
            ";",
            ":",
            "friends: ",
            "<",
            ">",
            "<d@e.f>",
            "\"",
            "\\",
            "(",
            ")",
            "(c)",
            "\r\n ",
            "\t",
            "=?utf-8?q?J=C3=BC?=",
            "=?utf-8?b?w6k=?=",
            "=?",
            "?=",
            "é",
            "Postmaster",
            "root",
            "[Team] ",
            "<>",
            "user.@",
            "..a",
            ":;",
            "\u{a0}",
            "=?utf-8?q?a,b:c?=",
            "@x,@y:",
            ".",
            " NOTIFY=NEVER",
            "\n",
            "# ",
            "\"a b\"@c.d",
            "@[127.0.0.1]",
            "\u{85}",
            "\0",
        ],
        14,
    )
}

pub fn content() -> impl Strategy<Value = Vec<u8>> {
    some_of(&["\r\n", "\n", "\r", ".", "..", "a", "From x", "\r\n.\r\n", "\n.\n", "é", "\0"], 30)
}

pub fn message() -> impl Strategy<Value = Vec<u8>> {
    let header = some_of(
        &[
            "From: a@b.c\r\n",
            "To: d@e.f, \r\n g@h.i\n",
            "Bcc: ",
            "Bcc: x@y.z\n w@x.y\r\n",
            "resent-bcc: a@b\n",
            "Subject: é\r\n",
            "Resent-To: a@b.c\n",
            "Resent-From: a@b.c\n",
            "Received: x\n",
            "From a@b Sat\n",
            ">>From a@b Sat\r\n",
            "\u{feff}",
            "\n",
            " \n",
            "hello there\n",
            " folded\n",
            "X : y\r\n",
            "Message-ID: <a@b>\n",
            "no field",
            "\r",
            "\0",
        ],
        8,
    );
    let body = then(prop_oneof![Just(b"\r\n".to_vec()), Just(b"\n".to_vec()), Just(Vec::new())], content());
    then(header, body)
}

/// A date, whole or in pieces.
pub fn date() -> impl Strategy<Value = Vec<u8>> {
    let pieces = some_of(
        &[
            "Fri", ",", " ", "13", "Feb", "15", "2015", "115", "02", ":", "+0100", "-0000", "EST", "CET",
            "a", "(", ")", "\\", "\t", "-", "T", "Z", "@", "ü", ".",
        ],
        24,
    );
    let between = || some_of(&[" ", "(a)", "(b (c) \\) d)", "\t", ":", ","], 3);
    let whole = (between(), between(), between(), between()).prop_map(|(a, b, c, d)| {
        let part = |text: &str| text.as_bytes().to_vec();
        [part("Fri,"), a, part("13 Feb 15"), part(" "), b, part("02:45"), c, part(" EST"), d].concat()
    });
    prop_oneof![pieces, whole]
}

/// The lines that a draft is made of.
pub fn draft() -> impl Strategy<Value = Vec<u8>> {
    let line = some_of(
        &[
            "word ",
            "é",
            "日本語",
            "=?utf-8?q?x?=",
            "\"",
            "\\",
            "X-Note: ",
            "Subject: ",
            "\r",
            "\t",
            "Bcc: ",
            "<a@b>",
            "c@[IPv6:::1]",
            ", ",
            "(",
            ")",
            ":",
            ";",
            "https://x.example/",
            ".pdf",
            ".eml",
            ".ics",
            "cid:",
            "xxxxxxxxxxxxxxxx",
        ],
        30,
    );
    let line = line.prop_map(|line| {
        line.into_iter().filter(|octet| *octet != b'\n').chain([b'\n']).collect::<Vec<u8>>()
    });
    let people = b"Smith <smith@alpha.arpa>\njones@beta.arpa, \"G, reen\" <green@beta.arpa>\n";
    let name = prop::sample::select(vec!["Errors-To: ", "X-Invented: ", "Reply-To: ", "In-Reply-To: ", ""]);
    let lines = (name, prop::collection::vec(line, 6)).prop_map(|(name, mut lines)| {
        // The field.
        lines[1].splice(..0, name.bytes());
        lines.concat()
    });
    then(then(Just(people.to_vec()), lines), content())
}

pub fn dialogue() -> impl Strategy<Value = Vec<u8>> {
    some_of(
        &[
            "S: ",
            "S:",
            "C: ",
            "# ",
            "! ",
            "! raw ",
            "! close",
            "\n",
            "\r\n",
            "\r",
            "\\",
            "\\x1b",
            "\\x+f",
            "\\\\",
            "x41",
            "…",
            "… 412 octets",
            "***",
            "250 OK",
            "ehlo: ",
            " ",
        ],
        30,
    )
}

pub fn challenges() -> impl Strategy<Value = Vec<u8>> {
    let challenge = some_of(
        &[
            "r=fyko+d2lbbFgONRv9qkxdawL3rfcNHYJY1ZVvWVs7j",
            "r=",
            "rOprNGfwEbeRWgbNEkqO",
            ",s=QSXCR+Q6sek8bf92",
            ",i=4096",
            ",i=",
            "4095",
            "10000001",
            ",x=y",
            "m=z,",
            "v=rmF9pqV8S7suAoZWja4dJRkFsKQ=",
            "v=",
            "e=other-error",
            "235 ",
            "\n",
            "\n",
            "{\"status\":\"401\"}",
        ],
        10,
    );
    then(flags(1), challenge)
}

pub fn setting() -> impl Strategy<Value = Vec<u8>> {
    some_of(
        &[
            "machine ",
            "mail.example.org ",
            "default ",
            "login ",
            "me ",
            "password ",
            "macdef x\n",
            "account ",
            "\"",
            "\\",
            "#",
            "\n",
            "smtp://",
            "submissions://",
            "lmtp:///",
            "socks5://",
            "http://",
            "me@",
            "beta.arpa",
            ":587",
            ":0",
            "[::1]",
            "[",
            "]",
            "/",
            "%40",
            "%4",
            "%eth0",
            "fe80::1",
            "NAME=",
            "ADDR=",
            "::1 ",
            "sha256:",
            "ab",
            "30",
            "s",
            "ms",
            "@",
            "2026-11-21",
            "T10:00",
            "Sat, 21 Nov 2026 10:00:00 +0100",
            "Z",
            "<a@b>",
            "'",
            " ",
            "+",
            "=",
            "é",
            "X-A: b",
        ],
        8,
    )
}

/// Other programs' configurations, of all formats at once.
pub fn configuration() -> impl Strategy<Value = Vec<u8>> {
    some_of(
        &[
            "\n",
            "\n",
            "\n",
            " ",
            "=",
            "\"",
            "'",
            "\\",
            "#",
            ";",
            "$",
            "`",
            ":",
            "|",
            "]",
            "a.example",
            "me@a.example",
            "on",
            "off",
            "587",
            "defaults\n",
            "account ",
            "default",
            " : a",
            "host ",
            "port ",
            "tls on\n",
            "auth ",
            "plain",
            "xoauth2",
            "user me\n",
            "password ",
            "passwordeval ",
            "socket /",
            "from ",
            "eval ",
            "[sendemail",
            "[sendemail \"a\"]\n",
            "smtpServer = ",
            "smtpUser=",
            "smtpPass=",
            "sendemail.a.smtpserver=",
            "identity = ",
            "set ",
            "unset ",
            "my_x=",
            "$my_x",
            "smtp_url=",
            "smtp://me@",
            "smtp_pass=",
            "smtp_authenticators=",
            "smtp_oauth_refresh_command=",
            "--user=",
            "--ssl",
            "SMARTHOST ",
            "FINGERPRINT ",
            "mailhub=",
            "UseTLS=YES\n",
            "hostname ",
            "username ",
            "starttls=required\n",
            "force ",
            "sender ",
        ],
        16,
    )
}

pub fn commands() -> impl Strategy<Value = Vec<u8>> {
    let said = some_of(
        &[
            "EHLO alpha.arpa\r\n",
            "LHLO alpha.arpa\r\n",
            "HELO x\r\n",
            "MAIL FROM:<a@b.c>\r\n",
            "MAIL FROM:<>",
            " SIZE=10",
            "RCPT TO:<d@e.f>\r\n",
            "RCPT TO:<Postmaster>\r\n",
            "DATA\r\n",
            "BDAT 3\r\n",
            "BDAT 2 LAST\r\n",
            "abc",
            ".\r\n",
            "\r\n",
            "\n",
            "\r",
            "..",
            "AUTH PLAIN ",
            "AUTH LOGIN\r\n",
            "AHVzZXIAaHVudGVyMi1wYXNz\r\n",
            "*\r\n",
            "STARTTLS\r\n",
            "RSET\r\n",
            "QUIT\r\n",
            "NOOP\r\n",
            "VRFY x\r\n",
        ],
        30,
    );
    then(flags(1), said)
}

/// What a server says, mostly in the right order.
fn said() -> impl Strategy<Value = Vec<u8>> {
    let words: &'static [&'static str] = &[
        "250 OK\r\n",
        "250 OK\r\n",
        "250 OK\r\n",
        "250-beta.arpa\r\n250-PIPELINING\r\n250-CHUNKING\r\n250 SIZE\r\n",
        "250-beta.arpa\r\n250-STARTTLS\r\n250-PRDR\r\n250 AUTH PLAIN CRAM-MD5 XOAUTH2 EXTERNAL\r\n",
        "250-x\r\n250-PIPELINING\r\n250-XCLIENT NAME\r\n250 SMTPUTF8\r\n",
        "220 go\r\n",
        "221 bye\r\n",
        "235 in\r\n",
        "251 x\r\n",
        "334 \r\n",
        "334 PDE4OTZAeD4=\r\n",
        "353 each\r\n",
        "354 go\r\n",
        "354 go\r\n",
        "421 away\r\n",
        "450 later\r\n",
        "452 4.5.3 too many\r\n",
        "504 no\r\n",
        "535 no\r\n",
        "550 no\r\n",
        "552 5.5.3 full\r\n",
        "554 no\r\n",
        "hunter2-pass",
        "aHVudGVyMi1wYXNz",
        "\r\n",
        "250-",
        "junk",
    ];
    then(Just(b"220 beta.arpa\r\n".to_vec()), some_of(words, 24))
}

pub fn session() -> impl Strategy<Value = Vec<u8>> {
    then(flags(8), said())
}

pub fn talk() -> impl Strategy<Value = Vec<u8>> {
    let lines = some_of(
        &[
            "EHLO alpha.arpa\n",
            "STARTTLS\n",
            "(tls)\n",
            "(log in)\n",
            "(content)\n",
            "AUTH PLAIN\n",
            "AHVzZXIA\n",
            "MAIL FROM:<>\n",
            "RCPT TO:<a@b.c>\n",
            "DATA\n",
            ".\n",
            "x\n",
            "QUIT\n",
            "NOOP\n",
            "\t\n",
            " ",
        ],
        12,
    );
    then(then(then(flags(8), lines), Just(b"\n\n".to_vec())), said())
}

/// Lines as a journal or an entry has them, in any order.
pub fn queue() -> impl Strategy<Value = Vec<u8>> {
    some_of(
        &[
            "\n",
            "\nA 1796000001+4712@3f2a9c01 1 mx.example.org[192.0.2.1]:25 -",
            "\nD 1796000001+4712@3f2a9c01 1 ",
            "\nS 1796000002+4713@3f2a9c01 1 0 250 ok",
            "\nR 1796000002+4713@3f2a9c01 1 1 550 no",
            "\nT 1796000002+4713@3f2a9c01 1 2 1796000302+5013@3f2a9c01 451 later",
            "\nU 1796000002+4713@3f2a9c01 1 3 - cut off",
            "\nK 1796000002+4713@3f2a9c01 0-4 1000",
            "\nG 1796000002+4713@3f2a9c01 1000",
            "\nX 1796000002+4713@3f2a9c01 0-4 1000 tell",
            "\nY 1796000002+4713@3f2a9c01 0-4 1000",
            "\nN 1796000002+4713@3f2a9c01 0-4 - failed",
            "0-4",
            ",2",
            "-",
            " ",
            "%41",
            "\nid 1NGSJ8000001A\ncreated 1796000000+4711@3f2a9c01\nuid 1000\npid 4711\ntool x",
            "\nbody 7bit\nutf8 no\noctets 9\nsender <root>",
            "\nrcpt <a@example.org>",
            " NOTIFY=NEVER",
            "\ncontent 00000000000000000008 crc32c 1a2b3c4d",
            "\nsum 00000000",
            "\0",
        ],
        30,
    )
}

/// A provider's answer: mostly JSON, with most of what belongs into it.
pub fn answer() -> impl Strategy<Value = Vec<u8>> {
    let fields = some_of(
        &[
            "\"access_token\":\"a\",",
            "\"token_type\":\"Bearer\",",
            "\"expires_in\":3600,",
            "\"expires_in\":\"1e9\",",
            "\"refresh_token\":\"r\",",
            "\"refresh_token\":\"\",",
            "\"scope\":\"x y\",",
            "\"error\":\"invalid_grant\",",
            "\"error\":\"a b\",",
            "\"error_description\":\"s3cret-of-ours\",",
            "\"error_description\":\"a\\u0007\\nb \\ud83d\\ude00\",",
            "\"device_code\":\"d\",",
            "\"user_code\":\"A-B\",",
            "\"user_code\":\"A\\u001b[2J\",",
            "\"verification_uri\":\"https://x/\",",
            "\"verification_uri_complete\":\"https://x/\\r\",",
            "\"interval\":0,",
            "\"interval\":-1e300,",
            "\"issuer\":\"https://id.example/\",",
            "\"token_endpoint\":\"https://id.example/t\",",
            "\"revocation_endpoint\":\"http://id.example/t\",",
            "\"version\":1,",
            "\"provider\":\"p\",",
            "\"client_id\":\"c\",",
            "\"client_auth\":\"post\",",
            "\"expires_at\":18446744073709551615,",
            "\"ended\":\"invalid_grant\",",
            "[[[",
            "}",
            "?state=x&code=c&iss=%",
            "https://",
        ],
        14,
    );
    (0..4_u8, fields).prop_map(|(status, fields)| [&[status, b'{'], &fields[..], b"\"\":0}"].concat())
}

/// Records of SPF, nearly right, and a sender on the last line.
pub fn spf() -> impl Strategy<Value = Vec<u8>> {
    let record = some_of(
        &[
            "v=spf1",
            " ",
            "+",
            "-",
            "?",
            "~",
            "a",
            "mx",
            "ptr",
            "all",
            "include:",
            "exists:",
            "redirect=",
            "exp=",
            ":",
            "/24",
            "//64",
            "ip4:192.0.2.0/24",
            "ip6:2001:db8::/32",
            "example.org",
            "a.example",
            ".",
            "%{",
            "}",
            "%{ir}",
            "%{p}",
            "%{d2}",
            "%{l1r-+}.",
            "%{S}",
            "%%",
            "%_",
            "%-",
            "\n",
            "\nv=spf1 ",
            "\nv=spf1 include:a.example ",
            "\u{e9}",
        ],
        24,
    );
    (record, some_of(&["\na-b@example.org", "\n@x", "\n", "@"], 2))
        .prop_map(|(record, sender)| [b"v=spf1 ".to_vec(), record, sender].concat())
}

/// Records of DMARC, nearly right.
pub fn dmarc() -> impl Strategy<Value = Vec<u8>> {
    some_of(
        &[
            "v=DMARC1",
            "\nv=DMARC1",
            ";",
            "; ",
            " ",
            "=",
            "p=",
            "none",
            "reject",
            "sp=quarantine",
            "np=none",
            "psd=y",
            "psd=n",
            "t=y",
            "pct=50",
            "adkim=s",
            "rua=",
            "mailto:a@b.example",
            "mailto:",
            "!10m",
            ",",
            "@",
            "x=y",
            "\n!",
            "\n",
            "\u{e9}",
        ],
        16,
    )
}

/// An answer to a question: which kind, how many records, and pieces of them.
pub fn dns() -> impl Strategy<Value = Vec<u8>> {
    let piece = prop_oneof![
        Just(b"\xc0\x0c".to_vec()),
        Just(b"\x01a\xc0\x0c".to_vec()),
        Just(b"\x03\x1b[2\x00".to_vec()),
        (0..8_usize).prop_map(|at| vec![0, [1, 28, 5, 15, 2, 12, 52, 16][at], 0, 1, 0, 0, 0, 60]),
        (0..9_u8).prop_map(|length| vec![0, length]),
        proptest::collection::vec(any::<u8>(), 0..9),
        Just(b"\x00\x04\xc0\x00\x02\x01".to_vec()),
        Just(b"\x00\x06\x00\x0a\x01m\xc0\x0c".to_vec()),
        Just(b"\x00\x04\x01a\xc0\x0c".to_vec()),
        Just(b"\x00\x05\x03\x01\x01ab".to_vec()),
    ];
    let counts = (0..8_u8, 0..4_u8, 0..2_u8, 0..2_u8);
    (counts, proptest::collection::vec(piece, 0..16)).prop_map(
        |((kind, answers, authority, more), pieces)| {
            [vec![kind, answers, authority, more], pieces.concat()].concat()
        },
    )
}

/// A TLSA record.
pub fn tlsa() -> impl Strategy<Value = Vec<u8>> {
    let data = prop_oneof![Just(32_usize), Just(64), 0..80_usize]
        .prop_flat_map(|length| proptest::collection::vec(any::<u8>(), length));
    (2..4_u8, 0..3_u8, 0..4_u8, data)
        .prop_map(|(usage, selector, matching, data)| [vec![usage, selector, matching], data].concat())
}

/// A record of TLSRPT, or a line of `--tlsrpt`.
pub fn tlsrpt() -> impl Strategy<Value = Vec<u8>> {
    let uris = some_of(
        &[
            "mailto:",
            "a@b.example",
            "https://c/",
            ",",
            "%2C",
            "%0d%0a",
            "?",
            "\"x y\"@d",
            "\u{e9}",
            ";",
            "rua=",
        ],
        10,
    );
    let record = uris.prop_map(|uris| [&b"v=TLSRPTv1; rua="[..], &uris].concat());
    let list = |words: &'static [&str], between: &'static str| {
        prop::collection::vec(prop::sample::select(words), 0..4).prop_map(move |words| words.join(between))
    };
    let strings = list(&["\"a\"", "\"3 1 1 00\"", "\"\\r\\n.\\u001b[1m\"", "\"\u{202e}\""], ",");
    let domain = list(
        &[
            "a", "b-c", "_d", "example", "example", "example", "example", "A", "\u{e9}", "", "..", "/", "!",
            "\\r\\n",
        ],
        ".",
    );
    let words = &["null", "\"mx.example\"", "\"x\\r\\n\\r\\n--y\"", "\"\u{9b}2J\""][..];
    let (host, why) = (prop::sample::select(words), prop::sample::select(words));
    let kind = prop::sample::select(vec!["tlsa", "sts", "no-policy-found"]);
    let result = prop::sample::select(vec!["null", "\"tlsa-invalid\"", "\"x\""]);
    let line =
        (strings, domain, host, why, kind, result).prop_map(|(policy, domain, host, why, kind, result)| {
            format!(
                "{{\"version\":1,\"time\":\"2026-11-30T00:00:00Z\",\"policy\":{{\"policy-type\":\"{kind}\",\
             \"policy-string\":[{policy}],\"policy-domain\":\"{domain}\"}},\"receiving-mx-hostname\":{host},\
             \"result-type\":{result},\"failure-reason-code\":{why}}}"
            )
            .into_bytes()
        });
    prop_oneof![record, line]
}

/// A record of MTA-STS, a policy, or what is kept of one.
pub fn sts() -> impl Strategy<Value = Vec<u8>> {
    let record =
        some_of(&[" ", "\t", ";", "; ", "=", "id", "id=", "20260101", "a.b=c", "id=1", "\u{e9}"], 12);
    let lines = || {
        some_of(
            &[
                "version: STSv1\n",
                "mode: enforce\n",
                "mode: testing\r\n",
                "mode: none\n",
                "mx: mail.example\n",
                "mx: *.example\r\n",
                "mx: *.B\u{fc}cher.example\n",
                "mx: 192.0.2.1\n",
                "mx: *\n",
                "max_age: 86400\n",
                "max_age: 99999999999999999999\n",
                "x: y\n",
                "\n",
                "\r",
                "mx:",
            ],
            12,
        )
    };
    let policy = (lines(), lines()).prop_map(|(one, other)| {
        [&b"version: STSv1\n"[..], &one, b"mode: enforce\nmax_age: 1\nmx: mx.example\n", &other].concat()
    });
    let kept = some_of(
        &["failed 1 a\n", "policy 1 a 41\n", "version: STSv1\nmode: none\nmax_age: 86400\n", "end\n", "1"],
        5,
    );
    prop_oneof![
        record.prop_map(|text| [b"v=STSv1;", &text[..]].concat()),
        policy,
        kept.prop_map(|text| [b"ehlo mta-sts 1\n", &text[..], b"end\n"].concat()),
    ]
}

/// A question to the DNS, and what can go wrong in one.
pub fn question() -> impl Strategy<Value = Vec<u8>> {
    const FLAGS: [[u8; 2]; 6] = [[1, 0], [1, 0x20], [1, 0x30], [0, 0], [0x28, 0], [0x81, 0x80]];
    const PARTS: [&[u8]; 12] = [
        b"\x05Alpha\x07example\0\0\x0f\0\x01",
        b"\x08_mta-sts\x05alpha\0\0\x10\0\x01",
        b"\x05_2525\x04_tcp\x02mx\x05alpha\0\0\x34\0\x01",
        b"\x04\0.\\\xff\0\0\x01\0\x01",
        b"\0\0\x01\0\x03",
        b"\0\0\xff\0\xff",
        b"\xc0\x0c\0\x02\0\x01",
        // EDNS: with DO, of version 1, with an option that is cut off.
        b"\0\0\x29\x04\xd0\0\0\x80\0\0\0",
        b"\0\0\x29\xff\xff\0\x01\0\0\0\0",
        b"\0\0\x29\0\0\0\0\0\0\0\x04\0\x03\xff",
        b"\x3fx",
        b"\xff",
    ];
    let counts = prop::collection::vec(prop_oneof![4 => Just(1_u8), 2 => Just(0), 1 => Just(2)], 4);
    let parts = prop::collection::vec(prop::sample::select(&PARTS[..]), 0..5);
    (any::<[u8; 2]>(), prop::sample::select(&FLAGS[..]), counts, parts).prop_map(
        |(id, flags, counts, parts)| {
            let counts: Vec<u8> = counts.into_iter().flat_map(|count| [0, count]).collect();
            [&id[..], &flags, &counts, &parts.concat()].concat()
        },
    )
}

/// What a notice is made of, line by line, and the original.
pub fn notice() -> impl Strategy<Value = Vec<u8>> {
    some_of(
        &[
            "\n",
            "\n",
            "\n",
            "smith@alpha.arpa\n",
            "root\n",
            "jones@beta.arpa\n",
            "é@beta.arpa",
            "NOTIFY=DELAY\n",
            "ORCPT=utf-8;x+41+0D+0A\n",
            "RET=FULL\n",
            "<1@alpha.arpa>",
            "mx.beta.arpa[192.0.2.1]:25\n",
            "550 5.1.1 no",
            "||",
            "|Action: delivered|",
            "\u{202e}",
            "\r",
            "\0",
            "host.alpha.arpa\n",
            "Subject: x\n",
            "\n\n",
            "--=_1NGSJ80",
            "0123456789012345678901234567890123456789012345678901234567890123456789",
        ],
        40,
    )
}

pub fn key_record() -> impl Strategy<Value = Vec<u8>> {
    some_of(
        &[
            "v=DKIM1",
            "; ",
            ";",
            ";",
            "k=",
            "k=rsa",
            "k=ed25519",
            "ed25519",
            "p=",
            "p=11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo=",
            "k=ed25519; p=11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo=;",
            "MIGJAoGBALVI635dLK4cJJAH3Lx6upo3X/Lm1tQz3mezcWTA3BUBnyIsdnRf57aD5BtNmhPrYYDlWlzw3UgnKisIxktk\
             k5+iMQMlFtAS10JB8L3YadXNJY+JBcbeSi5TgJe4WFzNgW95FWDAuSTRXSWZfA/8xjflbTLDx0euFZOM7C4T0GwLAgMB\
             AAE=",
            "h=",
            "sha256",
            "sha1",
            "s=",
            "email",
            "*",
            "t=y",
            ":s",
            "n=a=20note",
            ":",
            " ",
            "\r\n ",
            "=",
            "-----BEGIN PRIVATE KEY-----\n",
        ],
        14,
    )
}

pub fn signature() -> impl Strategy<Value = Vec<u8>> {
    some_of(
        &[
            "v=1; ",
            "a=ed25519-sha256; ",
            "a=rsa-sha256; ",
            "c=relaxed/relaxed; ",
            "c=simple; ",
            "d=example.org; ",
            "s=s; ",
            "v=1; a=ed25519-sha256; d=example.org; s=s; ",
            "h=From:To; bh=47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=; b=YWJj; ",
            "h=from",
            "bh=47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=; ",
            "b=YWJj; ",
            "i=@mail.example.org; ",
            "i=a=40",
            "l=0; ",
            "t=1; ",
            "x=1; ",
            "q=dns/txt; ",
            "m\u{fc}ller.example",
            "\r\n ",
            ";",
            "=",
            ":",
        ],
        12,
    )
}

pub fn signed_message() -> impl Strategy<Value = Vec<u8>> {
    some_of(
        &[
            "From: a@example.org\r\n",
            "From: a@example.org\r\nTo: b@example.org\r\n",
            "from : x\r\n\ty\r\n",
            "Subject: \r\n  one \t two \r\n",
            "List-Id: <l>\r\n",
            "DKIM-Signature: v=1; a=ed25519-sha256; d=example.org; s=s; h=From:To;\r\n \
             bh=47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=; b=YWJj; ",
            "c=relaxed/relaxed; ",
            "c=simple/simple; l=3",
            "\r\n",
            "\r\n",
            "\r\n\r\n",
            " ",
            "  ",
            "\t",
            "\r",
            "\n",
            "text",
            " \r\n",
        ],
        24,
    )
}
