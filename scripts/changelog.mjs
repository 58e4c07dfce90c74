// CHANGELOG.md in the form of Keep a Changelog: what is unreleased becomes a release.

const UNRELEASED = '## [Unreleased]\n';

/** The changelog with its unreleased part under a version and a date, as in 2026-11-28. @throws Error */
export function released(changelog, version, date) {
  const start = changelog.indexOf(UNRELEASED);
  if (start < 0) throw new Error('CHANGELOG.md has no section [Unreleased]; add one above the last release');
  const rest = changelog.slice(start + UNRELEASED.length);
  const next = rest.search(/^## \[/m);
  const notes = (next < 0 ? rest : rest.slice(0, next)).trim();
  if (notes === '') throw new Error('[Unreleased] in CHANGELOG.md is empty; say what this release brings');
  const older = next < 0 ? '' : `\n${rest.slice(next)}`;
  return `${changelog.slice(0, start)}${UNRELEASED}\n## [${version}] - ${date}\n\n${notes}\n${older}`;
}
