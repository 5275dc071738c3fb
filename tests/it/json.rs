//! `--json`: the whole object, with its times 0.

use crate::harness::send;
use crate::*;
use serde_json::json;

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
            "recipients": [
                {
                    "address": "Jones@Beta.ARPA",
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
        .json(json!({
            "error": null,
            "exit_status": 0,
            "outcome": "all",
            "recipients": [
                {
                    "address": "Jones@Beta.ARPA",
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
                    "message": {
                        "id": "<1@alpha.arpa>",
                        "octets": 218,
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
                            "enhanced": null,
                            "text": [
                                "OK"
                            ]
                        }
                    },
                    "server": {
                        "address": "127.0.0.1:PORT",
                        "auth": null,
                        "extensions": [],
                        "greeting": {
                            "code": 220,
                            "enhanced": null,
                            "text": [
                                "beta"
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
        .exit(0);
}

#[test]
fn a_deferral_as_json() {
    to_jones("--json")
        .server(&format!("{HELLO}{MAIL}C: RCPT TO:<Jones@Beta.ARPA>\nS: 450 4.2.1 later\n{QUIT}"))
        .json(json!({
            "error": null,
            "exit_status": 75,
            "outcome": "none",
            "recipients": [
                {
                    "address": "Jones@Beta.ARPA",
                    "reply": {
                        "code": 450,
                        "enhanced": "4.2.1",
                        "text": [
                            "4.2.1 later"
                        ]
                    },
                    "stage": "rcpt",
                    "status": "deferred",
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
                    "message": {
                        "id": "<1@alpha.arpa>",
                        "octets": 218,
                        "reply": null
                    },
                    "sender": {
                        "address": "Smith@Alpha.ARPA",
                        "reply": {
                            "code": 250,
                            "enhanced": null,
                            "text": [
                                "OK"
                            ]
                        }
                    },
                    "server": {
                        "address": "127.0.0.1:PORT",
                        "auth": null,
                        "extensions": [],
                        "greeting": {
                            "code": 220,
                            "enhanced": null,
                            "text": [
                                "beta"
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
        .exit(75);
}

#[test]
fn unknown_as_json() {
    to_jones("--json")
        .server(&format!("{HELLO}{MAIL}{RCPT}{DATA}! close"))
        .json(json!({
            "error": {
                "awaiting": "the end of the message",
                "kind": "disconnected",
                "text": "the server closed the connection before its reply to the end of the message"
            },
            "exit_status": 11,
            "outcome": "unknown",
            "recipients": [
                {
                    "address": "Jones@Beta.ARPA",
                    "reply": null,
                    "stage": "message",
                    "status": "unknown",
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
                    "message": {
                        "id": "<1@alpha.arpa>",
                        "octets": 218,
                        "reply": null
                    },
                    "sender": {
                        "address": "Smith@Alpha.ARPA",
                        "reply": {
                            "code": 250,
                            "enhanced": null,
                            "text": [
                                "OK"
                            ]
                        }
                    },
                    "server": {
                        "address": "127.0.0.1:PORT",
                        "auth": null,
                        "extensions": [],
                        "greeting": {
                            "code": 220,
                            "enhanced": null,
                            "text": [
                                "beta"
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
        .stderr(
            "ehlo: the server closed the connection before its reply to the end of the message\n\
             ehlo: nobody knows whether the message was taken: to send it again may deliver it twice\n",
        )
        .exit(11);
}

#[test]
fn a_421_in_the_middle_as_json() {
    to_jones("--json")
        .server(&format!("{HELLO}{MAIL}C: RCPT TO:<Jones@Beta.ARPA>\nS: 421 going down"))
        .json(json!({
            "error": {
                "awaiting": "RCPT TO:<Jones@Beta.ARPA>",
                "kind": "disconnected",
                "text": "the server closed the session: 421 going down"
            },
            "exit_status": 75,
            "outcome": "none",
            "recipients": [
                {
                    "address": "Jones@Beta.ARPA",
                    "reply": {
                        "code": 421,
                        "enhanced": null,
                        "text": [
                            "going down"
                        ]
                    },
                    "stage": "rcpt",
                    "status": "deferred",
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
                    "message": {
                        "id": "<1@alpha.arpa>",
                        "octets": 218,
                        "reply": null
                    },
                    "sender": {
                        "address": "Smith@Alpha.ARPA",
                        "reply": {
                            "code": 250,
                            "enhanced": null,
                            "text": [
                                "OK"
                            ]
                        }
                    },
                    "server": {
                        "address": "127.0.0.1:PORT",
                        "auth": null,
                        "extensions": [],
                        "greeting": {
                            "code": 220,
                            "enhanced": null,
                            "text": [
                                "beta"
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
        .stderr("ehlo: the server closed the session: 421 going down\n")
        .exit(75);
}

#[test]
fn a_timeout_as_json() {
    to_jones("--json --timeout 300ms")
        .server(&format!("{HELLO}{MAIL}C: RCPT TO:<Jones@Beta.ARPA>"))
        .json(json!({
            "error": {
                "awaiting": "RCPT TO:<Jones@Beta.ARPA>",
                "kind": "timeout",
                "text": "timed out waiting for the reply to RCPT TO:<Jones@Beta.ARPA>"
            },
            "exit_status": 75,
            "outcome": "none",
            "recipients": [
                {
                    "address": "Jones@Beta.ARPA",
                    "reply": null,
                    "stage": "rcpt",
                    "status": "deferred",
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
                    "message": {
                        "id": "<1@alpha.arpa>",
                        "octets": 218,
                        "reply": null
                    },
                    "sender": {
                        "address": "Smith@Alpha.ARPA",
                        "reply": {
                            "code": 250,
                            "enhanced": null,
                            "text": [
                                "OK"
                            ]
                        }
                    },
                    "server": {
                        "address": "127.0.0.1:PORT",
                        "auth": null,
                        "extensions": [],
                        "greeting": {
                            "code": 220,
                            "enhanced": null,
                            "text": [
                                "beta"
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
        .stderr("ehlo: timed out waiting for the reply to RCPT TO:<Jones@Beta.ARPA>\n")
        .exit(75);
}

#[test]
fn a_greeting_of_554_as_json() {
    to_jones("--json")
        .server(&format!("S: 554 no\n{QUIT}"))
        .json(json!({
            "error": {
                "awaiting": "the greeting",
                "kind": "protocol",
                "text": "the server does not want to talk: 554 no"
            },
            "exit_status": 69,
            "outcome": "none",
            "recipients": [
                {
                    "address": "Jones@Beta.ARPA",
                    "reply": null,
                    "stage": "connect",
                    "status": "untried",
                    "transaction": null
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
                    "message": {
                        "id": "<1@alpha.arpa>",
                        "octets": 218,
                        "reply": null
                    },
                    "sender": {
                        "address": "Smith@Alpha.ARPA",
                        "reply": null
                    },
                    "server": {
                        "address": "127.0.0.1:PORT",
                        "auth": null,
                        "extensions": [],
                        "greeting": {
                            "code": 554,
                            "enhanced": null,
                            "text": [
                                "no"
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
        .stderr("ehlo: the server does not want to talk: 554 no\n")
        .exit(69);
}

#[test]
fn a_violation_as_json() {
    to_jones("--json")
        .server(&format!("{HELLO}C: MAIL FROM:<Smith@Alpha.ARPA>\nS: what"))
        .json(json!({
            "error": {
                "awaiting": "MAIL",
                "kind": "protocol",
                "text": "the server sent something that is not an SMTP reply (awaiting the reply to MAIL)"
            },
            "exit_status": 76,
            "outcome": "none",
            "recipients": [
                {
                    "address": "Jones@Beta.ARPA",
                    "reply": null,
                    "stage": "mail",
                    "status": "untried",
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
                    "message": {
                        "id": "<1@alpha.arpa>",
                        "octets": 218,
                        "reply": null
                    },
                    "sender": {
                        "address": "Smith@Alpha.ARPA",
                        "reply": null
                    },
                    "server": {
                        "address": "127.0.0.1:PORT",
                        "auth": null,
                        "extensions": [],
                        "greeting": {
                            "code": 220,
                            "enhanced": null,
                            "text": [
                                "beta"
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
        .stderr("ehlo: the server sent something that is not an SMTP reply (awaiting the reply to MAIL)\n")
        .exit(76);
}

#[test]
fn a_connection_refused_as_json() {
    to_jones("--json -S lmtp:///nowhere/at/all")
        .json(json!({
            "error": {
                "awaiting": null,
                "kind": "connect",
                "text": "cannot connect to the socket /nowhere/at/all: no such file or directory"
            },
            "exit_status": 75,
            "outcome": "none",
            "recipients": [
                {
                    "address": "Jones@Beta.ARPA",
                    "reply": null,
                    "stage": "connect",
                    "status": "untried",
                    "transaction": null
                }
            ],
            "timing_ms": {
                "auth": null,
                "connect": 0,
                "tls": null,
                "total": 0
            },
            "transactions": [],
            "version": 1
        }))
        .stderr("ehlo: cannot connect to the socket /nowhere/at/all: no such file or directory\n")
        .exit(75);
}

#[test]
fn an_error_of_usage_behind_the_command_line_as_json() {
    send("--json -f Smith@Alpha.ARPA -t Jones@Beta.ARPA").json(json!({
            "error": {
                "awaiting": null,
                "kind": "data",
                "text": "no server: name one with -S (--server), as in -S mail.example.org or -S submission://host, or in EHLO_SERVER"
            },
            "exit_status": 64,
            "outcome": "none",
            "recipients": [],
            "timing_ms": {
                "auth": null,
                "connect": 0,
                "tls": null,
                "total": 0
            },
            "transactions": [],
            "version": 1
        })).stderr("ehlo: no server: name one with -S (--server), as in -S mail.example.org or -S submission://host, or in EHLO_SERVER\n").exit(64);
}

#[test]
fn a_missing_file_as_json() {
    to_jones("--json -a missing")
        .unasked()
        .json(json!({
            "error": {
                "awaiting": null,
                "kind": "io",
                "text": "cannot read missing: No such file or directory (os error 2)"
            },
            "exit_status": 66,
            "outcome": "none",
            "recipients": [],
            "timing_ms": {
                "auth": null,
                "connect": 0,
                "tls": null,
                "total": 0
            },
            "transactions": [],
            "version": 1
        }))
        .stderr("ehlo: cannot read missing: No such file or directory (os error 2)\n")
        .exit(66);
}

#[test]
fn a_message_too_large_as_json() {
    to_jones("--json")
        .server(&format!("S: 220 beta\nC: EHLO alpha.arpa\nS: 250-beta\nS: 250 SIZE 100\n{QUIT}"))
        .json(json!({
            "error": {
                "awaiting": null,
                "kind": "data",
                "text": "the message has 218 octets and the server takes 100 at most; nothing was sent"
            },
            "exit_status": 65,
            "outcome": "none",
            "recipients": [
                {
                    "address": "Jones@Beta.ARPA",
                    "reply": null,
                    "stage": "mail",
                    "status": "untried",
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
                    "message": {
                        "id": "<1@alpha.arpa>",
                        "octets": 218,
                        "reply": null
                    },
                    "sender": {
                        "address": "Smith@Alpha.ARPA",
                        "reply": null
                    },
                    "server": {
                        "address": "127.0.0.1:PORT",
                        "auth": null,
                        "extensions": [
                            "SIZE 100"
                        ],
                        "greeting": {
                            "code": 220,
                            "enhanced": null,
                            "text": [
                                "beta"
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
        .stderr("ehlo: the message has 218 octets and the server takes 100 at most; nothing was sent\n")
        .exit(65);
}

#[test]
fn a_dry_run_as_json() {
    to_jones("--json --dry-run")
        .unasked()
        .json(json!({
            "error": null,
            "exit_status": 0,
            "outcome": "none",
            "recipients": [
                {
                    "address": "Jones@Beta.ARPA",
                    "reply": null,
                    "stage": "connect",
                    "status": "untried",
                    "transaction": null
                }
            ],
            "timing_ms": {
                "auth": null,
                "connect": 0,
                "tls": null,
                "total": 0
            },
            "transactions": [],
            "version": 1
        }))
        .exit(0);
}

#[test]
fn two_transactions_as_json() {
    to_jones("--json Brown@Beta.ARPA")
        .server(&format!(
            "{HELLO}{MAIL}{RCPT}C: RCPT TO:<Brown@Beta.ARPA>\nS: 452 4.5.3 Too many recipients\n{TAKEN}\
             {MAIL}C: RCPT TO:<Brown@Beta.ARPA>\nS: 250 OK\n{TAKEN}{QUIT}"
        ))
        .json(json!({
            "error": null,
            "exit_status": 0,
            "outcome": "all",
            "recipients": [
                {
                    "address": "Jones@Beta.ARPA",
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
                    "address": "Brown@Beta.ARPA",
                    "reply": {
                        "code": 250,
                        "enhanced": null,
                        "text": [
                            "OK"
                        ]
                    },
                    "stage": "rcpt",
                    "status": "accepted",
                    "transaction": 1
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
                            "enhanced": null,
                            "text": [
                                "OK"
                            ]
                        }
                    },
                    "server": {
                        "address": "127.0.0.1:PORT",
                        "auth": null,
                        "extensions": [],
                        "greeting": {
                            "code": 220,
                            "enhanced": null,
                            "text": [
                                "beta"
                            ]
                        },
                        "name": "127.0.0.1",
                        "protocol": "smtp",
                        "tls": null
                    }
                },
                {
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
                            "enhanced": null,
                            "text": [
                                "OK"
                            ]
                        }
                    },
                    "server": {
                        "address": "127.0.0.1:PORT",
                        "auth": null,
                        "extensions": [],
                        "greeting": {
                            "code": 220,
                            "enhanced": null,
                            "text": [
                                "beta"
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
        .exit(0);
}

#[test]
fn json_and_quiet_print_the_object_and_the_names() {
    to_jones("--json -q")
        .server(&format!("{HELLO}{MAIL}C: RCPT TO:<Jones@Beta.ARPA>\nS: 550 no\n{QUIT}"))
        .json(json!({
            "error": null,
            "exit_status": 69,
            "outcome": "none",
            "recipients": [
                {
                    "address": "Jones@Beta.ARPA",
                    "reply": {
                        "code": 550,
                        "enhanced": null,
                        "text": [
                            "no"
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
                    "message": {
                        "id": "<1@alpha.arpa>",
                        "octets": 218,
                        "reply": null
                    },
                    "sender": {
                        "address": "Smith@Alpha.ARPA",
                        "reply": {
                            "code": 250,
                            "enhanced": null,
                            "text": [
                                "OK"
                            ]
                        }
                    },
                    "server": {
                        "address": "127.0.0.1:PORT",
                        "auth": null,
                        "extensions": [],
                        "greeting": {
                            "code": 220,
                            "enhanced": null,
                            "text": [
                                "beta"
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
        .stderr("ehlo: Jones@Beta.ARPA: refused: 550 no\n")
        .exit(69);
}
