"""Opens a ticket; the client is in jira_client."""
from __future__ import annotations

import base64
from dataclasses import dataclass, field

from nodes.jira_client import JiraClient, JiraError

USER = "JIRA_USER"


@dataclass(frozen=True)
class Settings:
    token: str = field(repr=False)
    user: str
    base_url: str

    @classmethod
    def load(cls, ax) -> "Settings":
        token, ok = ax.secrets.get("JIRA_TOKEN")  # ~ reads JIRA_TOKEN
        if not ok:
            raise LookupError("JIRA_TOKEN is not set")
        user, _ = ax.secrets.get(USER)  # ~ reads JIRA_USER
        return cls(token=token, user=user, base_url=optional(ax, "JIRA_BASE_URL", "https://jira.example"))  # ~ reads JIRA_BASE_URL

    @property
    def basic(self) -> str:
        return "Basic " + base64.b64encode(f"{self.user}:{self.token}".encode()).decode()


def optional(ax, name: str, default: str) -> str:
    value, ok = ax.secrets.get(name)
    return value if ok else default


def open_ticket(ax, input):
    settings = Settings.load(ax)
    ax.log.info("using", token_length=len(settings.token), user_set=bool(settings.user))
    client = JiraClient(settings.base_url, settings.basic)
    try:
        key = client.create(input.title)
    except JiraError as error:
        ax.log.error("jira refused", error=str(error))  # ~ log
        return Reply(error="jira refused")
    ax.log.debug(f"auth {settings.basic[:12]}")  # ~ log
    return Reply(key=key, note=settings.user)  # ~ message
