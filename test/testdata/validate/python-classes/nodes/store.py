from dataclasses import dataclass


@dataclass
class Credentials:
    user: str
    password: str


class Store:
    PREFIX = "PG"

    def __init__(self, ax, password_name):
        self._ax = ax
        self._password_name = password_name

    def open(self, dsn):
        password, _ = self._ax.secrets.get(self._password_name)
        tenant, _ = self._ax.secrets.get(f"{self.PREFIX}_TENANT")
        return connect(dsn, Credentials("app", password), tenant)

    def get(self, name):
        return self.cache.get(name)
