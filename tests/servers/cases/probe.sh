# shellcheck shell=bash disable=SC2154 # sourced by check, which sets $work, the ports and the files
# Probing: what is said of servers that are as they should be, and of those that are not. None of them gets mail.

# _probe ARGUMENT...: asks, trusting our authority.
_probe() {
    run probe --ca-file "$CA_FILE" "$@"
}

# says LINE...: each of these lines is in the report; numbers of milliseconds and days are N.
says() {
    local line
    for line; do
        sed -E 's/[0-9.]+ ms/N ms/g; s/[0-9]+ days/N days/' "$work/out" | grep -qxF -- "$line" ||
            fail "not said: $line" "but:" "$(cat "$work/out" "$work/err")"
    done
}

probe_of_submission_finds_nothing_serious() {
    _probe "127.0.0.1:$SUBMISSION_PORT"
    exits 0
    says 'findings     none' \
        'certificate  verified' \
        'pipelining   works: two commands in one write got two replies' \
        '             versions: 1.3 accepted, 1.2 accepted, 1.1 refused, 1.0 refused' \
        '             not vulnerable to STARTTLS injection'
    grep -q '^log-in .*PLAIN.*: inside TLS, not$' "$work/out" || fail "$(cat "$work/out")"
    # What Postfix counted: four sessions, and in none of them anything that begins a message.
    local said
    said=$(tail -c "+$((log_start + 1))" "$POSTFIX_LOG" | grep -F 'postfix/submission/smtpd' | grep -F 'disconnect from')
    [ "$(wc -l <<<"$said")" -eq 4 ] || fail "not four sessions:" "$said"
    ! grep -Eq ' (mail|rcpt|data|auth)=' <<<"$said" || fail "too much was said:" "$said"
}

probe_of_smtps_finds_nothing_serious() {
    _probe --tls implicit "localhost:$SMTPS_PORT" -4
    exits 0
    says 'findings     none' 'certificate  verified'
    says 'tls          TLSv1.3 from the first octet'
}

probe_of_a_wrong_name_is_1() {
    # On this host its own name for itself is in no certificate, and that is no more than a note.
    _probe "127.0.0.1:$WRONG_NAME_PORT"
    exits 0
    _probe --tls-name wrong.test "127.0.0.1:$WRONG_NAME_PORT"
    exits 1
    says 'findings     1 serious' \
        'serious      the certificate has the wrong name: it is valid for mail.beta.test,' \
        '             not for wrong.test'
    _probe --tls-name mail.beta.test "127.0.0.1:$WRONG_NAME_PORT"
    exits 0
}

probe_of_passwords_in_clear_on_this_host_warns() {
    _probe "127.0.0.1:$CLEAR_AUTH_PORT"
    exits 0
    says 'warning      STARTTLS is not offered to this host' \
        'warning      passwords can be sent in clear, from this host: PLAIN, LOGIN before' '             TLS'
}

probe_of_a_bare_server_names_what_is_missing() {
    _probe "127.0.0.1:$BARE_PORT"
    exits 0
    says 'findings     1 warning, 2 notes' 'warning      TLS 1.1 and TLS 1.0 are still accepted' \
        '             versions: 1.3 accepted, 1.2 accepted, 1.1 accepted, 1.0 accepted' \
        'note         8BITMIME is not offered' 'note         SIZE is not offered'
}

probe_of_rsa_key_exchange_is_1() {
    _probe "127.0.0.1:$RSA_PORT"
    exits 1
    says 'serious      STARTTLS is offered, but TLS fails: no agreement on TLS with the' \
        '             server: it says handshake failure'
}

probe_of_lmtp_finds_nothing_serious() {
    _probe "lmtp://127.0.0.1:$LMTP_PORT"
    exits 0
    grep -q '^findings ' "$work/out" || fail "$(cat "$work/out")"
    grep -q '^pipelining   works' "$work/out" || fail "$(cat "$work/out")"
    _probe "lmtp://$LMTP_SOCKET"
    exits 0
    grep -q '^pipelining   works' "$work/out" || fail "$(cat "$work/out")"
}

probe_of_dovecots_submission_reports() {
    _probe --json "127.0.0.1:$RELAY_PORT"
    [ "$status" -le 1 ] || exits 0
    grep -q '"pipelining":"kept"' "$work/out" || fail "$(cat "$work/out")"
}

# Postfix lets the handshake pass and says 421: what was seen until then is told.
probe_tells_the_chain_before_it_is_sent_away() {
    _probe "127.0.0.1:$CLIENT_CERT_PORT"
    exits 75
    says 'certificate  verified'
    grep -q '^chain        CN=Test authority ca, issued by CN=Test authority ca,' "$work/out" ||
        fail "$(cat "$work/out")"
    grep -q 'No client certificate presented' "$work/err" || fail "not said why:" "$(cat "$work/err")"
}
