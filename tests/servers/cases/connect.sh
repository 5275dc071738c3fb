# shellcheck shell=bash disable=SC2154,SC2034 # sourced by check, which sets $work, the ports and the files
# Ways to a server, and who it takes us for: XCLIENT, the PROXY protocol, programs, an address of our own.

# _from ADDRESS WORDS: the one Received line of ADDRESS's message says from whom it came.
_from() {
    the_message "$1"
    local received
    received=$(sed -n '/^Received: from/{p;q}' "$message")
    case $received in *"$2"*) ;; *) fail "'$received' does not hold '$2'" ;; esac
}

xclient_names_another_client() {
    run send -S "127.0.0.1:$XCLIENT_PORT" --tls off -f smith@alpha.test -m letter \
        --xclient 'NAME=spike.example ADDR=192.0.2.77' --ehlo-name alpha.test jones@beta.test
    exits 0
    _from jones@beta.test 'from alpha.test (spike.example [192.0.2.77])'
    session xclient
    counted ehlo=2 mail=1
}

xclient_of_an_ipv6_address_inside_tls_before_a_log_in() {
    run send -S "127.0.0.1:$XCLIENT_PORT" --tls starttls --ca-file "$CA_FILE" -f smith@alpha.test -m letter \
        -u "$AUTH_USER" --password-file "$AUTH_PASSWORD_FILE" \
        --xclient 'NAME=spike.example ADDR=2001:db8::1 PROTO=ESMTP HELO=spike.example' jones@beta.test
    exits 0
    _from jones@beta.test '(spike.example [IPv6:2001:db8::1])'
    session xclient
    counted starttls=1 auth=1
}

xclient_not_offered_is_69() {
    send -m letter --xclient NAME=spike.example jones@beta.test
    exits 69
    nothing jones@beta.test
}

xclient_refused_is_69() {
    run send -S "127.0.0.1:$XCLIENT_PORT" --tls off -f smith@alpha.test -m letter \
        --xclient 'PORT=none' jones@beta.test
    exits 69
    nothing jones@beta.test
}

# _announced VERSION: Postfix takes the address for ours.
_announced() {
    run send -S "127.0.0.1:$PROXY_PORT" --tls "$2" --ca-file "$CA_FILE" -f smith@alpha.test -m letter \
        --proxy-protocol "$1" --proxy-source 192.0.2.78:1000 jones@beta.test
    exits 0
    _from jones@beta.test '[192.0.2.78]'
}

proxy_protocol_v1_names_another_client() {
    _announced v1 off
}

proxy_protocol_v2_names_another_client_then_starttls() {
    _announced v2 starttls
}

proxy_protocol_by_ipv6_addresses() {
    run send -S "127.0.0.1:$PROXY_PORT" --tls off -f smith@alpha.test -m letter --proxy-protocol v2 \
        --proxy-source '[2001:db8::78]:1000' --proxy-destination '[2001:db8::25]:25' jones@beta.test
    exits 0
    _from jones@beta.test '[IPv6:2001:db8::78]'
}

an_address_of_our_own_is_the_one_that_the_server_sees() {
    send -m letter --bind 127.0.0.9 jones@beta.test
    exits 0
    _from jones@beta.test '[127.0.0.9]'
}

# Postfix's smtpd, speaking over its standard streams.
a_program_takes_it() {
    local smtpd
    smtpd=$(postconf -h -c "$POSTFIX_CONFIG" daemon_directory)/smtpd
    run send --pipe "env MAIL_CONFIG=$POSTFIX_CONFIG $smtpd -S" -f smith@alpha.test -m letter jones@beta.test
    exits 0
    the_message jones@beta.test
}

# A program that leads to a server, and STARTTLS inside it.
a_program_leads_to_a_server_by_tls() {
    cat >relay <<'END'
import os, select, socket, sys
server = socket.create_connection(("127.0.0.1", int(sys.argv[1])))
ends = {0: server.fileno(), server.fileno(): 1}
while ends:
    for one in select.select(list(ends), [], [])[0]:
        octets = os.read(one, 65536)
        if not octets and one != 0:
            sys.exit(0)
        if not octets:
            server.shutdown(socket.SHUT_WR)
            del ends[one]
        while octets:
            octets = octets[os.write(ends[one], octets):]
END
    run send -S localhost --pipe "python3 relay $SMTP_PORT" --tls starttls --ca-file "$CA_FILE" \
        -f smith@alpha.test -m letter jones@beta.test
    exits 0
    has jones@beta.test "$work/letter"
    run send --tls-name mail.example --pipe "python3 relay $SMTP_PORT" --tls starttls --ca-file "$CA_FILE" \
        -f smith@alpha.test -m letter jones@beta.test
    exits 77
}
