# Signing out.

signing_out_ends_the_refresh_token() {
    log_in public
    local refresh answer
    refresh=$(told newest)
    run account logout public
    exits 0
    says "account 'public'"
    not_signed_in public
    logged 1 'revocation client=public .*result=200'
    answer=$(ask -d grant_type=refresh_token -d client_id=public -d refresh_token="$refresh" "$issuer/token")
    grep -q invalid_grant <<<"$answer" || fail "it still works:" "$answer"
    run account logout public
    says 'not signed in|nobody (is|was|has) signed in'
    send public -s after
    exits 77
    says 'account login'
    arrived 0
}

a_client_with_a_secret_signs_out() {
    log_in basic
    run account logout basic
    exits 0
    not_signed_in basic
    logged 1 'revocation client=by-basic .*result=200'
}
