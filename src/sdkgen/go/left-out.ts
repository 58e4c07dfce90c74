/** What is said of a handler in a file that Go leaves out because of the file's name. */

import { builtFor } from './reserved-names';

/** `nodes/run_test.go holds func RunTest, and Go builds …; rename the file, for instance to nodes/run_test_node.go`. */
export function leftOut(node: string, path: string): string {
  const stem = path.slice(path.lastIndexOf('/') + 1, -'.go'.length);
  const folder = path.slice(0, path.lastIndexOf('/') + 1);
  return (
    `${path} holds func ${node}, and ${builds(stem)}; ` +
    `rename the file, for instance to ${folder}${stem}_node.go`
  );
}

function builds(stem: string): string {
  const built = builtFor(stem);
  if (built.kind !== 'some') return 'Go builds a file whose name ends in _test only for tests';
  const { system, architecture } = built;
  const ending = [system, architecture].filter((part) => part !== undefined);
  return `Go builds a file whose name ends in _${ending.join('_')} only for ${ending.join(' on ')}`;
}
