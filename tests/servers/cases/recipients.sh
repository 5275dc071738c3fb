# shellcheck shell=bash disable=SC2154,SC2034 # sourced by check, which sets $work, the ports and the files
# Who gets the message, who does not, and how the report and the exit status say so.

_unknown='Recipient address rejected: User unknown in virtual mailbox table'

jones_and_brown_have_it_green_is_refused() {
    input=$work/letter
    send -m - jones@beta.test green@beta.test brown@beta.test
    exits 10
    prints '250\tjones@beta.test\t2.1.5 Ok' \
        "550\tgreen@beta.test\t5.1.1 <green@beta.test>: $_unknown" \
        '250\tbrown@beta.test\t2.1.5 Ok' \
        '250\tmessage\t2.0.0 Ok: queued as ID'
    has jones@beta.test "$work/letter"
    has brown@beta.test "$work/letter"
    nothing green@beta.test smith@alpha.test
}

all_accepted_is_0() {
    send -m letter jones@beta.test brown@beta.test
    exits 0
    prints '250\tjones@beta.test\t2.1.5 Ok' '250\tbrown@beta.test\t2.1.5 Ok' '250\tmessage\t2.0.0 Ok: queued as ID'
    has jones@beta.test "$work/letter"
    has brown@beta.test "$work/letter"
}

all_refused_is_69() {
    send -m letter green@beta.test black@beta.test
    exits 69
    names "550\tgreen@beta.test\t5.1.1 <green@beta.test>: $_unknown" \
        "550\tblack@beta.test\t5.1.1 <black@beta.test>: $_unknown"
    nothing jones@beta.test
}

deferred_is_75() {
    send -m letter later@beta.test
    exits 75
    names '450\tlater@beta.test\t4.2.0 <later@beta.test>: Recipient address rejected: Not now, try again later'
}

deferred_and_refused_is_75() {
    send -m letter green@beta.test later@beta.test
    exits 75
}

deferred_and_accepted_is_10() {
    send -m letter later@beta.test jones@beta.test
    exits 10
    has jones@beta.test "$work/letter"
}

all_or_none_sends_to_nobody() {
    send --all-or-none -m letter jones@beta.test green@beta.test
    exits 69
    nothing jones@beta.test
    session smtp
    refuted data bdat
}

refused_after_the_data_is_69() {
    run send -S "$POSTFIX" --tls off -f refused-at-end@alpha.test -m letter jones@beta.test
    exits 69
    names '554\tjones@beta.test\t5.7.1 <refused-at-end@alpha.test>: Sender address rejected: Content refused'
    nothing jones@beta.test
}

deferred_after_the_data_is_75() {
    run send -S "$POSTFIX" --tls off -f deferred-at-end@alpha.test -m letter jones@beta.test brown@beta.test
    exits 75
    nothing jones@beta.test brown@beta.test
}

quiet_success_says_nothing() {
    send -q -m letter jones@beta.test
    exits 0
    equal "$(cat "$work/out" "$work/err")" '' output
    has jones@beta.test "$work/letter"
}

a_null_reverse_path_is_taken() {
    send --envelope-from '' -m letter jones@beta.test
    exits 0
    has jones@beta.test "$work/letter"
    grep -q '^Return-Path: <>$' "$message" || fail "the reverse-path is not null"
}

an_address_beyond_ascii_goes_by_smtputf8() {
    send -m letter jörg@beta.test
    exits 0
    has jörg@beta.test "$work/letter"
}

# Postfix takes 100 recipients in one transaction here and answers 452 to the rest.
three_hundred_recipients_take_three_transactions() {
    local addresses address files=()
    mapfile -t addresses < <(seq -f 'r%03g@beta.test' 300)
    printf '%s\n' "${addresses[@]}" >"$work/many"
    send -S "127.0.0.1:$FEW_PORT" --tls off -m letter --recipients-from many
    exits 0
    mapfile -t lines < <(printf '250\\t%s\\t2.1.5 Ok\n' "${addresses[@]}")
    names "${lines[@]}"
    for address in "${addresses[@]}"; do
        the_message "$address"
        files+=("$message")
    done
    "$here/mailbox" same "$work/letter" "${files[@]}" || exit 1
    session few
    counted ehlo=1 mail=3
}

# _asked NAME: how many RCPT Postfix saw on its port NAME, in so many sessions.
_asked() {
    tail -c "+$((log_start + 1))" "$POSTFIX_LOG" |
        sed -n "s/.* postfix\/$1\/smtpd.*: disconnect from .* rcpt=\([0-9]*\/\)\{0,1\}\([0-9]*\) .*/\2/p" |
        awk '{ sum += $1 } END { print sum + 0 " in " NR }'
}

# _arrived COUNT: so many mailboxes hold one message each, and no mailbox holds more.
_arrived() {
    settled
    local count more
    count=$(find "$MAIL_DIR"/beta.test/*/new -type f | wc -l)
    more=$(find "$MAIL_DIR"/beta.test/*/new -type f -printf '%h\n' | sort | uniq -d | head -n 1)
    [ "$count" -eq "$1" ] || fail "$count messages arrived, not $1"
    [ -z "$more" ] || fail "$more holds more than one message"
}

# Postfix hangs up after 20 errors; the dead addresses stand among the others.
two_hundred_good_recipients_get_it_and_25_dead_ones_are_named() {
    local place line=0
    for place in $(seq 200); do
        printf 'r%03d@beta.test\n' "$place"
        [ $((place % 8)) -ne 0 ] || { line=$((line + 1)) && echo "dead$line@beta.test"; }
    done >"$work/many"
    send -S "127.0.0.1:$DEFAULT_PORT" --tls off -m letter --recipients-from many --failed-to failed \
        --deferred-to deferred
    exits 10
    equal "$(cat "$work/failed")" "$(grep dead "$work/many")" 'the list of those who failed'
    equal "$(cat "$work/deferred")" '' 'the list of those to be tried again'
    equal "$(grep -c '^250	r' "$work/out")" 200 'the number of those who have it'
    equal "$(grep -c '^550	dead' "$work/out")" 25 'the number of those who are refused'
    _arrived 200
}

verify_tells_225_addresses_apart_though_postfix_hangs_up() {
    { seq -f 'r%03g@beta.test' 200 && seq -f 'dead%g@beta.test' 25; } >"$work/many"
    run verify "127.0.0.1:$DEFAULT_PORT" --tls off --recipients-from many --failed-to failed
    exits 10
    equal "$(cat "$work/failed")" "$(grep dead "$work/many")" 'the list of those who are not accepted'
    equal "$(grep -c '^250	r' "$work/out")" 200 'the number of those who are accepted'
}

# Postfix takes 1000 recipients in one transaction, and counts those beyond the next 1000 as errors.
three_thousand_recipients_all_get_it() {
    seq -f 'r%03g@beta.test' 3000 >"$work/many"
    send -S "127.0.0.1:$DEFAULT_PORT" --tls off -m letter --recipients-from many
    exits 0
    equal "$(grep -c '^250	r' "$work/out")" 3000 'the number of those who have it'
    _arrived 3000
    local asked
    asked=$(_asked default)
    [ "${asked% in *}" -le 6000 ] && [ "${asked#* in }" -eq 1 ] || fail "RCPT was said $asked sessions"
}
