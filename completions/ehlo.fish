# Print an optspec for argparse to handle cmd's options that are independent of any subcommand.
function __fish_ehlo_global_optspecs
    string join \n h/help V/version
end

function __fish_ehlo_needs_command
    # Figure out if the current invocation already has a command.
    set -l cmd (commandline -opc)
    set -e cmd[1]
    argparse -s (__fish_ehlo_global_optspecs) -- $cmd 2>/dev/null
    or return
    if set -q argv[1]
        # Also print the command, so this can be used to figure out what it is.
        echo $argv[1]
        return 1
    end
    return 0
end

function __fish_ehlo_using_subcommand
    set -l cmd (__fish_ehlo_needs_command)
    test -z "$cmd"
    and return 1
    contains -- $cmd[1] $argv
end

complete -c ehlo -n "__fish_ehlo_needs_command" -s h -l help -d 'print help'
complete -c ehlo -n "__fish_ehlo_needs_command" -s V -l version -d 'print the version'
complete -c ehlo -n "__fish_ehlo_needs_command" -f -a "send" -d 'send one message, and say what became of each recipient'
complete -c ehlo -n "__fish_ehlo_needs_command" -f -a "explain" -d 'what a code means, who says so, and what to do'
complete -c ehlo -n "__fish_ehlo_needs_command" -f -a "verify" -d 'ask a server whether it accepts addresses, without sending them anything'
complete -c ehlo -n "__fish_ehlo_needs_command" -f -a "probe" -d 'see what a server offers, and how well it is set up; sends no mail'
complete -c ehlo -n "__fish_ehlo_needs_command" -f -a "console" -d 'talk to a server by hand: TLS, AUTH and DATA are done for you'
complete -c ehlo -n "__fish_ehlo_needs_command" -f -a "sink" -d 'catch mail: a small server for demos, tests and checking scripts'
complete -c ehlo -n "__fish_ehlo_needs_command" -f -a "demo" -d 'watch one message go to three recipients, one of whom is refused'
complete -c ehlo -n "__fish_ehlo_using_subcommand send" -s S -l server -d 'host, host:port, or a URL: smtp:// (25), submission:// (587), smtps:// (465), lmtp://' -r
complete -c ehlo -n "__fish_ehlo_using_subcommand send" -s p -l port -d 'the port, if the server\'s name has none [default: the URL\'s, or 25]' -r
complete -c ehlo -n "__fish_ehlo_using_subcommand send" -l bind -d 'the address of this end, perhaps with a port' -r
complete -c ehlo -n "__fish_ehlo_using_subcommand send" -l proxy -d 'connect through a proxy, which looks the name up: socks5://host (1080) or http://host (8080)' -r
complete -c ehlo -n "__fish_ehlo_using_subcommand send" -l proxy-password-file -d 'a file whose first line is the proxy\'s password' -r -F
complete -c ehlo -n "__fish_ehlo_using_subcommand send" -l proxy-password-env -d 'the environment variable that holds the proxy\'s password' -r
complete -c ehlo -n "__fish_ehlo_using_subcommand send" -l pipe -d 'talk to a command over its standard input and output, in place of a connection' -r -f -a "(__fish_complete_command)"
complete -c ehlo -n "__fish_ehlo_using_subcommand send" -l connect-timeout -d 'how long to try each address, or a proxy: 30, 30s, 5m, 1h, 500ms' -r
complete -c ehlo -n "__fish_ehlo_using_subcommand send" -l timeout -d 'how long to wait for each reply but the last [default: 2 to 5 minutes, by RFC 5321]' -r
complete -c ehlo -n "__fish_ehlo_using_subcommand send" -l final-timeout -d 'how long to wait for the reply to the whole message; cut short, it makes duplicates' -r
complete -c ehlo -n "__fish_ehlo_using_subcommand send" -l deadline -d 'how long the whole run may take [default: no limit]' -r
complete -c ehlo -n "__fish_ehlo_using_subcommand send" -s f -l from -d 'the sender, also -r: in the message, and where it is returned to if it fails' -r
complete -c ehlo -n "__fish_ehlo_using_subcommand send" -s t -l to -d 'a recipient, or several with commas; may be repeated' -r
complete -c ehlo -n "__fish_ehlo_using_subcommand send" -s c -l cc -d 'a recipient of a copy' -r
complete -c ehlo -n "__fish_ehlo_using_subcommand send" -s b -l bcc -d 'a recipient whom the message does not name' -r
complete -c ehlo -n "__fish_ehlo_using_subcommand send" -l recipient -d 'a recipient in the envelope only: no header is written for it' -r
complete -c ehlo -n "__fish_ehlo_using_subcommand send" -l recipients-from -d 'a file of recipients in the envelope only, one a line; NOTIFY=… and ORCPT=… may follow an address; # begins a comment line' -r -F
complete -c ehlo -n "__fish_ehlo_using_subcommand send" -l reply-to -d 'where answers should go' -r
complete -c ehlo -n "__fish_ehlo_using_subcommand send" -l envelope-from -d 'the sender in the envelope, if it is another; \'\' is the null reverse-path' -r
complete -c ehlo -n "__fish_ehlo_using_subcommand send" -l domain -d 'the domain of addresses that are a bare name, such as root' -r
complete -c ehlo -n "__fish_ehlo_using_subcommand send" -s s -l subject -d 'the subject' -r
complete -c ehlo -n "__fish_ehlo_using_subcommand send" -l body -d 'the text itself [default: standard input]' -r
complete -c ehlo -n "__fish_ehlo_using_subcommand send" -l body-file -d 'a file with the text; - is standard input' -r -F
complete -c ehlo -n "__fish_ehlo_using_subcommand send" -l html -d 'a file with the text as HTML; with a plain text as well, the reader chooses' -r -F
complete -c ehlo -n "__fish_ehlo_using_subcommand send" -s a -l attach -d 'attach a file; may be repeated' -r -F
complete -c ehlo -n "__fish_ehlo_using_subcommand send" -l inline -d 'a picture or the like that the HTML shows, as cid:NAME' -r -F
complete -c ehlo -n "__fish_ehlo_using_subcommand send" -l attach-type -d 'the media type of the file before it [default: by name and contents]' -r
complete -c ehlo -n "__fish_ehlo_using_subcommand send" -l attach-name -d 'the name of the file before it, for the reader' -r
complete -c ehlo -n "__fish_ehlo_using_subcommand send" -l attach-id -d 'the Content-ID of the --inline before it, for cid:ID [default: made]' -r
complete -c ehlo -n "__fish_ehlo_using_subcommand send" -s H -l header -d 'a header field, in place of one of the same name; may be repeated' -r
complete -c ehlo -n "__fish_ehlo_using_subcommand send" -l in-reply-to -d 'the Message-ID of the message that this one answers' -r
complete -c ehlo -n "__fish_ehlo_using_subcommand send" -l date -d 'the date [default: now]' -r
complete -c ehlo -n "__fish_ehlo_using_subcommand send" -l message-id -d 'the Message-ID [default: random, at the sender\'s domain]' -r
complete -c ehlo -n "__fish_ehlo_using_subcommand send" -l charset -d 'the charset of the text given [default: UTF-8]' -r
complete -c ehlo -n "__fish_ehlo_using_subcommand send" -l tls -d 'when to encrypt [default: by port, and whether you log in]' -r -f -a "off\t'never'
opportunistic\t'STARTTLS if it is offered; the certificate is checked and reported, not demanded'
starttls\t'STARTTLS, and a certificate that can be trusted, or nothing is sent'
implicit\t'TLS from the first octet, and a certificate that can be trusted, or nothing is sent'"
complete -c ehlo -n "__fish_ehlo_using_subcommand send" -l ca-file -d 'trust the certificates in this file (PEM), instead of the system\'s' -r -F
complete -c ehlo -n "__fish_ehlo_using_subcommand send" -l tls-name -d 'the name that the certificate must bear [default: the server\'s]' -r
complete -c ehlo -n "__fish_ehlo_using_subcommand send" -l pin -d 'accept this certificate or public key and no other; may be repeated' -r
complete -c ehlo -n "__fish_ehlo_using_subcommand send" -l client-cert -d 'a certificate to show to the server (PEM), for when it wants to know who you are' -r -F
complete -c ehlo -n "__fish_ehlo_using_subcommand send" -l client-key -d 'its private key (PEM), if that is in another file' -r -F
complete -c ehlo -n "__fish_ehlo_using_subcommand send" -l tls-min -d 'the oldest version of TLS that will do' -r -f -a "1.2\t''
1.3\t''"
complete -c ehlo -n "__fish_ehlo_using_subcommand send" -l tls-backend -d 'whose TLS to use' -r -f -a "rustls\t'the one that is built in'
native\t'the system\'s (OpenSSL on Linux), for servers that are too old for the other'"
complete -c ehlo -n "__fish_ehlo_using_subcommand send" -s u -l user -d 'log in as this user; without one of the next four the password is netrc\'s, or asked for' -r
complete -c ehlo -n "__fish_ehlo_using_subcommand send" -l password-file -d 'a file whose first line is the password' -r -F
complete -c ehlo -n "__fish_ehlo_using_subcommand send" -l password-command -d 'a command that prints the password' -r -f -a "(__fish_complete_command)"
complete -c ehlo -n "__fish_ehlo_using_subcommand send" -l password-env -d 'the environment variable that holds the password' -r
complete -c ehlo -n "__fish_ehlo_using_subcommand send" -l oauth-token-command -d 'a command that prints an OAuth token, for OAUTHBEARER and XOAUTH2' -r -f -a "(__fish_complete_command)"
complete -c ehlo -n "__fish_ehlo_using_subcommand send" -l auth -d 'the mechanisms that may be used, with commas [default: the best that the server offers]' -r
complete -c ehlo -n "__fish_ehlo_using_subcommand send" -l auth-identity -d 'act for this user, logged in as --user' -r
complete -c ehlo -n "__fish_ehlo_using_subcommand send" -l ehlo-name -d 'the name to greet the server with [default: this host\'s full name, or its address]' -r
complete -c ehlo -n "__fish_ehlo_using_subcommand send" -l proxy-protocol -d 'say first, by HAProxy\'s PROXY protocol, who connects: for servers behind a balancer' -r -f -a "v1\t'one line of text'
v2\t'octets'"
complete -c ehlo -n "__fish_ehlo_using_subcommand send" -l proxy-source -d 'who is said to connect [default: the address of this end]' -r
complete -c ehlo -n "__fish_ehlo_using_subcommand send" -l proxy-destination -d 'to whom [default: the address that was connected to]' -r
complete -c ehlo -n "__fish_ehlo_using_subcommand send" -l xclient -d 'have the server take us for another client: NAME, ADDR, PORT, PROTO, HELO, LOGIN and more' -r
complete -c ehlo -n "__fish_ehlo_using_subcommand send" -l mail-parameter -d 'one more parameter of MAIL FROM; may be repeated' -r
complete -c ehlo -n "__fish_ehlo_using_subcommand send" -l rcpt-parameter -d 'one more parameter of every RCPT TO; may be repeated' -r
complete -c ehlo -n "__fish_ehlo_using_subcommand send" -l notify -d 'report to the sender: never, or success, failure, delay, with commas' -r -f -a "never\t'nothing'
success\t'it was delivered'
failure\t'it was not, and will not be'
delay\t'it takes longer than usual'"
complete -c ehlo -n "__fish_ehlo_using_subcommand send" -l return -d 'what a report of a failure holds of the message: full or headers' -r -f -a "full\t'all of it'
headers\t'its header'"
complete -c ehlo -n "__fish_ehlo_using_subcommand send" -l envelope-id -d 'what reports call the message by' -r
complete -c ehlo -n "__fish_ehlo_using_subcommand send" -l original-recipient -d 'what reports call the recipient, if not by their address; for tests, with one recipient' -r
complete -c ehlo -n "__fish_ehlo_using_subcommand send" -l deliver-by -d 'deliver it within this time or return it; \'2h,notify\': deliver it later all the same, and tell me' -r
complete -c ehlo -n "__fish_ehlo_using_subcommand send" -l hold-for -d 'deliver it after this time: 30m, 8h' -r
complete -c ehlo -n "__fish_ehlo_using_subcommand send" -l hold-until -d 'deliver it after this moment: 2026-12-24T18:00:00+01:00' -r
complete -c ehlo -n "__fish_ehlo_using_subcommand send" -l priority -d 'how urgent it is, from -9 to 9; others have 0' -r
complete -c ehlo -n "__fish_ehlo_using_subcommand send" -l stop-after -d 'go so far and no further; nothing is sent: connect, ehlo, tls, auth, mail, rcpt, data' -r -f -a "connect\t'the greeting is there'
ehlo\t'EHLO is answered'
tls\t'TLS has begun, and EHLO inside it is answered'
auth\t'logged in'
mail\t'MAIL is answered'
rcpt\t'every RCPT is answered'
data\t'DATA is answered by 354'"
complete -c ehlo -n "__fish_ehlo_using_subcommand send" -l drop-after -d 'drop the connection there, to test a server: a stage, STAGE-sent, data:OCTETS, message' -r
complete -c ehlo -n "__fish_ehlo_using_subcommand send" -l transcript -d 'the dialogue into a new file, passwords left out' -r -F
complete -c ehlo -n "__fish_ehlo_using_subcommand send" -l failed-to -d 'a file for the recipients who did not get it, fit for --recipients-from' -r -F
complete -c ehlo -n "__fish_ehlo_using_subcommand send" -l deferred-to -d 'a file for those of them for whom another try makes sense, fit for --recipients-from' -r -F
complete -c ehlo -n "__fish_ehlo_using_subcommand send" -l progress -d 'show a bar if sending takes long' -r -f -a "auto\t''
always\t''
never\t''"
complete -c ehlo -n "__fish_ehlo_using_subcommand send" -l color -d 'use colours' -r -f -a "auto\t''
always\t''
never\t''"
complete -c ehlo -n "__fish_ehlo_using_subcommand send" -l message-out -d 'write the message to a file, as it is sent; - is standard output, with --dry-run' -r -F
complete -c ehlo -n "__fish_ehlo_using_subcommand send" -s m -l message -d 'a whole message, sent octet for octet but for line ends and Bcc; - is standard input' -r -F
complete -c ehlo -n "__fish_ehlo_using_subcommand send" -s 4 -d 'connect by IPv4 only'
complete -c ehlo -n "__fish_ehlo_using_subcommand send" -s 6 -d 'connect by IPv6 only'
complete -c ehlo -n "__fish_ehlo_using_subcommand send" -s E -l skip-empty -d 'send nothing if the text is empty'
complete -c ehlo -n "__fish_ehlo_using_subcommand send" -l recipients-in-message -d 'To, Cc and Bcc of the message name the recipients'
complete -c ehlo -n "__fish_ehlo_using_subcommand send" -l add-missing-headers -d 'add From, Date and Message-ID where they are missing'
complete -c ehlo -n "__fish_ehlo_using_subcommand send" -l insecure -d 'do not check the server\'s certificate; a warning says so'
complete -c ehlo -n "__fish_ehlo_using_subcommand send" -l allow-cleartext-auth -d 'log in even if the connection is not encrypted'
complete -c ehlo -n "__fish_ehlo_using_subcommand send" -l no-pipelining -d 'wait for each reply before the next command'
complete -c ehlo -n "__fish_ehlo_using_subcommand send" -l no-chunking -d 'send the message by DATA, even where the server offers BDAT'
complete -c ehlo -n "__fish_ehlo_using_subcommand send" -l force-8bit -d 'send 8-bit content whatever the server offers, and a header that is not UTF-8'
complete -c ehlo -n "__fish_ehlo_using_subcommand send" -l drop-reset -d 'drop it by a reset (RST) instead of an orderly end'
complete -c ehlo -n "__fish_ehlo_using_subcommand send" -l all-or-none -d 'if one recipient is refused, send to nobody'
complete -c ehlo -n "__fish_ehlo_using_subcommand send" -s v -l verbose -d 'the dialogue on standard error; -vv with times, -vvv with octets in hex'
complete -c ehlo -n "__fish_ehlo_using_subcommand send" -l json -d 'the report as one JSON object'
complete -c ehlo -n "__fish_ehlo_using_subcommand send" -s q -l quiet -d 'print nothing but, on standard error, the recipients who did not get it'
complete -c ehlo -n "__fish_ehlo_using_subcommand send" -l explain -d 'say what each refusal means, and what to do'
complete -c ehlo -n "__fish_ehlo_using_subcommand send" -l dry-run -d 'say what would be done; connect to nobody'
complete -c ehlo -n "__fish_ehlo_using_subcommand send" -s h -l help -d 'print help: -h is short, --help says more'
complete -c ehlo -n "__fish_ehlo_using_subcommand send" -l require-tls-onward -d 'only by verified TLS, from here to the mailbox'
complete -c ehlo -n "__fish_ehlo_using_subcommand explain" -l after -d 'the command that was answered, such as RCPT or VRFY; \'greeting\' for the first reply, \'message\' for the last' -r
complete -c ehlo -n "__fish_ehlo_using_subcommand explain" -l color -d 'use colours' -r -f -a "auto\t''
always\t''
never\t''"
complete -c ehlo -n "__fish_ehlo_using_subcommand explain" -l json -d 'one JSON object for each explanation, on a line of its own'
complete -c ehlo -n "__fish_ehlo_using_subcommand explain" -s h -l help -d 'print help'
complete -c ehlo -n "__fish_ehlo_using_subcommand verify" -s p -l port -d 'the port, if the server\'s name has none [default: the URL\'s, or 25]' -r
complete -c ehlo -n "__fish_ehlo_using_subcommand verify" -l bind -d 'the address of this end, perhaps with a port' -r
complete -c ehlo -n "__fish_ehlo_using_subcommand verify" -l proxy -d 'connect through a proxy, which looks the name up: socks5://host (1080) or http://host (8080)' -r
complete -c ehlo -n "__fish_ehlo_using_subcommand verify" -l proxy-password-file -d 'a file whose first line is the proxy\'s password' -r -F
complete -c ehlo -n "__fish_ehlo_using_subcommand verify" -l proxy-password-env -d 'the environment variable that holds the proxy\'s password' -r
complete -c ehlo -n "__fish_ehlo_using_subcommand verify" -l connect-timeout -d 'how long to try each address, or a proxy: 30, 30s, 5m, 1h, 500ms' -r
complete -c ehlo -n "__fish_ehlo_using_subcommand verify" -l timeout -d 'how long to wait for each reply but the last [default: 2 to 5 minutes, by RFC 5321]' -r
complete -c ehlo -n "__fish_ehlo_using_subcommand verify" -l deadline -d 'how long the whole run may take [default: no limit]' -r
complete -c ehlo -n "__fish_ehlo_using_subcommand verify" -l recipients-from -d 'a file of addresses, one a line; # begins a comment line' -r -F
complete -c ehlo -n "__fish_ehlo_using_subcommand verify" -l envelope-from -d 'the sender in the envelope [default: <>, the null reverse-path]' -r
complete -c ehlo -n "__fish_ehlo_using_subcommand verify" -l domain -d 'the domain of addresses that are a bare name, such as root' -r
complete -c ehlo -n "__fish_ehlo_using_subcommand verify" -l random-mailbox -d 'the name of the mailbox that cannot exist [default: random]' -r
complete -c ehlo -n "__fish_ehlo_using_subcommand verify" -l tls -d 'when to encrypt [default: by port, and whether you log in]' -r -f -a "off\t'never'
opportunistic\t'STARTTLS if it is offered; the certificate is checked and reported, not demanded'
starttls\t'STARTTLS, and a certificate that can be trusted, or nothing is sent'
implicit\t'TLS from the first octet, and a certificate that can be trusted, or nothing is sent'"
complete -c ehlo -n "__fish_ehlo_using_subcommand verify" -l ca-file -d 'trust the certificates in this file (PEM), instead of the system\'s' -r -F
complete -c ehlo -n "__fish_ehlo_using_subcommand verify" -l tls-name -d 'the name that the certificate must bear [default: the server\'s]' -r
complete -c ehlo -n "__fish_ehlo_using_subcommand verify" -l pin -d 'accept this certificate or public key and no other; may be repeated' -r
complete -c ehlo -n "__fish_ehlo_using_subcommand verify" -l client-cert -d 'a certificate to show to the server (PEM), for when it wants to know who you are' -r -F
complete -c ehlo -n "__fish_ehlo_using_subcommand verify" -l client-key -d 'its private key (PEM), if that is in another file' -r -F
complete -c ehlo -n "__fish_ehlo_using_subcommand verify" -l tls-min -d 'the oldest version of TLS that will do' -r -f -a "1.2\t''
1.3\t''"
complete -c ehlo -n "__fish_ehlo_using_subcommand verify" -l tls-backend -d 'whose TLS to use' -r -f -a "rustls\t'the one that is built in'
native\t'the system\'s (OpenSSL on Linux), for servers that are too old for the other'"
complete -c ehlo -n "__fish_ehlo_using_subcommand verify" -s u -l user -d 'log in as this user; without one of the next four the password is netrc\'s, or asked for' -r
complete -c ehlo -n "__fish_ehlo_using_subcommand verify" -l password-file -d 'a file whose first line is the password' -r -F
complete -c ehlo -n "__fish_ehlo_using_subcommand verify" -l password-command -d 'a command that prints the password' -r -f -a "(__fish_complete_command)"
complete -c ehlo -n "__fish_ehlo_using_subcommand verify" -l password-env -d 'the environment variable that holds the password' -r
complete -c ehlo -n "__fish_ehlo_using_subcommand verify" -l oauth-token-command -d 'a command that prints an OAuth token, for OAUTHBEARER and XOAUTH2' -r -f -a "(__fish_complete_command)"
complete -c ehlo -n "__fish_ehlo_using_subcommand verify" -l auth -d 'the mechanisms that may be used, with commas [default: the best that the server offers]' -r
complete -c ehlo -n "__fish_ehlo_using_subcommand verify" -l auth-identity -d 'act for this user, logged in as --user' -r
complete -c ehlo -n "__fish_ehlo_using_subcommand verify" -l ehlo-name -d 'the name to greet the server with [default: this host\'s full name, or its address]' -r
complete -c ehlo -n "__fish_ehlo_using_subcommand verify" -l proxy-protocol -d 'say first, by HAProxy\'s PROXY protocol, who connects: for servers behind a balancer' -r -f -a "v1\t'one line of text'
v2\t'octets'"
complete -c ehlo -n "__fish_ehlo_using_subcommand verify" -l proxy-source -d 'who is said to connect [default: the address of this end]' -r
complete -c ehlo -n "__fish_ehlo_using_subcommand verify" -l proxy-destination -d 'to whom [default: the address that was connected to]' -r
complete -c ehlo -n "__fish_ehlo_using_subcommand verify" -l xclient -d 'have the server take us for another client: NAME, ADDR, PORT, PROTO, HELO, LOGIN and more' -r
complete -c ehlo -n "__fish_ehlo_using_subcommand verify" -l mail-parameter -d 'one more parameter of MAIL FROM; may be repeated' -r
complete -c ehlo -n "__fish_ehlo_using_subcommand verify" -l rcpt-parameter -d 'one more parameter of every RCPT TO; may be repeated' -r
complete -c ehlo -n "__fish_ehlo_using_subcommand verify" -l transcript -d 'the dialogue into a new file, passwords left out' -r -F
complete -c ehlo -n "__fish_ehlo_using_subcommand verify" -l color -d 'use colours' -r -f -a "auto\t''
always\t''
never\t''"
complete -c ehlo -n "__fish_ehlo_using_subcommand verify" -l pipe -d 'talk to a command over its standard input and output, in place of a connection' -r -f -a "(__fish_complete_command)"
complete -c ehlo -n "__fish_ehlo_using_subcommand verify" -l deferred-to -d 'a file for the addresses to ask about again, fit for --recipients-from' -r -F
complete -c ehlo -n "__fish_ehlo_using_subcommand verify" -l failed-to -d 'a file for the addresses that are not accepted, fit for --recipients-from' -r -F
complete -c ehlo -n "__fish_ehlo_using_subcommand verify" -s 4 -d 'connect by IPv4 only'
complete -c ehlo -n "__fish_ehlo_using_subcommand verify" -s 6 -d 'connect by IPv6 only'
complete -c ehlo -n "__fish_ehlo_using_subcommand verify" -l vrfy -d 'ask by VRFY, which many servers answer by 252: they do not say'
complete -c ehlo -n "__fish_ehlo_using_subcommand verify" -l expn -d 'ask by EXPN who is on a list'
complete -c ehlo -n "__fish_ehlo_using_subcommand verify" -l no-random -d 'do not ask about a mailbox that cannot exist'
complete -c ehlo -n "__fish_ehlo_using_subcommand verify" -l insecure -d 'do not check the server\'s certificate; a warning says so'
complete -c ehlo -n "__fish_ehlo_using_subcommand verify" -l allow-cleartext-auth -d 'log in even if the connection is not encrypted'
complete -c ehlo -n "__fish_ehlo_using_subcommand verify" -l no-pipelining -d 'wait for each reply before the next command'
complete -c ehlo -n "__fish_ehlo_using_subcommand verify" -s v -l verbose -d 'the dialogue on standard error; -vv with times, -vvv with octets in hex'
complete -c ehlo -n "__fish_ehlo_using_subcommand verify" -l json -d 'the report as one JSON object'
complete -c ehlo -n "__fish_ehlo_using_subcommand verify" -l explain -d 'say what each refusal means, and what to do'
complete -c ehlo -n "__fish_ehlo_using_subcommand verify" -l dry-run -d 'say what would be done; connect to nobody'
complete -c ehlo -n "__fish_ehlo_using_subcommand verify" -s h -l help -d 'print help: -h is short, --help says more'
complete -c ehlo -n "__fish_ehlo_using_subcommand verify" -s q -l quiet -d 'print nothing but, on standard error, the addresses that are not accepted'
complete -c ehlo -n "__fish_ehlo_using_subcommand probe" -s p -l port -d 'the port, if the server\'s name has none [default: the URL\'s, or 25]' -r
complete -c ehlo -n "__fish_ehlo_using_subcommand probe" -l bind -d 'the address of this end, perhaps with a port' -r
complete -c ehlo -n "__fish_ehlo_using_subcommand probe" -l proxy -d 'connect through a proxy, which looks the name up: socks5://host (1080) or http://host (8080)' -r
complete -c ehlo -n "__fish_ehlo_using_subcommand probe" -l proxy-password-file -d 'a file whose first line is the proxy\'s password' -r -F
complete -c ehlo -n "__fish_ehlo_using_subcommand probe" -l proxy-password-env -d 'the environment variable that holds the proxy\'s password' -r
complete -c ehlo -n "__fish_ehlo_using_subcommand probe" -l ca-file -d 'trust the certificates in this file (PEM), instead of the system\'s' -r -F
complete -c ehlo -n "__fish_ehlo_using_subcommand probe" -l client-cert -d 'a certificate to show to the server (PEM), for when it wants to know who you are' -r -F
complete -c ehlo -n "__fish_ehlo_using_subcommand probe" -l client-key -d 'its private key (PEM), if that is in another file' -r -F
complete -c ehlo -n "__fish_ehlo_using_subcommand probe" -l min-days -d 'a certificate with fewer days left is a serious finding' -r
complete -c ehlo -n "__fish_ehlo_using_subcommand probe" -l try-relay -d 'ask whether mail from FROM to TO is accepted without a log-in' -r
complete -c ehlo -n "__fish_ehlo_using_subcommand probe" -l color -d 'use colours' -r -f -a "auto\t''
always\t''
never\t''"
complete -c ehlo -n "__fish_ehlo_using_subcommand probe" -l connect-timeout -d 'how long to try each address, or a proxy: 10, 10s, 1m, 500ms' -r
complete -c ehlo -n "__fish_ehlo_using_subcommand probe" -l timeout -d 'how long to wait for each reply, and for each handshake' -r
complete -c ehlo -n "__fish_ehlo_using_subcommand probe" -l deadline -d 'how long the whole run may take' -r
complete -c ehlo -n "__fish_ehlo_using_subcommand probe" -l ehlo-name -d 'the name to greet the server with [default: this host\'s full name, or its address]' -r
complete -c ehlo -n "__fish_ehlo_using_subcommand probe" -l tls -d 'when to encrypt: off, starttls, implicit [default: implicit on port 465, else starttls if it is offered]' -r -f -a "off\t'never'
opportunistic\t'STARTTLS if it is offered; the certificate is checked and reported, not demanded'
starttls\t'STARTTLS, and a certificate that can be trusted, or nothing is sent'
implicit\t'TLS from the first octet, and a certificate that can be trusted, or nothing is sent'"
complete -c ehlo -n "__fish_ehlo_using_subcommand probe" -l tls-name -d 'the name that the certificate must be for [default: the server\'s]' -r
complete -c ehlo -n "__fish_ehlo_using_subcommand probe" -l pin -d 'the certificate or public key that the server should have; may be repeated' -r
complete -c ehlo -n "__fish_ehlo_using_subcommand probe" -s 4 -d 'connect by IPv4 only'
complete -c ehlo -n "__fish_ehlo_using_subcommand probe" -s 6 -d 'connect by IPv6 only'
complete -c ehlo -n "__fish_ehlo_using_subcommand probe" -s q -l quiet -d 'print only the findings, and nothing if there are only notes'
complete -c ehlo -n "__fish_ehlo_using_subcommand probe" -s v -l verbose -d 'the dialogue on standard error; -vv with times, -vvv with octets in hex'
complete -c ehlo -n "__fish_ehlo_using_subcommand probe" -l json -d 'the report as one JSON object'
complete -c ehlo -n "__fish_ehlo_using_subcommand probe" -s h -l help -d 'print help: -h is short, --help says more'
complete -c ehlo -n "__fish_ehlo_using_subcommand console" -s S -l server -d 'host, host:port, or a URL: smtp:// (25), submission:// (587), smtps:// (465), lmtp://' -r
complete -c ehlo -n "__fish_ehlo_using_subcommand console" -s p -l port -d 'the port, if the server\'s name has none [default: the URL\'s, or 25]' -r
complete -c ehlo -n "__fish_ehlo_using_subcommand console" -l bind -d 'the address of this end, perhaps with a port' -r
complete -c ehlo -n "__fish_ehlo_using_subcommand console" -l proxy -d 'connect through a proxy, which looks the name up: socks5://host (1080) or http://host (8080)' -r
complete -c ehlo -n "__fish_ehlo_using_subcommand console" -l proxy-password-file -d 'a file whose first line is the proxy\'s password' -r -F
complete -c ehlo -n "__fish_ehlo_using_subcommand console" -l proxy-password-env -d 'the environment variable that holds the proxy\'s password' -r
complete -c ehlo -n "__fish_ehlo_using_subcommand console" -l pipe -d 'talk to a command over its standard input and output, in place of a connection' -r -f -a "(__fish_complete_command)"
complete -c ehlo -n "__fish_ehlo_using_subcommand console" -l connect-timeout -d 'how long to try each address, or a proxy: 30, 30s, 5m, 1h, 500ms' -r
complete -c ehlo -n "__fish_ehlo_using_subcommand console" -l timeout -d 'how long to wait for each reply but the last [default: 2 to 5 minutes, by RFC 5321]' -r
complete -c ehlo -n "__fish_ehlo_using_subcommand console" -l final-timeout -d 'how long to wait for the reply to the whole message; cut short, it makes duplicates' -r
complete -c ehlo -n "__fish_ehlo_using_subcommand console" -l deadline -d 'how long the whole run may take [default: no limit]' -r
complete -c ehlo -n "__fish_ehlo_using_subcommand console" -l tls -d 'when to encrypt [default: by port, and whether you log in]' -r -f -a "off\t'never'
opportunistic\t'STARTTLS if it is offered; the certificate is checked and reported, not demanded'
starttls\t'STARTTLS, and a certificate that can be trusted, or nothing is sent'
implicit\t'TLS from the first octet, and a certificate that can be trusted, or nothing is sent'"
complete -c ehlo -n "__fish_ehlo_using_subcommand console" -l ca-file -d 'trust the certificates in this file (PEM), instead of the system\'s' -r -F
complete -c ehlo -n "__fish_ehlo_using_subcommand console" -l tls-name -d 'the name that the certificate must bear [default: the server\'s]' -r
complete -c ehlo -n "__fish_ehlo_using_subcommand console" -l pin -d 'accept this certificate or public key and no other; may be repeated' -r
complete -c ehlo -n "__fish_ehlo_using_subcommand console" -l client-cert -d 'a certificate to show to the server (PEM), for when it wants to know who you are' -r -F
complete -c ehlo -n "__fish_ehlo_using_subcommand console" -l client-key -d 'its private key (PEM), if that is in another file' -r -F
complete -c ehlo -n "__fish_ehlo_using_subcommand console" -l tls-min -d 'the oldest version of TLS that will do' -r -f -a "1.2\t''
1.3\t''"
complete -c ehlo -n "__fish_ehlo_using_subcommand console" -l tls-backend -d 'whose TLS to use' -r -f -a "rustls\t'the one that is built in'
native\t'the system\'s (OpenSSL on Linux), for servers that are too old for the other'"
complete -c ehlo -n "__fish_ehlo_using_subcommand console" -s u -l user -d 'log in as this user; without one of the next four the password is netrc\'s, or asked for' -r
complete -c ehlo -n "__fish_ehlo_using_subcommand console" -l password-file -d 'a file whose first line is the password' -r -F
complete -c ehlo -n "__fish_ehlo_using_subcommand console" -l password-command -d 'a command that prints the password' -r -f -a "(__fish_complete_command)"
complete -c ehlo -n "__fish_ehlo_using_subcommand console" -l password-env -d 'the environment variable that holds the password' -r
complete -c ehlo -n "__fish_ehlo_using_subcommand console" -l oauth-token-command -d 'a command that prints an OAuth token, for OAUTHBEARER and XOAUTH2' -r -f -a "(__fish_complete_command)"
complete -c ehlo -n "__fish_ehlo_using_subcommand console" -l auth -d 'the mechanisms that may be used, with commas [default: the best that the server offers]' -r
complete -c ehlo -n "__fish_ehlo_using_subcommand console" -l auth-identity -d 'act for this user, logged in as --user' -r
complete -c ehlo -n "__fish_ehlo_using_subcommand console" -l ehlo-name -d 'the name to greet the server with [default: this host\'s full name, or its address]' -r
complete -c ehlo -n "__fish_ehlo_using_subcommand console" -l proxy-protocol -d 'say first, by HAProxy\'s PROXY protocol, who connects: for servers behind a balancer' -r -f -a "v1\t'one line of text'
v2\t'octets'"
complete -c ehlo -n "__fish_ehlo_using_subcommand console" -l proxy-source -d 'who is said to connect [default: the address of this end]' -r
complete -c ehlo -n "__fish_ehlo_using_subcommand console" -l proxy-destination -d 'to whom [default: the address that was connected to]' -r
complete -c ehlo -n "__fish_ehlo_using_subcommand console" -l xclient -d 'have the server take us for another client: NAME, ADDR, PORT, PROTO, HELO, LOGIN and more' -r
complete -c ehlo -n "__fish_ehlo_using_subcommand console" -l send -d 'say this line, print the reply, and leave; may be repeated' -r
complete -c ehlo -n "__fish_ehlo_using_subcommand console" -l color -d 'use colours' -r -f -a "auto\t''
always\t''
never\t''"
complete -c ehlo -n "__fish_ehlo_using_subcommand console" -s 4 -d 'connect by IPv4 only'
complete -c ehlo -n "__fish_ehlo_using_subcommand console" -s 6 -d 'connect by IPv6 only'
complete -c ehlo -n "__fish_ehlo_using_subcommand console" -l insecure -d 'do not check the server\'s certificate; a warning says so'
complete -c ehlo -n "__fish_ehlo_using_subcommand console" -l allow-cleartext-auth -d 'log in even if the connection is not encrypted'
complete -c ehlo -n "__fish_ehlo_using_subcommand console" -s v -l verbose -d 'the dialogue on standard error; -vv with times, -vvv with octets in hex'
complete -c ehlo -n "__fish_ehlo_using_subcommand console" -s h -l help -d 'print help: -h is short, --help says more'
complete -c ehlo -n "__fish_ehlo_using_subcommand sink" -l listen -d 'where to listen; port 0 is any that is free, and is printed' -r
complete -c ehlo -n "__fish_ehlo_using_subcommand sink" -l name -d 'the host name that it greets with' -r
complete -c ehlo -n "__fish_ehlo_using_subcommand sink" -l maildir -d 'keep mail here, in one Maildir for each recipient [default: in memory]' -r -f -a "(__fish_complete_directories)"
complete -c ehlo -n "__fish_ehlo_using_subcommand sink" -l mbox -d 'keep mail in this file' -r -F
complete -c ehlo -n "__fish_ehlo_using_subcommand sink" -l reject -d 'refuse this recipient, with this code and text; may be repeated' -r
complete -c ehlo -n "__fish_ehlo_using_subcommand sink" -l defer -d 'put this recipient off, with 450 or this code; may be repeated' -r
complete -c ehlo -n "__fish_ehlo_using_subcommand sink" -l max-size -d 'refuse messages that are larger' -r
complete -c ehlo -n "__fish_ehlo_using_subcommand sink" -l script -d 'play the server\'s part of a dialogue: a file of C: and S: lines, such as a transcript' -r -F
complete -c ehlo -n "__fish_ehlo_using_subcommand sink" -l tls -d 'how TLS is offered, with a certificate made at start' -r -f -a "off\t'no TLS'
starttls\t'STARTTLS is offered'
implicit\t'TLS from the first octet'"
complete -c ehlo -n "__fish_ehlo_using_subcommand sink" -l cert-out -d 'write that certificate to a file (PEM), for ehlo send --ca-file' -r -F
complete -c ehlo -n "__fish_ehlo_using_subcommand sink" -l user -d 'offer AUTH to this user' -r
complete -c ehlo -n "__fish_ehlo_using_subcommand sink" -l password-file -d 'a file whose first line is the user\'s password' -r -F
complete -c ehlo -n "__fish_ehlo_using_subcommand sink" -l lmtp -d 'speak LMTP: a reply for each recipient after the data'
complete -c ehlo -n "__fish_ehlo_using_subcommand sink" -l once -d 'end after one session'
complete -c ehlo -n "__fish_ehlo_using_subcommand sink" -l require-auth -d 'take no mail before AUTH'
complete -c ehlo -n "__fish_ehlo_using_subcommand sink" -s v -l verbose -d 'the dialogue on standard error'
complete -c ehlo -n "__fish_ehlo_using_subcommand sink" -s h -l help -d 'print help'
complete -c ehlo -n "__fish_ehlo_using_subcommand demo" -l color -d 'use colours' -r -f -a "auto\t''
always\t''
never\t''"
complete -c ehlo -n "__fish_ehlo_using_subcommand demo" -s h -l help -d 'print help'
