"""Shared by the nodes: never logs a key."""
import os

ANTHROPIC = "ANTHROPIC_API_KEY"
PROVIDER_KEYS = {"openai": "OPENAI_API_KEY", "mistral": "MISTRAL_API_KEY"}


def safe_secret(ax, name: str, default: str = "") -> str:
    """Wrap ax.secrets.get so a missing-secret path can't raise."""
    try:
        value, ok = ax.secrets.get(name)
    except Exception:
        return default
    return value if ok else default


def build_client(api_key: str):
    return {"key": api_key, "base": os.environ.get("BASE_URL")}


def unused_by_nodes(job):
    return job.secrets.get("CI_JOB_TOKEN")
