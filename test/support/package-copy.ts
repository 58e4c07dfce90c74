/** A copy of a package to generate into, so that the original stays as its author wrote it. */

import { cpSync, lstatSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { LanguageSupport, PackageModel } from '../../src/sdkgen/language';
import { languageSupport } from '../../src/sdkgen/languages';
import { loadPackage } from '../../src/sdkgen/load-package';
import { writeFiles, type WriteResult } from '../../src/sdkgen/write-files';

export class PackageCopy implements Disposable {
  readonly root = mkdtempSync(join(tmpdir(), 'axiom-copy-'));
  /** What generation said to the user. */
  readonly reported: string[] = [];

  /** `source` is a package's folder; what was generated in it is left behind. */
  constructor(source: string) {
    cpSync(source, this.root, {
      recursive: true,
      filter: (path) =>
        !/\/(?:gen|\.axiom|node_modules|target|__pycache__)$/.test(path) && !lstatSync(path).isSocket(),
    });
  }

  /** A path inside the copy. */
  path(...parts: readonly string[]): string {
    return join(this.root, ...parts);
  }

  load(): Promise<PackageModel> {
    return loadPackage(this.root);
  }

  async generate(): Promise<{ model: PackageModel; support: LanguageSupport; result: WriteResult }> {
    const model = await this.load();
    const support = languageSupport(model.manifest.language);
    const report = (line: string) => void this.reported.push(line);
    const result = await writeFiles(this.root, await support.generate(model, report), report);
    return { model, support, result };
  }

  [Symbol.dispose](): void {
    rmSync(this.root, { recursive: true, force: true });
  }
}
