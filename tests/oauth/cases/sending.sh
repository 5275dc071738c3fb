# Sending with a token, and renewing it.

mail_is_sent_by_either_mechanism() {
    log_in public
    local mechanism
    for mechanism in XOAUTH2 OAUTHBEARER; do
        set_to mechanisms=$mechanism
        send public -v --json --transcript "$home/transcript.$mechanism" -s $mechanism
        exits 0
        logged 1 "login mechanism=$mechanism user=smith@alpha.test result=ok"
        arrived 1 $mechanism
    done
    set_to mechanisms=XOAUTH2%20OAUTHBEARER
    run account test public
    exits 0
    renewals 0
}

mail_is_sent_over_implicit_tls() {
    log_in implicit
    send implicit -s implicit
    exits 0
    arrived 1 implicit
}

who_is_not_signed_in_is_told_how_to() {
    send public -s early
    exits 77
    says 'account login'
    arrived 0
    logged 0 .
}

a_token_is_renewed_when_it_is_over() {
    set_to access_token_ttl=1
    log_in public
    sleep 1.2
    set_to access_token_ttl=3600
    send public -s over
    exits 0
    renewals 1
    newest_is_kept public
    send public -s good
    exits 0
    renewals 1
    arrived 2
    logged 0 'login.*refused'
}

# The tokens are over when the next message is sent, each time.
each_renewal_goes_with_the_refresh_token_of_the_one_before() {
    set_to access_token_ttl=2
    log_in public
    local turn before=''
    for turn in 1 2 3; do
        sleep 2.1
        send public -s "turn $turn"
        exits 0
        arrived 1 "turn $turn"
        newest_is_kept public
        [ "$(told newest)" != "$before" ] || fail "turn $turn: it was not renewed"
        before=$(told newest)
    done
    logged 0 'grant=refresh_token result=invalid'
    logged 0 'login.*refused'
}

a_token_that_lives_for_seconds_is_renewed_once_for_a_message() {
    set_to access_token_ttl=5
    log_in public
    sleep 5
    send public -s short
    exits 0
    arrived 1 short
    renewals 1
}

a_token_that_is_good_is_not_renewed() {
    log_in public
    send public -s one
    exits 0
    send public -s two
    exits 0
    renewals 0
    arrived 2
}

# _five: five messages at once; all are sent.
_five() {
    local pids=() n
    for n in 1 2 3 4 5; do
        as_user timeout 60 "$ehlo" send -A public -s "five $n" --body Blah jones@beta.test >"$work/five.$n" 2>&1 &
        pids+=($!)
    done
    for n in 1 2 3 4 5; do
        wait "${pids[n - 1]}"
        status=$?
        heard "send, one of five" "$work/five.$n"
        [ "$status" -eq 0 ] || fail "number $n: status $status" "$(cat "$work/five.$n")" "$(told log)"
    done
    arrived 5 five
}

five_at_once_renew_once() {
    set_to access_token_ttl=1
    log_in public
    sleep 1.2
    set_to access_token_ttl=3600 token_delay=300
    _five
    renewals 1
    newest_is_kept public
}

five_at_once_whose_token_is_refused_renew_once() {
    log_in public
    tell refuse
    set_to token_delay=300
    _five
    renewals 1
    newest_is_kept public
}

a_token_that_the_server_refuses_is_renewed_once() {
    log_in public
    local mechanism refusal turn=0
    for mechanism in XOAUTH2 OAUTHBEARER; do
        for refusal in reason abrupt; do
            turn=$((turn + 1))
            set_to mechanisms=$mechanism refusal=$refusal
            tell refuse
            send public -s "refused $turn"
            exits 0
            arrived 1 "refused $turn"
            renewals $turn
            newest_is_kept public
        done
    done
    logged 4 'login.*refused'
    logged 0 acknowledgement
}

a_server_that_refuses_every_token_is_not_asked_for_ever() {
    log_in public
    set_to refuse_all=1
    send public -s never
    exits 77
    arrived 0
    renewals 1
    logged 2 'login.*refused'
    run account test public
    exits 77
}

who_withdraws_consent_has_to_sign_in_again() {
    log_in public
    tell 'withdraw?user=smith@alpha.test'
    send public -s withdrawn
    exits 77
    says 'account login'
    send public --json -s withdrawn
    exits 77
    run account test public
    exits 77
    arrived 0
    log_in public
    send public -s again
    exits 0
    arrived 1 again
}

a_refresh_token_that_was_used_elsewhere_ends_the_sign_in() {
    set_to access_token_ttl=1
    log_in public
    cp "$tokens/public" "$work/copy"
    sleep 1.2
    send public -s one
    exits 0
    cp "$work/copy" "$tokens/public"
    send public -s two
    exits 77
    says 'account login'
    arrived 1
}

what_a_provider_answers_to_a_renewal_decides_the_status() {
    set_to access_token_ttl=1
    log_in public
    sleep 1.2
    local answer
    for answer in garbage:76 500:75 429:75; do
        set_to "token_answer=${answer%:*}"
        send public -s never
        exits "${answer#*:}"
        arrived 0
        signed_in public
    done
    set_to token_answer= access_token_ttl=3600
    send public -s now
    exits 0
    arrived 1 now
}

a_refused_token_that_cannot_be_renewed_now_can_be_tried_later() {
    log_in public
    tell refuse
    local answer
    for answer in 500 429; do
        set_to "token_answer=$answer"
        send public -s never
        exits 75
        arrived 0
    done
    set_to token_answer=
    send public -s now
    exits 0
    arrived 1 now
}

long_many_at_once_never_lose_the_sign_in() {
    set_to access_token_ttl=2
    log_in public
    local pids=() n bad=0 end=$((SECONDS + 30))
    for n in 1 2 3 4 5 6 7 8; do
        (
            while [ $SECONDS -lt $end ]; do
                (as_user timeout 60 "$ehlo" send -A public -s many --body Blah jones@beta.test) 2>&1 || exit 1
                echo sent
            done
        ) >"$work/many.$n" &
        pids+=($!)
    done
    for n in 1 2 3 4 5 6 7 8; do
        wait "${pids[n - 1]}" || bad=$n
        heard "send, many" "$work/many.$n"
    done
    [ $bad -eq 0 ] || fail "number $bad failed:" "$(tail -n 5 "$work/many.$bad")"
    arrived "$(cat "$work"/many.* | grep -c '^sent')"
    logged 0 'grant=refresh_token result=invalid'
    newest_is_kept public
}

long_who_is_killed_while_it_renews_keeps_nobody_waiting() {
    log_in public
    tell refuse
    set_to token_delay=3000
    as_user "$ehlo" send -A public -s killed --body Blah jones@beta.test >"$work/out" 2>&1 &
    local pid=$! began
    sleep 1.5
    kill -9 "$pid"
    wait "$pid" 2>/dev/null
    set_to token_delay=0
    # The provider has rotated, and nobody has its answer: that sign-in is over, and it is said at once.
    began=$SECONDS
    send public -s after
    exits 77
    says 'account login'
    [ $((SECONDS - began)) -le 5 ] || fail "it took $((SECONDS - began)) s"
    log_in public
    send public -s again
    exits 0
}
