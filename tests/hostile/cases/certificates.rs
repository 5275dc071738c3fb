//! Certificates that must not be trusted: by STARTTLS and from the first octet, with a password in hand. Nothing is
//! said to such a server but what began TLS.

use super::{AGAIN, DELIVERY, STARTTLS};
use crate::certificates::*;
use crate::server::play;
use crate::{Case, case};
use rustls::ServerConfig;
use std::sync::Arc;

const NAME: &str = "connect by a name that it is valid for, or give that name with --tls-name";
const PIN: &str = "to accept it, --pin its sha256 once the server's operator has confirmed it";
const CLOCK: &str = "check this host's clock; to accept it, --pin its sha256 once \
            the server's operator has confirmed it";

/// The line of error: what is wrong, which certificate it is, what would help.
fn said(fault: &str, which: &str, way_out: &str) -> String {
    format!("certificate not trusted: {fault}; {which}, sha256:; {way_out}")
}

/// Refused in every way, but where only encryption is asked for: there it is reported.
fn refused(name: &str, config: Arc<ServerConfig>, fault: &str, which: &str, way_out: &str) -> Vec<Case> {
    let text = said(fault, which, way_out);
    let summary = "none, untried, tls";
    vec![
        case(format!("starttls_certificate_{name}"), play(STARTTLS).tls(&config))
            .starttls()
            .log_in()
            .ends(77, summary, &text),
        case(format!("implicit_tls_certificate_{name}"), play("").tls(&config))
            .smtps()
            .log_in()
            .ends(77, summary, &text),
        case(
            format!("opportunistic_certificate_{name}_is_taken_on_our_own_machine"),
            play(STARTTLS).tls(&config).play(AGAIN).play(DELIVERY),
        )
        .to("-S localhost:PORT -4 --ca-file ca.pem")
        .is_taken(),
    ]
}

pub fn cases() -> Vec<Case> {
    let authority = authority();
    let named = |names: &[&str]| authority.leaf(for_names(names)).served();
    let common_name = |name: &str| authority.leaf(common_name_only(name)).served();
    let between_them = |middle, shown| authority.leaf_by_another(middle, shown).served();
    let whose =
        |issuer: &str, dates: &str| format!("CN=server, issued by CN={issuer}, for localhost, valid {dates}");
    let (good_dates, mine) = ("1975-01-01 to 4096-01-01", whose("root", "1975-01-01 to 4096-01-01"));
    let others = format!("CN=server, issued by CN=root, valid {good_dates}");
    let nameless = |subject: &str| format!("CN={subject}, issued by CN=root, valid {good_dates}");
    let by_between = whose("between", good_dates);
    let mut cases = [
        refused(
            "expired",
            authority.leaf(expired(for_localhost())).served(),
            "it expired N days ago",
            &whose("root", "2001-01-01 to 2002-01-01"),
            CLOCK,
        ),
        refused(
            "not_yet_valid",
            authority.leaf(not_yet(for_localhost())).served(),
            "it is not valid for another N days",
            &whose("root", "2901-01-01 to 2902-01-01"),
            CLOCK,
        ),
        refused(
            "self_signed",
            self_signed(for_localhost()).served(),
            "it is self-signed",
            &format!("CN=server, for localhost, valid {good_dates}"),
            "to accept it, --pin its sha256 or name it with --ca-file, once the server's operator has \
             confirmed it",
        ),
        refused(
            "for_another_name",
            named(&["other.example"]),
            "it is valid for other.example, not for localhost",
            &others,
            NAME,
        ),
        refused(
            "for_names_that_hold_its_name",
            named(&["localhost.example", "x.localhost"]),
            "it is valid for localhost.example, x.localhost, not for localhost",
            &others,
            NAME,
        ),
        refused("for_every_name", named(&["*"]), "it is valid for *, not for localhost", &others, NAME),
        refused(
            "with_a_nul_in_its_name",
            named(&["localhost\0.example"]),
            "it is valid for localhost\\x00.example, not for localhost",
            &others,
            NAME,
        ),
        refused(
            "with_escapes_in_its_name",
            named(&["\x1b[2Jlocalhost"]),
            "it is valid for \\x1b[2Jlocalhost, not for localhost",
            &others,
            NAME,
        ),
        refused(
            "with_a_common_name_only",
            common_name("localhost"),
            "it is not valid for localhost",
            &nameless("localhost"),
            NAME,
        ),
        refused(
            "with_a_nul_in_its_common_name",
            common_name("localhost\0.example"),
            "it is not valid for localhost",
            &nameless("localhost\\00.example"),
            NAME,
        ),
        refused(
            "without_its_intermediate",
            between_them(between(), false),
            "its issuer is unknown",
            &by_between,
            "to accept it, name its issuer with --ca-file, or --pin its sha256 once the server's operator \
             has confirmed it",
        ),
        refused(
            "with_an_expired_intermediate",
            between_them(expired(between()), true),
            "a certificate in its chain is out of date: CN=between, \
                    valid 2001-01-01 to 2002-01-01",
            &by_between,
            PIN,
        ),
        refused(
            "with_an_intermediate_that_is_none",
            between_them(no_authority(), true),
            "its issuer is not a certificate authority",
            &by_between,
            PIN,
        ),
        refused(
            "of_an_authority_of_the_same_name",
            Authority::new().leaf(for_localhost()).served(),
            "a signature in its chain is wrong",
            &mine,
            PIN,
        ),
        refused(
            "for_clients_only",
            authority.leaf(for_clients()).served(),
            "it or its issuer is not meant for servers",
            &mine,
            PIN,
        ),
    ]
    .concat();
    let unknown_extension = authority.leaf(with_critical_extension()).served();
    let somebody_elses = authority.leaf(for_localhost()).with_another_key().served();
    let somebody_elses_1_2 =
        authority.leaf(for_localhost()).with_another_key().served_by(&[&rustls::version::TLS12]);
    let none = authority.leaf(for_localhost()).with_octets(b"no certificate".to_vec()).served();
    let empty = authority.leaf(for_localhost()).with_octets(Vec::new()).served();
    let many = authority.leaf(for_localhost()).repeated(60).served();
    let too_many = authority.leaf(for_localhost()).repeated(400).served();
    let no_key = format!(
        "certificate not trusted: the server did not prove that it holds the certificate's key; {mine}, \
         sha256:"
    );
    let unread = format!("certificate not trusted: it is malformed; sha256:; {PIN}");
    let aloud = "warning: the server's certificate is not verified (--insecure)";
    let distrusted = |case: Case, text: &str| case.log_in().ends(77, "none, untried, tls", text);
    let implicit = |name: &str, config: &Arc<ServerConfig>| case(name, play("").tls(config)).smtps();
    let delivered = |name: &str, config: &Arc<ServerConfig>| {
        case(name, play("").tls(config).play("S: 220 beta\n").play(AGAIN).play(DELIVERY)).smtps().is_taken()
    };
    cases.extend([
        delivered("a_certificate_with_its_intermediate_is_trusted", &between_them(between(), true)),
        delivered("sixty_certificates_where_one_would_do", &many),
        implicit("more_certificates_than_64_kib", &too_many).ends(
            75,
            "none, untried, tls",
            "TLS failed: the server's message is malformed (handshake payload too large)",
        ),
        distrusted(
            case("a_certificate_for_a_name_is_not_for_its_address", play("").tls(&good()))
                .to("-S smtps://127.0.0.1:PORT --ca-file ca.pem"),
            &said("it is valid for localhost, not for 127.0.0.1", &others, NAME),
        ),
        distrusted(
            implicit("a_critical_extension_that_nobody_knows", &unknown_extension),
            &said("it contains an unknown critical extension", &mine, PIN),
        ),
        distrusted(implicit("a_key_that_is_not_the_certificates", &somebody_elses), &no_key),
        distrusted(implicit("a_key_that_is_not_the_certificates_in_tls_1_2", &somebody_elses_1_2), &no_key),
        distrusted(
            implicit("a_key_that_is_not_the_certificates_where_nothing_is_verified", &somebody_elses)
                .args("--insecure"),
            &format!("{aloud}\n{no_key}"),
        ),
        distrusted(implicit("a_certificate_that_is_none", &none), &unread),
        distrusted(
            implicit("a_certificate_that_is_none_where_nothing_is_verified", &none).args("--insecure"),
            &format!("{aloud}\n{unread}"),
        ),
        distrusted(implicit("a_certificate_of_no_octets", &empty), &unread),
        distrusted(
            case("a_pin_of_another_certificate", play(STARTTLS).tls(&good()))
                .starttls()
                .args("--pin sha256:0000000000000000000000000000000000000000000000000000000000000000"),
            &format!(
                "certificate not trusted: it does not match the pin; {mine}, sha256:, its key sha256:; it \
                 was replaced, or someone is intercepting the connection: --pin it only if the server's \
                 operator confirms it"
            ),
        ),
    ]);
    cases
}
