//! What is said where nobody could be logged in, and the flag that helps.

use ehlo_smtp::auth::{Lack, NoMechanism};

/// Why there is no way to log in.
#[must_use]
pub fn no_mechanism(reason: &NoMechanism) -> String {
    let advice = match reason {
        NoMechanism::NotOffered { encrypted: true } => "; leave out -u, or try another port (587 or 465)",
        NoMechanism::NotOffered { encrypted: false } => {
            "; leave out -u, or try --tls starttls or another port (587 or 465)"
        }
        NoMechanism::Lacking { mechanism, lack: Lack::Identity } => {
            return format!(
                "the server offers the log-in mechanism {mechanism}, but it does not support --auth-identity"
            );
        }
        NoMechanism::Lacking { mechanism, lack: Lack::Password } => {
            return format!(
                "the server offers the log-in mechanism {mechanism}, which needs a password: use --password-file"
            );
        }
        NoMechanism::Lacking { lack: Lack::Token, .. } => {
            ": use an account with 'oauth', or --oauth-token-command"
        }
        NoMechanism::Lacking { lack: Lack::Request, .. } => ": --auth EXTERNAL",
        NoMechanism::Clear => "; use --tls starttls or --tls implicit (or --allow-cleartext-auth)",
        NoMechanism::Unverified => "; name its issuer with --ca-file (or use --insecure)",
        _ => "",
    };
    format!("{reason}{advice}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_flag_that_helps_is_named() {
        let lacking = |lack| NoMechanism::Lacking { mechanism: "PLAIN", lack };
        for (reason, said) in [
            (
                NoMechanism::NotOffered { encrypted: false },
                "the server does not offer AUTH here; leave out -u, or try --tls starttls or another port \
                 (587 or 465)",
            ),
            (
                lacking(Lack::Identity),
                "the server offers the log-in mechanism PLAIN, but it does not support --auth-identity",
            ),
            (
                lacking(Lack::Password),
                "the server offers the log-in mechanism PLAIN, which needs a password: use --password-file",
            ),
            (
                lacking(Lack::Request),
                "the server offers the log-in mechanism PLAIN, but it is used only on request: \
                 --auth EXTERNAL",
            ),
            (
                lacking(Lack::Random),
                "the server offers the log-in mechanism PLAIN, but this system provides no random numbers",
            ),
            (NoMechanism::Exhausted, "no other log-in mechanism is left to try"),
        ] {
            assert_eq!(no_mechanism(&reason), said);
        }
    }
}
