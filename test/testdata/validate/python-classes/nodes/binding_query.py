from gen.axiom_context import AxiomContext


def _resolve_secret(ax, slot: str, name: str) -> str:
    value, found = ax.secrets.get(name)
    if found and value and value.strip():
        return value.strip()
    state = ax.secrets.status(name)
    raise ValueError(f"secret {name} (connection.{slot}) is not available ({state})")


def binding_query(ax: AxiomContext, input):
    user = _resolve_secret(ax, "user", input.connection.user_secret)
    password = _resolve_secret(ax, "password", input.connection.password_secret)
    default, _ = ax.secrets.get("PINNED_BY_INSTANCE")
    return run(user, password, default)
