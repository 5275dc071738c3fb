# shellcheck shell=bash disable=SC2154,SC2034 # sourced by check, which sets $work, the ports and the files
# Extensions, as they go over the wire and in what arrives because of them.

# _says FILE LINE...: the transcript holds these lines.
_says() {
    local file=$1 line
    shift
    for line; do
        grep -qxF -e "$line" "$file" || fail "the transcript has no line '$line':" "$(cat "$file")"
    done
}

# The report of the delivery comes back, and names the recipient and the message as they were named to it.
a_report_of_the_delivery_comes_back() {
    send --transcript "$work/wire-dsn" -m letter --notify success --envelope-id 'QQ 314+159' --return headers jones@beta.test
    exits 0
    _says "$work/wire-dsn" \
        "C: MAIL FROM:<smith@alpha.test> SIZE=$(sed 's/$/\r/' letter | wc -c) RET=HDRS ENVID=QQ+20314+2B159" \
        'C: RCPT TO:<jones@beta.test> NOTIFY=SUCCESS ORCPT=rfc822;jones@beta.test'
    has jones@beta.test "$work/letter"
    # The report is mail of its own, on its way when the message has arrived.
    local tries=100
    until [ -n "$(messages_of smith@alpha.test)" ]; do
        tries=$((tries - 1))
        [ $tries -gt 0 ] || fail "no report came back"
        sleep 0.05
    done
    the_message smith@alpha.test
    local line
    for line in 'Original-Envelope-Id: QQ 314+159' 'Original-Recipient: rfc822;jones@beta.test' 'Action: delivered'; do
        grep -qxF -e "$line" "$message" || fail "the report has no line '$line':" "$(cat "$message")"
    done
}

no_report_comes_of_a_delivery_that_nobody_asked_about() {
    send -m letter --notify never jones@beta.test
    exits 0
    has jones@beta.test "$work/letter"
    nothing smith@alpha.test
}

reports_that_are_not_offered_are_69_before_mail() {
    send -S "127.0.0.1:$BARE_PORT" --tls off -m letter --notify failure jones@beta.test
    exits 69
    session bare
    refuted mail
    nothing jones@beta.test
}

requiretls_that_is_not_offered_is_69_before_mail() {
    send -S "$POSTFIX" --ca-file "$CA_FILE" --require-tls-onward -m letter jones@beta.test
    exits 69
    session smtp
    counted starttls=1
    refuted mail
}

# Postfix would take the UTF-8 as well: A-labels are for those who would not, and mean the same.
a_domain_beyond_ascii_arrives_in_a_labels() {
    send --envelope-from smith@bücher.test -m letter jones@beta.test
    exits 0
    the_message jones@beta.test
    grep -qxF 'Return-Path: <smith@xn--bcher-kva.test>' "$message" || fail "$(head -3 "$message")"
}

a_composed_header_beyond_ascii_goes_by_smtputf8_with_its_address() {
    run send -S "$POSTFIX" --tls off --transcript "$work/wire-utf8" -f 'Jörg <jörg@beta.test>' -s Grüße --body Blah jones@beta.test
    exits 0
    grep -q '^C: MAIL FROM:<jörg@beta.test> .*SMTPUTF8' "$work/wire-utf8" || fail "$(cat "$work/wire-utf8")"
    the_message jones@beta.test
    grep -q '^From: .*<jörg@beta.test>$' "$message" || fail "$(cat "$message")"
}

chunking_is_seen_on_the_wire() {
    send --transcript "$work/wire-bdat" -m letter jones@beta.test
    exits 0
    _says "$work/wire-bdat" "C: BDAT $(sed 's/$/\r/' letter | wc -c) LAST"
    has jones@beta.test "$work/letter"
    session smtp
    counted bdat=1
}
