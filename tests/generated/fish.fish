# Completion of ehlo for fish, made of the definitions of its flags.
# It goes into ~/.config/fish/completions/ehlo.fish.

# Whether the first word is this command; without one, whether there is none yet.
function __ehlo_is
    set -l words (commandline -opc)
    test "$words[2]" = "$argv[1]"
end

# These values, behind those that are there already, with commas between.
function __ehlo_list
    set -l before (commandline -ct | string replace -r '^--[^=]*=' '')
    set before (string replace -rf '^(.*,)[^,]*$' '$1' -- $before)
    printf '%s\n' "$before"$argv
end

function __ehlo_hosts
    __fish_print_hostnames
    set -l netrc $HOME/.netrc
    set -q NETRC; and set netrc $NETRC
    test -r "$netrc"; and string replace -rf '^\s*machine\s+([\w.:-]+)(\s.*)?$' '$1' <$netrc
end

function __ehlo_accounts
    ehlo account list 2>/dev/null | string replace -r '^([^\t]*\t[^\t]*).*' '$1'
end

# Whether there are so many arguments behind the command, flags aside.
function __ehlo_has_arguments
    set -l words (commandline -opc)[3..-1]
    test (count (string match -v -- '-*' $words)) -eq $argv[1]
end

# No files, unless a flag says so.
complete -c ehlo -f
