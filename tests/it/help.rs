//! Help: `-h` is a screen, as it is printed.

use crate::harness::ehlo;

#[test]
fn the_short_help_of_send_is_a_screen() {
    ehlo("send -h")
        .stdout(
            r"send one message, and say what became of each recipient

usage: ehlo send [OPTIONS] [TO]...

most used:
  -S, --server <SERVER>       the server: host, host:port, a URL, or mx:
  -A, --account <ACCOUNT>     an account of the configuration
  -f, --from <MAILBOX>        the sender
  -t, --to <MAILBOX>          a recipient; so is each TO
  -c, --cc <MAILBOX>          a recipient of a copy
  -b, --bcc <MAILBOX>         a recipient of a blind copy
  -s, --subject <TEXT>        the subject
      --body <TEXT>           the text [default: standard input]
  -a, --attach <FILE>         attach a file; may be repeated
  -m, --message <FILE>        send a whole message from a file as it is
  -u, --user <NAME>           log in as this user
      --password-file <FILE>  a file with the password [default: ask]
  -v, --verbose...            show the dialogue with the server
  -q, --quiet                 print only the recipients who did not get it
      --json                  print the report as JSON
      --dry-run               show what would be done

example:
  echo done | ehlo send -S mail.example.org -f me@example.org \
      -s 'Backup' ops@example.org

'ehlo send --help' has all flags; 'man ehlo-send' says more.
",
        )
        .exit(0);
}
