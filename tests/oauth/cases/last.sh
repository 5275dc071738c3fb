# After all others: what was said, and what was written.

nothing_that_was_said_or_written_has_a_secret() {
    log_in post
    local file
    run account show post
    run account list
    send post -vv --json --transcript "$home/transcript" -s said
    exits 0
    tell refuse
    send post -vv --transcript "$home/transcript-of-a-renewal" -s said
    exits 0
    renewals 1
    send post --queue -s said
    run queue run -v
    run account test post
    set_to refuse_all=1
    send post -vv --json -s said
    run account test post
    [ -s "$home/log" ] || fail "there is no log"
    _hides "$said" "what the program said"
    while IFS= read -r file; do
        _hides "$file" "$file"
    done < <(find "$home" -type f ! -path "$tokens/*" ! -name '*-secret')
}
