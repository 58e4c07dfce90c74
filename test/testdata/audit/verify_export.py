#!/usr/bin/env python3
"""Checks an export of an audit log against a checkpoint, with the standard library only.

    axiom audit export | python3 verify_export.py VERIFIER_KEY CHECKPOINT_FILE

Follows the chain (docs/format.md, "Audit logs"), opens the signed note (https://c2sp.org/signed-note) and compares.
Prints what it found; exits with 1 where something is wrong.
"""
import base64
import hashlib
import json
import sys
from datetime import datetime, timezone

# Ed25519 (RFC 8032, section 5.1), slow and enough to verify one signature.
P = 2**255 - 19
L = 2**252 + 27742317777372353535851937790883648493
D = -121665 * pow(121666, P - 2, P) % P


def recover_x(y, sign):
    xx = (y * y - 1) * pow(D * y * y + 1, P - 2, P)
    x = pow(xx, (P + 3) // 8, P)
    if (x * x - xx) % P != 0:
        x = x * pow(2, (P - 1) // 4, P) % P
    if (x * x - xx) % P != 0:
        raise ValueError("not a point")
    return P - x if x & 1 != sign else x


def decode(point):
    number = int.from_bytes(point, "little")
    y = number & ((1 << 255) - 1)
    x = recover_x(y, number >> 255)
    return (x, y, 1, x * y % P)


def add(a, b):
    e = (a[1] - a[0]) * (b[1] - b[0]) % P
    f = (a[1] + a[0]) * (b[1] + b[0]) % P
    g = 2 * a[3] * b[3] * D % P
    h = 2 * a[2] * b[2] % P
    e, f, g, h = f - e, h - g, h + g, f + e
    return (e * f % P, g * h % P, f * g % P, e * h % P)


def multiply(scalar, point):
    result = (0, 1, 1, 0)
    while scalar:
        if scalar & 1:
            result = add(result, point)
        point, scalar = add(point, point), scalar >> 1
    return result


def equal(a, b):
    return (a[0] * b[2] - b[0] * a[2]) % P == 0 and (a[1] * b[2] - b[1] * a[2]) % P == 0


BASE_Y = 4 * pow(5, P - 2, P) % P
BASE = decode((BASE_Y).to_bytes(32, "little"))


def verify(key, message, signature):
    r, s = signature[:32], int.from_bytes(signature[32:], "little")
    if len(signature) != 64 or s >= L:
        return False
    k = int.from_bytes(hashlib.sha512(r + key + message).digest(), "little") % L
    return equal(multiply(s, BASE), add(decode(r), multiply(k, decode(key))))


def open_note(note, verifier_key):
    name, key_hash, encoded = verifier_key.strip().split("+", 2)
    key = base64.b64decode(encoded)
    assert key[0] == 1 and len(key) == 33, "not an Ed25519 key"
    text, signatures = note.rsplit("\n\n", 1)
    text += "\n"
    for line in signatures.splitlines():
        dash, signer, signature = line.split(" ")
        raw = base64.b64decode(signature)
        if dash == "\u2014" and signer == name and raw[:4].hex() == key_hash:
            if verify(key[1:], text.encode(), raw[4:]):
                return text
    sys.exit("the checkpoint is not signed by this key")


def netstring(field):
    data = str(field).encode()
    return b"%d:%s," % (len(data), data)


def milliseconds(time):
    whole, _, fraction = time.rstrip("Z").partition(".")
    seconds = datetime.strptime(whole, "%Y-%m-%dT%H:%M:%S").replace(tzinfo=timezone.utc).timestamp()
    return int(seconds) * 1000 + int((fraction + "000")[:3])


def hash_of(previous, log, event):
    fields = ["axiom-audit-v2" if "source" in event else "axiom-audit-v1", previous, log]
    fields += [event["sequence"], milliseconds(event["time"]), event["principal"], event["action"]]
    fields += [1 if event["allowed"] else 0, event["door"], event["resource"], event["version"]]
    fields += [event["scope"], event["executionId"], event["node"], event["count"], event["status"]]
    fields += [event["source"]] if "source" in event else []
    return hashlib.sha256(b"".join(netstring(field) for field in fields)).hexdigest()


def main():
    verifier_key, path = sys.argv[1:]
    origin, size, head = open_note(open(path, encoding="utf-8").read(), verifier_key).splitlines()
    log = origin.split("/tenant/")[1] if "/tenant/" in origin else ""
    expected = base64.b64decode(head).hex()
    previous, last, seen = "0" * 64, 0, False
    for line in sys.stdin:
        event = json.loads(line)
        if int(event["sequence"]) != last + 1:
            sys.exit(f"event {last + 1} is missing")
        if event["hash"] != hash_of(previous, log, event):
            sys.exit(f"event {event['sequence']} was changed")
        previous, last = event["hash"], last + 1
        if last == int(size):
            seen = True
            if previous != expected:
                sys.exit(f"event {last} is not the one that the checkpoint tells of")
    if not seen:
        sys.exit(f"the log ends before event {size}")
    print(f"{last} events, as the checkpoint of event {size} says")


main()
