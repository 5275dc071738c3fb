# shellcheck shell=bash disable=SC2154,SC2034 # sourced by check, which sets $work, the ports and the files
# What arrives is what was sent, octet for octet.

# _message TEXT: a message with that body; escapes such as `\n` and `\377` in TEXT stand for octets.
_message() {
    printf 'From: smith@alpha.test\nTo: jones@beta.test\nSubject: as it is\n\n'
    printf %b "$1"
}

# _arrives FILE: the message in FILE, on standard input, arrives as it is.
_arrives() {
    input=$work/$1
    send -m - jones@beta.test
    exits 0
    has jones@beta.test "$work/$1"
}

dots_at_line_starts_arrive() {
    _message '.\n..\n...\n.dot\n \n.\n\n.\n..\n' >dots
    _arrives dots
}

octets_beyond_ascii_arrive() {
    _message 'Gr\303\274\303\237e\n\377\376\200 not UTF-8\n\001\002\033[1m\010\177\n' >octets
    _arrives octets
}

lines_of_998_octets_arrive() {
    local x997
    x997=$(printf '%0997d' 0)
    _message "${x997}x\n.$x997\n$x997.\n\n${x997}y\n" >long
    _arrives long
}

crlf_input_arrives_as_lines() {
    sed 's/$/\r/' letter >crlf
    input=$work/crlf
    send -m - jones@beta.test
    exits 0
    has jones@beta.test "$work/letter"
}

a_missing_final_newline_is_added() {
    _message 'first\nlast' >open
    printf '\n' | cat open - >closed
    input=$work/open
    send -m - jones@beta.test
    exits 0
    has jones@beta.test "$work/closed"
}

# Postfix answers 550 to any bare LF here, and would see an end of data in `LF . LF`. A bare CR never
# goes out either; whether it is refused (65) or made a line end is the program's choice.
a_bare_cr_or_lf_smuggles_nothing() {
    _message 'one\r\n\n.\nMAIL FROM:<evil@alpha.test>\r\ntwo\r.\r\nthree\n' >mixed
    input=$work/mixed
    send -m - jones@beta.test
    if [ "$status" -eq 65 ]; then
        nothing jones@beta.test
        return
    fi
    exits 0
    the_message jones@beta.test
    ! grep -q "$(printf '\r')" "$message" || fail "a bare CR arrived"
    session smtp
    counted mail=1
}

bcc_is_taken_out_and_gets_it() {
    sed '1a Bcc: Brown <brown@beta.test>' letter | sed 's/^To:.*/To: jones@beta.test/' >bcc
    sed 's/^To:.*/To: jones@beta.test/' letter >without
    send --recipients-in-message -m bcc
    exits 0
    has jones@beta.test "$work/without"
    has brown@beta.test "$work/without"
}

a_composed_message_arrives() {
    printf 'Grüße,\n.\nSmith\n' >body
    input=$work/body
    send -s 'Schöne Grüße' jones@beta.test
    exits 0
    the_message jones@beta.test
    "$here/mailbox" text "$(cat body)
" "$message" || exit 1
    equal "$("$here/mailbox" header Subject "$message")" 'Schöne Grüße' Subject
    equal "$("$here/mailbox" header To "$message")" jones@beta.test To
}

an_attachment_arrives_octet_for_octet() {
    head -c 100000 /dev/urandom >noise.bin
    send -s noise --body 'See the file.' -a noise.bin jones@beta.test
    exits 0
    the_message jones@beta.test
    "$here/mailbox" attached noise.bin "$message" || exit 1
}

an_attachment_of_20_mb_arrives() {
    head -c 20971520 /dev/urandom >big.bin
    send -s big --body 'See the file.' -a big.bin jones@beta.test
    exits 0
    the_message jones@beta.test
    "$here/mailbox" attached big.bin "$message" || exit 1
    rm big.bin
}

# _too_big: a message over 1,000,000 octets.
_too_big() {
    cp letter too-big
    yes 'A line that is longer than most and says nothing at all.' | head -n 20000 >>too-big
}

over_size_is_65_before_mail() {
    _too_big
    send -S "127.0.0.1:$SMALL_PORT" --tls off -m too-big jones@beta.test
    exits 65
    session small
    counted ehlo=1
    refuted mail rcpt data bdat
    nothing jones@beta.test
}

# The port tells no SIZE, and refuses the message when it is over.
over_an_untold_size_is_69() {
    _too_big
    send -S "127.0.0.1:$BARE_PORT" --tls off --no-chunking -m too-big jones@beta.test
    exits 69
    names '552\tjones@beta.test\t5.3.4 Error: message file too big'
    nothing jones@beta.test
}

without_pipelining_each_command_waits() {
    send -S "127.0.0.1:$BARE_PORT" --tls off -v -m letter jones@beta.test green@beta.test brown@beta.test
    exits 10
    has jones@beta.test "$work/letter"
    has brown@beta.test "$work/letter"
    # In the transcript every command up to DATA is followed by its reply.
    awk '/^C: / { if (waiting) exit 1; waiting = 1 } /^S: / { waiting = 0 } /^C: DATA/ { exit 0 }' "$work/err" ||
        fail "two commands without a reply between them:" "$(cat "$work/err")"
}

without_8bitmime_eight_bits_need_force() {
    _message 'Gr\303\274\303\237e\n' >eight
    send -S "127.0.0.1:$BARE_PORT" --tls off -m eight jones@beta.test
    exits 69
    nothing jones@beta.test
    send -S "127.0.0.1:$BARE_PORT" --tls off --force-8bit -m eight jones@beta.test
    exits 0
    has jones@beta.test "$work/eight"
}

by_data_and_by_bdat_the_same_arrives() {
    _message '.\n..\n.dot\n' >dots
    send --no-chunking -m dots jones@beta.test
    exits 0
    send -m dots brown@beta.test
    exits 0
    has jones@beta.test "$work/dots"
    has brown@beta.test "$work/dots"
}
