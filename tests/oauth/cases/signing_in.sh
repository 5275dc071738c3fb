# Signing in: with a browser, with a code for a device, and with nobody.

a_browser_is_started_and_signs_in() {
    cat >"$work/browse" <<END
#!/bin/sh
exec '$(command -v node)' '$here/provider/browser.mjs' --ca '$ca' "\$1" >'$work/browser' 2>&1
END
    chmod 755 "$work/browse"
    environment=(BROWSER="$work/browse" DISPLAY=:99)
    begin_login public
    end_login
    exits 0
    says "account 'public': signed in"
    signed_in public
    logged 1 'authorization client=public method=S256'
    logged 1 'token client=public auth=none grant=authorization_code result=ok refresh_token=yes'
    newest_is_kept public
    waits 5 grep -q '^200 .' "$work/browser" || fail "the browser was not told how it went:" "$(cat "$work/browser")"
}

# _started WAY yes|no VARIABLE...: whether a browser is started in this environment; the sign-in goes well anyway.
_started() {
    local way=$1 want=$2 is=no arguments=()
    shift 2
    [ "$way" != flag ] || arguments=(--no-browser)
    rm -f "$work/started"
    environment=(PATH="$work/bin:$PATH" "$@")
    begin_login public ${arguments[@]+"${arguments[@]}"}
    browser "$(address)"
    end_login
    exits 0
    [ ! -e "$work/started" ] || is=$(cat "$work/started")
    [ "$is" = "$want" ] || fail "$way: $is, not $want"
}

a_browser_is_started_where_somebody_sees_it() {
    mkdir "$work/bin"
    local name ssh='SSH_CONNECTION=192.0.2.1 50000 192.0.2.2 22'
    for name in named xdg-open; do
        printf '#!/bin/sh\necho %s >"%s/started"\n' $name "$work" >"$work/bin/$name"
        chmod 755 "$work/bin/$name"
    done
    _started desktop xdg-open DISPLAY=:99
    _started wayland xdg-open WAYLAND_DISPLAY=wayland-9
    _started named named BROWSER=named DISPLAY=:99
    _started ssh no DISPLAY=localhost:10 "$ssh"
    _started "no screen" no
    # Who names one has one that shows something here.
    _started "named, by ssh" named BROWSER=named "$ssh"
    _started flag no BROWSER=named DISPLAY=:99
}

the_address_that_the_browser_ended_at_can_be_pasted() {
    begin_login public --no-browser
    browser --print "$(address)"
    head -n 1 "$work/browser" >&9
    end_login
    exits 0
    says "account 'public': signed in"
    newest_is_kept public
}

what_was_pasted_wrong_can_be_pasted_again() {
    begin_login public --no-browser
    browser --print "$(address)"
    printf '%s\n' 'what?' 'http://127.0.0.1/?code=forged&state=forged' >&9
    sleep 0.5
    head -n 1 "$work/browser" >&9
    end_login
    exits 0
    newest_is_kept public
}

it_goes_on_when_standard_input_ends() {
    begin_login public --no-browser
    exec 9>&-
    sleep 0.5
    browser "$(address)"
    end_login
    exits 0
    newest_is_kept public
}

a_forged_answer_is_not_believed() {
    begin_login public --no-browser
    browser --forge "$(address)"
    end_login
    exits 0
    newest_is_kept public
    logged 1 grant=authorization_code
}

a_secret_goes_in_the_form() {
    log_in post
    logged 1 'token client=by-post auth=post grant=authorization_code result=ok'
}

a_secret_goes_in_the_header() {
    log_in basic
    logged 1 'token client=by-basic auth=basic grant=authorization_code result=ok'
}

a_secret_goes_in_the_header_where_the_provider_takes_both() {
    log_in found
    logged 1 'token client=by-basic auth=basic grant=authorization_code result=ok'
}

a_wrong_secret_is_told() {
    begin_login wrong --no-browser
    browser "$(address)"
    end_login
    exits 77
    says client
    not_signed_in wrong
}

who_denies_consent_in_the_browser_is_not_signed_in() {
    begin_login public --no-browser
    browser --deny "$(address)"
    end_login
    exits 77
    says "denied|refused|aborted"
    not_signed_in public
    waits 5 grep -q '^200 .' "$work/browser" || fail "the browser was not told how it went:" "$(cat "$work/browser")"
    begin_login public --no-browser
    browser --deny --print "$(address)"
    head -n 1 "$work/browser" >&9
    end_login
    exits 77
    not_signed_in public
    logged 0 'token client'
}

a_provider_can_be_given_by_its_addresses() {
    log_in by-hand
    send by-hand -s hand
    exits 0
    arrived 1 hand
    run account logout by-hand
    exits 0
    not_signed_in by-hand
    logged 0 revocation
}

a_device_is_approved() {
    begin_login device
    [ -n "$(user_code)" ] || fail "no code to type:" "$(cat "$work/login.err")"
    browser --device "$(user_code)" "$issuer/device"
    end_login
    exits 0
    says "account 'device': signed in"
    newest_is_kept device
    logged 0 slow_down
    send device -s device
    exits 0
    arrived 1 device
}

a_device_slows_down_when_it_is_told_to() {
    begin_login device
    # It was told one second, and is held to four.
    set_to interval=4
    sleep 3.5
    set_to interval=1
    browser --device "$(user_code)" "$issuer/device"
    end_login
    exits 0
    newest_is_kept device
    test "$(told log | grep -c slow_down)" -gt 0 || fail "it was not told to:" "$(told log)"
}

a_device_is_denied() {
    begin_login device
    browser --deny --device "$(user_code)" "$issuer/device"
    end_login
    exits 77
    says 'denied|refused|aborted'
    not_signed_in device
}

long_the_code_of_a_device_is_over_some_time() {
    set_to device_code_ttl=4
    begin_login device
    end_login
    exits 75
    not_signed_in device
}

an_application_needs_nobody() {
    run account login robot
    exits 0
    says "account 'robot': signed in"
    logged 1 'token client=robot auth=basic grant=client_credentials result=ok'
    send robot -s robot
    exits 0
    arrived 1 robot
    logged 1 grant=client_credentials
    tell refuse
    send robot -s robot
    exits 0
    arrived 2 robot
    logged 2 'grant=client_credentials result=ok'
    run account logout robot
    exits 0
    not_signed_in robot
}

an_application_with_a_wrong_secret_is_told() {
    run account login wrong-robot
    exits 77
    says client
    not_signed_in wrong-robot
}

signing_in_again_replaces_what_there_was() {
    log_in public
    log_in public
    newest_is_kept public
    send public -s twice
    exits 0
    arrived 1 twice
    renewals 0
}

what_a_provider_answers_decides_the_status() {
    local answer
    for answer in garbage:76 500:75 429:75; do
        begin_login post --no-browser
        set_to "token_answer=${answer%:*}"
        browser "$(address)"
        end_login
        exits "${answer#*:}"
        not_signed_in post
    done
    run account login gone --no-browser
    exits 75
    not_signed_in gone
}
