# The accounts of a machine: root signs in, and the daemon sends for all users. It needs a root of its own, which
# tests/machine/within makes; what is done there is in ../machine.

the_daemon_sends_with_the_tokens_of_the_machine() {
    [ "$(id -u)" = 0 ] || skip "only root can try it"
    set_to access_token_ttl=1
    {
        echo 'default = "public"'
        account public public code 'ca-file = "/etc/ehlo/ca.pem"'
    } >"$work/config.toml"
    "$here/../machine/within" --bring "$top" --bring "$here" --bring "$ehlo" \
        "$here/machine" "$ehlo" "$here/provider/browser.mjs" "$ca" "$work" "$issuer"
    case $? in
    0) ;;
    77) skip "this machine allows no root within it" ;;
    *) exit 1 ;;
    esac
    arrived 1 machine
    logged 0 'grant=refresh_token result=invalid'
    logged 1 'revocation client=public .*result=200'
}
