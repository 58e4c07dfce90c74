/** A package folder made for one test. */

import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

/** A temporary package with the given files; disposing removes it. */
export class PackageFolder implements Disposable {
  readonly root = mkdtempSync(join(tmpdir(), 'axiom-package-'));

  constructor(files: Readonly<Record<string, string>>) {
    for (const [path, contents] of Object.entries(files)) this.write(path, contents);
  }

  write(path: string, contents: string): void {
    const place = join(this.root, path);
    mkdirSync(dirname(place), { recursive: true });
    writeFileSync(place, contents);
  }

  [Symbol.dispose](): void {
    rmSync(this.root, { recursive: true, force: true });
  }
}
