//! What is said of signing in by OAuth: what went wrong and what to do, and what is said meanwhile.

use crate::config::accounts::Problem;
use crate::oauth::{KeepError, OauthError, Refusal, Request};

/// Where a browser ended is known too late, or not at all.
pub const PASTE: &str = "waiting for the browser to come back; if it cannot reach this machine, paste the address that it \
                         ended at, and press Enter";
/// What was pasted is no answer.
pub const NOT_IT: &str =
    "this does not belong to this sign-in: paste the whole address that the browser ended at";
/// Somebody else came.
pub const FOREIGN: &str = "an answer came that does not belong to this sign-in, and was left out";
/// The sign-in does not last.
pub const NO_REFRESH_TOKEN: &str = "the provider gave no refresh token, so you have to sign in again when the token is \
                                    over; most providers want the scope offline_access for one";
/// What the browser shows in the end.
pub const PAGE_DONE: &str = "You are signed in. You can close this page.";
/// The code was not good for a token.
pub const PAGE_FAILED: &str = "The sign-in did not work. What went wrong is said where ehlo runs.";
/// The user, or the provider, said no.
pub const PAGE_REFUSED: &str = "The sign-in was refused. You can close this page.";
/// The answer is for somebody else.
pub const PAGE_FOREIGN: &str = "This does not belong to the sign-in that is waited for.";
/// What browsers ask for besides.
pub const PAGE_NOTHING: &str = "There is nothing here.";

/// What stands above the address.
#[must_use]
pub fn browse(is_open: bool) -> &'static str {
    match is_open {
        true => "sign in with the browser that opens; if none does, open this address:",
        false => "open this address in a browser, and sign in:",
    }
}

/// Where a code is typed.
#[must_use]
pub fn device(place: &str, code: &str, complete: Option<&str>) -> Vec<String> {
    let mut lines = vec![format!("open {place} in any browser, and enter the code {code}")];
    lines.extend(complete.map(|address| format!("or open {address}, which has the code in it")));
    lines.push("waiting until you have signed in there".to_owned());
    lines
}

/// It worked.
#[must_use]
pub fn signed_in(account: &str, place: &str) -> String {
    format!(
        "account '{account}': signed in; the tokens are in {place}; try it with ehlo account test {account}"
    )
}

/// What became of the tokens.
#[must_use]
pub fn signed_out(account: &str, was_there: bool, is_ended: bool) -> String {
    match (was_there, is_ended) {
        (false, _) => format!("account '{account}': nobody was signed in"),
        (true, true) => format!("account '{account}': signed out; the provider has ended the tokens"),
        (true, false) => format!(
            "account '{account}': signed out; the tokens here are gone, but the provider has not ended them: take the \
             access away in your account there"
        ),
    }
}

/// There is nothing to sign in to.
#[must_use]
pub fn without(account: &str) -> String {
    format!("account '{account}' has no 'oauth': see ehlo-config(5)")
}

/// The sentence for an error.
#[must_use]
pub fn error(account: &str, error: &OauthError) -> String {
    let login = format!("run ehlo account login {account}");
    let said = match error {
        OauthError::Https(Request::Revocation, why) => {
            format!("the provider cannot be asked to end the tokens: {why}")
        }
        OauthError::Status(Request::Revocation, status) => {
            format!("the provider does not end the tokens (status {status})")
        }
        error => error.to_string(),
    };
    let advice = match error {
        OauthError::Refused(request, refusal) => return refused(account, *request, refusal),
        OauthError::NotSignedIn => return format!("account '{account}': nobody has signed in: {login}"),
        OauthError::OtherClient => {
            return format!(
                "account '{account}': the sign-in was for another provider, client id, scope or flow: {login}"
            );
        }
        OauthError::NoRefreshToken => format!(": {login}"),
        OauthError::Expired => ": start again".to_owned(),
        OauthError::NoEndpoint(request) => {
            return format!(
                "account '{account}': the provider does not offer this flow{}",
                other_flow(*request)
            );
        }
        OauthError::OtherIssuer => ": write the issuer as the document has it".to_owned(),
        OauthError::Keep(KeepError::Problem(path, Problem::ForeignOwner)) => {
            format!(": chown {} to yourself", path.display())
        }
        OauthError::Keep(KeepError::Problem(path, _)) => format!(": run chmod go-rwx {}", path.display()),
        OauthError::Keep(KeepError::Unreadable(_)) => format!(": {login}"),
        OauthError::Keep(KeepError::Kind(path)) => format!(": remove {}, and {login}", path.display()),
        OauthError::Keep(KeepError::Io(path, why))
            if why.kind() == std::io::ErrorKind::PermissionDenied && path.starts_with("/var/lib") =>
        {
            "; the tokens are the machine's: mail goes by ehlo sendmail or ehlo send --queue".to_owned()
        }
        OauthError::Https(_, why) => https(why),
        OauthError::Status(..) if error.is_temporary() => ": try again later".to_owned(),
        OauthError::Status(Request::Discovery, _) => ": the issuer has no document there".to_owned(),
        _ => String::new(),
    };
    format!("account '{account}': {said}{advice}")
}

fn other_flow(request: Request) -> &'static str {
    match request {
        Request::Authorization => "; try flow = \"device\"",
        Request::Device => "; try flow = \"code\"",
        _ => "",
    }
}

fn https(why: &crate::https::HttpsError) -> String {
    use crate::https::HttpsError;
    use crate::net::Error as NetError;
    match why {
        HttpsError::Handshake(NetError::Tls(error)) if error.is_trust() => {
            ": name its issuer with ca-file if it is your own".to_owned()
        }
        HttpsError::Redirected(_) => ", which is not followed: give the address that it leads to".to_owned(),
        _ => String::new(),
    }
}

/// What a provider says no to, what it says, and what to do.
fn refused(account: &str, request: Request, refusal: &Refusal) -> String {
    let login = format!("run ehlo account login {account}");
    let what = match (request, refusal.code.as_str()) {
        (Request::Revocation, _) => "the provider does not end the tokens",
        (_, "invalid_grant") => {
            "the sign-in is over: consent was withdrawn, the password changed, or it was too long ago"
        }
        (_, "access_denied" | "authorization_declined") => "the sign-in was refused",
        (_, "invalid_client" | "unauthorized_client") => "the provider does not accept the client",
        (_, "invalid_scope") => "the provider does not give this scope",
        (_, "interaction_required" | "consent_required" | "login_required") => {
            "the provider wants you to sign in again"
        }
        _ => "the provider refuses",
    };
    let advice = match refusal.code.as_str() {
        _ if request == Request::Revocation => "take the access away in your account there".to_owned(),
        "invalid_grant" | "interaction_required" | "consent_required" | "login_required" => login,
        "access_denied" | "authorization_declined" => format!("{login} to try again"),
        "invalid_client" | "unauthorized_client" => {
            "check oauth-client-id, oauth-client-secret-file, and the flows that the client may use"
                .to_owned()
        }
        "invalid_scope" => "check the scope, and what the client may ask for".to_owned(),
        "slow_down" | "temporarily_unavailable" | "server_error" => "try again later".to_owned(),
        _ => "check the client's settings at the provider".to_owned(),
    };
    format!("account '{account}': {what}: {refusal}; {advice}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_went_wrong_is_told_with_what_to_do() {
        let refused = |request, code: &str, description: &str| {
            let refusal = Refusal { code: code.to_owned(), description: description.to_owned() };
            error("me", &OauthError::Refused(request, refusal))
        };
        assert_eq!(
            refused(Request::Token, "invalid_grant", "Token has been revoked."),
            "account 'me': the sign-in is over: consent was withdrawn, the password changed, or it was too long ago: \
             Token has been revoked. (invalid_grant); run ehlo account login me"
        );
        assert_eq!(
            refused(Request::Authorization, "access_denied", ""),
            "account 'me': the sign-in was refused: access_denied; run ehlo account login me to try again"
        );
        assert_eq!(
            error("me", &OauthError::NotSignedIn),
            "account 'me': nobody has signed in: run ehlo account login me"
        );
        assert_eq!(
            error("me", &OauthError::NoEndpoint(Request::Device)),
            "account 'me': the provider does not offer this flow; try flow = \"code\""
        );
    }
}
