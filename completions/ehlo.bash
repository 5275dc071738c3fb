# Completion of ehlo for bash 3.2 and later, made of the definitions of its flags.
# It goes into ~/.local/share/bash-completion/completions/ehlo, or is sourced from ~/.bashrc.

# What the command $1 takes. Sets flags: all its flags; valued: the letters of those with a value; kind and
# words: what the flag $2 takes, or else the argument of number $3.
_ehlo_takes() {
    flags= valued= kind= words=
    case ${1-} in
        send)
            flags='--account --server --port -4 -6 --bind --proxy --proxy-password-file --proxy-password-env --pipe --connect-timeout --timeout --final-timeout --deadline --from --to --cc --bcc --recipient --recipients-from --reply-to --envelope-from --domain --subject --body --body-file --html --attach --inline --attach-type --attach-name --attach-id --header --in-reply-to --date --message-id --charset --skip-empty --test --recipients-in-message --add-missing-headers --tls --ca-file --insecure --tls-name --pin --client-cert --client-key --tls-min --tls-backend --user --password-file --password-command --password-env --oauth-token-command --auth --auth-identity --allow-cleartext-auth --ehlo-name --no-pipelining --no-chunking --force-8bit --proxy-protocol --proxy-source --proxy-destination --xclient --mail-parameter --rcpt-parameter --resolver --resolver-trust --policy --require-policy --cleartext-if-tls-fails --mta-sts-cache --mx-allow --mx-hosts --jobs --tlsrpt --notify --return --envelope-id --original-recipient --tls-required-no --deliver-by --hold-for --hold-until --priority --dkim-key --dkim-selector --dkim-domain --dkim-header --dkim-expire --dkim-check --stop-after --drop-after --drop-reset --all-or-none --verbose --transcript --json --quiet --explain --failed-to --deferred-to --progress --color --dry-run --message-out --help --message --queue --require-tls-onward' valued=ASpfrtcbsaHum
            case ${2-} in
                -p | --port | --bind | --proxy | --connect-timeout | --timeout | --final-timeout | --deadline | -f | -r | --from | -t | --to | -c | --cc | -b | --bcc | --recipient | --reply-to | --envelope-from | --domain | -s | --subject | --body | --attach-type | --attach-name | --attach-id | -H | --header | --in-reply-to | --date | --message-id | --charset | --tls-name | --pin | -u | --user | --auth-identity | --ehlo-name | --proxy-source | --proxy-destination | --xclient | --mail-parameter | --rcpt-parameter | --resolver | --mx-allow | --mx-hosts | --jobs | --envelope-id | --original-recipient | --deliver-by | --hold-for | --hold-until | --priority | --dkim-selector | --dkim-domain | --dkim-header | --dkim-expire) kind=free ;;
                --proxy-password-file | --recipients-from | --body-file | --html | -a | --attach | --inline | --ca-file | --client-cert | --client-key | --password-file | --mta-sts-cache | --tlsrpt | --dkim-key | --transcript | --failed-to | --deferred-to | --message-out | -m | --message) kind=file ;;
                --pipe | --password-command | --oauth-token-command) kind=command ;;
                -S | --server) kind=host ;;
                --proxy-password-env | --password-env) kind=variable ;;
                -A | --account) kind=account ;;
                --tls-min) kind=words words='1.2 1.3' ;;
                --progress | --color) kind=words words='auto always never' ;;
                --resolver-trust) kind=words words='auto yes no' ;;
                --drop-after) kind=words words='connect ehlo tls auth mail rcpt data message ehlo-sent tls-sent auth-sent mail-sent rcpt-sent data-sent message-sent' ;;
                --stop-after) kind=words words='connect ehlo tls auth mail rcpt data' ;;
                --return) kind=words words='full headers' ;;
                --tls) kind=words words='off opportunistic starttls implicit' ;;
                --tls-backend) kind=words words='rustls native' ;;
                --proxy-protocol) kind=words words='v1 v2' ;;
                --auth) kind=list words='SCRAM-SHA-256-PLUS SCRAM-SHA-1-PLUS SCRAM-SHA-256 SCRAM-SHA-1 CRAM-MD5 PLAIN LOGIN OAUTHBEARER XOAUTH2 EXTERNAL' ;;
                --policy) kind=list words='dane mta-sts none' ;;
                --notify) kind=list words='never success failure delay' ;;
                '') case ${3-} in
                    *) kind=free ;;
                esac ;;
            esac
            ;;
        explain)
            flags='--after --json --color --help' valued=-
            case ${2-} in
                --color) kind=words words='auto always never' ;;
                --after) kind=words words='greeting EHLO HELO LHLO STARTTLS AUTH MAIL RCPT DATA message VRFY EXPN RSET NOOP HELP QUIT' ;;
                '') case ${3-} in
                    *) kind=free ;;
                esac ;;
            esac
            ;;
        account)
            flags='--write --no-browser --ca-file --help' valued=-
            case ${2-} in
                --ca-file) kind=file ;;
                '') case ${3-} in
                    1) kind=words words='list show test import login logout' ;;
                    2) kind=account ;;
                    3) kind=file ;;
                esac ;;
            esac
            ;;
        dkim)
            flags='--selector --domain --record --resolver --timeout --json --help' valued=-
            case ${2-} in
                --selector | --domain | --resolver | --timeout) kind=free ;;
                --record) kind=file ;;
                '') case ${3-} in
                    1) kind=words words='record verify' ;;
                    2) kind=file ;;
                esac ;;
            esac
            ;;
        tlsrpt)
            flags='--organization --contact --day --out --from --resolver --help' valued=-
            case ${2-} in
                --organization | --contact | --day | --from | --resolver) kind=free ;;
                --out) kind=file ;;
                '') case ${3-} in
                    1) kind=words words='report' ;;
                    2) kind=file ;;
                esac ;;
            esac
            ;;
        queue)
            flags='--all --account --state --to --from --older --message --headers --log --no-wait --notify --yes --max-age --max-unknown --max-waiting --max-failed --own --system --database --password-file --password-command --ca-file --jobs --directory --sockets --json --verbose --help' valued=A
            case ${2-} in
                --to | --from | --older | --max-age | --max-unknown | --max-waiting | --max-failed | --database | --password-command | --jobs) kind=free ;;
                --password-file | --ca-file | --directory | --sockets) kind=file ;;
                -A | --account) kind=account ;;
                --state) kind=words words='queued sending deferred unknown held no-domain account-down decided' ;;
                '') case ${3-} in
                    1) kind=words words='list show run hold release retry remove delivered check metrics daemon init' ;;
                    *) kind=free ;;
                esac ;;
            esac
            ;;
        verify)
            flags='--account --port -4 -6 --bind --proxy --proxy-password-file --proxy-password-env --connect-timeout --timeout --deadline --recipients-from --vrfy --expn --envelope-from --domain --no-random --random-mailbox --tls --ca-file --insecure --tls-name --pin --client-cert --client-key --tls-min --tls-backend --user --password-file --password-command --password-env --oauth-token-command --auth --auth-identity --allow-cleartext-auth --ehlo-name --no-pipelining --proxy-protocol --proxy-source --proxy-destination --xclient --mail-parameter --rcpt-parameter --resolver --resolver-trust --policy --require-policy --cleartext-if-tls-fails --mta-sts-cache --mx-allow --mx-hosts --verbose --transcript --json --explain --color --dry-run --help --pipe --quiet --deferred-to --failed-to' valued=Apu
            case ${2-} in
                -p | --port | --bind | --proxy | --connect-timeout | --timeout | --deadline | --envelope-from | --domain | --random-mailbox | --tls-name | --pin | -u | --user | --auth-identity | --ehlo-name | --proxy-source | --proxy-destination | --xclient | --mail-parameter | --rcpt-parameter | --resolver | --mx-allow | --mx-hosts) kind=free ;;
                --proxy-password-file | --recipients-from | --ca-file | --client-cert | --client-key | --password-file | --mta-sts-cache | --transcript | --deferred-to | --failed-to) kind=file ;;
                --password-command | --oauth-token-command | --pipe) kind=command ;;
                --proxy-password-env | --password-env) kind=variable ;;
                -A | --account) kind=account ;;
                --tls-min) kind=words words='1.2 1.3' ;;
                --color) kind=words words='auto always never' ;;
                --resolver-trust) kind=words words='auto yes no' ;;
                --tls) kind=words words='off opportunistic starttls implicit' ;;
                --tls-backend) kind=words words='rustls native' ;;
                --proxy-protocol) kind=words words='v1 v2' ;;
                --auth) kind=list words='SCRAM-SHA-256-PLUS SCRAM-SHA-1-PLUS SCRAM-SHA-256 SCRAM-SHA-1 CRAM-MD5 PLAIN LOGIN OAUTHBEARER XOAUTH2 EXTERNAL' ;;
                --policy) kind=list words='dane mta-sts none' ;;
                '') case ${3-} in
                    1) kind=host ;;
                    *) kind=free ;;
                esac ;;
            esac
            ;;
        probe)
            flags='--account --port -4 -6 --bind --proxy --proxy-password-file --proxy-password-env --ca-file --client-cert --client-key --resolver --resolver-trust --policy --mta-sts-cache --mx-allow --mx-hosts --min-days --try-relay --quiet --verbose --json --color --help --connect-timeout --timeout --deadline --ehlo-name --tls --tls-name --pin' valued=Ap
            case ${2-} in
                -p | --port | --bind | --proxy | --resolver | --mx-allow | --mx-hosts | --min-days | --try-relay | --connect-timeout | --timeout | --deadline | --ehlo-name | --tls-name | --pin) kind=free ;;
                --proxy-password-file | --ca-file | --client-cert | --client-key | --mta-sts-cache) kind=file ;;
                --proxy-password-env) kind=variable ;;
                -A | --account) kind=account ;;
                --color) kind=words words='auto always never' ;;
                --resolver-trust) kind=words words='auto yes no' ;;
                --tls) kind=words words='off opportunistic starttls implicit' ;;
                --policy) kind=list words='dane mta-sts none' ;;
                '') case ${3-} in
                    1) kind=host ;;
                esac ;;
            esac
            ;;
        check)
            flags='--dkim-selector --from-ip --dnsbl --message --from --no-connect --port -4 -6 --ehlo-name --ca-file --resolver --resolver-trust --mx-allow --connect-timeout --timeout --deadline --quiet --verbose --json --color --help' valued=p
            case ${2-} in
                --dkim-selector | --from-ip | --dnsbl | --from | -p | --port | --ehlo-name | --resolver | --mx-allow | --connect-timeout | --timeout | --deadline) kind=free ;;
                --message | --ca-file) kind=file ;;
                --color) kind=words words='auto always never' ;;
                --resolver-trust) kind=words words='auto yes no' ;;
                '') case ${3-} in
                    1) kind=free ;;
                esac ;;
            esac
            ;;
        console)
            flags='--account --server --port -4 -6 --bind --proxy --proxy-password-file --proxy-password-env --pipe --connect-timeout --timeout --final-timeout --deadline --tls --ca-file --insecure --tls-name --pin --client-cert --client-key --tls-min --tls-backend --user --password-file --password-command --password-env --oauth-token-command --auth --auth-identity --allow-cleartext-auth --ehlo-name --proxy-protocol --proxy-source --proxy-destination --xclient --send --verbose --color --help' valued=ASpu
            case ${2-} in
                -p | --port | --bind | --proxy | --connect-timeout | --timeout | --final-timeout | --deadline | --tls-name | --pin | -u | --user | --auth-identity | --ehlo-name | --proxy-source | --proxy-destination | --xclient | --send) kind=free ;;
                --proxy-password-file | --ca-file | --client-cert | --client-key | --password-file) kind=file ;;
                --pipe | --password-command | --oauth-token-command) kind=command ;;
                -S | --server) kind=host ;;
                --proxy-password-env | --password-env) kind=variable ;;
                -A | --account) kind=account ;;
                --tls-min) kind=words words='1.2 1.3' ;;
                --color) kind=words words='auto always never' ;;
                --tls) kind=words words='off opportunistic starttls implicit' ;;
                --tls-backend) kind=words words='rustls native' ;;
                --proxy-protocol) kind=words words='v1 v2' ;;
                --auth) kind=list words='SCRAM-SHA-256-PLUS SCRAM-SHA-1-PLUS SCRAM-SHA-256 SCRAM-SHA-1 CRAM-MD5 PLAIN LOGIN OAUTHBEARER XOAUTH2 EXTERNAL' ;;
                '') case ${3-} in
                    1) kind=host ;;
                esac ;;
            esac
            ;;
        sink)
            flags='--listen --name --lmtp --once --dns --mta-sts-port --maildir --mbox --reject --defer --max-size --script --tls --cert-out --user --password-file --require-auth --verbose --help' valued=-
            case ${2-} in
                --listen | --name | --dns | --mta-sts-port | --reject | --defer | --max-size | --user) kind=free ;;
                --mbox | --script | --cert-out | --password-file) kind=file ;;
                --maildir) kind=folder ;;
                --tls) kind=words words='off starttls implicit' ;;
            esac
            ;;
        demo)
            flags='--color --help' valued=-
            case ${2-} in
                --color) kind=words words='auto always never' ;;
                '') case ${3-} in
                    1) kind=words words='std10 mx' ;;
                esac ;;
            esac
            ;;
        completions)
            flags='--help' valued=-
            case ${2-} in
                '') case ${3-} in
                    1) kind=words words='bash zsh fish powershell elvish nushell' ;;
                esac ;;
            esac
            ;;
        sendmail)
            flags='--account --no-queue --help --version' valued=aA
            case ${2-} in
                -a | -A | --account) kind=account ;;
                '') case ${3-} in
                    *) kind=free ;;
                esac ;;
            esac
            ;;
    esac
}

# The machines of netrc. Readline inserts a word as it is, so one that is more than a name is left out.
_ehlo_machines() {
    sed -n 's/^[[:space:]]*machine[[:space:]]\{1,\}\([[:alnum:]._:-]\{1,\}\)\([[:space:]].*\)\{0,1\}$/\1/p' \
        "${NETRC:-$HOME/.netrc}" 2>/dev/null
}

_ehlo_accounts() {
    ehlo account list 2>/dev/null | cut -f 1
}

_ehlo() {
    local IFS=$' \t\n' cur=${COMP_WORDS[COMP_CWORD]} command=${COMP_WORDS[1]}
    local flags valued kind words word rest i flag= last= place=1 was_place= only_places=

    # Where nothing is found here, readline offers files: it knows best how to quote them. It is told not to
    # where a file is not wanted, which bash 3 cannot do.
    [ "${BASH_VERSINFO[0]}" -lt 4 ] || compopt +o default +o bashdefault

    if [ "$COMP_CWORD" -eq 1 ]; then
        COMPREPLY=($(compgen -W 'send explain account dkim tlsrpt queue verify probe check console sink demo completions sendmail help --help --version' -- "$cur"))
        [ -n "$cur" ] || COMPREPLY=(send explain account dkim tlsrpt queue verify probe check console sink demo completions sendmail help)
        return
    fi
    if [ "$command" = help ]; then
        [ "$COMP_CWORD" -ne 2 ] || COMPREPLY=($(compgen -W 'send explain account dkim tlsrpt queue verify probe check console sink demo completions sendmail' -- "$cur"))
        return
    fi

    # Which flag the word at the cursor is the value of. To bash '=', ':' and '@' are words of their own.
    _ehlo_takes "$command"
    for ((i = 2; i <= COMP_CWORD; i++)); do
        word=${COMP_WORDS[i]}
        case $word in
            [=:@]*)
                flag=$last
                [ -z "$was_place" ] || place=$((place - 1)) was_place=
                [ "$i" -lt "$COMP_CWORD" ] || cur=
                continue
                ;;
        esac
        [ "$i" -lt "$COMP_CWORD" ] || break
        was_place=
        if [ -n "$flag" ]; then
            last=$flag flag=
            continue
        fi
        case $only_places$word in
            --) only_places=1 last= ;;
            --*)
                _ehlo_takes "$command" "$word"
                last=$word flag=${kind:+$word}
                ;;
            -?*)
                # Of letters in one word, the first that takes a value is followed by it.
                rest=${word#-*[$valued]}
                [ -z "$rest" ] && flag=-${word:$((${#word} - 1))} || flag=
                last=$flag
                ;;
            *) place=$((place + 1)) was_place=1 last= ;;
        esac
    done

    case ${COMP_WORDS[COMP_CWORD - 1]} in
        *[\<\>]) kind=file ;;
        *)
            if [ -z "$flag$only_places" ] && [ "${cur#-}" != "$cur" ]; then
                COMPREPLY=($(compgen -W "$flags" -- "$cur"))
                return
            fi
            _ehlo_takes "$command" "$flag" "$place"
            ;;
    esac
    case $kind in
        file) [ "${BASH_VERSINFO[0]}" -lt 4 ] || compopt -o default -o bashdefault ;;
        folder) [ "${BASH_VERSINFO[0]}" -lt 4 ] || compopt -o dirnames ;;
        command) COMPREPLY=($(compgen -c -- "$cur")) ;;
        account) COMPREPLY=($(compgen -W "$(_ehlo_accounts)" -- "$cur")) ;;
        variable) COMPREPLY=($(compgen -e -- "$cur")) ;;
        words) COMPREPLY=($(compgen -W "$words" -- "$cur")) ;;
        list)
            rest=${cur##*,}
            COMPREPLY=($(compgen -P "${cur%"$rest"}" -W "$words" -- "$rest"))
            ;;
        host)
            # Behind smtp://, too.
            rest=${cur##*/}
            COMPREPLY=($(compgen -P "${cur%"$rest"}" -A hostname -- "$rest"))
            while read -r word; do
                case $word in "$rest"?*) COMPREPLY+=("${cur%"$rest"}$word") ;; esac
            done <<<"$(_ehlo_machines)"
            ;;
    esac
}

complete -o default -o bashdefault -F _ehlo ehlo
