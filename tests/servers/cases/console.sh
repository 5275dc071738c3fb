# shellcheck shell=bash disable=SC2154,SC2034 # sourced by check, which sets $work, the ports and the files
# A talk by hand: in clear, through TLS, logged in.

# _codes CODES: the lines of stdout begin with these codes.
_codes() {
    equal "$(cut -c 1-4 "$work/out" | paste -s -d ' ')" "$*" "the codes on stdout"
}

console_send_prints_the_replies() {
    run console "$POSTFIX" --tls off --send NOOP --send 'VRFY jones@beta.test' --send RSET
    exits 0
    _codes '250  252  250 '
    session smtp
    counted ehlo=1 noop=1 vrfy=1 rset=1 quit=1
}

console_a_refusal_is_69() {
    run console "$POSTFIX" --tls off --send XYZZY --send NOOP
    exits 69
}

console_through_tls_and_auth_a_message_is_sent() {
    local authority=(--ca-file "$CA_FILE" -u "$AUTH_USER" --password-file "$AUTH_PASSWORD_FILE")
    printf '%s\n' 'EHLO gamma.test' 'MAIL FROM:<smith@alpha.test>' 'RCPT TO:<green@beta.test>' \
        'RCPT TO:<jones@beta.test>' 'data letter' 'NOOP' >"$work/commands"
    input=$work/commands
    run console "127.0.0.1:$SUBMISSION_PORT" --tls starttls "${authority[@]}"
    exits 69
    grep -q '^C: AUTH .*\*\*\*$\|^C: \*\*\*$' "$work/out" || fail "no log-in:" "$(cat "$work/out")"
    has jones@beta.test "$work/letter"
    session submission
    counted starttls=1 auth=1 mail=1 rcpt=1/2 data=1 noop=1 quit=1
}

console_tls_and_auth_by_hand() {
    printf '%s\n' 'NOOP' 'tls' 'auth' 'NOOP' >"$work/commands"
    input=$work/commands
    run console "127.0.0.1:$SUBMISSION_PORT" --tls off --ca-file "$CA_FILE" -u "$AUTH_USER" \
        --password-file "$AUTH_PASSWORD_FILE"
    exits 0
    session submission
    counted starttls=1 auth=1 noop=2 quit=1
}

console_with_dovecot() {
    run console "127.0.0.1:$RELAY_PORT" --tls starttls --ca-file "$CA_FILE" -u "$AUTH_USER" \
        --password-file "$AUTH_PASSWORD_FILE" --send NOOP --send RSET
    exits 0
    _codes '250  250 '
}
