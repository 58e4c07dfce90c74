"""Prints what a package's pyproject.toml depends on, one requirement a line, as pip reads them."""

import sys
from typing import Any, Dict, List

#: Groups that a package's tests may need.
_TEST_GROUPS = ("dev", "test", "tests", "testing")


def dependencies(project_file: Dict[str, Any]) -> List[str]:
    """[project].dependencies, then the test groups among its optional ones and [dependency-groups]."""
    project = project_file.get("project", {})
    found = list(project.get("dependencies", []))
    for groups in (project.get("optional-dependencies", {}), project_file.get("dependency-groups", {})):
        for name in _TEST_GROUPS:
            found += [item for item in groups.get(name, []) if isinstance(item, str)]
    return found


def main(path: str) -> None:
    if sys.version_info >= (3, 11):
        import tomllib
    else:
        from pip._vendor import tomli as tomllib
    with open(path, "rb") as file:
        print("\n".join(dependencies(tomllib.load(file))))


if __name__ == "__main__":
    main(sys.argv[1])
