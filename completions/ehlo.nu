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

  def "nu-complete ehlo send resolver_trust" [] {
    [ "auto" "yes" "no" ]
  }

  def "nu-complete ehlo send policy" [] {
    [ "dane" "mta-sts" "none" ]
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
    --account(-A): string     # an account of the configuration (see ehlo-config(5))
    --server(-S): string      # host, host:port, or a URL: smtp:// (25), submission:// (587), smtps:// (465), lmtp://
    --port(-p): string        # the port, if the server's name has none [default: the URL's, or 25]
    -4                        # connect by IPv4 only
    -6                        # connect by IPv6 only
    --bind: string            # connect from this address, and this port if one is given
    --proxy: string           # connect through a proxy: socks5://host (1080) or http://host (8080)
    --proxy-password-file: path # read the proxy's password from the first line of this file
    --proxy-password-env: string # read the proxy's password from this environment variable
    --pipe: string            # run a command, and talk to it over its standard input and output instead of connecting
    --connect-timeout: string # how long to try each address, or the proxy: 30, 30s, 5m, 1h, 500ms [default: 30s]
    --timeout: string         # how long to wait for each reply but the last [default: 2 to 5 minutes, as in RFC 5321]
    --final-timeout: string   # how long to wait for the reply to the message; too short a time causes duplicates [default: 10m]
    --deadline: string        # how long the whole run may take [default: no limit]
    --from(-f): string        # the sender, in the message and in the envelope; also -r
    --to(-t): string          # a recipient, or several separated by commas; may be repeated
    --cc(-c): string          # a recipient of a copy
    --bcc(-b): string         # a recipient of a blind copy, not named in the message
    --recipient: string       # a recipient in the envelope only, not named in the message
    --recipients-from: path   # a file of envelope recipients, one per line; NOTIFY=… and ORCPT=… may follow an address; a line that begins with # is a comment
    --reply-to: string        # where replies should go
    --envelope-from: string   # the sender in the envelope, if not --from; '' is the null reverse-path
    --domain: string          # the domain to add to bare names such as root
    --subject(-s): string     # the subject
    --body: string            # the text [default: standard input]
    --body-file: path         # a file with the text; - is standard input
    --html: path              # a file with the text as HTML; a plain text given as well becomes its alternative
    --attach(-a): path        # attach a file; may be repeated
    --inline: path            # include a file, such as a picture, that the HTML shows as cid:NAME
    --attach-type: string     # the media type of the file before it [default: by name and content]
    --attach-name: string     # the name to give to the file before it
    --attach-id: string       # the Content-ID of the --inline file before it, for cid:ID [default: random]
    --header(-H): string      # a header field, which replaces one of the same name; may be repeated
    --in-reply-to: string     # the Message-ID of the message being answered
    --date: string            # the date [default: now]
    --message-id: string      # the Message-ID [default: random, at the sender's domain]
    --charset: string         # the charset of the text [default: UTF-8]
    --skip-empty(-E)          # send nothing if the text is empty
    --test                    # send a test message, whose text says who sent it, when and how
    --recipients-in-message   # take the recipients from To, Cc and Bcc of the message
    --add-missing-headers     # add From, Date and Message-ID where they are missing
    --tls: string@"nu-complete ehlo send tls" # when to encrypt [default: depends on the port, and on whether you log in]
    --ca-file: path           # trust the certificates in this file (PEM) instead of the system's
    --insecure                # do not check the server's certificate; a warning says so
    --tls-name: string        # the name that the certificate must be for [default: the server's]
    --pin: string             # accept only this certificate or public key; may be repeated
    --client-cert: path       # a client certificate to show to the server (PEM)
    --client-key: path        # the private key of the client certificate (PEM), if it is in another file
    --tls-min: string@"nu-complete ehlo send tls_min" # the oldest version of TLS to accept
    --tls-backend: string@"nu-complete ehlo send tls_backend" # the TLS library to use
    --user(-u): string        # log in as this user; the password comes from the next four flags, netrc, or a prompt
    --password-file: path     # read the password from the first line of this file
    --password-command: string # read the password from the output of this command
    --password-env: string    # read the password from this environment variable
    --oauth-token-command: string # read an OAuth token from the output of this command, for OAUTHBEARER and XOAUTH2
    --auth: string            # the mechanisms to choose from, separated by commas [default: all, the strongest first]
    --auth-identity: string   # act for this user while logged in as --user
    --allow-cleartext-auth    # log in even if the connection is not encrypted
    --ehlo-name: string       # the name to say in EHLO [default: this host's full name, or its address]
    --no-pipelining           # wait for each reply before sending the next command
    --no-chunking             # send the message by DATA, even if the server offers BDAT
    --force-8bit              # send 8-bit content, and a header that is not UTF-8, whatever the server offers
    --proxy-protocol: string@"nu-complete ehlo send proxy_protocol" # send a PROXY protocol header first, for servers behind a load balancer
    --proxy-source: string    # the source in that header [default: the address of this end]
    --proxy-destination: string # the destination in that header [default: the address that was connected to]
    --xclient: string         # pose as another client by XCLIENT: NAME, ADDR, PORT, PROTO, HELO, LOGIN and more
    --mail-parameter: string  # add a parameter to MAIL FROM; may be repeated
    --rcpt-parameter: string  # add a parameter to every RCPT TO; may be repeated
    --resolver: string        # the DNS resolver to ask, with its port if that is not 53; may be repeated [default: EHLO_RESOLVER, or the system's]
    --resolver-trust: string@"nu-complete ehlo send resolver_trust" # whether the resolver is trusted to validate by DNSSEC: auto, yes, no [default: auto, which is yes for one on this host, or with 'options trust-ad' in resolv.conf]
    --policy: string@"nu-complete ehlo send policy" # the policies that count: dane,mta-sts, one of them, or none [default: both]
    --require-policy          # send only to hosts that DANE or an enforced MTA-STS policy proves to be the domain's
    --cleartext-if-tls-fails  # where no policy demands TLS and STARTTLS fails at a host, send to it in clear
    --mta-sts-cache: path     # keep MTA-STS policies in this folder [default: ~/.cache/ehlo/mta-sts]
    --mx-allow: string        # connect to these addresses too, though they are not public: loopback, private, 192.0.2.0/24
    --mx-hosts: string        # try at most so many addresses of a domain [default: 5]
    --jobs: string            # send to so many domains at once [default: 4]
    --tlsrpt: path            # append to this file how TLS with each host went, for 'ehlo tlsrpt report'
    --notify: string@"nu-complete ehlo send notify" # when to report to the sender: never, or success, failure, delay, separated by commas
    --return: string@"nu-complete ehlo send ret" # how much of the message a failure report includes: full or headers
    --envelope-id: string     # an identifier of the message for reports
    --original-recipient: string # the recipient's original address for reports; for tests, with one recipient
    --tls-required-no         # let it go out even where TLS is not as the recipient's domain wants it (TLS-Required: No)
    --deliver-by: string      # deliver it within this time, or return it; with ',notify', deliver it late and tell the sender
    --hold-for: string        # hold it for this time before delivery: 30m, 8h
    --hold-until: string      # hold it until this moment: 2026-12-24T18:00:00+01:00
    --priority: string        # the priority, from -9 (lowest) to 9 (highest)
    --dkim-key: path          # sign the message by DKIM with this private key (PEM or DER); may be repeated, each with its selector
    --dkim-selector: string   # the selector: the public key is published at SELECTOR._domainkey.DOMAIN
    --dkim-domain: string     # the domain that signs [default: that of the author, in From]
    --dkim-header: string     # sign this header field too, besides those that always are; may be repeated
    --dkim-expire: string     # the signature is void after this time: 7d
    --dkim-check              # look up the published keys, and send nothing if they are others
    --stop-after: string@"nu-complete ehlo send stop_after" # stop after this stage, and send nothing: connect, ehlo, tls, auth, mail, rcpt, data
    --drop-after: string      # drop the connection at this point: a stage, STAGE-sent, data:OCTETS, message
    --drop-reset              # drop it with a reset (RST) instead of an orderly close
    --all-or-none             # if one recipient is refused, send to nobody
    --verbose(-v)             # show the dialogue on standard error; -vv adds times, -vvv octets in hex
    --transcript: path        # write the dialogue to a new file, without passwords
    --json                    # print the report as one JSON object
    --quiet(-q)               # print only the recipients who did not get it, on standard error
    --explain                 # explain each refusal, and say what to do
    --failed-to: path         # write the recipients who did not get it to a file, for --recipients-from
    --deferred-to: path       # write only those that are worth another try to a file, for --recipients-from
    --progress: string@"nu-complete ehlo send progress" # when to show a progress bar, if sending takes long
    --color: string@"nu-complete ehlo send color" # when to use colours
    --dry-run                 # show what would be done, without connecting
    --message-out: path       # write the message to a file as it is sent; with --dry-run, - is standard output
    --help(-h)                # print help: -h is short, --help says more
    --message(-m): path       # a whole message, sent unchanged except for line ends and Bcc; - is standard input
    --queue                   # hand the message to the queue, which sends it by an account, as often as it takes
    --require-tls-onward      # require verified TLS on every hop to the mailbox
    ...TO: string             # recipients, as with --to
  ]

  def "nu-complete ehlo explain color" [] {
    [ "auto" "always" "never" ]
  }

  # what a code means, who says so, and what to do
  export extern "ehlo explain" [
    --after: string           # the command that was answered, such as RCPT; 'greeting' is the first reply, 'message' the last
    --json                    # print one JSON object per explanation, each on one line
    --color: string@"nu-complete ehlo explain color" # when to use colours
    --help(-h)                # print help
    ...words: string          # a code, or a reply with its text; without one, or with '-', standard input is read
  ]

  def "nu-complete ehlo account action" [] {
    [ "list" "show" "test" "import" "login" "logout" ]
  }

  # list, show, test, import, and sign in to the accounts of the configuration
  export extern "ehlo account" [
    --write                   # for import, write config.toml and the files of secrets; nothing is overwritten
    --no-browser              # for login, show the address and start no browser
    --ca-file: path           # for login and logout, trust these certificates (PEM)
    --help(-h)                # print help
    action: string@"nu-complete ehlo account action" # what to do
    name?: string             # the account [default: the default account]; for import, whose configuration it is: msmtprc, git, mutt, nullmailer, dma, ssmtp or esmtp
    file?: path               # for import, the file; - is standard input [default: where that program has it]
  ]

  def "nu-complete ehlo dkim action" [] {
    [ "record" "verify" ]
  }

  # print the DKIM record of a key, and verify the signatures of a message
  export extern "ehlo dkim" [
    --selector: string        # record: the key's name in the domain, for a whole line of a zone
    --domain: string          # record: the domain that signs
    --record: path            # verify: take the records out of this file, and ask no DNS; may be repeated
    --resolver: string        # verify: ask this resolver; may be repeated [default: EHLO_RESOLVER, or the system's]
    --timeout: string         # verify: how long to wait for each key
    --json                    # verify: print JSON
    --help(-h)                # print help
    action: string@"nu-complete ehlo dkim action" # what to do
    file?: path               # for record, the private key; for verify, the message; - is standard input [default for verify: -]
  ]

  def "nu-complete ehlo tlsrpt action" [] {
    [ "report" ]
  }

  # report to domains how TLS with their mail servers went
  export extern "ehlo tlsrpt" [
    --organization: string    # the name of the organization that reports
    --contact: string         # how to reach somebody there: mailto:ADDRESS, or a web page
    --day: string             # report on this day alone, even if it is not over [default: all days that are over]
    --out: path               # write reports into files in this folder, and print their names
    --from: string            # with --out, write mails from this address to whom the domains name
    --resolver: string        # with --from, ask this resolver of the DNS, with its port if that is not 53; may be repeated [default: EHLO_RESOLVER, or the system's]
    --help(-h)                # print help
    action: string@"nu-complete ehlo tlsrpt action" # what to do
    file: path                # the file that --tlsrpt has written; - is standard input
  ]

  def "nu-complete ehlo queue action" [] {
    [ "list" "show" "run" "hold" "release" "retry" "remove" "delivered" "check" "metrics" "daemon" "init" ]
  }

  def "nu-complete ehlo queue state" [] {
    [ "queued" "sending" "deferred" "unknown" "held" "no-domain" "account-down" "decided" ]
  }

  # list the messages that wait, send them, and decide about them
  export extern "ehlo queue" [
    --all                     # all messages (hold, release, retry, remove); for run, those too whose time has not come
    --account(-A): string     # those of this account of the configuration
    --state: string@"nu-complete ehlo queue state" # those in this state
    --to: string              # those that a recipient waits for whose address is like this, as in '*@example.org'
    --from: string            # those whose sender is like this; '' is the null reverse-path, which notices have
    --older: string           # those that have waited longer than this, as in 1h or 2d
    --message                 # show: the whole message, as it was handed over
    --headers                 # show: its header fields
    --log                     # show: all that happened to it
    --no-wait                 # run: do not wait until another run has ended
    --notify                  # remove: tell the sender that it is not delivered
    --yes                     # remove: do not ask, though it is more than one
    --max-age: string         # check: how long a message may wait
    --max-unknown: string     # check: of how many it may be unknown whether they arrived
    --max-waiting: string     # check: how many may wait [default: any number]
    --max-failed: string      # check: how many may have failed with nobody to tell
    --own                     # your own queue alone
    --system                  # the queue of this machine alone
    --database: string        # the queue in this database, as in postgres://ROLE@HOST/NAME; daemon: be a worker of it
    --password-file: path     # the password for the database is the first line of this file
    --password-command: string # the password for the database is the first line that this command prints
    --ca-file: path           # trust only the certificates in this file to vouch for the database
    --jobs: string            # daemon: how many messages of the database are sent at once
    --directory: path         # daemon: where its queue is [default: /var/spool/ehlo]
    --sockets: path           # daemon: where its sockets are, if the service manager gives it none [default: /run/ehlo]
    --json                    # print JSON
    --verbose(-v)             # run: show the dialogue with the server on standard error; each account has one connection then
    --help(-h)                # print help
    action: string@"nu-complete ehlo queue action" # what to do
    ...ids: string            # a message, by its ID or the first letters of it; init: the URL of a database
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

  def "nu-complete ehlo verify resolver_trust" [] {
    [ "auto" "yes" "no" ]
  }

  def "nu-complete ehlo verify policy" [] {
    [ "dane" "mta-sts" "none" ]
  }

  def "nu-complete ehlo verify color" [] {
    [ "auto" "always" "never" ]
  }

  # ask a server whether it accepts addresses, without sending them anything
  export extern "ehlo verify" [
    --account(-A): string     # an account of the configuration (see ehlo-config(5))
    --port(-p): string        # the port, if the server's name has none [default: the URL's, or 25]
    -4                        # connect by IPv4 only
    -6                        # connect by IPv6 only
    --bind: string            # connect from this address, and this port if one is given
    --proxy: string           # connect through a proxy: socks5://host (1080) or http://host (8080)
    --proxy-password-file: path # read the proxy's password from the first line of this file
    --proxy-password-env: string # read the proxy's password from this environment variable
    --connect-timeout: string # how long to try each address, or the proxy: 30, 30s, 5m, 1h, 500ms [default: 30s]
    --timeout: string         # how long to wait for each reply but the last [default: 2 to 5 minutes, as in RFC 5321]
    --deadline: string        # how long the whole run may take [default: no limit]
    --recipients-from: path   # a file of addresses, one per line; a line that begins with # is a comment
    --vrfy                    # ask by VRFY; many servers answer 252, which says nothing
    --expn                    # ask by EXPN for the members of a list
    --envelope-from: string   # the sender in the envelope [default: <>, the null reverse-path]
    --domain: string          # the domain to add to bare names such as root
    --no-random               # do not ask about a made-up mailbox first
    --random-mailbox: string  # the name of the made-up mailbox [default: random]
    --tls: string@"nu-complete ehlo verify tls" # when to encrypt [default: depends on the port, and on whether you log in]
    --ca-file: path           # trust the certificates in this file (PEM) instead of the system's
    --insecure                # do not check the server's certificate; a warning says so
    --tls-name: string        # the name that the certificate must be for [default: the server's]
    --pin: string             # accept only this certificate or public key; may be repeated
    --client-cert: path       # a client certificate to show to the server (PEM)
    --client-key: path        # the private key of the client certificate (PEM), if it is in another file
    --tls-min: string@"nu-complete ehlo verify tls_min" # the oldest version of TLS to accept
    --tls-backend: string@"nu-complete ehlo verify tls_backend" # the TLS library to use
    --user(-u): string        # log in as this user; the password comes from the next four flags, netrc, or a prompt
    --password-file: path     # read the password from the first line of this file
    --password-command: string # read the password from the output of this command
    --password-env: string    # read the password from this environment variable
    --oauth-token-command: string # read an OAuth token from the output of this command, for OAUTHBEARER and XOAUTH2
    --auth: string            # the mechanisms to choose from, separated by commas [default: all, the strongest first]
    --auth-identity: string   # act for this user while logged in as --user
    --allow-cleartext-auth    # log in even if the connection is not encrypted
    --ehlo-name: string       # the name to say in EHLO [default: this host's full name, or its address]
    --no-pipelining           # wait for each reply before sending the next command
    --proxy-protocol: string@"nu-complete ehlo verify proxy_protocol" # send a PROXY protocol header first, for servers behind a load balancer
    --proxy-source: string    # the source in that header [default: the address of this end]
    --proxy-destination: string # the destination in that header [default: the address that was connected to]
    --xclient: string         # pose as another client by XCLIENT: NAME, ADDR, PORT, PROTO, HELO, LOGIN and more
    --mail-parameter: string  # add a parameter to MAIL FROM; may be repeated
    --rcpt-parameter: string  # add a parameter to every RCPT TO; may be repeated
    --resolver: string        # the DNS resolver to ask, with its port if that is not 53; may be repeated [default: EHLO_RESOLVER, or the system's]
    --resolver-trust: string@"nu-complete ehlo verify resolver_trust" # whether the resolver is trusted to validate by DNSSEC: auto, yes, no [default: auto, which is yes for one on this host, or with 'options trust-ad' in resolv.conf]
    --policy: string@"nu-complete ehlo verify policy" # the policies that count: dane,mta-sts, one of them, or none [default: both]
    --require-policy          # send only to hosts that DANE or an enforced MTA-STS policy proves to be the domain's
    --cleartext-if-tls-fails  # where no policy demands TLS and STARTTLS fails at a host, send to it in clear
    --mta-sts-cache: path     # keep MTA-STS policies in this folder [default: ~/.cache/ehlo/mta-sts]
    --mx-allow: string        # connect to these addresses too, though they are not public: loopback, private, 192.0.2.0/24
    --mx-hosts: string        # try at most so many addresses of a domain [default: 5]
    --verbose(-v)             # show the dialogue on standard error; -vv adds times, -vvv octets in hex
    --transcript: path        # write the dialogue to a new file, without passwords
    --json                    # print the report as one JSON object
    --explain                 # explain each refusal, and say what to do
    --color: string@"nu-complete ehlo verify color" # when to use colours
    --dry-run                 # show what would be done, without connecting
    --help(-h)                # print help: -h is short, --help says more
    --pipe: string            # run a command, and talk to it over its standard input and output instead of connecting
    --quiet(-q)               # print only the addresses that are not accepted, on standard error
    --deferred-to: path       # write the addresses to ask about again to a file, for --recipients-from
    --failed-to: path         # write the addresses that are not accepted to a file, for --recipients-from
    server?: string           # host, host:port, or a URL: smtp:// (25), submission:// (587), smtps:// (465), lmtp://
    ...addresses: string      # the addresses; with --vrfy and --expn, names too
  ]

  def "nu-complete ehlo probe resolver_trust" [] {
    [ "auto" "yes" "no" ]
  }

  def "nu-complete ehlo probe policy" [] {
    [ "dane" "mta-sts" "none" ]
  }

  def "nu-complete ehlo probe color" [] {
    [ "auto" "always" "never" ]
  }

  def "nu-complete ehlo probe tls" [] {
    [ "off" "opportunistic" "starttls" "implicit" ]
  }

  # see what a server offers, and how well it is set up; sends no mail
  export extern "ehlo probe" [
    --account(-A): string     # an account of the configuration (see ehlo-config(5))
    --port(-p): string        # the port, if the server's name has none [default: the URL's, or 25]
    -4                        # connect by IPv4 only
    -6                        # connect by IPv6 only
    --bind: string            # connect from this address, and this port if one is given
    --proxy: string           # connect through a proxy: socks5://host (1080) or http://host (8080)
    --proxy-password-file: path # read the proxy's password from the first line of this file
    --proxy-password-env: string # read the proxy's password from this environment variable
    --ca-file: path           # trust the certificates in this file (PEM) instead of the system's
    --client-cert: path       # a client certificate to show to the server (PEM)
    --client-key: path        # the private key of the client certificate (PEM), if it is in another file
    --resolver: string        # the DNS resolver to ask, with its port if that is not 53; may be repeated [default: EHLO_RESOLVER, or the system's]
    --resolver-trust: string@"nu-complete ehlo probe resolver_trust" # whether the resolver is trusted to validate by DNSSEC: auto, yes, no [default: auto, which is yes for one on this host, or with 'options trust-ad' in resolv.conf]
    --policy: string@"nu-complete ehlo probe policy" # the policies that count: dane,mta-sts, one of them, or none [default: both]
    --mta-sts-cache: path     # keep MTA-STS policies in this folder [default: ~/.cache/ehlo/mta-sts]
    --mx-allow: string        # connect to these addresses too, though they are not public: loopback, private, 192.0.2.0/24
    --mx-hosts: string        # try at most so many addresses of a domain [default: 5]
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
    --ehlo-name: string       # the name to say in EHLO [default: this host's full name, or its address]
    --tls: string@"nu-complete ehlo probe tls" # when to encrypt: off, starttls, implicit [default: implicit on port 465, else starttls if it is offered]
    --tls-name: string        # the name that the certificate must be for [default: the server's]
    --pin: string             # the certificate or public key that the server should have; may be repeated
    server?: string           # host, host:port, or a URL: smtp:// (25), submission:// (587), smtps:// (465), lmtp://
  ]

  def "nu-complete ehlo check resolver_trust" [] {
    [ "auto" "yes" "no" ]
  }

  def "nu-complete ehlo check color" [] {
    [ "auto" "always" "never" ]
  }

  # check a domain's mail set-up: MX, DANE, MTA-STS, SPF, DKIM, DMARC
  export extern "ehlo check" [
    --dkim-selector: string   # a selector of its DKIM keys; may be repeated [default: some usual ones, for information]
    --from-ip: string         # an address from which it sends mail: its name, and what SPF says of it; may be repeated
    --dnsbl: string           # ask this blocklist about each --from-ip; may be repeated [default: none]
    --message: path           # whether this message would pass SPF, DKIM and DMARC; - is standard input
    --from: string            # the message's reverse-path; '' is the null one [default: the address in From]
    --no-connect              # connect to no mail server
    --port(-p): string        # the port of the mail servers [default: 25]
    -4                        # connect by IPv4 only
    -6                        # connect by IPv6 only
    --ehlo-name: string       # the name to say in EHLO [default: this host's full name, or its address]
    --ca-file: path           # trust the certificates in this file (PEM) instead of the system's
    --resolver: string        # the DNS resolver to ask, with its port if that is not 53; may be repeated [default: EHLO_RESOLVER, or the system's]
    --resolver-trust: string@"nu-complete ehlo check resolver_trust" # whether the resolver is trusted to validate by DNSSEC: auto, yes, no [default: auto, which is yes for one on this host, or with 'options trust-ad' in resolv.conf]
    --mx-allow: string        # connect to these addresses too, though they are not public: loopback, private, 192.0.2.0/24
    --connect-timeout: string # how long to try each address: 10, 10s, 1m, 500ms
    --timeout: string         # how long to wait for each reply, and for each handshake
    --deadline: string        # how long the whole run may take
    --quiet(-q)               # print only the findings, and nothing if there are only notes
    --verbose(-v)             # the dialogues on standard error; -vv with times, -vvv with octets in hex
    --json                    # the report as one JSON object
    --color: string@"nu-complete ehlo check color" # use colours
    --help(-h)                # print help: -h is short, --help says more
    domain: string            # the domain: what stands behind the @ of its addresses
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
    --account(-A): string     # an account of the configuration (see ehlo-config(5))
    --server(-S): string      # host, host:port, or a URL: smtp:// (25), submission:// (587), smtps:// (465), lmtp://
    --port(-p): string        # the port, if the server's name has none [default: the URL's, or 25]
    -4                        # connect by IPv4 only
    -6                        # connect by IPv6 only
    --bind: string            # connect from this address, and this port if one is given
    --proxy: string           # connect through a proxy: socks5://host (1080) or http://host (8080)
    --proxy-password-file: path # read the proxy's password from the first line of this file
    --proxy-password-env: string # read the proxy's password from this environment variable
    --pipe: string            # run a command, and talk to it over its standard input and output instead of connecting
    --connect-timeout: string # how long to try each address, or the proxy: 30, 30s, 5m, 1h, 500ms [default: 30s]
    --timeout: string         # how long to wait for each reply but the last [default: 2 to 5 minutes, as in RFC 5321]
    --final-timeout: string   # how long to wait for the reply to the message; too short a time causes duplicates [default: 10m]
    --deadline: string        # how long the whole run may take [default: no limit]
    --tls: string@"nu-complete ehlo console tls" # when to encrypt [default: depends on the port, and on whether you log in]
    --ca-file: path           # trust the certificates in this file (PEM) instead of the system's
    --insecure                # do not check the server's certificate; a warning says so
    --tls-name: string        # the name that the certificate must be for [default: the server's]
    --pin: string             # accept only this certificate or public key; may be repeated
    --client-cert: path       # a client certificate to show to the server (PEM)
    --client-key: path        # the private key of the client certificate (PEM), if it is in another file
    --tls-min: string@"nu-complete ehlo console tls_min" # the oldest version of TLS to accept
    --tls-backend: string@"nu-complete ehlo console tls_backend" # the TLS library to use
    --user(-u): string        # log in as this user; the password comes from the next four flags, netrc, or a prompt
    --password-file: path     # read the password from the first line of this file
    --password-command: string # read the password from the output of this command
    --password-env: string    # read the password from this environment variable
    --oauth-token-command: string # read an OAuth token from the output of this command, for OAUTHBEARER and XOAUTH2
    --auth: string            # the mechanisms to choose from, separated by commas [default: all, the strongest first]
    --auth-identity: string   # act for this user while logged in as --user
    --allow-cleartext-auth    # log in even if the connection is not encrypted
    --ehlo-name: string       # the name to say in EHLO [default: this host's full name, or its address]
    --proxy-protocol: string@"nu-complete ehlo console proxy_protocol" # send a PROXY protocol header first, for servers behind a load balancer
    --proxy-source: string    # the source in that header [default: the address of this end]
    --proxy-destination: string # the destination in that header [default: the address that was connected to]
    --xclient: string         # pose as another client by XCLIENT: NAME, ADDR, PORT, PROTO, HELO, LOGIN and more
    --send: string            # send this line, print the reply, and quit; may be repeated
    --verbose(-v)             # show the dialogue on standard error; -vv adds times, -vvv octets in hex
    --color: string@"nu-complete ehlo console color" # when to use colours
    --help(-h)                # print help: -h is short, --help says more
    place?: string            # the server, as with --server
  ]

  def "nu-complete ehlo sink tls" [] {
    [ "off" "starttls" "implicit" ]
  }

  # catch mail: a small server for demos, tests and checking scripts
  export extern "ehlo sink" [
    --listen: string          # the address to listen on; port 0 takes any free port
    --name: string            # the host name to greet with
    --lmtp                    # speak LMTP: one reply for each recipient after the message
    --once                    # exit after one session
    --dns: string             # be the mail server of every domain: answer DNS on this address, with MX, DANE and MTA-STS; a line for 'ehlo send' is printed on standard error
    --mta-sts-port: string    # the port of the policies of MTA-STS, at the address of --listen [default: any free port]
    --maildir: directory      # keep mail in this directory, one Maildir per recipient [default: in memory]
    --mbox: path              # keep mail in this file (mbox)
    --reject: string          # refuse this recipient with this code and text; may be repeated
    --defer: string           # defer this recipient with 450, or with this code; may be repeated
    --max-size: string        # refuse messages larger than this
    --script: path            # play the server's part of a dialogue: a file of C: and S: lines, such as a transcript
    --tls: string@"nu-complete ehlo sink tls" # how to offer TLS, with a certificate made at start
    --cert-out: path          # write that certificate, or with --dns its authority's, to a file (PEM), for 'ehlo send --ca-file'
    --user: string            # offer AUTH to this user
    --password-file: path     # read the user's password from the first line of this file
    --require-auth            # accept no mail before AUTH
    --verbose(-v)             # show the dialogue on standard error
    --help(-h)                # print help
  ]

  def "nu-complete ehlo demo demo" [] {
    [ "std10" "mx" ]
  }

  def "nu-complete ehlo demo color" [] {
    [ "auto" "always" "never" ]
  }

  # watch one message go to three recipients, one of whom is refused
  export extern "ehlo demo" [
    --color: string@"nu-complete ehlo demo color" # when to use colours
    --help(-h)                # print help
    demo?: string@"nu-complete ehlo demo demo" # what is played
  ]

  def "nu-complete ehlo completions shell" [] {
    [ "bash" "zsh" "fish" "powershell" "elvish" "nushell" ]
  }

  # print the completion script for a shell
  export extern "ehlo completions" [
    --help(-h)                # print help
    shell: string@"nu-complete ehlo completions shell" # the shell
  ]

  # take a message from a program, put it into the queue, and send it
  export extern "ehlo sendmail" [
    --account(-a): string     # the account to send by
    -A: string                # the account to send by
    --no-queue                # send it at once; the exit status says what became of it
    --help                    # print help
    --version                 # print the version
    ...ADDRESS: string        # a recipient
  ]

}

export use completions *
