//! `--json`: the whole object, with its times 0.

use crate::harness::send;
use crate::*;
use serde_json::{Value, json};

/// The whole object, with nothing amiss and its times 0.
pub fn report(outcome: &str, exit_status: i32, recipients: Vec<Value>, transactions: Vec<Value>) -> Value {
    // Where nothing was said, nobody was connected to.
    let connect = if transactions.is_empty() { Value::Null } else { json!(0) };
    json!({
        "version": 1,
        "outcome": outcome,
        "exit_status": exit_status,
        "skipped": null,
        "recipients": recipients,
        "transactions": transactions,
        "timing_ms": {"connect": connect, "tls": null, "auth": null, "total": 0},
        "error": null
    })
}

/// The same, with an error; the last transaction, if there is one, has it too.
pub fn failed(report: Value, kind: &str, awaiting: Option<&str>, text: &str) -> Value {
    ended(report, json!({"kind": kind, "text": text, "awaiting": awaiting, "explanation": null}))
}

/// The same, with an error of this form.
pub fn ended(mut report: Value, error: Value) -> Value {
    if let Some(transaction) = report["transactions"].as_array_mut().and_then(|all| all.last_mut()) {
        transaction["error"] = error.clone();
    }
    with(report, "/error", error)
}

/// The same, but for one field, which is there.
pub fn with(mut object: Value, path: &str, value: Value) -> Value {
    *object.pointer_mut(path).unwrap() = value;
    object
}

pub fn recipient(address: &str, status: &str, stage: &str, transaction: Option<u32>, reply: Value) -> Value {
    json!({"address": address, "status": status, "stage": stage, "transaction": transaction, "reply": reply, "explanation": null})
}

/// Smith's message to a server that offers nothing: the replies to MAIL and to the message.
pub fn transaction(mail: Value, octets: u32, message: Value) -> Value {
    json!({
        "server": {
            "name": "127.0.0.1",
            "address": "127.0.0.1:PORT",
            "protocol": "smtp",
            "greeting": reply(220, "beta"),
            "extensions": [],
            "tls": null,
            "auth": null
        },
        "sender": {"address": "Smith@Alpha.ARPA", "reply": mail},
        "message": {"id": "<1@alpha.arpa>", "octets": octets, "reply": message},
        "error": null
    })
}

/// A reply of one line without an enhanced code.
pub fn reply(code: u32, text: &str) -> Value {
    json!({"code": code, "enhanced": null, "text": [text]})
}

pub fn ok() -> Value {
    reply(250, "OK")
}

#[test]
fn std_10_as_json() {
    send("--from Smith@Alpha.ARPA --to Jones@Beta.ARPA,Green@Beta.ARPA --body Blah --json")
        .server(&format!(
            "S: 220 Beta.ARPA Simple Mail Transfer Service Ready\nC: EHLO alpha.arpa\nS: 250-Beta.ARPA\nS: 250-8BITMIME\nS: 250 SIZE 10240000\n\
             C: MAIL FROM:<Smith@Alpha.ARPA> SIZE=237\nS: 250 2.1.0 OK\n{RCPT}C: RCPT TO:<Green@Beta.ARPA>\nS: 550-5.1.1 No such\nS: 550 5.1.1 user here\n{TAKEN}{QUIT}"
        ))
        .json(json!({
            "error": null,
            "exit_status": 10,
            "outcome": "some",
            "skipped": null,
            "recipients": [
                {
                    "address": "Jones@Beta.ARPA",
                    "explanation": null,
                    "reply": {
                        "code": 250,
                        "enhanced": null,
                        "text": [
                            "OK"
                        ]
                    },
                    "stage": "rcpt",
                    "status": "accepted",
                    "transaction": 0
                },
                {
                    "address": "Green@Beta.ARPA",
                    "explanation": null,
                    "reply": {
                        "code": 550,
                        "enhanced": "5.1.1",
                        "text": [
                            "5.1.1 No such",
                            "5.1.1 user here"
                        ]
                    },
                    "stage": "rcpt",
                    "status": "refused",
                    "transaction": 0
                }
            ],
            "timing_ms": {
                "auth": null,
                "connect": 0,
                "tls": null,
                "total": 0
            },
            "transactions": [
                {
                    "error": null,
                    "message": {
                        "id": "<1@alpha.arpa>",
                        "octets": 237,
                        "reply": {
                            "code": 250,
                            "enhanced": null,
                            "text": [
                                "OK"
                            ]
                        }
                    },
                    "sender": {
                        "address": "Smith@Alpha.ARPA",
                        "reply": {
                            "code": 250,
                            "enhanced": "2.1.0",
                            "text": [
                                "2.1.0 OK"
                            ]
                        }
                    },
                    "server": {
                        "address": "127.0.0.1:PORT",
                        "auth": null,
                        "extensions": [
                            "8BITMIME",
                            "SIZE 10240000"
                        ],
                        "greeting": {
                            "code": 220,
                            "enhanced": null,
                            "text": [
                                "Beta.ARPA Simple Mail Transfer Service Ready"
                            ]
                        },
                        "name": "127.0.0.1",
                        "protocol": "smtp",
                        "tls": null
                    }
                }
            ],
            "version": 1
        }))
        .exit(10);
}

#[test]
fn accepted_by_all_as_json() {
    to_jones("--json")
        .server(&all_well())
        .json(report(
            "all",
            0,
            vec![recipient("Jones@Beta.ARPA", "accepted", "rcpt", Some(0), ok())],
            vec![transaction(ok(), 218, ok())],
        ))
        .exit(0);
}

#[test]
fn a_deferral_as_json() {
    to_jones("--json")
        .server(&format!("{HELLO}{MAIL}C: RCPT TO:<Jones@Beta.ARPA>\nS: 450 4.2.1 later\n{QUIT}"))
        .json(report(
            "none",
            75,
            vec![recipient(
                "Jones@Beta.ARPA",
                "deferred",
                "rcpt",
                Some(0),
                json!({"code": 450, "enhanced": "4.2.1", "text": ["4.2.1 later"]}),
            )],
            vec![transaction(ok(), 218, Value::Null)],
        ))
        .exit(75);
}

#[test]
fn unknown_as_json() {
    to_jones("--json")
        .server(&format!("{HELLO}{MAIL}{RCPT}{DATA}! close"))
        .json(failed(
            report(
                "unknown",
                11,
                vec![recipient("Jones@Beta.ARPA", "unknown", "message", Some(0), Value::Null)],
                vec![transaction(ok(), 218, Value::Null)],
            ),
            "disconnected",
            Some("the end of the message"),
            "the server closed the connection before its reply to the end of the message",
        ))
        .stderr(
            "ehlo: the server closed the connection before its reply to the end of the message\n\
             ehlo: it is unknown whether the message was accepted: sending it again may deliver it twice\n",
        )
        .exit(11);
}

#[test]
fn a_421_in_the_middle_as_json() {
    to_jones("--json")
        .server(&format!("{HELLO}{MAIL}C: RCPT TO:<Jones@Beta.ARPA>\nS: 421 going down"))
        .json(failed(
            report(
                "none",
                75,
                vec![recipient("Jones@Beta.ARPA", "deferred", "rcpt", Some(0), reply(421, "going down"))],
                vec![transaction(ok(), 218, Value::Null)],
            ),
            "disconnected",
            Some("RCPT TO:<Jones@Beta.ARPA>"),
            "the server closed the session: 421 going down",
        ))
        .stderr("ehlo: the server closed the session: 421 going down\n")
        .exit(75);
}

#[test]
fn a_timeout_as_json() {
    to_jones("--json --timeout 300ms")
        .server(&format!("{HELLO}{MAIL}C: RCPT TO:<Jones@Beta.ARPA>\nC: QUIT"))
        .json(failed(
            report(
                "none",
                75,
                vec![recipient("Jones@Beta.ARPA", "deferred", "rcpt", Some(0), Value::Null)],
                vec![transaction(ok(), 218, Value::Null)],
            ),
            "timeout",
            Some("RCPT TO:<Jones@Beta.ARPA>"),
            "timed out waiting for the reply to RCPT TO:<Jones@Beta.ARPA>",
        ))
        .stderr("ehlo: timed out waiting for the reply to RCPT TO:<Jones@Beta.ARPA>\n")
        .exit(75);
}

#[test]
fn a_greeting_of_554_as_json() {
    to_jones("--json")
        .server(&format!("S: 554 no\n{QUIT}"))
        .json(failed(
            report(
                "none",
                69,
                vec![recipient("Jones@Beta.ARPA", "untried", "connect", None, Value::Null)],
                vec![with(transaction(Value::Null, 218, Value::Null), "/server/greeting", reply(554, "no"))],
            ),
            "protocol",
            Some("the greeting"),
            "the server rejects the connection: 554 no",
        ))
        .stderr("ehlo: the server rejects the connection: 554 no\n")
        .exit(69);
}

#[test]
fn a_violation_as_json() {
    to_jones("--json")
        .server(&format!("{HELLO}C: MAIL FROM:<Smith@Alpha.ARPA>\nS: what"))
        .json(ended(
            report(
                "none",
                76,
                vec![recipient("Jones@Beta.ARPA", "untried", "mail", Some(0), Value::Null)],
                vec![transaction(Value::Null, 218, Value::Null)],
            ),
            json!({
                "kind": "protocol",
                "text": "the server sent something that is not an SMTP reply (awaiting the reply to MAIL)",
                "awaiting": "MAIL",
                "hint": "it says 'what'",
                "explanation": null,
            }),
        ))
        .stderr("ehlo: the server sent something that is not an SMTP reply (awaiting the reply to MAIL); it says 'what'\n")
        .exit(76);
}

#[test]
fn a_connection_refused_as_json() {
    to_jones("--json -S lmtp:///nowhere/at/all")
        .json(failed(
            report(
                "none",
                75,
                vec![recipient("Jones@Beta.ARPA", "untried", "connect", None, Value::Null)],
                vec![],
            ),
            "connect",
            None,
            "cannot connect to the socket /nowhere/at/all: no such file or directory",
        ))
        .stderr("ehlo: cannot connect to the socket /nowhere/at/all: no such file or directory\n")
        .exit(75);
}

#[test]
fn an_error_of_usage_behind_the_command_line_as_json() {
    send("--json -f Smith@Alpha.ARPA -t Jones@Beta.ARPA").json(failed(report("none", 64, vec![], vec![]), "data", None, "no server: name one with -S (--server), as in -S mail.example.org or -S submission://host, or in EHLO_SERVER")).stderr("ehlo: no server: name one with -S (--server), as in -S mail.example.org or -S submission://host, or in EHLO_SERVER\n").exit(64);
}

#[test]
fn a_missing_file_as_json() {
    to_jones("--json -a missing")
        .unasked()
        .json(failed(
            report("none", 66, vec![], vec![]),
            "io",
            None,
            "cannot read missing: no such file or directory",
        ))
        .stderr("ehlo: cannot read missing: no such file or directory\n")
        .exit(66);
}

#[test]
fn a_message_too_large_as_json() {
    to_jones("--json")
        .server(&format!("S: 220 beta\nC: EHLO alpha.arpa\nS: 250-beta\nS: 250 SIZE 100\n{QUIT}"))
        .json(failed(
            report(
                "none",
                65,
                vec![recipient("Jones@Beta.ARPA", "untried", "mail", Some(0), Value::Null)],
                vec![with(
                    transaction(Value::Null, 218, Value::Null),
                    "/server/extensions",
                    json!(["SIZE 100"]),
                )],
            ),
            "data",
            None,
            "the message has 218 octets, but the server takes at most 100; nothing was sent",
        ))
        .stderr("ehlo: the message has 218 octets, but the server takes at most 100; nothing was sent\n")
        .exit(65);
}

#[test]
fn a_dry_run_as_json() {
    to_jones("--json --dry-run")
        .unasked()
        .json(with(
            report(
                "none",
                0,
                vec![recipient("Jones@Beta.ARPA", "untried", "connect", None, Value::Null)],
                vec![],
            ),
            "/skipped",
            json!("dry-run"),
        ))
        .exit(0);
}

#[test]
fn two_transactions_as_json() {
    to_jones("--json Brown@Beta.ARPA")
        .server(&format!(
            "{HELLO}{MAIL}{RCPT}C: RCPT TO:<Brown@Beta.ARPA>\nS: 452 4.5.3 Too many recipients\n{TAKEN}\
             {MAIL}C: RCPT TO:<Brown@Beta.ARPA>\nS: 250 OK\n{TAKEN}{QUIT}"
        ))
        .json(report(
            "all",
            0,
            vec![
                recipient("Jones@Beta.ARPA", "accepted", "rcpt", Some(0), ok()),
                recipient("Brown@Beta.ARPA", "accepted", "rcpt", Some(1), ok()),
            ],
            vec![transaction(ok(), 237, ok()), transaction(ok(), 237, ok())],
        ))
        .exit(0);
}

#[test]
fn json_and_quiet_print_the_object_and_the_names() {
    to_jones("--json -q")
        .server(&format!("{HELLO}{MAIL}C: RCPT TO:<Jones@Beta.ARPA>\nS: 550 no\n{QUIT}"))
        .json(report(
            "none",
            69,
            vec![recipient("Jones@Beta.ARPA", "refused", "rcpt", Some(0), reply(550, "no"))],
            vec![transaction(ok(), 218, Value::Null)],
        ))
        .stderr("ehlo: Jones@Beta.ARPA: refused: 550 no\n")
        .exit(69);
}
