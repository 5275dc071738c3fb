
use builtin;
use str;

set edit:completion:arg-completer[ehlo] = {|@words|
    fn spaces {|n|
        builtin:repeat $n ' ' | str:join ''
    }
    fn cand {|text desc|
        edit:complex-candidate $text &display=$text' '(spaces (- 14 (wcswidth $text)))$desc
    }
    var command = 'ehlo'
    for word $words[1..-1] {
        if (str:has-prefix $word '-') {
            break
        }
        set command = $command';'$word
    }
    var completions = [
        &'ehlo'= {
            cand -h 'print help'
            cand --help 'print help'
            cand -V 'print the version'
            cand --version 'print the version'
            cand send 'send one message, and say what became of each recipient'
            cand sink 'catch mail: a small server for demos, tests and checking scripts'
            cand demo 'watch one message go to three recipients, one of whom is refused'
        }
        &'ehlo;send'= {
            cand -S 'host, host:port, or a URL: smtp:// (25), submission:// (587), smtps:// (465), lmtp://'
            cand --server 'host, host:port, or a URL: smtp:// (25), submission:// (587), smtps:// (465), lmtp://'
            cand -p 'the port, if the server''s name has none [default: the URL''s, or 25]'
            cand --port 'the port, if the server''s name has none [default: the URL''s, or 25]'
            cand --connect-timeout 'how long to try each address: 30, 30s, 5m, 1h, 500ms'
            cand --timeout 'how long to wait for each reply but the last [default: 2 to 5 minutes, by RFC 5321]'
            cand --final-timeout 'how long to wait for the reply to the whole message; cut short, it makes duplicates'
            cand --deadline 'how long the whole run may take [default: no limit]'
            cand -f 'the sender, also -r: in the message, and where it is returned to if it fails'
            cand --from 'the sender, also -r: in the message, and where it is returned to if it fails'
            cand -t 'a recipient, or several with commas; may be repeated'
            cand --to 'a recipient, or several with commas; may be repeated'
            cand -c 'a recipient of a copy'
            cand --cc 'a recipient of a copy'
            cand -b 'a recipient whom the message does not name'
            cand --bcc 'a recipient whom the message does not name'
            cand --recipient 'a recipient in the envelope only: no header is written for it'
            cand --recipients-from 'a file of recipients in the envelope only, one a line, # comments'
            cand --reply-to 'where answers should go'
            cand --envelope-from 'the sender in the envelope, if it is another; '''' is the null reverse-path'
            cand --domain 'the domain of addresses that are a bare name, such as root'
            cand -s 'the subject'
            cand --subject 'the subject'
            cand --body 'the text itself [default: standard input]'
            cand --body-file 'a file with the text; - is standard input'
            cand --html 'a file with the text as HTML; with a plain text as well, the reader chooses'
            cand -a 'attach a file; may be repeated'
            cand --attach 'attach a file; may be repeated'
            cand --inline 'a picture or the like that the HTML shows'
            cand --attach-type 'the media type of the file before it [default: by its name]'
            cand --attach-name 'the name of the file before it, for the reader'
            cand --attach-id 'the Content-ID of the --inline before it, for cid:ID in the HTML'
            cand -H 'a header field, in place of one of the same name; may be repeated'
            cand --header 'a header field, in place of one of the same name; may be repeated'
            cand --in-reply-to 'the Message-ID of the message that this one answers'
            cand --date 'the date [default: now]'
            cand --message-id 'the Message-ID [default: random, at the sender''s domain]'
            cand --charset 'the charset of the text given [default: UTF-8]'
            cand -m 'a whole message, sent octet for octet but for line ends and Bcc; - is standard input'
            cand --message 'a whole message, sent octet for octet but for line ends and Bcc; - is standard input'
            cand --tls 'when to encrypt [default: by port, and whether you log in]'
            cand --ca-file 'trust the certificates in this file (PEM), instead of the system''s'
            cand --tls-name 'the name that the certificate must bear [default: the server''s]'
            cand --tls-min 'the oldest version of TLS that will do'
            cand --tls-backend 'whose TLS to use'
            cand -u 'log in as this user; without one of the next three the password is asked for'
            cand --user 'log in as this user; without one of the next three the password is asked for'
            cand --password-file 'a file whose first line is the password'
            cand --password-command 'a command that prints the password'
            cand --password-env 'the environment variable that holds the password'
            cand --auth 'the mechanisms that may be used, with commas [default: the best that the server offers]'
            cand --ehlo-name 'the name to greet the server with [default: this host''s full name, or its address]'
            cand --mail-parameter 'one more parameter of MAIL FROM; may be repeated'
            cand --rcpt-parameter 'one more parameter of every RCPT TO; may be repeated'
            cand --transcript 'the dialogue into a new file, passwords left out'
            cand --failed-to 'a file for the recipients who did not get it, fit for --recipients-from'
            cand --progress 'show a bar if sending takes long'
            cand --color 'use colours'
            cand --message-out 'write the message to a file, as it is sent'
            cand -4 'connect by IPv4 only'
            cand -6 'connect by IPv6 only'
            cand -E 'send nothing if the text is empty'
            cand --skip-empty 'send nothing if the text is empty'
            cand --recipients-in-message 'To, Cc and Bcc of the message name the recipients'
            cand --add-missing-headers 'add From, Date and Message-ID where they are missing'
            cand --insecure 'do not check the server''s certificate; a warning says so'
            cand --allow-cleartext-auth 'log in even if the connection is not encrypted'
            cand --no-pipelining 'wait for each reply before the next command'
            cand --no-chunking 'send the message by DATA, even where the server offers BDAT'
            cand --force-8bit 'send 8-bit text as it is, even to a server that does not offer 8BITMIME'
            cand --all-or-none 'if one recipient is refused, send to nobody'
            cand -v 'the dialogue on standard error; -vv with times, -vvv with octets in hex'
            cand --verbose 'the dialogue on standard error; -vv with times, -vvv with octets in hex'
            cand --json 'the report as one JSON object'
            cand -q 'print nothing but, on standard error, the recipients who did not get it'
            cand --quiet 'print nothing but, on standard error, the recipients who did not get it'
            cand --dry-run 'say what would be done; connect to nobody'
            cand -h 'print help: -h is short, --help says more'
            cand --help 'print help: -h is short, --help says more'
        }
        &'ehlo;sink'= {
            cand --listen 'where to listen; port 0 is any that is free, and is printed'
            cand --name 'the host name that it greets with'
            cand --maildir 'keep mail here, in one Maildir for each recipient [default: in memory]'
            cand --mbox 'keep mail in this file'
            cand --reject 'refuse this recipient, with this code and text; may be repeated'
            cand --defer 'put this recipient off, with 450 or this code; may be repeated'
            cand --max-size 'refuse messages that are larger'
            cand --script 'play the server''s part of a dialogue: a file of C: and S: lines, such as a transcript'
            cand --tls 'how TLS is offered, with a certificate made at start'
            cand --cert-out 'write that certificate to a file (PEM), for ehlo send --ca-file'
            cand --user 'offer AUTH to this user'
            cand --password-file 'a file whose first line is the user''s password'
            cand --lmtp 'speak LMTP: a reply for each recipient after the data'
            cand --once 'end after one session'
            cand --require-auth 'take no mail before AUTH'
            cand -v 'the dialogue on standard error'
            cand --verbose 'the dialogue on standard error'
            cand -h 'print help'
            cand --help 'print help'
        }
        &'ehlo;demo'= {
            cand --color 'use colours'
            cand -h 'print help'
            cand --help 'print help'
        }
    ]
    $completions[$command]
}
