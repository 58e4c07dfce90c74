/** What is wrong with a package's messages: none there, not compiling, not there under a node's name, or with a name that the language refuses. */

import { DomainError } from '../domain/errors';
import type { Manifest } from '../manifest/manifest';
import type { ParsedManifest } from '../manifest/parse';
import { messageProblem, packageMessages } from '../sdkgen/load-package';
import { nameProblems } from '../sdkgen/name-problems';
import type { Finding } from './report/report';

/** How the compiler tells of a mistake: `messages/messages.proto:3:1:syntax error`. */
const DIAGNOSTIC = /^(\S+\.proto):(\d+):(\d+): ?(.*)$/;

/** What compiles them is a process of its own: the answer comes once it is at work, and it goes on beside the caller. */
export function beginMessages(
  root: string,
  manifest: Manifest,
  nodePlaces: ParsedManifest['nodePlaces'],
): Promise<{ readonly findings: Promise<readonly Finding[]> }> {
  return new Promise((resolve) => {
    const begun = (): void => resolve({ findings });
    const findings = messageFindings(root, manifest, nodePlaces, begun);
    findings.then(begun, begun);
  });
}

async function messageFindings(
  root: string,
  manifest: Manifest,
  nodePlaces: ParsedManifest['nodePlaces'],
  begun: () => void,
): Promise<readonly Finding[]> {
  try {
    const { protoFiles, registry } = await packageMessages(root, manifest, begun);
    const refused = nameProblems(manifest.language, registry).map((problem): Finding => ({
      ...problem,
      endColumn: problem.column + 1,
      rule: 'name-refused',
      severity: 'warning',
    }));
    const problems = manifest.nodes.flatMap((node) =>
      (['input', 'output'] as const).flatMap((field): Finding[] => {
        const message = node[field] === '' ? undefined : messageProblem(field, node, manifest, registry);
        const place = nodePlaces.get(node.name) ?? START;
        return message === undefined ? [] : [{ ...place, ...OF_MANIFEST, rule: 'message-unknown', message }];
      }),
    );
    const [first] = problems;
    if (first === undefined || protoFiles.length > 0) return [...refused, ...problems];
    return [{ ...first, rule: 'messages-missing', message: NONE }];
  } catch (error) {
    if (error instanceof DomainError) return broken(error);
    throw error;
  }
}

const START = { line: 1, column: 1, endColumn: 2 };
const OF_MANIFEST = { file: 'axiom.yaml', severity: 'warning' } as const;

const NONE =
  "the package has no .proto file in messages/, so its nodes' messages are not known; define them in messages/messages.proto";

function broken({ message, reason }: DomainError): readonly Finding[] {
  const told = message.split('\n').flatMap((line): Finding[] => {
    const [, file = '', row, column, what = ''] = DIAGNOSTIC.exec(line) ?? [];
    if (file === '') return [];
    const place = { line: Number(row), column: Number(column), endColumn: Number(column) + 1 };
    return [{ ...place, file, rule: 'messages-broken', severity: 'warning', message: what }];
  });
  if (told.length > 0) return told;
  const rule = reason === 'PROTO_INVALID' ? 'messages-broken' : 'messages-unread';
  return [{ ...START, ...OF_MANIFEST, rule, message: message.replaceAll('\n', ' ') }];
}
