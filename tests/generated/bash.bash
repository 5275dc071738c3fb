# Completion of ehlo for bash 3.2 and later, made of the definitions of its flags.
# It goes into ~/.local/share/bash-completion/completions/ehlo, or is sourced from ~/.bashrc.

# What the command $1 takes. Sets flags: all its flags; valued: the letters of those with a value; kind and
# words: what the flag $2 takes, or else the argument of number $3.
_ehlo_takes() {
    flags= valued= kind= words=
    case ${1-} in
@COMMANDS@    esac
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
        COMPREPLY=($(compgen -W '@NAMES@ help @FLAGS@' -- "$cur"))
        [ -n "$cur" ] || COMPREPLY=(@NAMES@ help)
        return
    fi
    if [ "$command" = help ]; then
        [ "$COMP_CWORD" -ne 2 ] || COMPREPLY=($(compgen -W '@NAMES@' -- "$cur"))
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
