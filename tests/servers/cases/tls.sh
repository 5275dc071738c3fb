# shellcheck shell=bash disable=SC2154 # sourced by check, which sets $work, the ports and the files
# TLS: what is verified, what is refused; then the same with the other backend.

starttls_verified_by_ca_file() {
    send -S "$POSTFIX" --tls starttls --ca-file "$CA_FILE" -m letter jones@beta.test
    exits 0
    has jones@beta.test "$work/letter"
    session smtp
    counted starttls=1 ehlo=2 mail=1
}

implicit_tls_verified_by_ca_file() {
    send -S "127.0.0.1:$SMTPS_PORT" --tls implicit --ca-file "$CA_FILE" -m letter jones@beta.test
    exits 0
    has jones@beta.test "$work/letter"
    run send -S "smtps://localhost:$SMTPS_PORT" -f smith@alpha.test --ca-file "$CA_FILE" -m letter brown@beta.test
    exits 0
    has brown@beta.test "$work/letter"
}

opportunistic_is_the_default_and_warns() {
    run send -S "$POSTFIX" -f smith@alpha.test -m letter jones@beta.test
    exits 0
    has jones@beta.test "$work/letter"
    session smtp
    counted starttls=1
    [ -s "$work/err" ] || fail "no warning about a certificate that could not be verified"
}

an_unknown_authority_is_77() {
    send -S "$POSTFIX" --tls starttls --ca-file "$OTHER_CA_FILE" -m letter jones@beta.test
    exits 77
    send -S "127.0.0.1:$SMTPS_PORT" --tls implicit --ca-file "$OTHER_CA_FILE" -m letter jones@beta.test
    exits 77
    send -S "$POSTFIX" --tls starttls -m letter jones@beta.test
    exits 77
    nothing jones@beta.test
}

a_wrong_name_is_77_unless_named() {
    send -S "127.0.0.1:$WRONG_NAME_PORT" --tls starttls --ca-file "$CA_FILE" -m letter jones@beta.test
    exits 77
    nothing jones@beta.test
    send -S "127.0.0.1:$WRONG_NAME_PORT" --tls starttls --ca-file "$CA_FILE" --tls-name mail.beta.test \
        -m letter jones@beta.test
    exits 0
    has jones@beta.test "$work/letter"
}

insecure_verifies_nothing_and_says_so() {
    send -S "127.0.0.1:$WRONG_NAME_PORT" --tls starttls --insecure -m letter jones@beta.test
    exits 0
    has jones@beta.test "$work/letter"
    [ -s "$work/err" ] || fail "nothing said about the verification that was left out"
}

starttls_demanded_and_not_offered_is_77() {
    send -S "127.0.0.1:$CLEAR_AUTH_PORT" --tls starttls --ca-file "$CA_FILE" -m letter jones@beta.test
    exits 77
    nothing jones@beta.test
}

rsa_key_exchange_breaks_off_with_rustls() {
    send -S "127.0.0.1:$RSA_PORT" --tls starttls --tls-backend rustls --ca-file "$CA_FILE" -m letter jones@beta.test
    exits 75
    nothing jones@beta.test
}

# _native ARGUMENT...: send with the native backend; skips the case if the program has none.
_native() {
    send --tls-backend native "$@"
    [ "$status" -ne 64 ] && return
    case ${REQUIRE-} in *native*) exits 0 ;; esac
    skip "the program has no native TLS backend"
}

native_starttls_and_implicit_verified() {
    _native -S "$POSTFIX" --tls starttls --ca-file "$CA_FILE" -m letter jones@beta.test
    exits 0
    has jones@beta.test "$work/letter"
    _native -S "127.0.0.1:$SMTPS_PORT" --tls implicit --ca-file "$CA_FILE" -m letter brown@beta.test
    exits 0
    has brown@beta.test "$work/letter"
}

native_unknown_authority_or_wrong_name_is_77() {
    _native -S "$POSTFIX" --tls starttls --ca-file "$OTHER_CA_FILE" -m letter jones@beta.test
    exits 77
    _native -S "127.0.0.1:$WRONG_NAME_PORT" --tls starttls --ca-file "$CA_FILE" -m letter jones@beta.test
    exits 77
    nothing jones@beta.test
}

native_speaks_rsa_key_exchange() {
    _native -S "127.0.0.1:$RSA_PORT" --tls starttls --ca-file "$CA_FILE" -m letter jones@beta.test
    exits 0
    has jones@beta.test "$work/letter"
}
