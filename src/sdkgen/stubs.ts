/** The accessors and node hosts that do not vary by package, as source, and how what varies is put into them. */

import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Language } from '../manifest/manifest';

/**
 * The absolute path of sdk-stubs/<language>. The repository (src/sdkgen) and the installed package
 * (dist/sdkgen) keep it at the same distance from this file.
 */
export function stubsDir(language: Language): string {
  return join(__dirname, '..', '..', 'sdk-stubs', language);
}

/** The names of a folder's files in sdk-stubs/<language>, sorted. */
export async function stubNames(language: Language, folder: string): Promise<readonly string[]> {
  const entries = await readdir(join(stubsDir(language), folder), { withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => entry.name)
    .sort();
}

/**
 * A stub's text on its way into a package. What varies is put in at marks: pieces of the stub's own source. A mark
 * that is not there throws, so that a stub and what fills it cannot drift apart unseen.
 */
export class Stub {
  /** `path` as in `sdk-stubs/go/axiom/context.go`. */
  constructor(
    readonly path: string,
    readonly text: string,
  ) {}

  static async read(language: Language, path: string): Promise<Stub> {
    return new Stub(`sdk-stubs/${language}/${path}`, await readFile(join(stubsDir(language), path), 'utf8'));
  }

  has(mark: string | RegExp): boolean {
    return typeof mark === 'string' ? this.text.includes(mark) : this.text.search(mark) >= 0;
  }

  /** `by` in every place of a mark; of a regular expression without `g`, in the first. */
  replace(mark: string | RegExp, by: string): Stub {
    this.require(mark);
    const text =
      typeof mark === 'string' ? this.text.replaceAll(mark, () => by) : this.text.replace(mark, () => by);
    return new Stub(this.path, text);
  }

  /** What begins with the mark. */
  from(mark: string): Stub {
    this.require(mark);
    return new Stub(this.path, this.text.slice(this.text.indexOf(mark)));
  }

  /** What follows the mark. */
  after(mark: string): Stub {
    return new Stub(this.path, this.from(mark).text.slice(mark.length));
  }

  /** What comes before the mark. */
  before(mark: string): Stub {
    this.require(mark);
    return new Stub(this.path, this.text.slice(0, this.text.indexOf(mark)));
  }

  private require(mark: string | RegExp): void {
    if (!this.has(mark)) throw new Error(`${this.path} lacks the mark ${JSON.stringify(String(mark))}`);
  }
}

/** Of the lines of a nested class's source, each but the empty ones one step to the right. */
export function indented(text: string): string {
  return text
    .split('\n')
    .map((line) => (line === '' ? '' : `    ${line}`))
    .join('\n');
}
