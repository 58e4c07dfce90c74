"""What is read from a package's pyproject.toml."""

from project_dependencies import dependencies


def test_dependencies_and_those_of_tests() -> None:
    project_file = {
        "project": {
            "dependencies": ["httpx>=0.27"],
            "optional-dependencies": {"test": ["respx"], "docs": ["sphinx"]},
        },
        "dependency-groups": {"dev": ["pytest-asyncio", {"include-group": "lint"}], "lint": ["ruff"]},
    }
    assert dependencies(project_file) == ["httpx>=0.27", "respx", "pytest-asyncio"]


def test_none_are_none() -> None:
    assert dependencies({}) == []
    assert dependencies({"tool": {"ruff": {}}}) == []
