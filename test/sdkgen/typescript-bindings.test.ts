/** Message bindings for TypeScript packages, against google-protobuf's runtime and against protobuf-es. */

import { beforeAll, describe, expect, it } from '@jest/globals';
import {
  create,
  fromBinary,
  toBinary,
  type DescMessage,
  type Message,
  type MessageInitShape,
} from '@bufbuild/protobuf';
import fc from 'fast-check';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join, posix } from 'node:path';
import type { PackageModel } from '../../src/sdkgen/language';
import { loadPackage } from '../../src/sdkgen/load-package';
import { bindings } from '../../src/sdkgen/typescript/bindings';

const PACKAGE = join(__dirname, '..', 'testdata', 'packages', 'typescript-bindings');

const RUNTIMES = ['google-protobuf', 'google-protobuf-3'] as const;
type Runtime = (typeof RUNTIMES)[number];

let model: PackageModel;

beforeAll(async () => {
  model = await loadPackage(PACKAGE);
});

/* eslint-disable @typescript-eslint/no-explicit-any -- the generated classes are read as JavaScript here */

/** Runs the generated modules with one version of the runtime, its own google/protobuf classes included. */
function evaluate(runtime: Runtime): (module: string) => any {
  const sources = new Map(bindings(model.registry.files).map(({ path, contents }) => [path, contents]));
  const loaded = new Map<string, any>();
  const outside = createRequire(__filename);
  const load = (path: string): any => {
    const known = loaded.get(path);
    if (known) return known;
    const exports = {};
    loaded.set(path, exports);
    const require = (name: string): unknown => {
      if (name === 'google-protobuf') return outside(runtime);
      return load(name.startsWith('.') ? posix.join(posix.dirname(path), name) : name);
    };
    const wellKnown = path.replace(/^google-protobuf/, runtime);
    const source = sources.get(path) ?? readFileSync(outside.resolve(wellKnown), 'utf8');
    new Function('require', 'exports', source)(require, exports);
    return exports;
  };
  return load;
}

function desc(name: string): DescMessage {
  const found = model.registry.getMessage(`test_org.bindings.${name}`);
  if (!found) throw new Error(`no message ${name}`);
  return found;
}

const text = fc.string({ unit: 'grapheme', maxLength: 8 });
// Numbers that a JavaScript number holds: protoc-gen-js reads 64-bit integers as numbers.
const long = fc.maxSafeInteger().map(BigInt);
const unsigned = fc.nat(Number.MAX_SAFE_INTEGER).map(BigInt);
const int32 = fc.integer();
const uint32 = fc.nat(0xffffffff);
const bytes = fc.uint8Array({ maxLength: 8 }).map((b) => Uint8Array.from(b));
const color = fc.constantFrom(0, 1, 2, -1);
// -0 is a zero to protoc-gen-js, which leaves zeros out.
const double = fc.double().map((d) => (Object.is(d, -0) ? 0 : d));
const float = fc.float().map((d) => (Object.is(d, -0) ? 0 : d));
const inner = fc.record({ text, depth: fc.constantFrom(0, 1) });
const outer = fc.record({
  inner: fc.option(inner, { nil: undefined }),
  inners: fc.array(inner, { maxLength: 3 }),
});
const list = <T>(item: fc.Arbitrary<T>) => fc.array(item, { maxLength: 4 });
const maybe = <T>(value: fc.Arbitrary<T>) => fc.option(value, { nil: undefined });
// A key of this name is no key to jspb.Map.
const key = text.filter((k) => k !== '__proto__');

const everything = fc.record({
  aDouble: double,
  aFloat: float,
  anInt32: int32,
  anInt64: long,
  aUint32: uint32,
  aUint64: unsigned,
  aSint32: int32,
  aSint64: long,
  aFixed32: uint32,
  aFixed64: unsigned,
  aSfixed32: int32,
  aSfixed64: long,
  aBool: fc.boolean(),
  aString: text,
  someBytes: bytes,
  color,
  outer: maybe(outer),
  exact: fc.bigInt(-(2n ** 63n), 2n ** 63n - 1n).map(String),
  maybeString: maybe(text),
  maybeInt: maybe(int32),
  maybeBool: maybe(fc.boolean()),
  maybeBytes: maybe(bytes),
  maybeColor: maybe(color),
  doubles: list(double),
  ints: list(int32),
  unpackedInts: list(int32),
  bools: list(fc.boolean()),
  strings: list(text),
  blobs: list(bytes),
  colors: list(color),
  inners: list(inner),
  longs: list(long),
  labels: fc.dictionary(key, text, { maxKeys: 3 }),
  innerByName: fc.dictionary(key, inner, { maxKeys: 3 }),
  flags: fc.dictionary(int32.map(String), fc.boolean(), { maxKeys: 3 }),
  colorByBool: fc.dictionary(fc.boolean().map(String), color, { maxKeys: 2 }),
  blobByNumber: fc.dictionary(fc.integer().map(String), bytes, { maxKeys: 3 }),
  choice: fc.oneof(
    fc.record({ case: fc.constant('asText'), value: text }),
    fc.record({ case: fc.constant('asNumber'), value: int32 }),
    fc.record({ case: fc.constant('asOuter'), value: outer }),
    fc.record({ case: fc.constant('asBytes'), value: bytes }),
    fc.record({ case: fc.constant('asColor'), value: color }),
    fc.constant({ case: undefined }),
  ),
  at: maybe(fc.record({ seconds: fc.integer().map(BigInt), nanos: fc.nat(999_999_999) })),
  wrapped: maybe(text),
  point: maybe(fc.record({ lat: double, lon: double, datum: fc.constantFrom(0, 1) })),
  datums: list(fc.constantFrom(0, 1)),
  extra: maybe(fc.record({ note: text })),
  class: text,
  camelCase: text,
  with2Numbers3: text,
  extension: text,
  function: list(text),
  default: fc.dictionary(key, text, { maxKeys: 2 }),
  far: text,
});

describe.each(RUNTIMES)('bindings on %s', (runtime) => {
  let messages: any;

  beforeAll(() => {
    messages = evaluate(runtime)('messages_pb.js');
  });

  it('read what protobuf-es writes and write what it reads, for every kind of field', () => {
    const schema = desc('Everything');
    fc.assert(
      fc.property(everything, (init) => {
        const message = create(schema, init as MessageInitShape<typeof schema>);
        const written = toBinary(schema, message);
        const read = messages.Everything.deserializeBinary(written);
        expect(fromBinary(schema, read.serializeBinary())).toEqual(message);
      }),
      { numRuns: 150 },
    );
  });

  it('write the same bytes as protobuf-es for fields in the order of their numbers', () => {
    const schema = desc('Everything');
    const message = create(schema, {
      aDouble: 1.5,
      anInt64: -3n,
      aString: 'é',
      someBytes: Uint8Array.of(0, 255),
      color: 1,
      ints: [1, -1, 300],
      unpackedInts: [1, 2],
      strings: ['', 'x'],
      labels: { k: 'v' },
      choice: { case: 'asNumber', value: 0 },
      point: { lat: 2 },
    } as MessageInitShape<typeof schema>) as Message;
    const built = new messages.Everything()
      .setADouble(1.5)
      .setAnInt64(-3)
      .setAString('é')
      .setSomeBytes(Uint8Array.of(0, 255))
      .setColor(messages.Color.COLOR_RED)
      .setIntsList([1, -1])
      .addInts(300)
      .setUnpackedIntsList([1, 2])
      .setStringsList(['', 'x'])
      .setAsNumber(0);
    built.getLabelsMap().set('k', 'v');
    const { Point } = evaluate(runtime)('imports/acme-geo/1.2.0/messages_pb.js');
    built.setPoint(new Point().setLat(2));
    expect(Buffer.from(built.serializeBinary()).toString('hex')).toBe(
      Buffer.from(toBinary(schema, message)).toString('hex'),
    );
  });

  it('read lists packed and unpacked, whatever the .proto says', () => {
    const packed = Uint8Array.of(0x82, 0x02, 2, 1, 2); // field 32, declared unpacked
    const unpacked = Uint8Array.of(0xf8, 0x01, 1, 0xf8, 0x01, 2); // field 31, declared packed
    expect(messages.Everything.deserializeBinary(packed).getUnpackedIntsList()).toEqual([1, 2]);
    expect(messages.Everything.deserializeBinary(unpacked).getIntsList()).toEqual([1, 2]);
  });

  it('skip fields that they do not know', () => {
    const message = messages.Empty.deserializeBinary(
      toBinary(desc('Outer'), create(desc('Outer'), { inner: {} } as never)),
    );
    expect([...message.serializeBinary()]).toEqual([]);
  });

  it('tell set from unset where the .proto says optional', () => {
    const message = new messages.Everything();
    expect([message.hasMaybeInt(), message.getMaybeInt()]).toEqual([false, 0]);
    message.setMaybeInt(0);
    expect([message.hasMaybeInt(), message.toObject().maybeInt]).toEqual([true, 0]);
    expect(messages.Everything.deserializeBinary(message.serializeBinary()).hasMaybeInt()).toBe(true);
    message.clearMaybeInt();
    expect([message.hasMaybeInt(), message.toObject().maybeInt]).toEqual([false, undefined]);
  });

  it('keep one member of a oneof, and say which', () => {
    const { Everything, Outer } = messages;
    const message = new Everything().setAsText('x');
    expect(message.getChoiceCase()).toBe(Everything.ChoiceCase.AS_TEXT);
    message.setAsOuter(new Outer());
    expect([message.getChoiceCase(), message.getAsText(), message.hasAsText()]).toEqual([52, '', false]);
    const twice = new Everything().setAsText('x').setAsNumber(1);
    expect([...twice.serializeBinary()]).toEqual([0x98, 0x03, 1]); // field 51 alone
    message.clearAsOuter();
    expect(message.getChoiceCase()).toBe(Everything.ChoiceCase.CHOICE_NOT_SET);
  });

  it('have the accessors of lists, maps and bytes', () => {
    const { Everything, Outer } = messages;
    const message = new Everything();
    const added = message.addInners();
    added.setText('first');
    message.addInners(new Outer.Inner().setText('zeroth'), 0);
    expect(message.getInnersList().map((i: any) => i.getText())).toEqual(['zeroth', 'first']);
    expect(message.clearInnersList().getInnersList()).toEqual([]);
    message.getInnerByNameMap().set('a', new Outer.Inner().setText('t'));
    expect(message.getInnerByNameMap().get('a').getText()).toBe('t');
    expect(message.clearInnerByNameMap().getInnerByNameMap().getLength()).toBe(0);
    message.setSomeBytes(Uint8Array.of(1, 2));
    expect([message.getSomeBytes_asB64(), [...message.getSomeBytes_asU8()]]).toEqual(['AQI=', [1, 2]]);
    expect(message.setBlobsList([Uint8Array.of(1)]).getBlobsList_asB64()).toEqual(['AQ==']);
  });

  it('name fields as protoc-gen-js does', () => {
    const named = new messages.Everything()
      .setClass('c')
      .setCamelcase('m')
      .setWith2Numbers3('n')
      .setExtension$('e')
      .addFunction('f')
      .setFar('far');
    named.getDefaultMap().set('d', 'v');
    expect(named.toObject()).toMatchObject({
      pb_class: 'c',
      camelcase: 'm',
      with2Numbers3: 'n',
      extension: 'e',
      functionList: ['f'],
      defaultMap: [['d', 'v']],
      far: 'far',
    });
  });

  it('give toObject with undefined for what is not set, base64 for bytes, and entries for maps', () => {
    const { Everything, Outer, Color } = messages;
    const empty = new Everything().toObject();
    expect(empty).toMatchObject({
      aString: '',
      doublesList: [],
      labelsMap: [],
      someBytes: '',
      color: 0,
      asText: '',
    });
    expect([empty.outer, empty.maybeString, empty.at]).toEqual([undefined, undefined, undefined]);
    const full = new Everything().setSomeBytes('AQI=').setOuter(new Outer().setInner(new Outer.Inner()));
    full.getColorByBoolMap().set(true, Color.COLOR_BLUE);
    full.getInnerByNameMap().set('a', new Outer.Inner().setText('t'));
    expect(full.toObject()).toMatchObject({
      someBytes: 'AQI=',
      outer: { inner: { text: '', depth: 0 }, innersList: [] },
      colorByBoolMap: [[true, 2]],
      innerByNameMap: [['a', { text: 't', depth: 0 }]],
    });
  });

  it('clone, compare and nest', () => {
    const { Tree } = messages;
    const tree = new Tree().setValue(1).setLeft(new Tree().setValue(2));
    const copy = tree.cloneMessage();
    copy.getLeft().setValue(3);
    expect([tree.getLeft().getValue(), copy.getLeft().getValue(), copy instanceof Tree]).toEqual([
      2,
      3,
      true,
    ]);
  });
});
