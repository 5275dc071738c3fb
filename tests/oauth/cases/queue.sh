# Messages that wait in the queue, and are sent with a token.

# _is_empty: nothing waits.
_is_empty() {
    run queue list
    [ "$status" -eq 0 ] && ! grep -q jones@beta.test "$work/out"
}

# _sent: what is queued goes out.
_sent() {
    run queue run
    waits 20 _is_empty && return
    run queue list
    fail "it stays in the queue:" "$(both)" "$(cat "$home"/log 2>/dev/null)"
}

the_queue_renews() {
    set_to access_token_ttl=1
    log_in public
    sleep 1.2
    send public --queue -s 'by send'
    exits 0
    _sent
    arrived 1 'by send'
    sleep 1.2
    printf 'To: jones@beta.test\nFrom: smith@alpha.test\nSubject: by sendmail\n\nBlah\n' >"$work/letter"
    input=$work/letter
    run sendmail -a public -t
    input=/dev/null
    exits 0
    _sent
    arrived 1 'by sendmail'
    newest_is_kept public
    logged 0 'grant=refresh_token result=invalid'
}

the_queue_waits_for_who_must_sign_in_again() {
    log_in public
    tell 'withdraw?user=smith@alpha.test'
    send public --queue -s waits
    exits 0
    run queue run
    run queue list
    grep -q account-down "$work/out" || fail "the account is not out of use:" "$(both)"
    arrived 0
    log_in public
    run queue run --all
    _sent
    arrived 1 waits
}
