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

opportunistic_is_the_default_and_quiet_on_loopback() {
    run send -S "$POSTFIX" -f smith@alpha.test -m letter jones@beta.test
    exits 0
    has jones@beta.test "$work/letter"
    session smtp
    counted starttls=1
    [ ! -s "$work/err" ] || fail "a warning about the certificate of a server on loopback"
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

# _pins: sets $pins to those of the server's certificate and of its key, as openssl tells them.
_pins() {
    pins=("sha256:$(openssl x509 -in "$SERVER_CERT" -noout -fingerprint -sha256 | sed 's/.*=//')"
        "sha256:$(openssl x509 -in "$SERVER_CERT" -noout -pubkey | openssl pkey -pubin -outform DER |
            openssl dgst -sha256 -binary | base64)")
}

a_pin_is_enough_and_a_wrong_one_is_77() {
    local pin
    _pins
    for pin in "${pins[@]}"; do
        send -S "$POSTFIX" --pin "$pin" --tls-name mail.gamma.test -m letter jones@beta.test
        exits 0
        has jones@beta.test "$work/letter"
        rm -rf "${MAIL_DIR:?}"/*
    done
    send -S "127.0.0.1:$WRONG_NAME_PORT" --pin "${pins[0]}" --ca-file "$CA_FILE" -m letter jones@beta.test
    exits 77
    grep -q 'mail.beta.test' "$work/err" || fail "not said whose certificate it is:" "$(cat "$work/err")"
    nothing jones@beta.test
}

# _trusted PORT_NAME: Postfix's log says that it trusts the client's certificate.
_trusted() {
    session "$1"
    tail -c "+$((log_start + 1))" "$POSTFIX_LOG" |
        grep "postfix/$1/smtpd" | grep -Eq '(Trusted|Verified) TLS connection established from' ||
        fail "Postfix did not trust the client's certificate"
}

a_client_certificate_is_shown_to_a_server_that_demands_it() {
    send -S "127.0.0.1:$CLIENT_CERT_PORT" --ca-file "$CA_FILE" --tls starttls \
        --client-cert "$CLIENT_CERT" --client-key "$CLIENT_KEY" -m letter jones@beta.test
    exits 0
    has jones@beta.test "$work/letter"
    _trusted client-cert
    send -S "127.0.0.1:$CLIENT_CERT_12_PORT" --ca-file "$CA_FILE" --tls starttls \
        --client-cert "$CLIENT_CERT" --client-key "$CLIENT_KEY" -m letter brown@beta.test
    exits 0
    has brown@beta.test "$work/letter"
    _trusted client-cert-12
}

# Postfix lets the handshake pass and says 421.
without_a_client_certificate_that_is_demanded_75() {
    local port
    for port in "$CLIENT_CERT_PORT" "$CLIENT_CERT_12_PORT"; do
        send -S "127.0.0.1:$port" --ca-file "$CA_FILE" --tls starttls -m letter jones@beta.test
        exits 75
        grep -q 'No client certificate presented' "$work/err" || fail "not said why:" "$(cat "$work/err")"
    done
    nothing jones@beta.test
}

a_client_certificate_with_another_key_is_66() {
    send -S "127.0.0.1:$CLIENT_CERT_PORT" --ca-file "$CA_FILE" --tls starttls \
        --client-cert "$CLIENT_CERT" --client-key "$OTHER_KEY" -m letter jones@beta.test
    exits 66
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

native_pin_right_and_wrong() {
    local pin
    _pins
    for pin in "${pins[@]}"; do
        _native -S "$POSTFIX" --pin "$pin" --tls-name mail.gamma.test -m letter jones@beta.test
        exits 0
        has jones@beta.test "$work/letter"
        rm -rf "${MAIL_DIR:?}"/*
    done
    _native -S "127.0.0.1:$WRONG_NAME_PORT" --pin "${pins[0]}" --ca-file "$CA_FILE" -m letter jones@beta.test
    exits 77
    nothing jones@beta.test
}

native_client_certificate_with_and_without() {
    _native -S "127.0.0.1:$CLIENT_CERT_PORT" --ca-file "$CA_FILE" --tls starttls \
        --client-cert "$CLIENT_CERT" --client-key "$CLIENT_KEY" -m letter jones@beta.test
    exits 0
    has jones@beta.test "$work/letter"
    _trusted client-cert
    _native -S "127.0.0.1:$CLIENT_CERT_12_PORT" --ca-file "$CA_FILE" --tls starttls \
        --client-cert "$CLIENT_CERT" --client-key "$CLIENT_KEY" -m letter brown@beta.test
    exits 0
    has brown@beta.test "$work/letter"
    _native -S "127.0.0.1:$CLIENT_CERT_PORT" --ca-file "$CA_FILE" --tls starttls -m letter smith@alpha.test
    exits 75
    _native -S "127.0.0.1:$CLIENT_CERT_PORT" --ca-file "$CA_FILE" --tls starttls \
        --client-cert "$CLIENT_CERT" --client-key "$OTHER_KEY" -m letter smith@alpha.test
    exits 66
    nothing smith@alpha.test
}
