//! Completion as it is met: each shell at a pseudo-terminal, a line typed, TAB pressed, and the line that
//! comes of it run. In place of `ehlo` a script prints its arguments, so that the quoting counts, too.
//!
//! A shell that is not installed is passed over, with a word, unless `EHLO_ALL_SHELLS` is set.
#![allow(clippy::unwrap_used, clippy::panic, reason = "what goes wrong fails the test")]
#![allow(clippy::disallowed_macros, reason = "a shell that is passed over is named")]

mod shells;

use shells::{Shell, at};

/// What is typed behind `ehlo`, and the last argument that it becomes.
const LINES: &[(&str, &str)] = &[
    // Files, into folders and with blanks, for every way to write a flag.
    ("send --attach su\tin\t", "sub/inner.txt"),
    ("send --attach=su\tin\t", "--attach=sub/inner.txt"),
    ("send --attach wi\t", "with space.txt"),
    ("send --attach=wi\t", "--attach=with space.txt"),
    ("send -a wi\t", "with space.txt"),
    ("send -qm wi\t", "with space.txt"),
    ("send --body-file wi\t", "with space.txt"),
    ("send --ca-file wi\t", "with space.txt"),
    ("send --recipients-from wi\t", "with space.txt"),
    ("sink --script wi\t", "with space.txt"),
    ("verify a.example --failed-to wi\t", "with space.txt"),
    ("explain wi\t", "wi"),
    // Folders alone.
    ("sink --maildir su\t", "sub"),
    ("sink --maildir wi\t", "wi"),
    // Nothing where nothing helps.
    ("send -s wi\t", "wi"),
    ("send --subject=wi\t", "--subject=wi"),
    ("send --body wi\t", "wi"),
    ("send wi\t", "wi"),
    ("send -- wi\t", "wi"),
    ("send -S wi\t", "wi"),
    ("send -S smtp://wi\t", "smtp://wi"),
    ("send you@wi\t", "you@wi"),
    ("send --attach x -s wi\t", "wi"),
    // Words that a flag takes.
    ("send --tls im\t", "implicit"),
    ("send --tls=im\t", "--tls=implicit"),
    ("sink --tls op\t", "op"),
    ("send --tls-backend na\t", "native"),
    ("send --stop-after eh\t", "ehlo"),
    ("send --drop-after message-\t", "message-sent"),
    ("send --return he\t", "headers"),
    ("send --color ne\t", "never"),
    ("send --progress al\t", "always"),
    ("explain --after VR\t", "VRFY"),
    ("completions fi\t", "fish"),
    // Several, with commas.
    ("send --auth XO\t", "XOAUTH2"),
    ("send --auth PLAIN,XO\t", "PLAIN,XOAUTH2"),
    ("send --auth=PLAIN,XO\t", "--auth=PLAIN,XOAUTH2"),
    ("send --notify success,del\t", "success,delay"),
    // Variables, hosts, programs.
    ("send --password-env EHLO_TEST_\t", "EHLO_TEST_VARIABLE"),
    ("send --proxy-password-env EHLO_TEST_\t", "EHLO_TEST_VARIABLE"),
    ("send -A ehlo-test-a\t", "ehlo-test-account"),
    ("sendmail -a ehlo-test-a\t", "ehlo-test-account"),
    ("sendmail --no-q\t", "--no-queue"),
    ("probe --account=ehlo-test-a\t", "--account=ehlo-test-account"),
    ("account te\t", "test"),
    ("account show ehlo-test-a\t", "ehlo-test-account"),
    ("account import msmtprc wi\t", "with space.txt"),
    ("send -S beta.ar\t", "beta.arpa"),
    ("send --server=beta.ar\t", "--server=beta.arpa"),
    ("verify beta.ar\t", "beta.arpa"),
    ("verify beta.arpa beta.ar\t", "beta.ar"),
    ("console beta.ar\t", "beta.arpa"),
    ("send --pipe ehlo-test-pro\t", "ehlo-test-program"),
    // Commands and flags.
    ("ver\t", "verify"),
    ("wi\t", "wi"),
    ("help cons\t", "console"),
    ("send --subj\t", "--subject"),
    ("send --password-comm\t", "--password-command"),
    // What a command does not know is not offered.
    ("verify --final-t\t", "--final-t"),
    ("explain --subj\t", "--subj"),
];

/// Runs every line, and says all at once which came out otherwise.
fn check(shell: Shell) {
    let Some(mut session) = at(shell) else { return };
    let wrong: Vec<_> = LINES
        .iter()
        .map(|(typed, wanted)| (typed, wanted, session.last_argument(typed)))
        .filter(|(_, wanted, got)| got != *wanted)
        .collect();
    assert!(wrong.is_empty(), "{shell:?}: {wrong:#?}");
    if matches!(shell, Shell::Bash | Shell::BashCompletion) {
        assert_eq!(session.last_argument("send -S smtp://beta.ar\t"), "smtp://beta.arpa");
    }
    // A file that standard input comes from.
    assert_eq!(session.last_argument("explain < wi\t"), "explain");
    // The words for a value, and the commands.
    session.shows("ehlo send --tls \t\t", "opportunistic");
    at(shell).unwrap().shows("ehlo \t\t", "console");
}

#[test]
fn bash_completes() {
    check(Shell::Bash);
}

#[test]
fn bash_with_the_package_bash_completion_completes() {
    check(Shell::BashCompletion);
}

#[test]
fn zsh_completes() {
    check(Shell::Zsh);
}

#[test]
fn fish_completes() {
    check(Shell::Fish);
}
