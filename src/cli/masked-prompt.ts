/**
 * Asks for a value on a terminal and shows stars. Several lines that are pasted are taken whole where the terminal marks
 * pastes; where it does not, they are refused and swallowed, so that the shell does not run what follows the first.
 */

import { writeSync } from 'node:fs';
import { constants } from 'node:os';
import { EXIT } from './exit-codes';
import { CliError } from './failure';
import { isDumb, shownOn } from '../server/terminal';
import { printable } from './output';
import { isLineEnds, TypedValue, type Ending } from './typed-value';

const PASTE_MODE = { on: '\x1b[?2004h', off: '\x1b[?2004l' };
const CLEAR_TO_END = '\x1b[K';
/** Nobody types on so soon after Enter; a paste does. */
const PASTE_GOES_ON_MS = 100;
/** What is left of a paste that was refused has come when it is quiet for so long. */
const QUIET_MS = 300;
const MOST_STARS = 24;
/** A stop is done by then; after it, this has long been over. */
const SUSPENDED_MS = 100;
const STDERR = 2;
/** What another program ends the command with: keys send none while the terminal is raw. */
const SIGNALS = ['SIGHUP', 'SIGINT', 'SIGQUIT', 'SIGTERM'] as const;

/** @returns what was entered, without the Enter. @throws CliError where nothing was, or where it is not known what. */
export async function askMasked(prompt: string): Promise<Uint8Array> {
  const { stdin } = process;
  const typed = new TypedValue();
  const ask = `${shownOn(process.stderr, printable(prompt))}: `;
  const isPlain = isDumb();
  // Where a row cannot be written anew, nothing shows of what is typed.
  const draw = isPlain ? () => undefined : () => show(typed, ask);
  const raw = new RawMode(isPlain ? () => write(ask) : draw);
  try {
    const ending = await readUntilEnd(typed, draw, () => raw.suspend());
    if (ending === 'entered' && typed.value.length > 0) return Buffer.from(typed.value);
    if (ending === 'interrupted') raw.leave(128 + constants.signals.SIGINT);
    if (ending === 'lines' || ending === 'too-long') await untilQuiet();
    throw refusal(ending);
  } finally {
    typed.wipe();
    raw.end();
    stdin.pause();
  }
}

function refusal(ending: Ending): CliError {
  if (ending === 'lines')
    return new CliError(
      'several lines came at once and this terminal does not mark what is pasted, so nothing was stored; use --file, or send the value to stdin',
      EXIT.usage,
    );
  if (ending === 'too-long')
    return new CliError('the value is longer than any may be, and nothing was stored', EXIT.usage);
  return new CliError('nothing was entered, and nothing was stored', EXIT.failure);
}

/** The terminal without echo, and the prompt on it, until `end`; also across a stop of the command by Ctrl-Z or a signal. */
class RawMode {
  readonly #begin: () => void;
  readonly #marksPastes = !isDumb();
  #isRaw = false;
  #isOver = false;

  /** @param begin draws the prompt. */
  constructor(begin: () => void) {
    this.#begin = begin;
    process.once('exit', this.end);
    for (const signal of SIGNALS) process.once(signal, this.#terminated);
    process.on('SIGCONT', this.#goOn);
    this.#enter();
  }

  /** Sets the terminal back, once. */
  readonly end = (): void => {
    this.#isOver = true;
    this.#restore();
    process.off('exit', this.end);
    for (const signal of SIGNALS) process.off(signal, this.#terminated);
    process.off('SIGCONT', this.#goOn);
  };

  leave(code: number): never {
    this.end();
    process.exit(code);
  }

  /** As the terminal would do by itself: stops what runs in the foreground. Where no shell could let it go on, nothing stops. */
  suspend(): void {
    this.#restore();
    process.kill(0, 'SIGTSTP');
    setTimeout(this.#goOn, SUSPENDED_MS);
  }

  #enter(): void {
    process.stdin.setRawMode(true);
    if (this.#marksPastes) write(PASTE_MODE.on);
    this.#isRaw = true;
    this.#begin();
  }

  #restore(): void {
    if (!this.#isRaw) return;
    this.#isRaw = false;
    process.stdin.setRawMode(false);
    write(`${this.#marksPastes ? PASTE_MODE.off : ''}\n`);
  }

  /** The shell has used the terminal meanwhile, and may have left it in another mode than it was. */
  readonly #goOn = (): void => {
    if (this.#isOver) return;
    process.stdin.setRawMode(false);
    this.#enter();
  };

  readonly #terminated = (signal: NodeJS.Signals) => this.leave(128 + constants.signals[signal]);
}

function readUntilEnd(typed: TypedValue, draw: () => void, suspend: () => void): Promise<Ending> {
  const { stdin } = process;
  return new Promise((resolve) => {
    let entered: NodeJS.Timeout | undefined;
    const finish = (ending: Ending) => {
      clearTimeout(entered);
      stdin.off('data', onData);
      stdin.off('end', onEnd);
      resolve(ending);
    };
    const onEnd = () => finish('ended');
    const onData = (chunk: Buffer) => {
      if (entered !== undefined) {
        if (isLineEnds(chunk)) return void entered.refresh();
        return finish(chunk[0] === 0x03 ? 'interrupted' : 'lines');
      }
      const ending = typed.take(chunk);
      chunk.fill(0);
      if (ending === 'suspended') return suspend();
      draw();
      if (ending === 'entered') entered = setTimeout(() => finish('entered'), PASTE_GOES_ON_MS);
      else if (ending !== undefined) finish(ending);
    };
    stdin.on('data', onData);
    stdin.once('end', onEnd);
    stdin.resume();
  });
}

/**
 * Stars for one line; for several only how many they are. On one row of the terminal, also where that is narrow: the
 * cursor goes back to the beginning of its own row and no further. A row that is cut begins with `<`.
 */
function show(typed: TypedValue, prompt: string): void {
  const masked =
    typed.lines > 1 ? `[${typed.lines} lines]` : '*'.repeat(Math.min(typed.characters, MOST_STARS));
  const row = [...prompt, ...masked];
  const width = Math.max((process.stderr.columns || 80) - 1, 1);
  write(`\r${row.length > width ? `<${row.slice(1 - width).join('')}` : row.join('')}${CLEAR_TO_END}`);
}

function untilQuiet(): Promise<void> {
  const { stdin } = process;
  return new Promise((resolve) => {
    const done = () => {
      stdin.off('data', onData);
      resolve();
    };
    let quiet = setTimeout(done, QUIET_MS);
    const onData = (chunk: Buffer) => {
      chunk.fill(0);
      clearTimeout(quiet);
      quiet = setTimeout(done, QUIET_MS);
    };
    stdin.on('data', onData);
    stdin.resume();
  });
}

/** At once: the process may end right after. */
function write(text: string): void {
  writeSync(STDERR, text);
}
