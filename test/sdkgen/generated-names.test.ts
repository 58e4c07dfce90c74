/** Packages whose names are those that generated files use themselves: none of them gets in the way of another. */

import { describe, expect } from '@jest/globals';
import { itWith } from '../support/needs';
import { PackageFolder } from '../support/package-folder';
import { BuiltPackage } from './built-package';
import { echoes } from './echo-packages';

/** Of generated programs, contexts, doubles and tests, and of what they import. */
const HELPERS = `
  agent alloc any axiom axiom_context axiom_host builder conftest consumer context core count_ describe_ descriptor
  documentation_ empty events exception expect flow gen_ greeting host http_request http_url init input_ iterator
  jest_ list_ log logger main map_ message_ messages mock_context mod_ mutation name_ node nodes_ object optional output
  override_ parser path_ pipeline promise_ prost python_ pytest reflection reply_ reset result_ secret_names secrets
  serve service std string_ system task test_context testing_ text_ thread tokio tonic types_ unary unknown_fields value
  vec`
  .trim()
  .split(/\s+/)
  .map((word) => word.replace(/_$/, ''));

const words = { words: HELPERS };

describe('a package that is called as generated files call their own things compiles, runs and passes its tests', () => {
  itWith('python', 'in Python', () => echoes('python', words));
  itWith('go', 'in Go', () => echoes('go', words));
  itWith('typescript', 'in TypeScript', () =>
    echoes('typescript', { ...words, tests: ['nodes/(context|node|promise|messages)_test.ts$'] }),
  );
  itWith('rust', 'in Rust', () => echoes('rust', words));
  itWith('java', 'in Java', () =>
    echoes('java', {
      words: HELPERS.filter((word) => word !== 'descriptor'),
      refusedTypes: ['gen', 'value'],
      refusedValues: ['gen', 'value'],
    }),
  );
});

describe('a Python node that is called as a module of the library', () => {
  itWith('python', 'imports that module, in its tests too', async () => {
    using folder = new PackageFolder({
      'axiom.yaml':
        'name: acme/words\nversion: 1.0.0\nlanguage: python\nnodes:\n  - name: Statistics\n    input: Numbers\n    output: Numbers\n',
      'messages/messages.proto':
        'syntax = "proto3";\npackage acme;\nmessage Numbers { repeated double all = 1; }\n',
      'nodes/statistics.py':
        'from statistics import mean\n\nfrom gen.messages_pb2 import Numbers\n\n\ndef statistics(ax, input: Numbers) -> Numbers:\n    return Numbers(all=[mean([1, *input.all])])\n',
    });
    using built = await BuiltPackage.of('statistics', folder.root);
    expect(await built.test()).toMatchObject({ code: 0, output: expect.stringContaining('2 passed') });
  });
});
