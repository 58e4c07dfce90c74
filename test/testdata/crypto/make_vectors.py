"""Makes test vectors with Tink for Python, and opens those of others.

`make` writes vectors to stdout, `open` reads vectors from stdin and writes what it could open.
README.md tells the form.
"""

import io
import json
import sys

import tink
from tink import aead, hybrid, mac, secret_key_access, signature
from tink.proto import hpke_pb2, tink_pb2

PLAINTEXT = "sk-test-🔑\nsecond line".encode()
BOUND = b"bound to this"


def hpke_template(prefix):
    """The suite that Tink's languages share; Python has no ready template of it."""
    params = hpke_pb2.HpkeParams(
        kem=hpke_pb2.DHKEM_P256_HKDF_SHA256, kdf=hpke_pb2.HKDF_SHA256, aead=hpke_pb2.AES_256_GCM
    )
    return tink_pb2.KeyTemplate(
        type_url="type.googleapis.com/google.crypto.tink.HpkePrivateKey",
        value=hpke_pb2.HpkeKeyFormat(params=params).SerializeToString(),
        output_prefix_type=prefix,
    )


def with_prefix(template, prefix):
    changed = tink_pb2.KeyTemplate()
    changed.CopyFrom(template)
    changed.output_prefix_type = prefix
    return changed


def serialize(handle):
    return tink.proto_keyset_format.serialize(handle, secret_key_access.TOKEN)


def parse(serialized):
    return tink.proto_keyset_format.parse(serialized, secret_key_access.TOKEN)


def joined(first, second):
    """A keyset with the keys of both; the second's is primary."""
    keyset = tink_pb2.Keyset.FromString(serialize(first))
    other = tink_pb2.Keyset.FromString(serialize(second))
    keyset.key.extend(other.key)
    keyset.primary_key_id = other.primary_key_id
    return parse(keyset.SerializeToString())


def cases(template):
    """By note: the keyset that seals and the keyset that opens."""
    first = tink.new_keyset_handle(template(tink_pb2.TINK))
    second = tink.new_keyset_handle(template(tink_pb2.TINK))
    raw = tink.new_keyset_handle(template(tink_pb2.RAW))
    return [
        ("one key", first, first),
        ("sealed before the new key took over", first, joined(first, second)),
        ("sealed by the new key", joined(first, second), joined(first, second)),
        ("beside a key without prefix", first, joined(first, raw)),
        ("a key without prefix", raw, joined(first, raw)),
    ]


def make():
    hybrids, aeads, macs = [], [], []
    for note, sealing, opening in cases(hpke_template):
        public = sealing.public_keyset_handle()
        ciphertext = public.primitive(hybrid.HybridEncrypt).encrypt(PLAINTEXT, BOUND)
        hybrids.append({
            "note": note,
            "privateKeyset": serialize(opening).hex(),
            "publicKeyset": serialize(public).hex(),
            "contextInfo": BOUND.hex(),
            "plaintext": PLAINTEXT.hex(),
            "ciphertext": ciphertext.hex(),
        })
    for note, sealing, opening in cases(lambda p: with_prefix(aead.aead_key_templates.AES256_GCM, p)):
        aeads.append({
            "note": note,
            "keyset": serialize(opening).hex(),
            "associatedData": BOUND.hex(),
            "plaintext": PLAINTEXT.hex(),
            "ciphertext": sealing.primitive(aead.Aead).encrypt(PLAINTEXT, BOUND).hex(),
        })
    for note, sealing, opening in cases(lambda p: with_prefix(mac.mac_key_templates.HMAC_SHA256_256BITTAG, p)):
        macs.append({
            "note": note,
            "keyset": serialize(opening).hex(),
            "data": PLAINTEXT.hex(),
            "mac": sealing.primitive(mac.Mac).compute_mac(PLAINTEXT).hex(),
        })
    signing = tink.new_keyset_handle(signature.signature_key_templates.ECDSA_P256)
    kek = tink.new_keyset_handle(aead.aead_key_templates.AES256_GCM)
    encrypted = tink.proto_keyset_format.serialize_encrypted(signing, kek.primitive(aead.Aead), BOUND)
    return {
        "madeBy": "tink-py",
        "hybrid": hybrids,
        "aead": aeads,
        "mac": macs,
        "signature": [{
            "note": "one key",
            "privateKeyset": serialize(signing).hex(),
            "publicKeyset": serialize(signing.public_keyset_handle()).hex(),
            "message": PLAINTEXT.hex(),
            "signature": signing.primitive(signature.PublicKeySign).sign(PLAINTEXT).hex(),
        }],
        "encryptedKeysets": [{
            "note": "one key",
            "kek": serialize(kek).hex(),
            "associatedData": BOUND.hex(),
            "encryptedKeyset": encrypted.hex(),
            "keyset": serialize(signing).hex(),
        }],
    }


def opens_hybrid(v):
    return parse(v["privateKeyset"]).primitive(hybrid.HybridDecrypt).decrypt(
        v["ciphertext"], v["contextInfo"]
    ) == v["plaintext"]


def opens_aead(v):
    return parse(v["keyset"]).primitive(aead.Aead).decrypt(v["ciphertext"], v["associatedData"]) == v["plaintext"]


def verifies_mac(v):
    parse(v["keyset"]).primitive(mac.Mac).verify_mac(v["mac"], v["data"])
    return True


def verifies_signature(v):
    parse(v["publicKeyset"]).primitive(signature.PublicKeyVerify).verify(v["signature"], v["message"])
    return True


def unwraps(v):
    kek = parse(v["kek"]).primitive(aead.Aead)
    handle = tink.proto_keyset_format.parse_encrypted(v["encryptedKeyset"], kek, v["associatedData"])
    return serialize(handle) == serialize(parse(v["keyset"]))


def each(vectors, opens):
    answers = []
    for vector in vectors:
        decoded = {name: bytes.fromhex(text) for name, text in vector.items() if name != "note"}
        try:
            answers.append(opens(decoded))
        except tink.TinkError:
            answers.append(False)
    return answers


def open_all(vectors):
    return {
        "hybrid": each(vectors["hybrid"], opens_hybrid),
        "aead": each(vectors["aead"], opens_aead),
        "mac": each(vectors["mac"], verifies_mac),
        "signature": each(vectors["signature"], verifies_signature),
        "encryptedKeysets": each(vectors["encryptedKeysets"], unwraps),
    }


def main(arguments):
    for area in (aead, hybrid, mac, signature):
        area.register()
    if arguments == ["make"]:
        answer = make()
    elif arguments == ["open"]:
        answer = open_all(json.load(io.TextIOWrapper(sys.stdin.buffer, "utf-8")))
    else:
        sys.exit("usage: make | open")
    print(json.dumps(answer, indent=2))


if __name__ == "__main__":
    main(sys.argv[1:])
