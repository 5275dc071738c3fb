#!/usr/bin/env python3
"""ground.py FOLDER: writes all that the lab stands on into FOLDER.

    tls/      ca.pem, which is the lab's own CA, and a chain for each server
    zones/    what is in zones/ here, signed by ldns-signzone; anchor, the root's DS; hints, the root's server
    *.conf    of nsd (192.0.2.53) and unbound (127.0.0.1); resolv.conf
    postfix/  the configuration of all SMTP servers; what they accept is in mail/, a maildir

In zones/, `$GENERATE FIRST-LAST` repeats the line with each number for `$`, `A {NAME}` is the address of a
server of servers.tsv, and `TLSA 3 1 1 {NAME}` is what these three numbers make of the certificate NAME.
"""

import hashlib
import os
import re
import subprocess
import sys

import policies

HERE = os.path.dirname(os.path.realpath(__file__))
DNS_SERVER = "192.0.2.53"
# Each zone, a child before its parent, and the arguments of ldns-signzone; None is not signed.
ZONES = {
    "good.test": [],
    "nsec3.test": ["-n"],
    "bogus.test": [],
    "expired.test": ["-i", "20200101000000", "-e", "20200201000000"],
    "insecure.test": None,
    "sts.test": None,
    "test": [],
    ".": [],
}
# What is signed in bogus.test, and what is served in its place: it looks good to who does not validate.
TAMPERED = {
    "0" * 64: "TLSA 3 1 1 {self}",
    "192.0.2.1": "A {self}",
    "signed.bogus.test.": "forged.bogus.test.",
}
MAIL_USER = 20587  # it needs no name


def run(*command, **keywords):
    result = subprocess.run(command, capture_output=True, check=False, **keywords)
    if result.returncode != 0:
        sys.exit(f"ground.py: {' '.join(command)}: {(result.stderr or result.stdout).decode()}")
    return result.stdout


def write(path, text):
    with open(path, "w", encoding="ascii") as file:
        file.write(text)


def read(path):
    with open(path, encoding="utf-8") as file:
        return file.read()


def servers():
    """(name, address, chain, options) of each."""
    for line in read(f"{HERE}/servers.tsv").splitlines():
        if not line.startswith("#"):
            yield line.split("\t")


# --- Certificates. ------------------------------------------------------------------------------------------

AUTHORITY = """[ca]
default_ca = lab
[lab]
database = index
new_certs_dir = .
rand_serial = yes
unique_subject = no
policy = lab_policy
default_md = sha256
[lab_policy]
commonName = supplied
"""
VALID, PAST = ("20250101000000Z", "20490101000000Z"), ("20200101000000Z", "20200201000000Z")


def certificate(name, issuer, names=(), when=VALID):
    """Makes NAME.pem and NAME.key; without `names` it is a CA."""
    extensions = "basicConstraints = critical,CA:TRUE\nkeyUsage = critical,keyCertSign,cRLSign\n"
    if names:
        extensions = ("basicConstraints = critical,CA:FALSE\nkeyUsage = critical,digitalSignature\n"
                      "extendedKeyUsage = serverAuth\n"
                      f"subjectAltName = {','.join('DNS:' + host for host in names)}\n")
    write(f"{name}.ext", extensions + "subjectKeyIdentifier = hash\n")
    run("openssl", "req", "-new", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes",
        "-subj", f"/CN=lab {name}", "-keyout", f"{name}.key", "-out", f"{name}.csr")
    signer = ["-selfsign"] if issuer == name else ["-cert", f"{issuer}.pem"]
    run("openssl", "ca", "-batch", "-notext", "-config", "authority", "-extfile", f"{name}.ext",
        "-startdate", when[0], "-enddate", when[1], *signer, "-keyfile", f"{issuer}.key",
        "-in", f"{name}.csr", "-out", f"{name}.pem")


def certificates(folder):
    os.mkdir(folder)
    os.chdir(folder)
    write("authority", AUTHORITY)
    write("index", "")
    hosts = [f"*.mx.{zone}" for zone in ZONES if zone != "."] + ["*.deep.mx.sts.test"]
    certificate("root", "root")
    certificate("inter", "root")
    certificate("leaf", "inter", hosts)
    certificate("expired", "inter", hosts, PAST)
    certificate("stranger", "inter", ["mail.example"])
    certificate("self", "self", hosts)
    certificate("old", "old", ["mail.example"], PAST)
    certificate("nobody", "nobody", hosts)  # no server has it
    certificate("policies", "inter", policies.names("policies"))
    certificate("policies-expired", "inter", policies.names("policies-expired"), PAST)
    certificate("policies-nobody", "policies-nobody", policies.names("policies-nobody"))
    for chain, *parts in (
            ("ca", "leaf", "inter", "root"), ("short", "leaf", "inter"), ("self", "self"), ("old", "old"),
            ("expired", "expired", "inter", "root"), ("stranger", "stranger", "inter", "root"),
            ("policies", "policies", "inter"), ("policies-expired", "policies-expired", "inter"),
            ("policies-nobody", "policies-nobody")):
        write(f"{chain}.chain", read(parts[0] + ".key") + "".join(read(part + ".pem") for part in parts))
    write("ca.pem", read("root.pem"))


def association(usage, selector, matching, name):
    """The data of a TLSA record (RFC 6698, section 2.1)."""
    data = run("openssl", "x509", "-in", f"{name}.pem", "-outform", "DER")
    if selector == "1":
        key = run("openssl", "x509", "-in", f"{name}.pem", "-noout", "-pubkey")
        data = run("openssl", "pkey", "-pubin", "-outform", "DER", input=key)
    if matching != "0":
        data = (hashlib.sha512 if matching == "2" else hashlib.sha256)(data).digest()
    return f"TLSA {usage} {selector} {matching} {data.hex()}"


# --- Zones. -------------------------------------------------------------------------------------------------

def filled(text):
    """With addresses and digests in place of names."""
    def repeated(match):
        numbers = range(int(match[1]), int(match[2]) + 1)
        return "".join(match[3].replace("$", str(number)) + "\n" for number in numbers)
    text = re.sub(r"(?m)^\$GENERATE (\d+)-(\d+) (.*)\n", repeated, text)
    text = re.sub(r"TLSA (\d+) (\d) (\d) \{(\S+)\}", lambda match: association(*match.groups()), text)
    addresses = {name: address for name, address, _, _ in servers()}
    return re.sub(r"\{(\w+)\}", lambda match: addresses[match[1]], text)


def tampered(signed):
    for was, now in TAMPERED.items():
        signed = signed.replace(was, filled(now).split()[-1])
    # Without these, nobody proves that the host has no AAAA.
    return re.sub(r"(?m)^unproved\.\S*\t.*\t(NSEC|RRSIG\tNSEC)\s.*\n", "", signed)


def zones(folder, tls):
    os.mkdir(folder)
    delegations = {zone: "" for zone in ZONES}
    for zone, options in ZONES.items():
        os.chdir(tls)
        text = (f"$ORIGIN {zone.strip('.')}.\n$TTL 300\n"
                "@ SOA ns.test. hostmaster.test. 1 3600 600 86400 60\n@ NS ns.test.\n")
        if zone in ("test", "."):
            text += f"ns.test. A {DNS_SERVER}\n" + delegations[zone]
        else:
            text += filled(read(f"{HERE}/zones/{zone}"))
        os.chdir(folder)
        file, records = zone.strip(".") or "root", ""
        write(f"{file}.unsigned", text)
        if options is not None:
            key = run("ldns-keygen", "-a", "ECDSAP256SHA256", "-k", zone).decode().strip()
            run("ldns-signzone", *options, "-f", f"{file}.signed", f"{file}.unsigned", key)
            text, records = read(f"{file}.signed"), read(f"{key}.ds")
        os.chdir(tls)
        if zone == "bogus.test":
            text = tampered(text)
        os.chdir(folder)
        write(file, text)
        if zone == ".":
            write("anchor", records)
        else:
            delegations[zone.partition(".")[2] or "."] += f"{zone}. NS ns.test.\n{records}"
    write("hints", f". 300 NS ns.test.\nns.test. 300 A {DNS_SERVER}\n")


def resolvers(folder):
    write(f"{folder}/resolv.conf", "nameserver 127.0.0.1\noptions trust-ad edns0\n")
    write(f"{folder}/nsd.conf", f"""server:
  ip-address: {DNS_SERVER}
  zonesdir: {folder}/zones
  pidfile: {folder}/nsd.pid
  logfile: {folder}/log/nsd
  database: ""
  username: root
  xfrdfile: ""
  zonelistfile: {folder}/nsd.zones
  server-count: 1
remote-control:
  control-enable: no
""" + "".join(f"zone:\n  name: {zone}\n  zonefile: {zone.strip('.') or 'root'}\n" for zone in ZONES))
    write(f"{folder}/unbound.conf", f"""server:
  interface: 127.0.0.1
  access-control: 127.0.0.0/8 allow
  username: ""
  chroot: ""
  directory: {folder}
  pidfile: {folder}/unbound.pid
  logfile: {folder}/log/unbound
  use-syslog: no
  val-log-level: 2
  module-config: "validator iterator"
  trust-anchor-file: {folder}/zones/anchor
  root-hints: {folder}/zones/hints
  local-zone: "test." nodefault
  do-ip6: no
remote-control:
  control-enable: no
""")


# --- Postfix. -----------------------------------------------------------------------------------------------

SERVICES = """cleanup unix n - n - 0 cleanup
qmgr unix n - n 300 1 qmgr
showq unix n - n - - showq
tlsmgr unix - - n - 1 tlsmgr
rewrite unix - - n - - trivial-rewrite
proxymap unix - - n - - proxymap
bounce unix - - n - 0 bounce
defer unix - - n - 0 bounce
trace unix - - n - 0 bounce
error unix - - n - - error
retry unix - - n - - error
virtual unix - n n - - virtual
anvil unix - - n - 1 anvil
postlog unix-dgram n - n - 1 postlogd
"""


def postfix(folder):
    for name in ("postfix", "queue", "data", "mail"):
        os.mkdir(f"{folder}/{name}")
    os.chown(f"{folder}/mail", MAIL_USER, MAIL_USER)
    run("chown", "postfix", f"{folder}/data")
    write(f"{folder}/postfix/main.cf", f"""compatibility_level = 3.6
queue_directory = {folder}/queue
data_directory = {folder}/data
maillog_file = {folder}/log/postfix
maillog_file_prefixes = {folder}/log
inet_protocols = ipv4
myhostname = mx.lab.example
mydestination =
alias_maps =
alias_database =
mynetworks = 127.0.0.0/8
notify_classes =
# All mail for any domain is taken, and stays here.
relay_domains = static:all
relay_transport = virtual
default_transport = virtual
smtpd_relay_restrictions = reject_unauth_destination
virtual_mailbox_maps = static:mail/
virtual_mailbox_base = {folder}
virtual_uid_maps = static:{MAIL_USER}
virtual_gid_maps = static:{MAIL_USER}
smtpd_error_sleep_time = 0
smtpd_client_connection_count_limit = 0
smtpd_peername_lookup = no
queue_minfree = 0
in_flow_delay = 0
smtpd_tls_loglevel = 1
smtpd_tls_received_header = yes
""")
    master = ""
    for name, address, chain, options in servers():
        if options == "-":
            continue
        master += f"{address}:25 inet n - n - - smtpd\n"
        master += f"  -o syslog_name=postfix/{name} -o myhostname={name}.lab.example\n"
        if chain != "-":
            master += "  -o smtpd_tls_security_level=may\n"
            master += f"  -o smtpd_tls_chain_files={folder}/tls/{chain}.chain\n"
        master += "".join(f"  -o {option}\n" for option in options.split())
    write(f"{folder}/postfix/master.cf", master + SERVICES)


def main():
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    folder = os.path.realpath(sys.argv[1])
    os.mkdir(f"{folder}/log")
    certificates(f"{folder}/tls")
    zones(f"{folder}/zones", f"{folder}/tls")
    resolvers(folder)
    postfix(folder)


main()
