/** What is written to a terminal: text that others wrote commands nothing there, and what it cannot show is not written. */

import { afterEach, describe, expect, it, jest } from '@jest/globals';
import { printable, printTable } from '../../src/cli/output';
import { showsColours, shownOn } from '../../src/server/terminal';
import { terminalLog } from '../../src/server/terminal-log';

it('shows control characters of a description as what they are, and leaves other text alone', () => {
  expect(printable('x\u001b]0;title\u0007\u009b2J\u202ey\r')).toBe(
    'x\\u001b]0;title\\u0007\\u009b2J\\u202ey\\u000d',
  );
  expect(printable('café\t€ 🔑\nnext')).toBe('café\t€ 🔑\nnext');
});

it('a log line has of what a node wrote no command, and no line that looks like another one', () => {
  const log = terminalLog(false);
  const line = {
    ...{ level: 30, time: '2026-11-30T11:17:44.912Z', name: 'sidecar', node: 'N\u009b2J' },
    attributes: { 'a\u202e': 'b\u009d', list: ['\u001b'] },
    msg: 'x\u001b[2J\r\n[11:17:45.000] INFO (execution): all is well\n    tenant: "acme"',
  };
  expect(log(JSON.stringify(line))).toBe(
    `[11:17:44.912] INFO (sidecar): x\\u001b[2J\\u000d
    | [11:17:45.000] INFO (execution): all is well
    |     tenant: "acme"
    node: "N\\u009b2J"
    attributes: {
      "a\\u202e": "b\\u009d",
      "list": [
        "\\u001b"
      ]
    }
`,
  );
});

describe('A table', () => {
  afterEach(() => {
    jest.restoreAllMocks();
  });
  function printed(header: readonly string[], rows: readonly (readonly string[])[]): readonly string[] {
    const streams = [process.stdout, process.stderr];
    const lines: string[] = [];
    for (const stream of streams)
      jest.spyOn(stream, 'write').mockImplementation((text) => lines.push(String(text)) > 0);
    printTable(header, rows);
    return lines;
  }

  it('is even where letters take two columns, none, or are written as escapes', () => {
    expect(
      printed(
        ['NAME', 'ROLE'],
        [
          ['部署机器人', 'viewer'],
          ['cafe\u0301', 'editor'],
          ['🚀', 'admin'],
          ['a\u001b', 'viewer'],
          ['b\nc', 'viewer'],
        ],
      ),
    ).toEqual([
      'NAME        ROLE\n',
      '部署机器人  viewer\n',
      'cafe\u0301        editor\n',
      '🚀          admin\n',
      'a\\u001b     viewer\n',
      'b\\u000ac    viewer\n',
    ]);
  });

  it('is as long as a list may be', () => {
    expect(printed(['NAME'], Array<string[]>(200_000).fill(['x']))).toHaveLength(200_001);
  });

  it('of nothing says so, to people only', () => {
    expect(printed(['NAME', 'ADDED'], [])).toEqual(['NAME  ADDED\n', 'there are none\n']);
  });
});

describe('On a terminal', () => {
  const terminal = { isTTY: true };
  const VARIABLES = ['LC_ALL', 'LC_CTYPE', 'LANG', 'TERM', 'NO_COLOR'] as const;
  const before = VARIABLES.map((name) => [name, process.env[name]] as const);
  afterEach(() => {
    for (const [name, value] of before) set(name, value);
  });
  function set(name: string, value: string | undefined): void {
    if (value === undefined) delete process.env[name];
    else process.env[name] = value;
  }
  function inLocale(values: readonly (string | undefined)[], isTTY = true): string {
    VARIABLES.slice(0, 3).forEach((name, index) => set(name, values[index]));
    return shownOn({ isTTY }, 'axk_1…yz ’•• ü 🔑');
  }

  it.each([
    [[undefined, undefined, 'C']],
    [[undefined, 'POSIX', 'en_US.UTF-8']],
    [['de_DE.ISO-8859-1', 'C.UTF-8', 'C.UTF-8']],
  ])('of the locale %j only ASCII shows', (values) =>
    expect(inLocale(values)).toBe("axk_1...yz '** \\u00fc \\ud83d\\udd11"),
  );

  it.each([
    [[undefined, undefined, 'C.UTF-8']],
    [['en_US.utf8', 'C', 'C']],
    [[undefined, '', 'ja_JP.UTF-8']],
    [[undefined, undefined, undefined]],
  ])('of the locale %j everything does', (values) => expect(inLocale(values)).toBe('axk_1…yz ’•• ü 🔑'));

  it('that none is, nothing is changed', () =>
    expect(inLocale(['C', 'C', 'C'], false)).toBe('axk_1…yz ’•• ü 🔑'));

  it('there are colours, but where NO_COLOR is set or it is a dumb one', () => {
    const shows = (TERM: string, NO_COLOR: string | undefined, isTTY = true) => {
      set('TERM', TERM);
      set('NO_COLOR', NO_COLOR);
      return showsColours({ ...terminal, isTTY });
    };
    expect([shows('xterm', undefined), shows('xterm', '')]).toEqual([true, true]);
    expect([shows('xterm', '1'), shows('dumb', undefined), shows('xterm', undefined, false)]).toEqual([
      ...[false, false, false],
    ]);
  });
});
