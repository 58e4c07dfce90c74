"""Doubles that the tests share. No test itself, for all its name."""

from gen.axiom_context import SecretStatus


class Ctx:
    class _Logger:
        def debug(self, msg, **attrs): ...
        def info(self, msg, **attrs): ...
        def warn(self, msg, **attrs): ...
        def error(self, msg, **attrs): ...

    class _Secrets:
        def __init__(self, values, revoked):
            self.values, self.revoked = values, revoked

        def get(self, name):
            value = self.values.get(name)
            return (value, True) if value is not None else ("", False)

        def status(self, name):
            if name in self.values:
                return SecretStatus.AVAILABLE
            return SecretStatus.REVOKED if name in self.revoked else SecretStatus.UNSET

    def __init__(self, values=None, revoked=()):
        self.log = self._Logger()
        self.secrets = self._Secrets(values or {}, revoked)
        self.execution_id = "test-execution-id"
        self.flow_id = "test-flow-id"
        self.tenant_id = "test-tenant-id"
