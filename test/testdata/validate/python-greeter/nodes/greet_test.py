from nodes.greet import greet


class FakeSecrets:
    def get(self, name):
        return {"TEST_ONLY": "x"}.get(name, ""), True


def test_greet(ax):
    ax.secrets.get("TEST_ONLY")
    assert greet(ax, None)
