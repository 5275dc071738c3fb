module completions {

  # send mail by SMTP, and say what became of each recipient
  export extern ehlo [
    --help(-h)                # print help
    --version(-V)             # print the version
  ]

  def "nu-complete ehlo send tls" [] {
    [ "off" "opportunistic" "starttls" "implicit" ]
  }

  def "nu-complete ehlo send tls_min" [] {
    [ "1.2" "1.3" ]
  }

  def "nu-complete ehlo send tls_backend" [] {
    [ "rustls" "native" ]
  }

  def "nu-complete ehlo send proxy_protocol" [] {
    [ "v1" "v2" ]
  }

  def "nu-complete ehlo send notify" [] {
    [ "never" "success" "failure" "delay" ]
  }

  def "nu-complete ehlo send ret" [] {
    [ "full" "headers" ]
  }

  def "nu-complete ehlo send stop_after" [] {
    [ "connect" "ehlo" "tls" "auth" "mail" "rcpt" "data" ]
  }

  def "nu-complete ehlo send progress" [] {
    [ "auto" "always" "never" ]
  }

  def "nu-complete ehlo send color" [] {
    [ "auto" "always" "never" ]
  }

  # send one message, and say what became of each recipient
  export extern "ehlo send" [
    --server(-S): string      # host, host:port, or a URL: smtp:// (25), submission:// (587), smtps:// (465), lmtp://
    --port(-p): string        # the port, if the server's name has none [default: the URL's, or 25]
    -4                        # connect by IPv4 only
    -6                        # connect by IPv6 only
    --bind: string            # the address of this end, perhaps with a port
    --proxy: string           # connect through a proxy, which looks the name up: socks5://host (1080) or http://host (8080)
    --proxy-password-file: path # a file whose first line is the proxy's password
    --proxy-password-env: string # the environment variable that holds the proxy's password
    --pipe: string            # talk to a command over its standard input and output, in place of a connection
    --connect-timeout: string # how long to try each address, or a proxy: 30, 30s, 5m, 1h, 500ms
    --timeout: string         # how long to wait for each reply but the last [default: 2 to 5 minutes, by RFC 5321]
    --final-timeout: string   # how long to wait for the reply to the whole message; cut short, it makes duplicates
    --deadline: string        # how long the whole run may take [default: no limit]
    --from(-f): string        # the sender, also -r: in the message, and where it is returned to if it fails
    --to(-t): string          # a recipient, or several with commas; may be repeated
    --cc(-c): string          # a recipient of a copy
    --bcc(-b): string         # a recipient whom the message does not name
    --recipient: string       # a recipient in the envelope only: no header is written for it
    --recipients-from: path   # a file of recipients in the envelope only, one a line; NOTIFY=… and ORCPT=… may follow an address; # begins a comment line
    --reply-to: string        # where answers should go
    --envelope-from: string   # the sender in the envelope, if it is another; '' is the null reverse-path
    --domain: string          # the domain of addresses that are a bare name, such as root
    --subject(-s): string     # the subject
    --body: string            # the text itself [default: standard input]
    --body-file: path         # a file with the text; - is standard input
    --html: path              # a file with the text as HTML; with a plain text as well, the reader chooses
    --attach(-a): path        # attach a file; may be repeated
    --inline: path            # a picture or the like that the HTML shows, as cid:NAME
    --attach-type: string     # the media type of the file before it [default: by name and contents]
    --attach-name: string     # the name of the file before it, for the reader
    --attach-id: string       # the Content-ID of the --inline before it, for cid:ID [default: made]
    --header(-H): string      # a header field, in place of one of the same name; may be repeated
    --in-reply-to: string     # the Message-ID of the message that this one answers
    --date: string            # the date [default: now]
    --message-id: string      # the Message-ID [default: random, at the sender's domain]
    --charset: string         # the charset of the text given [default: UTF-8]
    --skip-empty(-E)          # send nothing if the text is empty
    --recipients-in-message   # To, Cc and Bcc of the message name the recipients
    --add-missing-headers     # add From, Date and Message-ID where they are missing
    --tls: string@"nu-complete ehlo send tls" # when to encrypt [default: by port, and whether you log in]
    --ca-file: path           # trust the certificates in this file (PEM), instead of the system's
    --insecure                # do not check the server's certificate; a warning says so
    --tls-name: string        # the name that the certificate must bear [default: the server's]
    --pin: string             # accept this certificate or public key and no other; may be repeated
    --client-cert: path       # a certificate to show to the server (PEM), for when it wants to know who you are
    --client-key: path        # its private key (PEM), if that is in another file
    --tls-min: string@"nu-complete ehlo send tls_min" # the oldest version of TLS that will do
    --tls-backend: string@"nu-complete ehlo send tls_backend" # whose TLS to use
    --user(-u): string        # log in as this user; without one of the next four the password is netrc's, or asked for
    --password-file: path     # a file whose first line is the password
    --password-command: string # a command that prints the password
    --password-env: string    # the environment variable that holds the password
    --oauth-token-command: string # a command that prints an OAuth token, for OAUTHBEARER and XOAUTH2
    --auth: string            # the mechanisms that may be used, with commas [default: the best that the server offers]
    --auth-identity: string   # act for this user, logged in as --user
    --allow-cleartext-auth    # log in even if the connection is not encrypted
    --ehlo-name: string       # the name to greet the server with [default: this host's full name, or its address]
    --no-pipelining           # wait for each reply before the next command
    --no-chunking             # send the message by DATA, even where the server offers BDAT
    --force-8bit              # send 8-bit content whatever the server offers, and a header that is not UTF-8
    --proxy-protocol: string@"nu-complete ehlo send proxy_protocol" # say first, by HAProxy's PROXY protocol, who connects: for servers behind a balancer
    --proxy-source: string    # who is said to connect [default: the address of this end]
    --proxy-destination: string # to whom [default: the address that was connected to]
    --xclient: string         # have the server take us for another client: NAME, ADDR, PORT, PROTO, HELO, LOGIN and more
    --mail-parameter: string  # one more parameter of MAIL FROM; may be repeated
    --rcpt-parameter: string  # one more parameter of every RCPT TO; may be repeated
    --notify: string@"nu-complete ehlo send notify" # report to the sender: never, or success, failure, delay, with commas
    --return: string@"nu-complete ehlo send ret" # what a report of a failure holds of the message: full or headers
    --envelope-id: string     # what reports call the message by
    --original-recipient: string # what reports call the recipient, if not by their address; for tests, with one recipient
    --deliver-by: string      # deliver it within this time or return it; '2h,notify': deliver it later all the same, and tell me
    --hold-for: string        # deliver it after this time: 30m, 8h
    --hold-until: string      # deliver it after this moment: 2026-12-24T18:00:00+01:00
    --priority: string        # how urgent it is, from -9 to 9; others have 0
    --stop-after: string@"nu-complete ehlo send stop_after" # go so far and no further; nothing is sent: connect, ehlo, tls, auth, mail, rcpt, data
    --drop-after: string      # drop the connection there, to test a server: a stage, STAGE-sent, data:OCTETS, message
    --drop-reset              # drop it by a reset (RST) instead of an orderly end
    --all-or-none             # if one recipient is refused, send to nobody
    --verbose(-v)             # the dialogue on standard error; -vv with times, -vvv with octets in hex
    --transcript: path        # the dialogue into a new file, passwords left out
    --json                    # the report as one JSON object
    --quiet(-q)               # print nothing but, on standard error, the recipients who did not get it
    --explain                 # say what each refusal means, and what to do
    --failed-to: path         # a file for the recipients who did not get it, fit for --recipients-from
    --deferred-to: path       # a file for those of them for whom another try makes sense, fit for --recipients-from
    --progress: string@"nu-complete ehlo send progress" # show a bar if sending takes long
    --color: string@"nu-complete ehlo send color" # use colours
    --dry-run                 # say what would be done; connect to nobody
    --message-out: path       # write the message to a file, as it is sent; - is standard output, with --dry-run
    --help(-h)                # print help: -h is short, --help says more
    --message(-m): path       # a whole message, sent octet for octet but for line ends and Bcc; - is standard input
    --require-tls-onward      # only by verified TLS, from here to the mailbox
    ...TO: string             # recipients, as with --to
  ]

  def "nu-complete ehlo explain color" [] {
    [ "auto" "always" "never" ]
  }

  # what a code means, who says so, and what to do
  export extern "ehlo explain" [
    --after: string           # the command that was answered, such as RCPT or VRFY; 'greeting' for the first reply, 'message' for the last
    --json                    # one JSON object for each explanation, on a line of its own
    --color: string@"nu-complete ehlo explain color" # use colours
    --help(-h)                # print help
    ...words: string          # a code, or a reply with its text; none or '-' for a text on standard input
  ]

  def "nu-complete ehlo verify tls" [] {
    [ "off" "opportunistic" "starttls" "implicit" ]
  }

  def "nu-complete ehlo verify tls_min" [] {
    [ "1.2" "1.3" ]
  }

  def "nu-complete ehlo verify tls_backend" [] {
    [ "rustls" "native" ]
  }

  def "nu-complete ehlo verify proxy_protocol" [] {
    [ "v1" "v2" ]
  }

  def "nu-complete ehlo verify color" [] {
    [ "auto" "always" "never" ]
  }

  # ask a server whether it accepts addresses, without sending them anything
  export extern "ehlo verify" [
    --port(-p): string        # the port, if the server's name has none [default: the URL's, or 25]
    -4                        # connect by IPv4 only
    -6                        # connect by IPv6 only
    --bind: string            # the address of this end, perhaps with a port
    --proxy: string           # connect through a proxy, which looks the name up: socks5://host (1080) or http://host (8080)
    --proxy-password-file: path # a file whose first line is the proxy's password
    --proxy-password-env: string # the environment variable that holds the proxy's password
    --connect-timeout: string # how long to try each address, or a proxy: 30, 30s, 5m, 1h, 500ms
    --timeout: string         # how long to wait for each reply but the last [default: 2 to 5 minutes, by RFC 5321]
    --deadline: string        # how long the whole run may take [default: no limit]
    --recipients-from: path   # a file of addresses, one a line; # begins a comment line
    --vrfy                    # ask by VRFY, which many servers answer by 252: they do not say
    --expn                    # ask by EXPN who is on a list
    --envelope-from: string   # the sender in the envelope [default: <>, the null reverse-path]
    --domain: string          # the domain of addresses that are a bare name, such as root
    --no-random               # do not ask about a mailbox that cannot exist
    --random-mailbox: string  # the name of the mailbox that cannot exist [default: random]
    --tls: string@"nu-complete ehlo verify tls" # when to encrypt [default: by port, and whether you log in]
    --ca-file: path           # trust the certificates in this file (PEM), instead of the system's
    --insecure                # do not check the server's certificate; a warning says so
    --tls-name: string        # the name that the certificate must bear [default: the server's]
    --pin: string             # accept this certificate or public key and no other; may be repeated
    --client-cert: path       # a certificate to show to the server (PEM), for when it wants to know who you are
    --client-key: path        # its private key (PEM), if that is in another file
    --tls-min: string@"nu-complete ehlo verify tls_min" # the oldest version of TLS that will do
    --tls-backend: string@"nu-complete ehlo verify tls_backend" # whose TLS to use
    --user(-u): string        # log in as this user; without one of the next four the password is netrc's, or asked for
    --password-file: path     # a file whose first line is the password
    --password-command: string # a command that prints the password
    --password-env: string    # the environment variable that holds the password
    --oauth-token-command: string # a command that prints an OAuth token, for OAUTHBEARER and XOAUTH2
    --auth: string            # the mechanisms that may be used, with commas [default: the best that the server offers]
    --auth-identity: string   # act for this user, logged in as --user
    --allow-cleartext-auth    # log in even if the connection is not encrypted
    --ehlo-name: string       # the name to greet the server with [default: this host's full name, or its address]
    --no-pipelining           # wait for each reply before the next command
    --proxy-protocol: string@"nu-complete ehlo verify proxy_protocol" # say first, by HAProxy's PROXY protocol, who connects: for servers behind a balancer
    --proxy-source: string    # who is said to connect [default: the address of this end]
    --proxy-destination: string # to whom [default: the address that was connected to]
    --xclient: string         # have the server take us for another client: NAME, ADDR, PORT, PROTO, HELO, LOGIN and more
    --mail-parameter: string  # one more parameter of MAIL FROM; may be repeated
    --rcpt-parameter: string  # one more parameter of every RCPT TO; may be repeated
    --verbose(-v)             # the dialogue on standard error; -vv with times, -vvv with octets in hex
    --transcript: path        # the dialogue into a new file, passwords left out
    --json                    # the report as one JSON object
    --explain                 # say what each refusal means, and what to do
    --color: string@"nu-complete ehlo verify color" # use colours
    --dry-run                 # say what would be done; connect to nobody
    --help(-h)                # print help: -h is short, --help says more
    --pipe: string            # talk to a command over its standard input and output, in place of a connection
    --quiet(-q)               # print nothing but, on standard error, the addresses that are not accepted
    --deferred-to: path       # a file for the addresses to ask about again, fit for --recipients-from
    --failed-to: path         # a file for the addresses that are not accepted, fit for --recipients-from
    server: string            # host, host:port, or a URL: smtp:// (25), submission:// (587), smtps:// (465), lmtp://
    ...addresses: string      # the addresses; with --vrfy and --expn names as well
  ]

  def "nu-complete ehlo probe color" [] {
    [ "auto" "always" "never" ]
  }

  def "nu-complete ehlo probe tls" [] {
    [ "off" "opportunistic" "starttls" "implicit" ]
  }

  # see what a server offers, and how well it is set up; sends no mail
  export extern "ehlo probe" [
    --port(-p): string        # the port, if the server's name has none [default: the URL's, or 25]
    -4                        # connect by IPv4 only
    -6                        # connect by IPv6 only
    --bind: string            # the address of this end, perhaps with a port
    --proxy: string           # connect through a proxy, which looks the name up: socks5://host (1080) or http://host (8080)
    --proxy-password-file: path # a file whose first line is the proxy's password
    --proxy-password-env: string # the environment variable that holds the proxy's password
    --ca-file: path           # trust the certificates in this file (PEM), instead of the system's
    --client-cert: path       # a certificate to show to the server (PEM), for when it wants to know who you are
    --client-key: path        # its private key (PEM), if that is in another file
    --min-days: string        # a certificate with fewer days left is a serious finding
    --try-relay: string       # ask whether mail from FROM to TO is accepted without a log-in
    --quiet(-q)               # print only the findings, and nothing if there are only notes
    --verbose(-v)             # the dialogue on standard error; -vv with times, -vvv with octets in hex
    --json                    # the report as one JSON object
    --color: string@"nu-complete ehlo probe color" # use colours
    --help(-h)                # print help: -h is short, --help says more
    --connect-timeout: string # how long to try each address, or a proxy: 10, 10s, 1m, 500ms
    --timeout: string         # how long to wait for each reply, and for each handshake
    --deadline: string        # how long the whole run may take
    --ehlo-name: string       # the name to greet the server with [default: this host's full name, or its address]
    --tls: string@"nu-complete ehlo probe tls" # when to encrypt: off, starttls, implicit [default: implicit on port 465, else starttls if it is offered]
    --tls-name: string        # the name that the certificate must be for [default: the server's]
    --pin: string             # the certificate or public key that the server should have; may be repeated
    server?: string           # host, host:port, or a URL: smtp:// (25), submission:// (587), smtps:// (465), lmtp://
  ]

  def "nu-complete ehlo console tls" [] {
    [ "off" "opportunistic" "starttls" "implicit" ]
  }

  def "nu-complete ehlo console tls_min" [] {
    [ "1.2" "1.3" ]
  }

  def "nu-complete ehlo console tls_backend" [] {
    [ "rustls" "native" ]
  }

  def "nu-complete ehlo console proxy_protocol" [] {
    [ "v1" "v2" ]
  }

  def "nu-complete ehlo console color" [] {
    [ "auto" "always" "never" ]
  }

  # talk to a server by hand: TLS, AUTH and DATA are done for you
  export extern "ehlo console" [
    --server(-S): string      # host, host:port, or a URL: smtp:// (25), submission:// (587), smtps:// (465), lmtp://
    --port(-p): string        # the port, if the server's name has none [default: the URL's, or 25]
    -4                        # connect by IPv4 only
    -6                        # connect by IPv6 only
    --bind: string            # the address of this end, perhaps with a port
    --proxy: string           # connect through a proxy, which looks the name up: socks5://host (1080) or http://host (8080)
    --proxy-password-file: path # a file whose first line is the proxy's password
    --proxy-password-env: string # the environment variable that holds the proxy's password
    --pipe: string            # talk to a command over its standard input and output, in place of a connection
    --connect-timeout: string # how long to try each address, or a proxy: 30, 30s, 5m, 1h, 500ms
    --timeout: string         # how long to wait for each reply but the last [default: 2 to 5 minutes, by RFC 5321]
    --final-timeout: string   # how long to wait for the reply to the whole message; cut short, it makes duplicates
    --deadline: string        # how long the whole run may take [default: no limit]
    --tls: string@"nu-complete ehlo console tls" # when to encrypt [default: by port, and whether you log in]
    --ca-file: path           # trust the certificates in this file (PEM), instead of the system's
    --insecure                # do not check the server's certificate; a warning says so
    --tls-name: string        # the name that the certificate must bear [default: the server's]
    --pin: string             # accept this certificate or public key and no other; may be repeated
    --client-cert: path       # a certificate to show to the server (PEM), for when it wants to know who you are
    --client-key: path        # its private key (PEM), if that is in another file
    --tls-min: string@"nu-complete ehlo console tls_min" # the oldest version of TLS that will do
    --tls-backend: string@"nu-complete ehlo console tls_backend" # whose TLS to use
    --user(-u): string        # log in as this user; without one of the next four the password is netrc's, or asked for
    --password-file: path     # a file whose first line is the password
    --password-command: string # a command that prints the password
    --password-env: string    # the environment variable that holds the password
    --oauth-token-command: string # a command that prints an OAuth token, for OAUTHBEARER and XOAUTH2
    --auth: string            # the mechanisms that may be used, with commas [default: the best that the server offers]
    --auth-identity: string   # act for this user, logged in as --user
    --allow-cleartext-auth    # log in even if the connection is not encrypted
    --ehlo-name: string       # the name to greet the server with [default: this host's full name, or its address]
    --proxy-protocol: string@"nu-complete ehlo console proxy_protocol" # say first, by HAProxy's PROXY protocol, who connects: for servers behind a balancer
    --proxy-source: string    # who is said to connect [default: the address of this end]
    --proxy-destination: string # to whom [default: the address that was connected to]
    --xclient: string         # have the server take us for another client: NAME, ADDR, PORT, PROTO, HELO, LOGIN and more
    --send: string            # say this line, print the reply, and leave; may be repeated
    --verbose(-v)             # the dialogue on standard error; -vv with times, -vvv with octets in hex
    --color: string@"nu-complete ehlo console color" # use colours
    --help(-h)                # print help: -h is short, --help says more
    place?: string            # the server, as with --server
  ]

  def "nu-complete ehlo sink tls" [] {
    [ "off" "starttls" "implicit" ]
  }

  # catch mail: a small server for demos, tests and checking scripts
  export extern "ehlo sink" [
    --listen: string          # where to listen; port 0 is any that is free, and is printed
    --name: string            # the host name that it greets with
    --lmtp                    # speak LMTP: a reply for each recipient after the data
    --once                    # end after one session
    --maildir: directory      # keep mail here, in one Maildir for each recipient [default: in memory]
    --mbox: path              # keep mail in this file
    --reject: string          # refuse this recipient, with this code and text; may be repeated
    --defer: string           # put this recipient off, with 450 or this code; may be repeated
    --max-size: string        # refuse messages that are larger
    --script: path            # play the server's part of a dialogue: a file of C: and S: lines, such as a transcript
    --tls: string@"nu-complete ehlo sink tls" # how TLS is offered, with a certificate made at start
    --cert-out: path          # write that certificate to a file (PEM), for ehlo send --ca-file
    --user: string            # offer AUTH to this user
    --password-file: path     # a file whose first line is the user's password
    --require-auth            # take no mail before AUTH
    --verbose(-v)             # the dialogue on standard error
    --help(-h)                # print help
  ]

  def "nu-complete ehlo demo color" [] {
    [ "auto" "always" "never" ]
  }

  # watch one message go to three recipients, one of whom is refused
  export extern "ehlo demo" [
    --color: string@"nu-complete ehlo demo color" # use colours
    --help(-h)                # print help
  ]

}

export use completions *
