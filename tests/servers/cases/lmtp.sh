# shellcheck shell=bash disable=SC2154,SC2034 # sourced by check, which sets $work, the ports and the files
# LMTP, with Dovecot: a reply for each recipient after the end of the data.

# _delivers SERVER
_delivers() {
    lmtp=1
    run send -S "$1" -f smith@alpha.test -m letter jones@beta.test green@beta.test brown@beta.test
    exits 10
    names '250\tjones@beta.test\t2.1.5 OK' \
        "550\tgreen@beta.test\t5.1.1 <green@beta.test> User doesn't exist: green@beta.test" \
        '250\tbrown@beta.test\t2.1.5 OK'
    has jones@beta.test "$work/letter"
    has brown@beta.test "$work/letter"
    nothing green@beta.test
}

lmtp_over_tcp() {
    _delivers "lmtp://127.0.0.1:$LMTP_PORT"
}

lmtp_over_a_unix_socket() {
    _delivers "lmtp://$LMTP_SOCKET"
}

# The first and the last accept the message after the dot, the one without room does not.
lmtp_one_refuses_after_the_data() {
    lmtp=1
    run send -S "lmtp://127.0.0.1:$LMTP_PORT" -f smith@alpha.test -m letter \
        jones@beta.test full@beta.test brown@beta.test
    exits 10
    names '250\tjones@beta.test\t2.1.5 OK' \
        '552\tfull@beta.test\t5.2.2 <full@beta.test> Quota exceeded (mailbox for user is full)' \
        '250\tbrown@beta.test\t2.1.5 OK'
    has jones@beta.test "$work/letter"
    has brown@beta.test "$work/letter"
    nothing full@beta.test
}

lmtp_all_refused_is_69() {
    lmtp=1
    run send -S "lmtp://$LMTP_SOCKET" -f smith@alpha.test -m letter green@beta.test
    exits 69
}

lmtp_dots_arrive() {
    lmtp=1
    printf 'Subject: dots\n\n.\n..\n.dot\n\n.\n' >dots
    run send -S "lmtp://$LMTP_SOCKET" -f smith@alpha.test -m dots jones@beta.test
    exits 0
    has jones@beta.test "$work/dots"
}
