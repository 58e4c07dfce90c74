import { afterEach, describe, expect, it } from '@jest/globals';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { loadPackage } from '../../src/sdkgen/load-package';
import { messageFromJson, messageToJson } from '../../src/sdkgen/messages-json';
import { PackageFolder } from '../support/package-folder';

const GREETER = {
  'axiom.yaml': `name: my-org/greeter
version: 0.1.0
language: python
nodes:
  - name: Greet
    input: GreetRequest
    output: my_org.greeter.GreetReply
    required_secrets: [GREETER_SIGNATURE, A_KEY]
`,
  'messages/messages.proto': `syntax = "proto3";
package my_org.greeter;
import "google/protobuf/timestamp.proto";
message GreetRequest { string name = 1; }
message GreetReply { string greeting = 1; google.protobuf.Timestamp at = 2; }
`,
};

let folder: PackageFolder | undefined;

function packageOf(files: Readonly<Record<string, string>>): PackageFolder {
  folder = new PackageFolder(files);
  return folder;
}

afterEach(() => {
  folder?.[Symbol.dispose]();
  folder = undefined;
});

describe('axiom finds the package by walking up to axiom.yaml', () => {
  it('reads nodes, their messages by simple and by qualified name, and the declared secrets', async () => {
    const { root } = packageOf(GREETER);
    mkdirSync(join(root, 'nodes', 'deep'), { recursive: true });
    const model = await loadPackage(join(root, 'nodes', 'deep'));
    expect(model.root).toBe(root);
    expect(model.protoFiles).toEqual(['messages/messages.proto']);
    expect(model.declaredSecrets).toEqual(['A_KEY', 'GREETER_SIGNATURE']);
    expect(model.nodes.map((n) => [n.snakeName, n.input.typeName, n.output.typeName])).toEqual([
      ['greet', 'my_org.greeter.GreetRequest', 'my_org.greeter.GreetReply'],
    ]);
  });

  it('takes a handler file that spells every capital of an acronym as a word of its own', async () => {
    const { root } = packageOf({
      ...GREETER,
      'axiom.yaml': `${GREETER['axiom.yaml'].replace('name: Greet\n', 'name: SQLGreet\n')}  - name: HTTPGreet
    input: GreetRequest
    output: GreetReply
  - name: GetTLD
    input: GreetRequest
    output: GreetReply
`,
      'nodes/s_q_l_greet.py': 'def s_q_l_greet(ax, input): ...',
      'nodes/h_t_t_p_greet.py': 'def h_t_t_p_greet(ax, input): ...',
      'nodes/http_greet.py': 'def http_greet(ax, input): ...',
    });
    const names = (await loadPackage(root)).nodes.map((node) => node.snakeName);
    expect(names).toEqual(['s_q_l_greet', 'http_greet', 'get_tld']);
  });

  it('reads messages without a Protobuf package', async () => {
    const { root } = packageOf({
      ...GREETER,
      'axiom.yaml': GREETER['axiom.yaml'].replace('my_org.greeter.', ''),
      'messages/messages.proto': 'syntax = "proto3"; message GreetRequest {} message GreetReply {}',
    });
    expect((await loadPackage(root)).nodes[0]?.output.typeName).toBe('GreetReply');
  });

  it('says so where no folder above holds axiom.yaml', async () => {
    const { root } = packageOf({});
    await expect(loadPackage(root)).rejects.toThrow(/no axiom\.yaml in .* or above it/);
  });

  it('names line and column of a manifest that cannot be read', async () => {
    const { root } = packageOf({ 'axiom.yaml': 'name: my-org/greeter\nversion: 0.1.0\nlanguage: cobol\n' });
    await expect(loadPackage(root)).rejects.toThrow(/^axiom\.yaml:3:11: /);
  });

  it('gives a proto-only package without nodes its messages', async () => {
    const { root } = packageOf({
      'axiom.yaml': 'name: my-org/types\nversion: 0.1.0\nlanguage: go\ntype: proto-only\n',
      'messages/messages.proto': GREETER['messages/messages.proto'],
    });
    const model = await loadPackage(root);
    expect(model.nodes).toEqual([]);
    expect(model.registry.getMessage('my_org.greeter.GreetReply')).toBeDefined();
  });

  it('serves no generic node that leaves its messages to an instance', async () => {
    const { root } = packageOf({
      'axiom.yaml':
        'name: my-org/echo\nversion: 0.1.0\nlanguage: go\nnodes:\n  - name: Echo\n    kind: generic\n',
    });
    expect((await loadPackage(root)).nodes).toEqual([]);
  });
});

describe('Messages of other packages are vendored under imports/<package>/<version>/', () => {
  const imported = (extra: string) => `syntax = "proto3";
package your_org.types;
message Pulse { string text = 1; }
${extra}`;
  const files = {
    'axiom.yaml': `name: my-org/beat
version: 0.1.0
language: python
nodes:
  - name: Beat
    input: Pulse
    output: Beaten
imports:
  - package: your-org/types
    version: 0.2.0
    messages: [Pulse]
`,
    'messages/messages.proto': `syntax = "proto3";
package my_org.beat;
import "your-org-types/0.2.0/messages.proto";
message Beaten { your_org.types.Pulse pulse = 1; }
`,
    'imports/your-org-types/0.1.0/messages.proto': imported(''),
    'imports/your-org-types/0.2.0/messages.proto': imported('message New {}'),
  };

  it('takes the version that axiom.yaml imports, and resolves import statements of any root', async () => {
    const { root } = packageOf(files);
    const model = await loadPackage(root);
    expect(model.protoFiles).toEqual([
      'messages/messages.proto',
      'imports/your-org-types/0.2.0/messages.proto',
    ]);
    expect(model.nodes[0]?.input.typeName).toBe('your_org.types.Pulse');
    expect(model.registry.getMessage('your_org.types.New')).toBeDefined();
  });

  it('takes one of several files that each hold the whole imported package', async () => {
    const { root } = packageOf({
      ...files,
      'imports/your-org-types/0.2.0/pulse.proto': imported('/* message New { */ // message New {'),
      'imports/your-org-types/0.2.0/other.proto': imported('message Other { message New {} Pulse p = 1; }'),
      'imports/your-org-types/0.2.0/messages.proto': imported(
        'message New {} message Other { Pulse p = 1; }',
      ),
      'messages/messages.proto': files['messages/messages.proto'].replace('messages.proto"', 'pulse.proto"'),
    });
    const model = await loadPackage(root);
    expect(model.protoFiles).toEqual([
      'messages/messages.proto',
      'imports/your-org-types/0.2.0/messages.proto',
    ]);
    expect(model.nodes[0]?.input.typeName).toBe('your_org.types.Pulse');
  });

  it('says where to put an import that is not there', async () => {
    const { root } = packageOf({
      'axiom.yaml': files['axiom.yaml'],
      'messages/messages.proto': 'syntax = "proto3";',
    });
    await expect(loadPackage(root)).rejects.toThrow(
      /"Pulse" of node Beat .* imports\/your-org-types\/0\.2\.0/,
    );
  });

  it('takes the message that axiom.yaml imports, whatever other vendored packages call theirs', async () => {
    const { root } = packageOf({
      ...files,
      'imports/an-older/1.0.0/a.proto': 'syntax = "proto3"; package an.older; message Pulse {}',
    });
    const model = await loadPackage(root);
    expect(model.nodes[0]?.input.typeName).toBe('your_org.types.Pulse');
    expect(model.registry.getMessage('an.older.Pulse')).toBeDefined();
  });

  it('asks for the qualified name where a simple one is two messages', async () => {
    const { root } = packageOf({
      ...files,
      'axiom.yaml': `${files['axiom.yaml']}  - package: an/other
    version: 1.0.0
    messages: [Pulse]
`,
      'imports/an-other/1.0.0/a.proto': 'syntax = "proto3"; package an.other; message Pulse {}',
    });
    await expect(loadPackage(root)).rejects.toThrow(
      /"Pulse" of node Beat stands for .*your_org\.types\.Pulse/,
    );
  });
});

describe('A package whose messages do not compile', () => {
  it("is refused with the compiler's file, line and reason", async () => {
    const { root } = packageOf({
      ...GREETER,
      'messages/messages.proto': 'syntax = "proto3";\nmessage Broken {',
    });
    await expect(loadPackage(root)).rejects.toThrow(/messages\/messages\.proto:2:\d+:/);
  });
});

describe('axiom run takes and prints messages as JSON', () => {
  it('turns JSON into the message and back', async () => {
    const { root } = packageOf(GREETER);
    const { nodes, registry } = await loadPackage(root);
    const input = nodes[0]!.input;
    const bytes = messageFromJson(input, '{"name":"Ada 🦜"}', registry);
    expect(Buffer.from(bytes).toString('utf8')).toContain('Ada 🦜');
    expect(messageToJson(input, bytes, registry)).toBe('{"name":"Ada 🦜"}');
  });

  it.each([
    ['{"name":', /input: is not JSON .*\{"name": …\}/],
    ['{"nam":"Ada"}', /does not fit my_org\.greeter\.GreetRequest .*nam.*its fields: name/],
    ['{"name":7}', /does not fit my_org\.greeter\.GreetRequest/],
    ['[]', /does not fit/],
  ])('says what is wrong with %s', async (text, reason) => {
    const { root } = packageOf(GREETER);
    const { nodes, registry } = await loadPackage(root);
    expect(() => messageFromJson(nodes[0]!.input, text, registry)).toThrow(reason);
  });

  it('says so when the answer is not the declared message', async () => {
    const { root } = packageOf(GREETER);
    const { nodes, registry } = await loadPackage(root);
    expect(() => messageToJson(nodes[0]!.output, Uint8Array.of(0xff), registry)).toThrow(
      /is no my_org\.greeter\.GreetReply/,
    );
  });
});
