"""The logger and the secrets, for handlers written as ``def f(log, secrets, input)``."""

from gen.axiom_context import AxiomLogger, AxiomSecrets, SecretStatus

__all__ = ["AxiomLogger", "AxiomSecrets", "SecretStatus"]
