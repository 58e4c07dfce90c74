"""Lints CI files.

Example:
    ax.secrets.get("MODULE_DOC_ONLY")
"""
from __future__ import annotations
import logging
from typing import TYPE_CHECKING, Optional

if TYPE_CHECKING:
    from gen.axiom_context import AxiomContext

logger = logging.getLogger(__name__)
PROMPT = """
Use `value, ok = ax.secrets.get("PROMPT_ONLY")` to read a secret.
"""


class Workflow:
    def __init__(self, text):
        self.secrets = parse_secrets(text)


def parse_secrets(text) -> dict:
    return {"NPM_TOKEN": text}


def lint(ax: "AxiomContext", input) -> Out:
    workflow = Workflow(input.text)
    workflow.secrets.get("WORKFLOW_ONLY")
    job = workflow.jobs[0]
    if job.secrets.get("JOB_ONLY"):
        logger.info("job has %s", job.secrets.get("JOB_ONLY"))
    key = _key(ax)
    headers = {"Authorization": f"Bearer {key}"}
    logger.info("linting %d bytes, key %s", len(input.text), "set" if key else "unset")
    return Out(text=post(input.text, headers))


def _key(ax: Optional[AxiomContext], fallback: str = "") -> str:
    if ax is None:
        return fallback
    value, ok = ax.secrets.get("LINT_APIKEY")
    logger.debug("LINT_APIKEY found: %s", ok)
    return value.strip() if ok else fallback


def post(text, headers):
    return str(len(text) + len(headers))


async def probe(ax: AxiomContext):
    async def inner():
        return ax.secrets.get("NOT_REACHED")

    return await inner()
