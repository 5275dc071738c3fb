# Whom it trusts.

another_authority_is_not_trusted() {
    run account login elsewhere --no-browser
    exits 77
    says certificate
    run account login no-ca --no-browser
    exits 77
    says certificate
    run account login public --no-browser --ca-file "$other_ca"
    exits 77
    says certificate
    not_signed_in public
    logged 0 .
}

an_authority_can_be_named_by_a_flag() {
    log_in no-ca --ca-file "$ca"
}

an_authority_can_be_named_for_the_provider() {
    log_in oauth-ca
}

a_renewal_trusts_no_other_authority() {
    set_to access_token_ttl=1
    log_in oauth-ca
    sleep 1.2
    sed -i "s|$ca|$other_ca|" "$home/.config/ehlo/config.toml"
    send oauth-ca --ca-file "$ca" -s never
    exits 77
    says certificate
    renewals 0
    sed -i "s|$other_ca|$ca|" "$home/.config/ehlo/config.toml"
    send oauth-ca --ca-file "$ca" -s trusted
    exits 0
    arrived 1 trusted
}

a_document_of_another_issuer_is_not_believed() {
    run account login named --no-browser
    exits 76 77 78
    says issuer
    not_signed_in named
}

the_proxy_of_the_account_is_used() {
    log_in proxied
    logged 2 "proxy 127.0.0.1:${issuer##*:}" # for the document, and for the token
}
