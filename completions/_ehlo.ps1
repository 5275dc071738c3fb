
using namespace System.Management.Automation
using namespace System.Management.Automation.Language

Register-ArgumentCompleter -Native -CommandName 'ehlo' -ScriptBlock {
    param($wordToComplete, $commandAst, $cursorPosition)

    $commandElements = $commandAst.CommandElements
    $command = @(
        'ehlo'
        for ($i = 1; $i -lt $commandElements.Count; $i++) {
            $element = $commandElements[$i]
            if ($element -isnot [StringConstantExpressionAst] -or
                $element.StringConstantType -ne [StringConstantType]::BareWord -or
                $element.Value.StartsWith('-') -or
                $element.Value -eq $wordToComplete) {
                break
        }
        $element.Value
    }) -join ';'

    $completions = @(switch ($command) {
        'ehlo' {
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'print help')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'print help')
            [CompletionResult]::new('-V', '-V ', [CompletionResultType]::ParameterName, 'print the version')
            [CompletionResult]::new('--version', '--version', [CompletionResultType]::ParameterName, 'print the version')
            [CompletionResult]::new('send', 'send', [CompletionResultType]::ParameterValue, 'send one message, and say what became of each recipient')
            [CompletionResult]::new('explain', 'explain', [CompletionResultType]::ParameterValue, 'what a code means, who says so, and what to do')
            [CompletionResult]::new('sink', 'sink', [CompletionResultType]::ParameterValue, 'catch mail: a small server for demos, tests and checking scripts')
            [CompletionResult]::new('demo', 'demo', [CompletionResultType]::ParameterValue, 'watch one message go to three recipients, one of whom is refused')
            break
        }
        'ehlo;send' {
            [CompletionResult]::new('-S', '-S ', [CompletionResultType]::ParameterName, 'host, host:port, or a URL: smtp:// (25), submission:// (587), smtps:// (465), lmtp://')
            [CompletionResult]::new('--server', '--server', [CompletionResultType]::ParameterName, 'host, host:port, or a URL: smtp:// (25), submission:// (587), smtps:// (465), lmtp://')
            [CompletionResult]::new('-p', '-p', [CompletionResultType]::ParameterName, 'the port, if the server''s name has none [default: the URL''s, or 25]')
            [CompletionResult]::new('--port', '--port', [CompletionResultType]::ParameterName, 'the port, if the server''s name has none [default: the URL''s, or 25]')
            [CompletionResult]::new('--bind', '--bind', [CompletionResultType]::ParameterName, 'the address of this end, perhaps with a port')
            [CompletionResult]::new('--proxy', '--proxy', [CompletionResultType]::ParameterName, 'connect through a proxy, which looks the name up: socks5://host (1080) or http://host (8080)')
            [CompletionResult]::new('--proxy-password-file', '--proxy-password-file', [CompletionResultType]::ParameterName, 'a file whose first line is the proxy''s password')
            [CompletionResult]::new('--proxy-password-env', '--proxy-password-env', [CompletionResultType]::ParameterName, 'the environment variable that holds the proxy''s password')
            [CompletionResult]::new('--pipe', '--pipe', [CompletionResultType]::ParameterName, 'talk to a command over its standard input and output, in place of a connection')
            [CompletionResult]::new('--connect-timeout', '--connect-timeout', [CompletionResultType]::ParameterName, 'how long to try each address, or a proxy: 30, 30s, 5m, 1h, 500ms')
            [CompletionResult]::new('--timeout', '--timeout', [CompletionResultType]::ParameterName, 'how long to wait for each reply but the last [default: 2 to 5 minutes, by RFC 5321]')
            [CompletionResult]::new('--final-timeout', '--final-timeout', [CompletionResultType]::ParameterName, 'how long to wait for the reply to the whole message; cut short, it makes duplicates')
            [CompletionResult]::new('--deadline', '--deadline', [CompletionResultType]::ParameterName, 'how long the whole run may take [default: no limit]')
            [CompletionResult]::new('-f', '-f', [CompletionResultType]::ParameterName, 'the sender, also -r: in the message, and where it is returned to if it fails')
            [CompletionResult]::new('--from', '--from', [CompletionResultType]::ParameterName, 'the sender, also -r: in the message, and where it is returned to if it fails')
            [CompletionResult]::new('-t', '-t', [CompletionResultType]::ParameterName, 'a recipient, or several with commas; may be repeated')
            [CompletionResult]::new('--to', '--to', [CompletionResultType]::ParameterName, 'a recipient, or several with commas; may be repeated')
            [CompletionResult]::new('-c', '-c', [CompletionResultType]::ParameterName, 'a recipient of a copy')
            [CompletionResult]::new('--cc', '--cc', [CompletionResultType]::ParameterName, 'a recipient of a copy')
            [CompletionResult]::new('-b', '-b', [CompletionResultType]::ParameterName, 'a recipient whom the message does not name')
            [CompletionResult]::new('--bcc', '--bcc', [CompletionResultType]::ParameterName, 'a recipient whom the message does not name')
            [CompletionResult]::new('--recipient', '--recipient', [CompletionResultType]::ParameterName, 'a recipient in the envelope only: no header is written for it')
            [CompletionResult]::new('--recipients-from', '--recipients-from', [CompletionResultType]::ParameterName, 'a file of recipients in the envelope only, one a line, # comments')
            [CompletionResult]::new('--reply-to', '--reply-to', [CompletionResultType]::ParameterName, 'where answers should go')
            [CompletionResult]::new('--envelope-from', '--envelope-from', [CompletionResultType]::ParameterName, 'the sender in the envelope, if it is another; '''' is the null reverse-path')
            [CompletionResult]::new('--domain', '--domain', [CompletionResultType]::ParameterName, 'the domain of addresses that are a bare name, such as root')
            [CompletionResult]::new('-s', '-s', [CompletionResultType]::ParameterName, 'the subject')
            [CompletionResult]::new('--subject', '--subject', [CompletionResultType]::ParameterName, 'the subject')
            [CompletionResult]::new('--body', '--body', [CompletionResultType]::ParameterName, 'the text itself [default: standard input]')
            [CompletionResult]::new('--body-file', '--body-file', [CompletionResultType]::ParameterName, 'a file with the text; - is standard input')
            [CompletionResult]::new('--html', '--html', [CompletionResultType]::ParameterName, 'a file with the text as HTML; with a plain text as well, the reader chooses')
            [CompletionResult]::new('-a', '-a', [CompletionResultType]::ParameterName, 'attach a file; may be repeated')
            [CompletionResult]::new('--attach', '--attach', [CompletionResultType]::ParameterName, 'attach a file; may be repeated')
            [CompletionResult]::new('--inline', '--inline', [CompletionResultType]::ParameterName, 'a picture or the like that the HTML shows')
            [CompletionResult]::new('--attach-type', '--attach-type', [CompletionResultType]::ParameterName, 'the media type of the file before it [default: by its name]')
            [CompletionResult]::new('--attach-name', '--attach-name', [CompletionResultType]::ParameterName, 'the name of the file before it, for the reader')
            [CompletionResult]::new('--attach-id', '--attach-id', [CompletionResultType]::ParameterName, 'the Content-ID of the --inline before it, for cid:ID in the HTML')
            [CompletionResult]::new('-H', '-H ', [CompletionResultType]::ParameterName, 'a header field, in place of one of the same name; may be repeated')
            [CompletionResult]::new('--header', '--header', [CompletionResultType]::ParameterName, 'a header field, in place of one of the same name; may be repeated')
            [CompletionResult]::new('--in-reply-to', '--in-reply-to', [CompletionResultType]::ParameterName, 'the Message-ID of the message that this one answers')
            [CompletionResult]::new('--date', '--date', [CompletionResultType]::ParameterName, 'the date [default: now]')
            [CompletionResult]::new('--message-id', '--message-id', [CompletionResultType]::ParameterName, 'the Message-ID [default: random, at the sender''s domain]')
            [CompletionResult]::new('--charset', '--charset', [CompletionResultType]::ParameterName, 'the charset of the text given [default: UTF-8]')
            [CompletionResult]::new('-m', '-m', [CompletionResultType]::ParameterName, 'a whole message, sent octet for octet but for line ends and Bcc; - is standard input')
            [CompletionResult]::new('--message', '--message', [CompletionResultType]::ParameterName, 'a whole message, sent octet for octet but for line ends and Bcc; - is standard input')
            [CompletionResult]::new('--tls', '--tls', [CompletionResultType]::ParameterName, 'when to encrypt [default: by port, and whether you log in]')
            [CompletionResult]::new('--ca-file', '--ca-file', [CompletionResultType]::ParameterName, 'trust the certificates in this file (PEM), instead of the system''s')
            [CompletionResult]::new('--tls-name', '--tls-name', [CompletionResultType]::ParameterName, 'the name that the certificate must bear [default: the server''s]')
            [CompletionResult]::new('--pin', '--pin', [CompletionResultType]::ParameterName, 'accept this certificate or public key and no other; may be repeated')
            [CompletionResult]::new('--client-cert', '--client-cert', [CompletionResultType]::ParameterName, 'a certificate to show to the server (PEM), for when it wants to know who you are')
            [CompletionResult]::new('--client-key', '--client-key', [CompletionResultType]::ParameterName, 'its private key (PEM), if that is in another file')
            [CompletionResult]::new('--tls-min', '--tls-min', [CompletionResultType]::ParameterName, 'the oldest version of TLS that will do')
            [CompletionResult]::new('--tls-backend', '--tls-backend', [CompletionResultType]::ParameterName, 'whose TLS to use')
            [CompletionResult]::new('-u', '-u', [CompletionResultType]::ParameterName, 'log in as this user; without one of the next four the password is netrc''s, or asked for')
            [CompletionResult]::new('--user', '--user', [CompletionResultType]::ParameterName, 'log in as this user; without one of the next four the password is netrc''s, or asked for')
            [CompletionResult]::new('--password-file', '--password-file', [CompletionResultType]::ParameterName, 'a file whose first line is the password')
            [CompletionResult]::new('--password-command', '--password-command', [CompletionResultType]::ParameterName, 'a command that prints the password')
            [CompletionResult]::new('--password-env', '--password-env', [CompletionResultType]::ParameterName, 'the environment variable that holds the password')
            [CompletionResult]::new('--oauth-token-command', '--oauth-token-command', [CompletionResultType]::ParameterName, 'a command that prints an OAuth token, for OAUTHBEARER and XOAUTH2')
            [CompletionResult]::new('--auth', '--auth', [CompletionResultType]::ParameterName, 'the mechanisms that may be used, with commas [default: the best that the server offers]')
            [CompletionResult]::new('--auth-identity', '--auth-identity', [CompletionResultType]::ParameterName, 'act for this user, logged in as --user')
            [CompletionResult]::new('--ehlo-name', '--ehlo-name', [CompletionResultType]::ParameterName, 'the name to greet the server with [default: this host''s full name, or its address]')
            [CompletionResult]::new('--proxy-protocol', '--proxy-protocol', [CompletionResultType]::ParameterName, 'say first, by HAProxy''s PROXY protocol, who connects: for servers behind a balancer')
            [CompletionResult]::new('--proxy-source', '--proxy-source', [CompletionResultType]::ParameterName, 'who is said to connect [default: the address of this end]')
            [CompletionResult]::new('--proxy-destination', '--proxy-destination', [CompletionResultType]::ParameterName, 'to whom [default: the address that was connected to]')
            [CompletionResult]::new('--xclient', '--xclient', [CompletionResultType]::ParameterName, 'have the server take us for another client: NAME, ADDR, PORT, PROTO, HELO, LOGIN and more')
            [CompletionResult]::new('--mail-parameter', '--mail-parameter', [CompletionResultType]::ParameterName, 'one more parameter of MAIL FROM; may be repeated')
            [CompletionResult]::new('--rcpt-parameter', '--rcpt-parameter', [CompletionResultType]::ParameterName, 'one more parameter of every RCPT TO; may be repeated')
            [CompletionResult]::new('--notify', '--notify', [CompletionResultType]::ParameterName, 'report to the sender: never, or success, failure, delay, with commas')
            [CompletionResult]::new('--return', '--return', [CompletionResultType]::ParameterName, 'what a report of a failure holds of the message: full or headers')
            [CompletionResult]::new('--envelope-id', '--envelope-id', [CompletionResultType]::ParameterName, 'what reports call the message by')
            [CompletionResult]::new('--original-recipient', '--original-recipient', [CompletionResultType]::ParameterName, 'what reports call the recipient, if not by their address; for tests, with one recipient')
            [CompletionResult]::new('--deliver-by', '--deliver-by', [CompletionResultType]::ParameterName, 'deliver it within this time or return it; ''2h,notify'': deliver it later all the same, and tell me')
            [CompletionResult]::new('--hold-for', '--hold-for', [CompletionResultType]::ParameterName, 'deliver it after this time: 30m, 8h')
            [CompletionResult]::new('--hold-until', '--hold-until', [CompletionResultType]::ParameterName, 'deliver it after this moment: 2026-12-24T18:00:00+01:00')
            [CompletionResult]::new('--priority', '--priority', [CompletionResultType]::ParameterName, 'how urgent it is, from -9 to 9; others have 0')
            [CompletionResult]::new('--transcript', '--transcript', [CompletionResultType]::ParameterName, 'the dialogue into a new file, passwords left out')
            [CompletionResult]::new('--failed-to', '--failed-to', [CompletionResultType]::ParameterName, 'a file for the recipients who did not get it, fit for --recipients-from')
            [CompletionResult]::new('--progress', '--progress', [CompletionResultType]::ParameterName, 'show a bar if sending takes long')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'use colours')
            [CompletionResult]::new('--message-out', '--message-out', [CompletionResultType]::ParameterName, 'write the message to a file, as it is sent; - is standard output, with --dry-run')
            [CompletionResult]::new('-4', '-4', [CompletionResultType]::ParameterName, 'connect by IPv4 only')
            [CompletionResult]::new('-6', '-6', [CompletionResultType]::ParameterName, 'connect by IPv6 only')
            [CompletionResult]::new('-E', '-E ', [CompletionResultType]::ParameterName, 'send nothing if the text is empty')
            [CompletionResult]::new('--skip-empty', '--skip-empty', [CompletionResultType]::ParameterName, 'send nothing if the text is empty')
            [CompletionResult]::new('--recipients-in-message', '--recipients-in-message', [CompletionResultType]::ParameterName, 'To, Cc and Bcc of the message name the recipients')
            [CompletionResult]::new('--add-missing-headers', '--add-missing-headers', [CompletionResultType]::ParameterName, 'add From, Date and Message-ID where they are missing')
            [CompletionResult]::new('--insecure', '--insecure', [CompletionResultType]::ParameterName, 'do not check the server''s certificate; a warning says so')
            [CompletionResult]::new('--allow-cleartext-auth', '--allow-cleartext-auth', [CompletionResultType]::ParameterName, 'log in even if the connection is not encrypted')
            [CompletionResult]::new('--no-pipelining', '--no-pipelining', [CompletionResultType]::ParameterName, 'wait for each reply before the next command')
            [CompletionResult]::new('--no-chunking', '--no-chunking', [CompletionResultType]::ParameterName, 'send the message by DATA, even where the server offers BDAT')
            [CompletionResult]::new('--force-8bit', '--force-8bit', [CompletionResultType]::ParameterName, 'send 8-bit text as it is, even to a server that does not offer 8BITMIME')
            [CompletionResult]::new('--require-tls-onward', '--require-tls-onward', [CompletionResultType]::ParameterName, 'only by verified TLS, from here to the mailbox')
            [CompletionResult]::new('--all-or-none', '--all-or-none', [CompletionResultType]::ParameterName, 'if one recipient is refused, send to nobody')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'the dialogue on standard error; -vv with times, -vvv with octets in hex')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'the dialogue on standard error; -vv with times, -vvv with octets in hex')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'the report as one JSON object')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'print nothing but, on standard error, the recipients who did not get it')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'print nothing but, on standard error, the recipients who did not get it')
            [CompletionResult]::new('--explain', '--explain', [CompletionResultType]::ParameterName, 'say what each refusal means, and what to do')
            [CompletionResult]::new('--dry-run', '--dry-run', [CompletionResultType]::ParameterName, 'say what would be done; connect to nobody')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'print help: -h is short, --help says more')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'print help: -h is short, --help says more')
            break
        }
        'ehlo;explain' {
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'use colours')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'one JSON object for each explanation, on a line of its own')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'print help')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'print help')
            break
        }
        'ehlo;sink' {
            [CompletionResult]::new('--listen', '--listen', [CompletionResultType]::ParameterName, 'where to listen; port 0 is any that is free, and is printed')
            [CompletionResult]::new('--name', '--name', [CompletionResultType]::ParameterName, 'the host name that it greets with')
            [CompletionResult]::new('--maildir', '--maildir', [CompletionResultType]::ParameterName, 'keep mail here, in one Maildir for each recipient [default: in memory]')
            [CompletionResult]::new('--mbox', '--mbox', [CompletionResultType]::ParameterName, 'keep mail in this file')
            [CompletionResult]::new('--reject', '--reject', [CompletionResultType]::ParameterName, 'refuse this recipient, with this code and text; may be repeated')
            [CompletionResult]::new('--defer', '--defer', [CompletionResultType]::ParameterName, 'put this recipient off, with 450 or this code; may be repeated')
            [CompletionResult]::new('--max-size', '--max-size', [CompletionResultType]::ParameterName, 'refuse messages that are larger')
            [CompletionResult]::new('--script', '--script', [CompletionResultType]::ParameterName, 'play the server''s part of a dialogue: a file of C: and S: lines, such as a transcript')
            [CompletionResult]::new('--tls', '--tls', [CompletionResultType]::ParameterName, 'how TLS is offered, with a certificate made at start')
            [CompletionResult]::new('--cert-out', '--cert-out', [CompletionResultType]::ParameterName, 'write that certificate to a file (PEM), for ehlo send --ca-file')
            [CompletionResult]::new('--user', '--user', [CompletionResultType]::ParameterName, 'offer AUTH to this user')
            [CompletionResult]::new('--password-file', '--password-file', [CompletionResultType]::ParameterName, 'a file whose first line is the user''s password')
            [CompletionResult]::new('--lmtp', '--lmtp', [CompletionResultType]::ParameterName, 'speak LMTP: a reply for each recipient after the data')
            [CompletionResult]::new('--once', '--once', [CompletionResultType]::ParameterName, 'end after one session')
            [CompletionResult]::new('--require-auth', '--require-auth', [CompletionResultType]::ParameterName, 'take no mail before AUTH')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'the dialogue on standard error')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'the dialogue on standard error')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'print help')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'print help')
            break
        }
        'ehlo;demo' {
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'use colours')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'print help')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'print help')
            break
        }
    })

    $completions.Where{ $_.CompletionText -like "$wordToComplete*" } |
        Sort-Object -Property ListItemText
}
