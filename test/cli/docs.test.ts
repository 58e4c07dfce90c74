/** docs/cli.md and the program say the same, and each statement of it names the test that shows it. */

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Command, Help, type Option } from 'commander';
import { describe, expect, it } from '@jest/globals';
import { MODULES } from '../../src/cli/commands';
import { AxiomCommand } from '../../src/cli/environment';
import { addLimitOptions, parseDoorLimits, type LimitFlags } from '../../src/cli/serve-limits';
import { EXIT, exitCodeOf } from '../../src/cli/exit-codes';
import type { StatusName } from '../../src/wire/status-error';
import { missingTests, sectionsOf, statementsOf, testsIn } from '../support/statements';
import { ROOT } from './axiom';

const DOCUMENT = readFileSync(join(ROOT, 'docs', 'cli.md'), 'utf8');
const SECTIONS = [...sectionsOf(DOCUMENT).values()];

/** Cells of the rows of the table that has this head. */
function table(head: string): string[][] {
  const rows = DOCUMENT.slice(DOCUMENT.indexOf(head)).split('\n\n')[0] ?? '';
  return rows
    .split('\n')
    .slice(2)
    .filter((row) => row !== '')
    .map((row) => row.split(/(?<!\\)\|/).map((cell) => cell.trim()));
}

function program(): Command {
  const all = new AxiomCommand('axiom');
  for (const { load } of MODULES) load()(all);
  return all;
}

const ALL = program();

/** `secrets add`, with every command above it that does something by itself; without those that help does not show. */
function commandsOf(command: Command, path: readonly string[] = []): string[][] {
  const shown = new Set(new Help().visibleCommands(command));
  const commands = command.commands.filter((one) => shown.has(one));
  return commands.flatMap((one) => {
    const here = [...path, one.name()];
    const isGroup = one.commands.length > 0 && !('_actionHandler' in one && one._actionHandler);
    return [...(isGroup ? [] : [here]), ...commandsOf(one, here)];
  });
}

/** `` `a b\|c` `` is `a b` and `a c`; words in capitals and in brackets are what a person fills in. */
function documented(): string[][] {
  return table('| command | what |').flatMap(([, cell = '']) =>
    [...cell.matchAll(/`([^`]+)`/g)].flatMap(([, words = '']) =>
      words
        .split(' ')
        .filter((word) => !/^[A-Z]+$|^\[/.test(word))
        .map((word) => word.split('\\|'))
        .reduce<string[][]>(
          (paths, words) => paths.flatMap((path) => words.map((word) => [...path, word])),
          [[]],
        ),
    ),
  );
}

/** Whether the words are a command, or one with a choice of its argument. */
function isThere(words: readonly string[]): boolean {
  let command = ALL;
  for (const word of words) {
    const next = command.commands.find((one) => one.name() === word);
    if (next === undefined)
      return command.registeredArguments.some(({ argChoices }) => argChoices?.includes(word));
    command = next;
  }
  return true;
}

/** What `--help` prints of each command. */
function helps(): [command: string, help: string][] {
  return commandsOf(ALL).map((words) => {
    const command = words.reduce<Command>(
      (above, word) => above.commands.find((one) => one.name() === word) ?? above,
      ALL,
    );
    let help = '';
    command.configureOutput({ writeOut: (text) => (help += text) });
    command.outputHelp();
    return [words.join(' '), help];
  });
}

describe('Help', () => {
  it('has examples for every command, once, and that command is in them', () => {
    const without = helps().filter(([command, help]) => {
      const [, examples = '', ...more] = help.split('\nExamples:\n');
      return more.length > 0 || !examples.replaceAll(/[\n;]/g, ' ').includes(`axiom ${command} `);
    });
    expect(without.map(([command]) => command)).toEqual([]);
  });

  it('of a command in a group has no examples of the others', () => {
    const [, replace = ''] = helps().find(([command]) => command === 'secrets replace') ?? [];
    expect(replace.split('\nExamples:\n')[1]).toBe('  axiom secrets replace TLS_KEY --file server.key\n');
  });

  it('names the environment variable of every flag that says where or how, and of no other', () => {
    const bullet = statementsOf(DOCUMENT).find((one) => one.startsWith('- **Only flags act.**')) ?? '';
    const listed = /where and how: ([^]*?) for every command/.exec(bullet)?.[1]?.match(/AXIOM_\w+/g) ?? [];
    // The key itself, which no flag holds.
    const whereAndHow = listed.filter((name) => name !== 'AXIOM_API_KEY');
    expect(whereAndHow).toHaveLength(7);
    const wrong = helps().flatMap(([command, help]) => {
      const section = /\nOptions:\n([\s\S]*?)(?:\n\n|$)/.exec(help)?.[1] ?? '';
      const entries = section.split(/\n?^ {2}(?=-)/m).filter((entry) => entry.startsWith('--'));
      expect([command, entries.length > 0]).toEqual([command, !['completion', 'test'].includes(command)]);
      return entries
        .map((entry) => ({ flag: /^--[a-z-]+/.exec(entry)?.[0] ?? '', text: entry.replace(/\s+/g, ' ') }))
        .filter(({ flag, text }) => {
          const variable = `AXIOM_${flag.slice(2).replaceAll('-', '_').toUpperCase()}`;
          const isExpected = /^(serve|sidecar)\b/.test(command) || whereAndHow.includes(variable);
          return text.includes(`env: ${variable}`) !== isExpected;
        })
        .map(({ flag }) => `${command} ${flag}`);
    });
    expect(wrong).toEqual([]);
  });

  it('is ASCII, for terminals without UTF-8', () => {
    expect(helps().filter(([, help]) => /[^\n -~]/.test(help))).toEqual([]);
  });
});

describe('docs/cli.md', () => {
  it.each(
    SECTIONS.flatMap((section) =>
      statementsOf(section).map((one) => [one.slice(0, 60), one, section] as const),
    ),
  )('says where it is shown: %s', (_start, statement, section) => {
    const last = statementsOf(section).at(-1) ?? '';
    const shared = last.startsWith('Shown by ') ? testsIn(last) : [];
    expect([...testsIn(statement), ...shared]).not.toEqual([]);
  });

  it('names no test that there is not', () => {
    expect(missingTests(DOCUMENT)).toEqual([]);
  });

  it('has every command of the program', () => {
    const known = documented().map((words) => words.join(' '));
    const missing = commandsOf(ALL)
      .map((words) => words.join(' '))
      .filter((words) => !known.some((one) => one === words || one.startsWith(`${words} `)));
    expect(missing).toEqual([]);
  });

  it('says rightly that each list, and all that is deleted or revoked, has its other name', () => {
    const every = (command: Command): Command[] => command.commands.flatMap((one) => [one, ...every(one)]);
    const other = { list: 'ls', delete: 'rm', revoke: 'rm' } as Record<string, string | undefined>;
    const renamed = every(ALL).filter((one) => other[one.name()] !== undefined);
    expect(renamed.length).toBeGreaterThan(8);
    expect(renamed.filter((one) => one.alias() !== other[one.name()])).toEqual([]);
  });

  it('has no command that the program has not', () => {
    expect(documented().length).toBeGreaterThan(50);
    expect(documented().filter((words) => !isThere(words))).toEqual([]);
  });

  it('has no flag that the program has not', () => {
    const flagsOf = (command: Command): string[] => [
      ...command.options.map(({ long }) => long ?? ''),
      ...command.commands.flatMap(flagsOf),
    ];
    const there = new Set([...flagsOf(ALL), '--help', '--env-file', '--omit']); // the last two are node's and npm's
    expect((DOCUMENT.match(/(?<![\w-])--[a-z][a-z-]*/g) ?? []).filter((flag) => !there.has(flag))).toEqual(
      [],
    );
  });

  it('has the exit codes as they are', () => {
    const rows = table('| code | meaning |');
    expect(rows.map(([, code]) => Number(code))).toEqual(Object.values(EXIT));
    const named = rows.flatMap(([, code = '', , statuses = '']) =>
      (statuses.match(/[A-Z_]{3,}/g) ?? []).map((status) => [status, Number(code)] as const),
    );
    expect(named).toEqual(named.map(([status]) => [status, exitCodeOf(status as StatusName)]));
    // Every other status is a plain failure.
    const all: StatusName[] = ['CANCELLED', 'UNKNOWN', 'OUT_OF_RANGE', 'UNIMPLEMENTED', 'INTERNAL'];
    expect(all.map(exitCodeOf)).toEqual(all.map(() => EXIT.failure));
  });
});

describe('docs/operators.md', () => {
  const operators = readFileSync(join(ROOT, 'docs', 'operators.md'), 'utf8');
  const rows = operators.split('\n').filter((line) => line.startsWith('| `--'));

  /** Whether a row of the flag has its default, as 10,000. */
  const hasDefault = ({ long, defaultValue }: Option): boolean =>
    rows
      .map((row) => row.split('|'))
      .filter(([, head = '']) => head.includes(`\`${long}\``))
      .some(([, , text = '']) =>
        text.match(/\d[\d,]*/g)?.includes(Number(defaultValue).toLocaleString('en')),
      );

  /** Every number under its path, `listener.idleMs`. */
  const leaves = (limits: object, above = ''): [string, unknown][] =>
    Object.entries(limits).flatMap(([name, value]: [string, unknown]) =>
      typeof value === 'object' && value !== null
        ? leaves(value, `${above}${name}.`)
        : [[above + name, value] as [string, unknown]],
    );

  it('has a line with the default for each flag that limits the peers of a door, and each limit has a flag', () => {
    const command = new Command('serve');
    addLimitOptions(command);
    const defaults = command.opts<LimitFlags>();
    const before = new Map(leaves(parseDoorLimits(defaults)));
    const changed = command.options.flatMap((option) => {
      expect([option.long, hasDefault(option)]).toEqual([option.long, true]);
      const after = leaves(parseDoorLimits({ ...defaults, [option.attributeName()]: '17' }));
      return after.filter(([name, value]) => before.get(name) !== value).map(([name]) => name);
    });
    // How many bytes the largest requests take follows from how large they may be.
    const withoutFlag = ['calls.bytes', 'calls.members.bytes', 'calls.workloads.bytes'];
    expect([...changed, ...withoutFlag].sort()).toEqual([...before.keys()].sort());
  });

  it('has a line with the default for each budget of a sidecar', () => {
    const sidecar = ALL.commands.find((one) => one.name() === 'sidecar');
    const budgets = sidecar?.options.filter(({ long }) => /^--max-|-memory$/.test(long ?? '')) ?? [];
    const flags = budgets.map(({ long }) => long);
    expect(flags).toEqual(expect.arrayContaining(['--max-calls', '--input-memory', '--secrets-memory']));
    expect(budgets.filter((one) => !hasDefault(one)).map(({ long }) => long)).toEqual([]);
  });
});
