"""Makes signed-rows.json with Tink for Python: rows signed as docs/format.md tells it ("Signed rows"), and rows with
one fault each, which no signature fits. README.md tells the form."""

import copy
import hashlib
import json
import os
import struct

import tink
from tink import secret_key_access
from tink import signature

SEAL_ID = {"hex": bytes(range(16)).hex()}
CIPHERTEXT = bytes(range(200))
TIME = 1_780_000_000_000

# Columns in the order in which they are signed.
ROWS = {
    "secrets": {
        "tenant_id": "acme", "scope": "tenant", "name": "API_KEY", "version": 7, "seal_id": SEAL_ID,
        "padded_bytes": 64, "create_time": TIME, "update_time": TIME + 1, "ciphertext_length": len(CIPHERTEXT),
    },
    "scopes": {
        "tenant_id": "acme", "scope": "config:0123", "revision": 2**33 + 1, "names": 2, "bytes": 128,
        "digest": {"hex": hashlib.sha256(b"entries").hexdigest()},
    },
    "revocations": {
        "tenant_id": "acme", "scope": "tenant", "name": "API_KEY", "up_to_revision": 6, "revoke_time": TIME,
    },
    "flow_configs": {
        "tenant_id": "acme", "config_id": "0123", "flow_id": "flow", "profile_name": "default",
        "node_timeout_seconds": 30, "create_time": TIME, "update_time": TIME, "revision": 2,
    },
    "tenant_defaults": {"tenant_id": "acme", "node_timeout_seconds": None, "revision": 1},
    "api_keys": {
        "key_id": "k1", "tenant_id": "acme", "display_name": "Zoë’s 🔑", "role": "admin", "key_hash": "00ff",
        "masked_key": "axk_…", "create_time": TIME, "expire_time": TIME + 1, "revoke_time": None,
    },
    "sessions": {
        "session_hash": "00ff", "tenant_id": "acme", "role": "viewer", "principal": "api-key:k1",
        "display_name": "Zoë", "api_key_id": None, "create_time": TIME, "expire_time": TIME + 1,
        "role_claims": None,
    },
    "handles": {"handle": "my-org", "tenant_id": "acme"},
    "tenants": {"tenant_id": "acme", "display_name": "Acme", "create_time": TIME},
    "tenant_keys": {
        "tenant_id": "acme", "keys_revision": 1, "public_keyset": {"hex": "01"},
        "public_keyset_signature": {"hex": "02"}, "wrapped_private_keyset": {"hex": "03"},
        "wrapped_bundle_keyset": {"hex": "04"}, "create_time": TIME,
    },
}


def field(value):
    if value is None:
        return b""
    if isinstance(value, str):
        return value.encode()
    return struct.pack(">Q", value) if isinstance(value, int) else bytes.fromhex(value["hex"])


def statement(table, row, content, kind=b"axiom.row", version=1):
    fields = [kind, struct.pack(">I", version), table.encode(), *map(field, row.values())]
    if content is not None:
        fields.append(hashlib.sha256(content).digest())
    return b"".join(struct.pack(">I", len(one)) + one for one in fields)


def changed(value):
    """Another value of the same column."""
    if value is None:
        return 1
    if isinstance(value, str):
        return value + "x"
    if isinstance(value, int):
        return value + 1
    return {"hex": (bytes.fromhex(value["hex"]) + b"\1").hex()}


def main():
    signature.register()
    keyset = tink.new_keyset_handle(signature.signature_key_templates.ECDSA_P256)
    other = tink.new_keyset_handle(signature.signature_key_templates.ECDSA_P256)

    def vector(table, row, content, signed, key=keyset, fault=None):
        made = {"table": table, "row": row, "statement": signed.hex()}
        if content is not None:
            made["content"] = content.hex()
        made["signature"] = key.primitive(signature.PublicKeySign).sign(signed).hex()
        return made if fault is None else {"fault": fault, **made}

    good, bad = [], []
    for table, row in ROWS.items():
        content = CIPHERTEXT if table == "secrets" else None
        signed = statement(table, row, content)
        one = vector(table, row, content, signed)
        good.append(one)
        for column in row:
            wrong = copy.deepcopy(one)
            wrong["row"][column] = changed(row[column])
            bad.append({"fault": "another " + column, **wrong})
        if content is not None:
            bad.append({"fault": "another ciphertext", **one, "content": (content[:-1] + b"\0").hex()})
        bad.append(vector(table, row, content, signed, other, "signed with another key"))
        for fault, what in (("of another kind", {"kind": b"axiom.entry"}), ("of another version", {"version": 2})):
            bad.append(vector(table, row, content, statement(table, row, content, **what), fault=fault))
        bad.append({"fault": "without a signature", **one, "signature": ""})

    def serialize(handle):
        return tink.proto_keyset_format.serialize(handle, secret_key_access.TOKEN)

    vectors = {
        "madeBy": "tink-py",
        "privateKeyset": serialize(keyset).hex(),
        "publicKeyset": serialize(keyset.public_keyset_handle()).hex(),
        "signed": good,
        "notSigned": bad,
    }
    path = os.path.join(os.path.dirname(os.path.abspath(__file__)), "signed-rows.json")
    with open(path, "w", encoding="utf-8") as file:
        json.dump(vectors, file, indent=1, ensure_ascii=False)
        file.write("\n")


if __name__ == "__main__":
    main()
