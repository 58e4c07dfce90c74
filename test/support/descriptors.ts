/** Every service of the contract, found by walking the generated files, so that a new one cannot be forgotten. */

import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { DescFile, DescService } from '@bufbuild/protobuf';

const GEN = join(__dirname, '..', '..', 'src', 'gen', 'axiom');

export function contractFiles(): readonly DescFile[] {
  return generatedModules(GEN).flatMap((path) => {
    const exported = Object.values(require(path) as Record<string, unknown>);
    return exported.filter(
      (value): value is DescFile => (value as Partial<DescFile> | undefined)?.kind === 'file',
    );
  });
}

export function contractServices(): readonly DescService[] {
  return contractFiles().flatMap((file) => file.services);
}

function generatedModules(folder: string): string[] {
  return readdirSync(folder).flatMap((name) => {
    const path = join(folder, name);
    return statSync(path).isDirectory() ? generatedModules(path) : path.endsWith('_pb.ts') ? [path] : [];
  });
}
