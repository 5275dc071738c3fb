//! What people type by habit: flags of other programs, slips, passwords. One line says what is meant here, and nothing
//! is sent.

use crate::harness::{Ehlo, ehlo};
use crate::*;

/// From Smith to Jones, over a port where nobody listens.
fn to_nobody(line: &str) -> Ehlo {
    ehlo(&format!("send -S 127.0.0.1:1 -f Smith@Alpha.ARPA Jones@Beta.ARPA --body x {line}"))
}

fn says(run: Ehlo, said: &str) {
    run.stderr(&format!("ehlo: {said}\n")).exit(64);
}

#[test]
fn flags_of_other_programs_are_answered_with_ours_and_nothing_is_done() {
    for (typed, said) in [
        ("-tls", "-tls was read as -t ls: did you mean --tls starttls?"),
        ("-tlsc", "no option -tlsc (swaks): use --tls implicit"),
        ("-au smith", "no option -au (swaks): use -u (--user)"),
        ("-h-X-Any y", "no option -h-X-Any (swaks): use -H 'X-Any: VALUE'"),
        ("--helo x", "no option --helo (swaks): use --ehlo-name"),
        ("--data x", "no option --data (swaks): use -m (--message)"),
        ("-oi", "no option -oi (sendmail): leave it out, a line with a dot alone does not end the message"),
        ("-B8BITMIME", "no option -B (sendmail): leave it out, 8BITMIME is used where it is offered"),
        ("-N failure", "no option -N (sendmail, msmtp): use --notify"),
        ("-R hdrs", "no option -R (sendmail, msmtp): use --return"),
        ("-X log", "no option -X (sendmail, msmtp): use --transcript"),
        ("-bt", "no option -bt (sendmail): use 'ehlo verify' to ask about an address"),
        (
            "-i x",
            "no option -i (sendmail, mutt): leave it out for sendmail; the text in a file (mutt) is --body-file \
             FILE",
        ),
        (
            "-FCronDaemon",
            "no option -F (sendmail, curl): use -f 'Name <address>' for a name, -a (--attach) for a file",
        ),
        ("-k", "no option -k (curl): use --insecure"),
        ("-T x", "no option -T (curl, s-nail): use -m (--message) for curl's, -t (--to) for s-nail's"),
        ("--ssl", "no option --ssl (curl): use --tls opportunistic"),
        ("--ssl-reqd", "no option --ssl-reqd (curl): use --tls starttls"),
        ("--mail-rcpt a@b.example", "no option --mail-rcpt (curl): use -t (--to)"),
        ("--no-verify", "no option --no-verify: use --insecure"),
        ("--starttls", "no option --starttls: use --tls starttls"),
        ("--host h", "no option --host (msmtp): use -S (--server)"),
        ("--passwordeval x", "no option --passwordeval (msmtp): use --password-command"),
        ("--read-recipients", "no option --read-recipients (msmtp): use -m - --recipients-in-message"),
        ("-e x", "no option -e (mutt): use -f for the sender, -H (--header) for a header"),
        ("-Sv15-compat", "no option -S v15-compat (s-nail): leave it out, there is only one syntax"),
        ("-S from=a@b.example -S smtp-auth=login", "no option -S from (s-nail): use -f (--from)"),
        ("-S any=x", "no option -S any (s-nail): there are no settings, -S names the server"),
        ("--smtp-server h", "no option --smtp-server (git): use -S (--server)"),
        ("-smtp h", "no option -smtp (mailsend): use -S (--server)"),
        ("-V", "no option -V (sendmail): use 'ehlo --version', or --envelope-id for sendmail's"),
        ("-t -m x", "--to needs a value: for sendmail's -t, use -m FILE --recipients-in-message"),
        ("-t", "--to needs a value: for sendmail's -t, use -m FILE --recipients-in-message"),
    ] {
        says(to_nobody(typed), said);
    }
}

#[test]
fn other_commands_know_the_habits_and_name_no_flag_that_they_lack() {
    for (line, said) in [
        ("probe --tls-on-connect h", "no option --tls-on-connect (swaks): use --tls implicit"),
        (
            "probe -user x h",
            "no option -user: 'ehlo send' has --user for this, 'ehlo probe' has no equivalent",
        ),
        ("probe -tls h", "no option -tls: did you mean --tls starttls?"),
        (
            "probe -au x h",
            "no option -au (swaks): 'ehlo send' has -u for this, 'ehlo probe' has no equivalent",
        ),
        (
            "verify --host h",
            "no option --host (msmtp): name the server without a flag, as in 'ehlo verify mail.example.org'",
        ),
        ("probe -S h", "no option -S: name the server without a flag, as in 'ehlo probe mail.example.org'"),
        (
            "probe --subject x h",
            "no option --subject here, though 'ehlo send' has one: see 'ehlo probe --help'",
        ),
        ("verify -f a@x.example h", "no option -f: name the sender with --envelope-from"),
        ("verify --to a@x.example h", "no option --to: name the addresses without a flag"),
        ("probe --cleartext h", "no option --cleartext: see 'ehlo probe --help'"),
        (
            "explain -k 550",
            "no option -k (curl): 'ehlo send' has --insecure for this, 'ehlo explain' has no equivalent",
        ),
    ] {
        says(ehlo(line), said);
    }
}

#[test]
fn a_word_with_one_hyphen_is_told_as_it_was_read() {
    for (typed, said) in [
        ("-subjcet=hi", "-subjcet was read as -s ubjcet: did you mean --subject?"),
        ("-auth-usr x", "-auth-usr was read as -a uth-usr: did you mean -u (--user)?"),
        ("-attch x", "-attch was read as -a ttch: did you mean --attach?"),
        (
            "-tyou",
            "-tyou was read as -t you: 'you' has no '@' and no domain (at character 1); add one, or name the \
             domain \
             of all such names with --domain",
        ),
        ("-qJ", "no option -J, as in -qJ: see 'ehlo send --help'"),
        ("-JS3cret", "no option -J: see 'ehlo send --help'"),
        ("-verbsoe", "no option -verbsoe: did you mean --verbose?"),
    ] {
        says(to_nobody(typed), said);
    }
    to_nobody("-azzz")
        .stderr("ehlo: cannot read zzz: no such file or directory; -azzz was read as -a zzz\n")
        .exit(66);
    // What can be read, and is no flag's name, is.
    to_jones("-ssubject").server(&all_well()).stdout(JONES_HAS_IT).exit(0);
    to_jones("-s=Backup -qE").server(&all_well()).exit(0);
}

#[test]
fn did_you_mean_is_for_slips_only() {
    for (typed, said) in [
        ("--subjet x", "did you mean --subject?"),
        ("--subejct x", "did you mean --subject?"),
        ("--subj x", "did you mean --subject?"),
        ("--tsl off", "did you mean --tls?"),
        ("--form a@b.c", "did you mean --from?"),
        ("--retrun x", "did you mean --return?"),
        ("--arc-key x", "see 'ehlo send --help'"),
        ("--reject x", "see 'ehlo send --help'"),
        ("--zz x", "see 'ehlo send --help'"),
        ("--version", "use 'ehlo --version'"),
    ] {
        let flag = typed.split(' ').next().unwrap();
        says(to_nobody(typed), &format!("no option {flag}: {said}"));
    }
}

#[test]
fn without_a_command_the_one_that_was_meant_is_named() {
    let look = "'ehlo probe SERVER' looks at a server, 'ehlo verify SERVER ADDRESS' asks about an address";
    for (line, said) in [
        ("sned", "no command 'sned': did you mean send?"),
        ("SEND", "no command 'SEND': did you mean send?"),
        ("version", "no command 'version': for the version, use 'ehlo --version'"),
        ("test", &format!("no command 'test': {look}")),
        ("ping h", &format!("no command 'ping': {look}")),
        ("scan", &format!("no command 'scan': {look}")),
        ("dmarc", "no command 'dmarc': 'ehlo check DOMAIN' looks at a domain's mail set-up"),
        ("foo", "no command 'foo': see 'ehlo --help'"),
        ("-S h", "no command before -S: did you forget send, as in 'ehlo send -S ...'?"),
        ("--to x", "no command before --to: did you forget send, as in 'ehlo send --to ...'?"),
        ("-v send", "the command comes first: ehlo send -v ..."),
        ("--verison", "no option --verison: did you mean --version?"),
        (
            "ops@x.example",
            "no command 'ops@x.example': did you forget send, as in 'ehlo send ... ops@x.example'?",
        ),
        (
            "mail.x.example",
            "no command 'mail.x.example': name one before the server, as in 'ehlo probe mail.x.example'",
        ),
        ("smtp://me:S3cret@h", "no command: name one before the server, as in 'ehlo probe SERVER'"),
    ] {
        says(ehlo(line), said);
    }
}

#[test]
fn what_may_be_a_password_is_never_repeated() {
    let no_password = "a password is not taken as an argument, where everybody on this host could read it: use \
                       --password-file, --password-command, --password-env, or wait to be asked";
    for typed in [
        "-ap S3cr@t!",
        "-ap=S3cr@t!",
        "-xp S3cr@t!",
        "--auth-password S3cr@t!",
        "--smtp-pass=S3cr@t!",
        "--oauth2-bearer S3cr@t!",
        "--passwd=S3cr@t!",
        "--pass S3cr@t!",
        "--pw S3cr@t!",
        "-pw S3cr@t!",
        "-pass=S3cr@t!",
        "-password S3cr@t!",
        "--token S3cr@t!",
        "-token S3cr@t!",
        "--secret S3cr@t!",
        "--userpwd me:S3cr@t!",
        "-S smtp-auth-password=S3cr@t!",
        "-Spassword=S3cr@t!",
        "--zzz --pasword S3cr@t!",
    ] {
        says(to_nobody(typed), no_password);
    }
    says(ehlo("--password S3cr@t!"), no_password);
    says(ehlo("verify -ap S3cr@t! h a@x.example"), no_password);
    #[cfg(feature = "console")]
    says(ehlo("console --pass S3cr@t! h"), no_password);
    says(
        ehlo("probe --password S3cret h"),
        "a password is not taken as an argument, where everybody on this host could read it: 'ehlo probe' does \
         not log in; other commands have --password-file",
    );
}

#[test]
fn a_password_in_the_name_of_a_user_is_not_repeated() {
    let not_taken = "the user contains a colon, and what follows it may be a password; a password is never an argument: use";
    let colon = |by: &str| format!("{by}: {not_taken} --password-file or --password-command");
    let send = |line: &str| ehlo(&format!("send -f a@x.example b@x.example --body x {line}"));
    says(send("-S h -u me:S3cret"), &colon("--user"));
    says(send("-S h -u me%3AS3cret"), &colon("--user"));
    says(send("-S smtp://me%3AS3cret@localhost:1"), &colon("--server"));
    says(send("-S smtp://me%3AS3cret@h -u you --dry-run"), &colon("--server"));
    says(send("-S smtp://you@h -u me:S3cret"), &colon("--user"));
    says(send("").env("EHLO_SERVER", "smtp://me%3AS3cret@h"), &colon("EHLO_SERVER"));
    says(send("-S h").env("EHLO_USER", "me:S3cret"), &colon("EHLO_USER"));
    says(ehlo("verify smtp://me%3aS3cret@h a@x.example"), &colon("SERVER"));
    says(ehlo("probe smtp://me%3aS3cret@h"), &colon("SERVER"));
    let mechanisms = "SCRAM-SHA-256-PLUS, SCRAM-SHA-1-PLUS, SCRAM-SHA-256, SCRAM-SHA-1, CRAM-MD5, PLAIN, LOGIN, \
                      OAUTHBEARER, XOAUTH2, EXTERNAL";
    says(send("-S h --auth me:S3cret"), &format!("--auth: this is not a mechanism; known are {mechanisms}"));
    #[cfg(feature = "console")]
    says(ehlo("console smtp://me%3aS3cret@localhost:1"), &colon("SERVER"));
    let in_url = "a password does not belong in a URL, where others can see it: use";
    says(
        send("").env("EHLO_SERVER", "smtp://me:S3cret@h"),
        &format!("EHLO_SERVER: {in_url} --password-file or --password-command"),
    );
    let proxy = "--proxy-password-file or --proxy-password-env";
    says(send("-S h --proxy socks5://me:S3cret@p"), &format!("--proxy: {in_url} {proxy}"));
    says(send("-S h --proxy socks5://me%3AS3cret@p"), &format!("--proxy: {not_taken} {proxy}"));
}

#[test]
fn a_password_in_the_place_of_something_else_is_not_repeated() {
    let behind = "the word after the user was taken as an address: a password is never an argument, use \
                  --password-file or --password-command";
    let port = "--port needs a number from 1 to 65535; a password is never an argument:";
    let by_file = format!("{port} use --password-file");
    let setting = "no option -S mta (s-nail): use -S with a host or a URL, and --password-file";
    for (typed, said) in [
        ("-u me S3cret", behind),
        ("-ume S3cret", behind),
        ("smtp://me:S3cret@h", "a URL was taken as a recipient: name the server with -S (--server)"),
        ("-pS3cret", &by_file),
        ("-p S3cret", &by_file),
        (
            "--url smtp://u:S3cret@h",
            "no option --url (curl): use -S (--server), and --password-file for a password",
        ),
        ("--login u:S3cret", "no option --login: use -u (--user) and --password-file"),
        ("-Smta=smtp://u:S3cret@h", setting),
        ("-S mta=smtp://u:S3cret@h", setting),
    ] {
        says(to_nobody(typed), said);
    }
    says(ehlo("verify h -u me S3cret"), behind);
    says(ehlo("probe -pS3cret h"), &format!("{port} where there is a log-in, use --password-file"));
}
