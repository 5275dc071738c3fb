# shellcheck shell=bash disable=SC2154,SC2034 # sourced by check, which sets $work, the ports and the files
# Whether an address is accepted, asked without sending anything.

_no_such_user='Recipient address rejected: User unknown in virtual mailbox table'

verify_by_rcpt_tells_mailboxes_from_others() {
    run verify "$POSTFIX" --tls off jones@beta.test green@beta.test brown@beta.test
    exits 10
    prints '250\tjones@beta.test\t2.1.5 Ok' \
        "550\tgreen@beta.test\t5.1.1 <green@beta.test>: $_no_such_user" \
        '250\tbrown@beta.test\t2.1.5 Ok'
    grep -q '^ehlo: green@beta.test: 550 5.1.1: no such mailbox there: ' "$work/err" || fail "$(cat "$work/err")"
    nothing jones@beta.test brown@beta.test
    session smtp
    counted mail=1 rset=1 quit=1
    refuted data bdat
}

verify_all_accepted_is_0() {
    run verify "$POSTFIX" --tls off jones@beta.test brown@beta.test
    exits 0
}

verify_deferred_is_75() {
    run verify "$POSTFIX" --tls off later@beta.test green@beta.test
    exits 75
}

# Postfix's VRFY knows what its RCPT knows, and answers 252 for those.
verify_by_vrfy() {
    run verify "$POSTFIX" --tls off --vrfy jones@beta.test green@beta.test
    exits 10
    report | grep -q '^252	jones@beta.test	' || fail "no 252 for jones" "$(cat "$work/out")"
    report | grep -q '^550	green@beta.test	' || fail "no 550 for green" "$(cat "$work/out")"
}

verify_expn_is_not_there() {
    run verify "$POSTFIX" --tls off --expn jones
    exits 69
    report | grep -q '^50[02]	jones	' || fail "EXPN was answered" "$(cat "$work/out")"
}

verify_over_lmtp() {
    lmtp=1
    run verify "lmtp://127.0.0.1:$LMTP_PORT" jones@beta.test green@beta.test
    exits 10
    names '250\tjones@beta.test\t2.1.5 OK' \
        "550\tgreen@beta.test\t5.1.1 <green@beta.test> User doesn't exist: green@beta.test"
    nothing jones@beta.test
}

stop_after_rcpt_sends_nothing() {
    send --stop-after rcpt -m letter jones@beta.test
    exits 0
    nothing jones@beta.test
    session smtp
    counted mail=1 rcpt=1 rset=1 quit=1
}

stop_after_data_sends_nothing() {
    send --stop-after data -m letter jones@beta.test
    exits 0
    nothing jones@beta.test
}

dropped_in_the_middle_of_the_message_it_is_not_delivered() {
    send --drop-after data:50 -m letter jones@beta.test
    exits 75
    nothing jones@beta.test
    send --no-chunking --drop-after data:50 --drop-reset -m letter jones@beta.test
    exits 75
    nothing jones@beta.test
}
