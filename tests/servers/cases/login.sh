# shellcheck shell=bash disable=SC2154 # sourced by check, which sets $work, the ports and the files
# Logging in.

# _login ARGUMENT...: Smith sends to the submission port, which takes mail only from who has logged in.
_login() {
    send -S "127.0.0.1:$SUBMISSION_PORT" --tls starttls --ca-file "$CA_FILE" -u "$AUTH_USER" -m letter \
        jones@beta.test "$@"
}

# _mechanism NAME: the log-in works by it, and a wrong password is refused after one try. A program may
# not know all of them; REQUIRE='CRAM-MD5 SCRAM-SHA-1 SCRAM-SHA-256' says that it must.
_mechanism() {
    _login --password-file "$AUTH_PASSWORD_FILE" --auth "$1"
    case "$status $1 ${REQUIRE-}" in
    "64 PLAIN "* | "64 LOGIN "* | "64 $1 "*"$1"*) ;;
    "64 "*) skip "the program does not know $1" ;;
    esac
    exits 0
    has jones@beta.test "$work/letter"
    grep -q "sasl_method=$1," <(tail -c "+$((log_start + 1))" "$POSTFIX_LOG") || fail "Postfix saw no log-in by $1"
    session submission
    counted auth=1

    rm -rf "${MAIL_DIR:?}"/*
    log_start=$(wc -c <"$POSTFIX_LOG")
    _login --password-file "$WRONG_PASSWORD_FILE" --auth "$1"
    exits 77
    nothing jones@beta.test
    session submission
    counted auth=0/1
    refuted mail rcpt data bdat
}

plain_logs_in() {
    _mechanism PLAIN
}
login_logs_in() {
    _mechanism LOGIN
}
cram_md5_logs_in() {
    _mechanism CRAM-MD5
}
scram_sha_1_logs_in() {
    _mechanism SCRAM-SHA-1
}
scram_sha_256_logs_in() {
    _mechanism SCRAM-SHA-256
}

a_mechanism_is_chosen_from_those_offered() {
    _login --password-file "$AUTH_PASSWORD_FILE"
    exits 0
    has jones@beta.test "$work/letter"
    session submission
    counted starttls=1 auth=1
}

# Whatever mechanisms there are: a password that was refused is not tried again by another.
a_wrong_password_is_77_after_one_try() {
    _login --password-file "$WRONG_PASSWORD_FILE"
    exits 77
    nothing jones@beta.test
    session submission
    counted auth=0/1
    refuted mail
}

no_password_is_ever_shown() {
    _login -vvv --password-file "$AUTH_PASSWORD_FILE"
    exits 0
    local password
    password=$(cat "$AUTH_PASSWORD_FILE")
    ! grep -qF -e "$password" -e "$(printf '\0%s\0%s' "$AUTH_USER" "$password" | base64 -w 0)" \
        -e "$(printf %s "$password" | base64 -w 0)" "$work/out" "$work/err" || fail "the password is shown"
}

without_logging_in_submission_is_69() {
    send -S "127.0.0.1:$SUBMISSION_PORT" --tls starttls --ca-file "$CA_FILE" -m letter jones@beta.test
    exits 69
    nothing jones@beta.test
}

in_clear_no_password_is_sent_unless_allowed() {
    local clear=(-S "127.0.0.1:$CLEAR_AUTH_PORT" --tls off -u "$AUTH_USER" --password-file "$AUTH_PASSWORD_FILE" -m letter)
    send "${clear[@]}" jones@beta.test
    exits 77
    nothing jones@beta.test
    ! tail -c "+$((log_start + 1))" "$POSTFIX_LOG" | grep -q ' auth=' || fail "AUTH was sent in clear"

    send "${clear[@]}" --allow-cleartext-auth jones@beta.test
    exits 0
    has jones@beta.test "$work/letter"
}

over_an_unverified_connection_no_password_is_sent() {
    send -S "127.0.0.1:$SUBMISSION_PORT" --tls opportunistic -u "$AUTH_USER" --password-file "$AUTH_PASSWORD_FILE" \
        -m letter jones@beta.test
    exits 77
    nothing jones@beta.test
    ! tail -c "+$((log_start + 1))" "$POSTFIX_LOG" | grep -q ' auth=' || fail "AUTH was sent without verification"
}

# Dovecot's submission server is a proxy that hands on to Postfix.
dovecot_submission_takes_it() {
    send -S "127.0.0.1:$RELAY_PORT" --tls starttls --ca-file "$CA_FILE" -u "$AUTH_USER" \
        --password-file "$AUTH_PASSWORD_FILE" -m letter jones@beta.test green@beta.test
    exits 10
    the_message jones@beta.test
    "$here/mailbox" text "$(sed '1,/^$/d' letter)
" "$message" || exit 1
}
