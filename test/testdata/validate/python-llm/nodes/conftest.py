from gen.axiom_context import AxiomContext


class Ctx:
    def __init__(self, secrets_map):
        self.secrets = Secrets(secrets_map)


class Secrets:
    def __init__(self, values):
        self.values = values

    def get(self, name):
        return self.values.get(name, ""), name in self.values


def prime(ax: AxiomContext):
    return ax.secrets.get("CONFTEST_ONLY")
