//! What must hold of each case, and of every case alike.

use crate::run::{LIMIT, Outcome};
use crate::{Case, PASSWORD};
use ehlo_smtp::dialogue::is_unsafe;
use encodify::base64::STANDARD as BASE64;
use serde_json::Value;

/// What is wrong with it.
pub fn check(case: &Case, json: bool, outcome: &Outcome) -> Option<String> {
    let mut faults = Vec::new();
    match outcome.exit {
        Some(exit) if exit == case.exit => {}
        Some(exit) => faults.push(format!("exit status {exit}, wanted {}", case.exit)),
        None => faults.push(format!("it did not end within {LIMIT:?}, or was killed")),
    }
    let stdout = String::from_utf8_lossy(&outcome.stdout).into_owned();
    let stderr = String::from_utf8_lossy(&outcome.stderr).into_owned();
    let transcript = String::from_utf8_lossy(&outcome.transcript).into_owned();
    match said(&stderr) {
        Ok(was) if was == case.stderr => {}
        Ok(was) => faults.push(format!("said\n  {was}\nwanted\n  {}", case.stderr)),
        Err(fault) => faults.push(fault),
    }
    if json && case.command != "console" {
        match summary(&stdout) {
            Ok(was) if was == case.summary => {}
            Ok(was) => faults.push(format!("reported '{was}', wanted '{}'", case.summary)),
            Err(fault) => faults.push(fault),
        }
    } else if let Some(wanted) = &case.stdout
        && stdout != *wanted
    {
        faults.push(format!("printed\n{stdout}wanted\n{wanted}"));
    }
    if case.command == "send" && !case.without_transcript && outcome.exit.is_some() && transcript.is_empty() {
        faults.push("there is no transcript".to_owned());
    }
    for (what, text) in [("stdout", &stdout), ("stderr", &stderr), ("the transcript", &transcript)] {
        if let Some(c) = text.chars().find(|c| is_unsafe(*c) && !matches!(c, '\n' | '\t')) {
            faults.push(format!("a {c:?} in {what}"));
        }
        let hex = from_hex(text);
        for secret in secrets() {
            if text.contains(&secret) || contains(&hex, secret.as_bytes()) {
                faults.push(format!("'{secret}' in {what}"));
            }
        }
    }
    for secret in secrets().iter().filter(|secret| contains(&outcome.heard.clear, secret.as_bytes())) {
        faults.push(format!("'{secret}' went over the wire in clear"));
    }
    faults.extend(outcome.heard.fault.as_ref().map(|fault| format!("the server: {fault}")));
    let talk = &outcome.heard.talk;
    (!faults.is_empty()).then(|| format!("== {}\n{}\nthe dialogue was\n{talk}", case.name, faults.join("\n")))
}

/// The lines that the program says itself, without the transcript between them. No other line may be there: a server
/// cannot make one.
fn said(stderr: &str) -> Result<String, String> {
    let mut lines = Vec::new();
    for line in stderr.lines() {
        match line.strip_prefix("ehlo: ") {
            Some(text) => lines.push(without_measures(text)),
            None if ["# ", "C: ", "S: "].iter().any(|begin| line.starts_with(begin)) => {}
            None if line == "! connect" => {}
            None => return Err(format!("a line that is nobody's on stderr: '{line}'")),
        }
    }
    Ok(lines.join("\n"))
}

/// Fingerprints and days differ from run to run.
fn without_measures(text: &str) -> String {
    let mut out = String::new();
    let mut words = text.split(' ').peekable();
    while let Some(word) = words.next() {
        let word = match (word.split_once("sha256:"), words.peek()) {
            (Some((before, hash)), _) if hash.len() >= 64 => format!("{before}sha256:{}", &hash[64..]),
            (_, Some(&("days" | "days;"))) => "N".to_owned(),
            _ => word.to_owned(),
        };
        out.push_str(&word);
        out.push(' ');
    }
    out.trim_end().to_owned()
}

/// `outcome, status code, status, kind of error`; of the others what they have of that.
fn summary(stdout: &str) -> Result<String, String> {
    let value: Value = serde_json::from_str(stdout)
        .map_err(|error| format!("no JSON object on stdout ({error}): {stdout}"))?;
    let mut words = Vec::new();
    words.extend(value["outcome"].as_str().map(str::to_owned));
    for recipient in value["recipients"].as_array().into_iter().flatten() {
        let status = recipient["status"].as_str().unwrap_or("?");
        let code = recipient["reply"]["code"].as_u64().map(|code| format!(" {code}"));
        words.push(status.to_owned() + &code.unwrap_or_default());
    }
    words.push(value["error"]["kind"].as_str().unwrap_or("-").to_owned());
    Ok(words.join(", "))
}

/// The password, and what stands for it in base64, wherever in a longer text it begins.
fn secrets() -> Vec<String> {
    let mut secrets = vec![PASSWORD.to_owned()];
    for before in 0..3 {
        let text = [vec![0; before], PASSWORD.as_bytes().to_vec()].concat();
        let encoded = BASE64.encode(&text).trim_end_matches('=').to_owned();
        // The first and the last digits depend on what stands beside it.
        secrets.push(encoded[[0, 2, 3][before]..encoded.len() - 1].to_owned());
    }
    secrets
}

/// What the rows of hex say.
fn from_hex(text: &str) -> Vec<u8> {
    let rows = text.lines().filter_map(|line| line.strip_prefix("# ")?.split_once("  "));
    let rows = rows.filter(|(place, _)| place.len() == 4 && place.bytes().all(|c| c.is_ascii_hexdigit()));
    rows.flat_map(|(_, row)| row.split(' ').filter_map(|octet| u8::from_str_radix(octet, 16).ok())).collect()
}

fn contains(octets: &[u8], wanted: &[u8]) -> bool {
    memchr::memmem::find(octets, wanted).is_some()
}

#[test]
fn a_secret_is_found_wherever_it_begins() {
    for text in ["a known secret", "\0smith\0a known secret", "smith,a known secret,", "x a known secret y"] {
        let encoded = BASE64.encode(text.as_bytes());
        assert!(
            secrets().iter().any(|secret| encoded.contains(secret) || text.contains(secret)),
            "{encoded}"
        );
        assert!(secrets()[1..].iter().any(|secret| encoded.contains(secret)), "{encoded}");
    }
    assert_eq!(from_hex("# 0000  41 42\n# 0010  43\n# 3.1 ms\nS: 250  41\n"), b"ABC");
}
