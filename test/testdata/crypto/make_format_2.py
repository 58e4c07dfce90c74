"""Makes format-2.json with Tink for Python: values sealed in format version 2 as docs/format.md tells it, and values
with one fault each, which must not open. README.md tells the form."""

import json
import os
import struct

import tink
from tink import hybrid
from tink import secret_key_access
from tink.proto import hpke_pb2
from tink.proto import tink_pb2

SEAL_ID = bytes(range(16))
PLACE = {"tenantId": "acme", "scope": "tenant", "name": "API_KEY"}
VALUE = "sk-live-ünï 🔑\n".encode()


def hpke_keyset():
    key_format = hpke_pb2.HpkeKeyFormat(
        params=hpke_pb2.HpkeParams(
            kem=hpke_pb2.DHKEM_P256_HKDF_SHA256, kdf=hpke_pb2.HKDF_SHA256, aead=hpke_pb2.AES_256_GCM
        )
    )
    return tink.new_keyset_handle(
        tink_pb2.KeyTemplate(
            type_url="type.googleapis.com/google.crypto.tink.HpkePrivateKey",
            value=key_format.SerializeToString(),
            output_prefix_type=tink_pb2.TINK,
        )
    )


def binding(kind, version, *fields):
    fields = (kind, struct.pack(">I", version)) + fields
    return b"".join(struct.pack(">I", len(field)) + field for field in fields)


def info(kind=b"axiom.secret", version=2, seal_id=SEAL_ID, **place):
    place = {**PLACE, **place}
    return binding(
        kind, version, place["tenantId"].encode(), place["scope"].encode(), place["name"].encode(), seal_id
    )


def padded_length(length):
    marked = length + 1
    if marked <= 64:
        return 64
    exponent = marked.bit_length() - 1
    step = 1 << (exponent - exponent.bit_length())
    return -(-marked // step) * step


def pad(value):
    return (value + b"\x80").ljust(padded_length(len(value)), b"\0")


def flipped(ciphertext, at):
    return ciphertext[:at] + bytes([ciphertext[at] ^ 1]) + ciphertext[at + 1 :]


def make():
    own, other = hpke_keyset(), hpke_keyset()
    sealer = own.public_keyset_handle().primitive(hybrid.HybridEncrypt)
    seal = sealer.encrypt
    good = seal(pad(VALUE), info())
    foreign = other.public_keyset_handle().primitive(hybrid.HybridEncrypt).encrypt(pad(VALUE), info())
    end = len(VALUE)
    valid = [
        {**PLACE, "sealId": SEAL_ID.hex(), "value": value.hex(), "ciphertext": seal(pad(value), info()).hex()}
        for value in (VALUE, b"v", b"x" * 63, b"x" * 64, b"ends with zeros\0\0", b"x" * 999)
    ] + [
        {
            **PLACE,
            **place,
            "sealId": seal_id.hex(),
            "value": VALUE.hex(),
            "ciphertext": seal(pad(VALUE), info(seal_id=seal_id, **place)).hex(),
        }
        for place, seal_id in (({"scope": "config:cfg_1"}, os.urandom(16)), ({"name": "db.password-2"}, SEAL_ID))
    ]
    faults = {
        "bound to another tenant": seal(pad(VALUE), info(tenantId="acmf")),
        "bound to another scope": seal(pad(VALUE), info(scope="config:cfg_1")),
        "bound to another name": seal(pad(VALUE), info(name="API_KEZ")),
        "bound to another seal id": seal(pad(VALUE), info(seal_id=bytes(16))),
        "bound to a seal id of 15 bytes": seal(pad(VALUE), info(seal_id=SEAL_ID[:15])),
        "bound as format version 1": seal(pad(VALUE), info(version=1)),
        "bound as format version 3": seal(pad(VALUE), info(version=3)),
        "bound as another kind": seal(pad(VALUE), info(kind=b"axiom.bundle")),
        "bound to the version of format 1": seal(
            pad(VALUE), binding(b"axiom.secret", 2, b"acme", b"tenant", b"API_KEY", struct.pack(">Q", 1))
        ),
        "bound without lengths of fields": seal(
            pad(VALUE), b"axiom.secret" + struct.pack(">I", 2) + b"acmetenantAPI_KEY" + SEAL_ID
        ),
        "bound to nothing": seal(pad(VALUE), b""),
        "not padded": seal(VALUE, info()),
        "padded without an end mark": seal(VALUE.ljust(64, b"\0"), info()),
        "padded with another end mark": seal((VALUE + b"\x81").ljust(64, b"\0"), info()),
        "padded with a byte that is not zero": seal(pad(VALUE)[:-1] + b"\x01", info()),
        "padded by one byte too few": seal(pad(VALUE)[:-1], info()),
        "padded by one byte too many": seal(pad(VALUE) + b"\0", info()),
        "padded to the next size": seal((VALUE + b"\x80").ljust(72, b"\0"), info()),
        "padded in front": seal((b"\x80" + VALUE).rjust(64, b"\0"), info()),
        "zeros only": seal(bytes(64), info()),
        "an empty value": seal(pad(b""), info()),
        "a value that is not UTF-8": seal(pad(b"\xc3\x28"), info()),
        "a value of half a character": seal(pad("ü".encode()[:1]), info()),
        "sealed to another key": foreign,
        "sealed to another key, with our key's prefix": good[:5] + foreign[5:],
        "with another key's prefix": foreign[:5] + good[5:],
        "without a prefix": good[5:],
        "with a prefix that starts with 0": b"\0" + good[1:],
        "with a bit of the key id flipped": flipped(good, 4),
        "with a bit of the encapsulated key flipped": flipped(good, 20),
        "with the encapsulated key's form changed": good[:5] + b"\x02" + good[6:],
        "with a bit of the ciphertext flipped": flipped(good, 75),
        "with a bit of the padding's ciphertext flipped": flipped(good, 70 + end + 3),
        "with a bit of the tag flipped": flipped(good, len(good) - 1),
        "without its last byte": good[:-1],
        "with a byte more": good + b"\0",
        "the encapsulated key alone": good[:70],
        "the prefix alone": good[:5],
        "nothing": b"",
    }
    serialize = tink.proto_keyset_format.serialize
    return {
        "madeBy": "make_format_2.py",
        "privateKeyset": serialize(own, secret_key_access.TOKEN).hex(),
        "valid": valid,
        "invalid": [
            {"fault": fault, **PLACE, "sealId": SEAL_ID.hex(), "ciphertext": ciphertext.hex()}
            for fault, ciphertext in faults.items()
        ],
    }


hybrid.register()
print(json.dumps(make(), indent=1, ensure_ascii=False))
