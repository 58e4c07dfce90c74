/** `axiom validate --fix`: names are added to axiom.yaml, everything else stays. */
import { describe, expect, it } from '@jest/globals';
import { addRequiredSecrets } from '../../src/manifest/edit';

const HEAD = 'name: a/b   # the name\nversion: 1.0.0\nlanguage: go\n\nnodes:\n';
const add = (nodes: string, names: Record<string, string[]>) =>
  addRequiredSecrets(HEAD + nodes, new Map(Object.entries(names)))?.slice(HEAD.length);

describe('adding names to required_secrets', () => {
  it('adds to a block list, after its last item and that item’s comment', () => {
    const nodes =
      '  - name: F\n    input: A\n    output: B\n    required_secrets:\n    - X # why X\n    # tail\n  # next\n';
    expect(add(nodes, { F: ['Y', 'Z'] })).toBe(nodes.replace('# why X\n', '# why X\n    - Y\n    - Z\n'));
  });

  it('adds to a flow list, on one line or several, empty or not', () => {
    expect(add('  - {name: F, input: A, output: B, required_secrets: [X]}\n', { F: ['Y'] })).toContain(
      '[X, Y]}',
    );
    expect(add('  - {name: F, input: A, output: B, required_secrets: []}\n', { F: ['Y'] })).toContain('[Y]}');
    expect(
      add('  - name: F\n    input: A\n    output: B\n    required_secrets: [\n      X,\n    ]\n', {
        F: ['Y'],
      }),
    ).toContain('[\n      X, Y\n    ]');
  });

  it('makes the list where there is none', () => {
    const nodes =
      '  - name: F # f\n    output: B # out\n    input: A\n    description: |\n      Long\n\n  - name: G\n    input: A\n    output: B';
    expect(add(nodes, { F: ['Y'], G: ['no'] })).toBe(
      nodes.replace('# out\n', '# out\n    required_secrets:\n      - Y\n') +
        '\n    required_secrets:\n      - "no"',
    );
    expect(add('  - {name: F, input: A, output: B}\n', { F: ['Y'] })).toBe(
      '  - {name: F, input: A, output: B, required_secrets: [Y]}\n',
    );
  });

  it('fills an empty field', () => {
    const nodes = '  - name: F\n    required_secrets: # none yet\n    input: A\n    output: B\n';
    expect(add(nodes, { F: ['Y'] })).toBe(nodes.replace('yet\n', 'yet\n      - Y\n'));
    expect(add(nodes.replace('# none yet', 'null'), { F: ['Y'] })).toContain('required_secrets: [Y]\n');
  });

  it('writes a shared list out for the one node that gains a name', () => {
    const nodes =
      '  - name: F\n    input: A\n    output: B\n    required_secrets: &s [X]\n' +
      '  - name: G\n    input: A\n    output: B\n    required_secrets: *s\n';
    expect(add(nodes, { G: ['Y'] })).toBe(nodes.replace('*s', '[X, Y]'));
    expect(add(nodes, { F: ['Y'] })).toBeUndefined();
  });

  it('keeps Windows line ends', () => {
    const text = (HEAD + '  - name: F\n    input: A\n    output: B\n').replaceAll('\n', '\r\n');
    expect(addRequiredSecrets(text, new Map([['F', ['Y']]]))).toBe(
      `${text}    required_secrets:\r\n      - Y\r\n`,
    );
  });

  it('changes nothing in a broken manifest or when nothing is missing', () => {
    expect(addRequiredSecrets('nodes: [', new Map([['F', ['Y']]]))).toBeUndefined();
    const nodes = '  - {name: F, input: A, output: B, required_secrets: [X]}\n';
    expect(add(nodes, { F: ['X'] })).toBe(nodes);
  });
});
