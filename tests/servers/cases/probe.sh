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
        'pipelining   kept: two commands in one write had two replies' \
        '             versions: TLSv1.3 accepted, TLSv1.2 accepted, TLSv1.1 not tried, TLSv1.0 not tried'
    grep -q '^log-in .*PLAIN.*: inside TLS, not offered in clear$' "$work/out" || fail "$(cat "$work/out")"
    grep -Eq 'a command sent ahead of it (was thrown away|did not get into it)' "$work/out" || fail "$(cat "$work/out")"
    # What Postfix counted: three sessions, and in none of them anything that begins a message.
    local said
    said=$(tail -c "+$((log_start + 1))" "$POSTFIX_LOG" | grep -F 'postfix/submission/smtpd' | grep -F 'disconnect from')
    [ "$(wc -l <<<"$said")" -eq 3 ] || fail "not three sessions:" "$said"
    ! grep -Eq ' (mail|rcpt|data|auth)=' <<<"$said" || fail "too much was said:" "$said"
}

probe_of_smtps_finds_nothing_serious() {
    _probe --tls implicit "localhost:$SMTPS_PORT" -4
    exits 0
    says 'findings     none' 'certificate  verified'
    grep -q '^tls          TLSv1.3 from the first octet, cipher ' "$work/out" || fail "$(cat "$work/out")"
}

probe_of_a_wrong_name_is_1() {
    _probe "127.0.0.1:$WRONG_NAME_PORT"
    exits 1
    says 'findings     1 serious' \
        'serious      the certificate has the wrong name: it is valid for mail.beta.test, not for 127.0.0.1'
    _probe --tls-name mail.beta.test "127.0.0.1:$WRONG_NAME_PORT"
    exits 0
}

probe_of_passwords_in_clear_is_1() {
    _probe "127.0.0.1:$CLEAR_AUTH_PORT"
    exits 1
    says 'serious      STARTTLS is not offered: all mail comes in clear' \
        'warning      passwords are asked for in clear: PLAIN, LOGIN offered before TLS, to this host'
}

probe_of_a_bare_server_names_what_is_missing() {
    _probe "127.0.0.1:$BARE_PORT"
    exits 0
    says 'findings     2 notes' 'note         8BITMIME is not offered' 'note         SIZE is not offered'
}

probe_of_rsa_key_exchange_is_1() {
    _probe "127.0.0.1:$RSA_PORT"
    exits 1
    grep -q '^serious      STARTTLS is offered, and TLS fails: no agreement on TLS with the server: it says handshake failure$' "$work/out" || fail "$(cat "$work/out")"
}

probe_of_lmtp_finds_nothing_serious() {
    _probe "lmtp://127.0.0.1:$LMTP_PORT"
    exits 0
    grep -q '^findings ' "$work/out" || fail "$(cat "$work/out")"
    grep -q '^pipelining   kept' "$work/out" || fail "$(cat "$work/out")"
    _probe "lmtp://$LMTP_SOCKET"
    exits 0
    grep -q '^pipelining   kept' "$work/out" || fail "$(cat "$work/out")"
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
    grep -q '^chain        CN=Test authority ca, issued by CN=Test authority ca, valid ' "$work/out" ||
        fail "$(cat "$work/out")"
    grep -q 'No client certificate presented' "$work/err" || fail "not said why:" "$(cat "$work/err")"
}
