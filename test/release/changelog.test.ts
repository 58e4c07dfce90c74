/** A release moves what the changelog calls unreleased under its version. */

import { expect, it } from '@jest/globals';
import { released } from '../../scripts/changelog.mjs';

const OLDER = '## [0.1.0] - 2026-11-01\n\n### Added\n\n- The service.\n';

it('dates what was unreleased and leaves an empty section above it', () => {
  const before = `# Changelog\n\n## [Unreleased]\n\n### Fixed\n\n- A fault.\n\n${OLDER}`;
  expect(released(before, '0.2.0', '2026-11-28')).toBe(
    `# Changelog\n\n## [Unreleased]\n\n## [0.2.0] - 2026-11-28\n\n### Fixed\n\n- A fault.\n\n${OLDER}`,
  );
});

it('takes the first release too', () => {
  expect(released('# Changelog\n\n## [Unreleased]\n\n- All of it.\n', '0.1.0', '2026-11-01')).toBe(
    '# Changelog\n\n## [Unreleased]\n\n## [0.1.0] - 2026-11-01\n\n- All of it.\n',
  );
});

it.each([
  ['nothing is unreleased', `# Changelog\n\n## [Unreleased]\n\n${OLDER}`, /is empty/],
  ['there is no such section', `# Changelog\n\n${OLDER}`, /has no section/],
])('is refused where %s', (_what, changelog, reason) => {
  expect(() => released(changelog, '0.2.0', '2026-11-28')).toThrow(reason);
});
