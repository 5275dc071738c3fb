#compdef ehlo
# Completion of ehlo for zsh, made of the definitions of its flags.
# It goes, by the name of _ehlo, into a folder of $fpath.

_ehlo_hosts() {
    local -a machines
    machines=(${(f)"$(sed -n 's/^[[:space:]]*machine[[:space:]]\{1,\}\([[:alnum:]._:-]\{1,\}\)\([[:space:]].*\)\{0,1\}$/\1/p' \
        ${NETRC:-$HOME/.netrc} 2>/dev/null)"})
    _alternative 'hosts:host:_hosts' 'machines:machine of netrc:compadd -a machines'
}

_ehlo_accounts() {
    local -a accounts
    accounts=(${(f)"$(ehlo account list 2>/dev/null | cut -f 1)"})
    compadd -a accounts
}

_ehlo_commands() {
    local -a commands
    commands=(
@NAMES@    )
    _describe -t commands command commands "$@"
}

_ehlo() {
    local context curcontext=$curcontext state state_descr line ret=1
    typeset -A opt_args
    _arguments -C -s -S \
@FLAGS@        '1: :->first' \
        '*:: :->rest' && ret=0
    case $state in
        first)
            _ehlo_commands && ret=0
            compadd help && ret=0
            return ret
            ;;
        rest) ;;
        *) return ret ;;
    esac
    curcontext="${curcontext%:*:*}:ehlo-$words[1]:"
    case $words[1] in
        help) _arguments '1: :_ehlo_commands' && ret=0 ;;
@COMMANDS@    esac
    return ret
}

if [[ $funcstack[1] == _ehlo ]]; then
    _ehlo "$@"
else
    compdef _ehlo ehlo
fi
