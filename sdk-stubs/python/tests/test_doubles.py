"""Hand-written doubles of the context, in the shapes that packages have."""

from typing import Any, Dict, Tuple

from gen.axiom_context import AxiomContext, SecretStatus
from gen.axiom_logger import AxiomLogger, AxiomSecrets


class _Logger:
    def debug(self, msg: str, **attrs: Any) -> None: ...
    def info(self, msg: str, **attrs: Any) -> None: ...
    def warn(self, msg: str, **attrs: Any) -> None: ...
    def error(self, msg: str, **attrs: Any) -> None: ...


class _Secrets:
    def __init__(self, values: Dict[str, str]) -> None:
        self.values = values

    def get(self, name: str) -> Tuple[str, bool]:
        value = self.values.get(name)
        return (value, True) if value is not None else ("", False)

    def status(self, name: str) -> SecretStatus:
        return SecretStatus.AVAILABLE if name in self.values else SecretStatus.UNSET


class Duck:
    """Only logger, secrets and the ids; its attributes are of its own classes."""

    def __init__(self, values: Dict[str, str]) -> None:
        self.log = _Logger()
        self.secrets = _Secrets(values)
        self.execution_id = "e"
        self.flow_id = "f"
        self.tenant_id = "t"


def greeting(ax: AxiomContext) -> str:
    signature, ok = ax.secrets.get("GREETER_SIGNATURE")
    other, _ = ax.secrets.get("ANY_OTHER_NAME")
    ax.log.info("greeting", ok=ok)
    return f"{signature}{other} in {ax.execution_id}"


def old_greeting(log: AxiomLogger, secrets: AxiomSecrets, name: str) -> str:
    log.info("greeting")
    return f"{name}, {secrets.get('GREETER_SIGNATURE')[0]}"


def test_a_duck_is_a_context() -> None:
    assert greeting(Duck({"GREETER_SIGNATURE": "sig"})) == "sig in e"
    assert old_greeting(_Logger(), _Secrets({"GREETER_SIGNATURE": "sig"}), "Ada") == "Ada, sig"


def test_a_double_may_subclass_the_protocol_and_set_its_attributes() -> None:
    def init(self: Any) -> None:
        Duck.__init__(self, {"GREETER_SIGNATURE": "sub"})

    subclass = type("Subclass", (AxiomContext,), {"__init__": init})
    assert greeting(subclass()) == "sub in e"
