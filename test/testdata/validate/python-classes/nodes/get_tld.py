from nodes.store import Store


def get_tld(ax, input):
    lookup = {"name": "x"}
    get = ax.secrets.get
    key, ok = get("WHOIS_KEY")
    if not (backup := ax.secrets.get("WHOIS_BACKUP_KEY")[0]):
        backup = lookup.get("name")
    for name in ("WHOIS_A", "WHOIS_B"):
        ax.secrets.get(name)
    getattr(ax, "secrets").get("WHOIS_C")
    return [ax.secrets.get(n) for n in input.names]
