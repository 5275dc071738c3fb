# Where the tokens are, and who sees them.

only_the_user_can_read_the_tokens() {
    umask 0
    log_in public
    _modes
    tell refuse
    send public -s modes
    exits 0
    renewals 1
    _modes
}

_modes() {
    local modes
    modes=$(stat -c %a "$tokens" "$tokens/public" | tr '\n' ' ')
    [ "$modes" = '700 600 ' ] || fail "the modes are $modes"
    modes=$(find "$tokens" ! -perm 600 ! -perm 700)
    [ -z "$modes" ] || fail "others have a right to $modes"
}

# _processes PID: what everybody can see of processes, and what their user can see of this one and its children.
_processes() {
    local pid
    ps -eo pid,args ww
    for pid in "$1" $(ps -eo pid=,ppid= | awk -v top="$1" '
        { parent[$1] = $2 }
        END { for (pid in parent) for (up = parent[pid]; up in parent; up = parent[up]) if (up == top) print pid }'); do
        tr '\0' '\n' <"/proc/$pid/cmdline"
        tr '\0' '\n' <"/proc/$pid/environ"
    done 2>/dev/null
}

# _hides FILE WHAT: it has no token, no code, no verifier and no secret of a client.
_hides() {
    told secrets >"$work/secrets"
    [ "$(wc -l <"$work/secrets")" -gt 5 ] || fail "the provider has no secrets"
    local found
    found=$(grep -nF -f "$work/secrets" "$1" | head -n 5)
    [ -z "$found" ] || fail "$2 has a secret:" "$found"
}

a_process_shows_no_secret() {
    set_to token_delay=1200 smtp_delay=1200
    begin_login post --no-browser
    browser --print "$(address)"
    head -n 1 "$work/browser" >&9
    sleep 0.5 # it waits for the token
    _processes "$login" >"$work/seen"
    end_login
    exits 0
    tell refuse
    as_user timeout 60 "$ehlo" send -A post -s seen --body Blah jones@beta.test >"$work/out" 2>"$work/err" &
    local pid=$!
    # The log-in that is refused, the renewal, and the log-in that is not.
    while kill -0 "$pid" 2>/dev/null; do
        _processes "$pid" >>"$work/seen"
        sleep 0.3
    done
    wait "$pid"
    status=$?
    heard send "$work/out" "$work/err"
    exits 0
    renewals 1
    grep -q '^login$' "$work/seen" || fail "the sign-in was not seen"
    grep -q '^jones@beta.test$' "$work/seen" || fail "the sending was not seen"
    _hides "$work/seen" "what a process shows"
}
