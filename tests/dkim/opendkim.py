#!/usr/bin/env python3
"""What libopendkim says of messages, and what it signs, for tests/dkim/judges. The program tells of one signature only, and
signs as a milter only; the library under it tells of each.

    opendkim.py verify FOLDER      FOLDER/NAME.signed, FOLDER/records -> a line for each, with a word for each signature
    opendkim.py sign FOLDER KEYS   FOLDER/NAME.eml -> FOLDER/NAME.signed, each with one way to sign"""

import base64
import ctypes
import pathlib
import sys

LIBRARY = ctypes.CDLL("libopendkim.so.11")
# opendkim/dkim.h
OK, SET = 0, 1
FLAGS, QUERY_METHOD, QUERY_INFO, SIGNATURE_TTL, MIN_KEY_BITS = 0, 6, 7, 11, 14
SIGN_LENGTH = 4
QUERY_FILE = 1
RSA_SHA256, ED25519_SHA256 = 1, 2
PASSED, BODY_MATCHES = 4, 0

for name in "dkim_init dkim_sign dkim_verify dkim_geterror".split():
    getattr(LIBRARY, name).restype = ctypes.c_void_p


def options(library, option, value):
    value = value if isinstance(value, bytes) else ctypes.c_uint64(value)
    size = len(value) + 1 if isinstance(value, bytes) else (8 if option == SIGNATURE_TTL else 4)
    pointer = ctypes.c_char_p(value) if isinstance(value, bytes) else ctypes.byref(value)
    status = LIBRARY.dkim_options(library, SET, option, pointer, ctypes.c_size_t(size))
    if status != OK:
        raise SystemExit(f"dkim_options({option}): {status}")


def new():
    return ctypes.c_void_p(LIBRARY.dkim_init(None, None))


def fields_of(header):
    fields = []
    for line in header.split(b"\r\n"):
        if line[:1] in (b" ", b"\t") and fields:
            fields[-1] += b"\r\n" + line
        else:
            fields.append(line)
    return fields


def feed(handle, message):
    """The status at the end of the message, or of what was refused before."""
    header, _, body = message.partition(b"\r\n\r\n")
    for field in fields_of(header.removesuffix(b"\r\n")):
        status = LIBRARY.dkim_header(handle, field, ctypes.c_size_t(len(field)))
        if status != OK:
            return status
    status = LIBRARY.dkim_eoh(handle)
    if status == OK and body:
        status = LIBRARY.dkim_body(handle, body, ctypes.c_size_t(len(body)))
    return status if status != OK else LIBRARY.dkim_eom(handle, None)


def judge(library, message):
    status = ctypes.c_int()
    handle = ctypes.c_void_p(LIBRARY.dkim_verify(library, b"judge", None, ctypes.byref(status)))
    ended = feed(handle, message)
    signatures, count = ctypes.POINTER(ctypes.c_void_p)(), ctypes.c_int()
    words = []
    if LIBRARY.dkim_getsiglist(handle, ctypes.byref(signatures), ctypes.byref(count)) == OK:
        for signature in map(ctypes.c_void_p, signatures[: count.value]):
            LIBRARY.dkim_sig_process(handle, signature)
            flags, body = LIBRARY.dkim_sig_getflags(signature), LIBRARY.dkim_sig_getbh(signature)
            error = LIBRARY.dkim_sig_geterror(signature)
            passed = flags & PASSED and body == BODY_MATCHES and error == 0
            words.append("Pass" if passed else f"error-{error}-body-{body}")
    LIBRARY.dkim_free(handle)
    return words or [f"status-{ended}"]


def verify(folder):
    library = new()
    records = str(folder / "records").encode()
    options(library, MIN_KEY_BITS, 1024)
    options(library, QUERY_METHOD, QUERY_FILE)
    options(library, QUERY_INFO, records)
    for path in sorted(folder.glob("*.signed")):
        print(path.stem, *judge(library, path.read_bytes()), flush=True)


def sign(folder, keys):
    rsa = (keys / "rsa2048.pem").read_bytes()
    ed = (keys / "ed25519.pem").read_bytes()
    plain, short = new(), new()
    options(short, FLAGS, SIGN_LENGTH)
    options(short, SIGNATURE_TTL, 86400)
    for number, path in enumerate(sorted(folder.glob("*.eml"))):
        message = path.read_bytes()
        header, body, with_ed, is_short = (number >> bit & 1 for bit in range(4))
        status = ctypes.c_int()
        # Of a header section in the simple form it makes no signature by Ed25519 that it takes itself.
        header |= with_ed
        key, selector, algorithm = (ed, b"ed", ED25519_SHA256) if with_ed else (rsa, b"rsa", RSA_SHA256)
        handle = ctypes.c_void_p(
            LIBRARY.dkim_sign(short if is_short else plain, b"judge", None, key, selector, b"example.org", header, body,
                              algorithm, ctypes.c_ssize_t(-1), ctypes.byref(status)))
        if not handle or feed(handle, message) != OK:
            print(f"{path.stem}: not signed", file=sys.stderr)
            continue
        value, length = ctypes.c_char_p(), ctypes.c_size_t()
        LIBRARY.dkim_getsighdr_d(handle, ctypes.c_size_t(16), ctypes.byref(value), ctypes.byref(length))
        # It folds with LF and leaves the CR to the milter's library.
        field = b"DKIM-Signature: " + value.value.replace(b"\r\n", b"\n").replace(b"\n", b"\r\n") + b"\r\n"
        path.with_suffix(".signed").write_bytes(field + message)
        LIBRARY.dkim_free(handle)


def main():
    what, folder, *rest = sys.argv[1:]
    {"verify": verify, "sign": sign}[what](pathlib.Path(folder), *map(pathlib.Path, rest))


main()
