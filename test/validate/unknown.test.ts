/** What validate claims where code is recursive, builds names or hands the accessor away: nothing that it does not know. */
import { describe, expect, it } from '@jest/globals';
import type { Language } from '../../src/manifest/manifest';
import { parseManifest } from '../../src/manifest/parse';
import { namesToDeclare } from '../../src/validate/report/report';
import { validateSources } from '../../src/validate/validate';

interface Found {
  /** `rule name`, sorted. */
  readonly rules: readonly string[];
  /** The names that are read; null is a name that only run time knows. */
  readonly names: readonly (string | null)[];
  readonly missing: readonly string[];
}

async function find(
  language: Language,
  declared: readonly string[],
  sources: Readonly<Record<string, string>>,
): Promise<Found> {
  const manifest = `name: a/b\nversion: 1.0.0\nlanguage: ${language}\nnodes: [{name: Greet, input: In, output: Reply, required_secrets: [${declared.join(', ')}]}]\n`;
  const files = Object.entries(sources).map(([path, text]) => ({ path, text, suspect: false }));
  const report = await validateSources(manifest, parseManifest(manifest), { files, skipped: [] });
  return {
    rules: report.findings
      .map(({ rule, message }) => `${rule} ${/\b[A-Z][A-Z0-9_]{2,}\b/.exec(message)?.[0] ?? ''}`.trim())
      .sort(),
    names: [...new Set(report.reads.map(({ name }) => name))].sort(),
    missing: [...namesToDeclare(report).values()].flat().sort(),
  };
}

describe('a recursion', () => {
  it('over a slice of a list reads what is in the list', async () => {
    const { rules, names } = await find('python', ['ONE', 'TWO'], {
      'nodes/greet.py': `def read_all(ax, names):
    if not names:
        return []
    return [ax.secrets.get(names[0])] + read_all(ax, names[1:])
def greet(ax, input):
    return Reply(n=len(read_all(ax, ["ONE", "TWO"])))
`,
    });
    expect({ rules, names }).toEqual({ rules: [], names: ['ONE', 'TWO'] });
  });

  it('over a slice in Go, Rust and C# does, too', async () => {
    const go = await find('go', ['ONE', 'TWO'], {
      'nodes/greet.go': `package nodes
func readAll(ax axiom.Context, names []string) {
	if len(names) == 0 { return }
	ax.Secrets().Get(names[0])
	readAll(ax, names[1:])
}
func Greet(ctx context.Context, ax axiom.Context, in *gen.In) (*gen.Reply, error) {
	readAll(ax, []string{"ONE", "TWO"})
	return &gen.Reply{}, nil
}
`,
    });
    const rust = await find('rust', ['ONE', 'TWO'], {
      'nodes/greet.rs': `fn read_all(ax: &dyn AxiomContext, names: &[&str]) {
    if names.is_empty() { return; }
    ax.secrets().get(names[0]);
    read_all(ax, &names[1..]);
}
pub fn greet(ax: &dyn AxiomContext, input: In) -> Result<Reply, String> {
    read_all(ax, &["ONE", "TWO"]);
    Ok(Reply {})
}
`,
    });
    const csharp = await find('csharp', ['ONE', 'TWO'], {
      'nodes/Greet.cs': `namespace Nodes;
public static class GreetNode
{
    static void ReadAll(IAxiomContext ax, string[] names)
    {
        if (names.Length == 0) return;
        ax.Secrets().Get(names[0]);
        ReadAll(ax, names[1..]);
    }
    public static Reply Greet(IAxiomContext ax, In input)
    {
        ReadAll(ax, new[] { "ONE", "TWO" });
        return new Reply();
    }
}
`,
    });
    for (const { rules, names } of [go, rust, csharp])
      expect({ rules, names }).toEqual({ rules: [], names: ['ONE', 'TWO'] });
  });

  it('that puts a suffix on the name in each turn demands no name with suffixes', async () => {
    const { rules, names, missing } = await find('python', ['MUT', 'OTHER'], {
      'nodes/greet.py': `def first(ax, name, depth):
    value, ok = ax.secrets.get(name)
    if ok or depth == 0:
        return value
    return first(ax, name + "_A", depth - 1)
def greet(ax, input):
    return Reply(ok=bool(first(ax, "MUT", 3)))
`,
    });
    expect(names).toEqual(['MUT', null]);
    expect(missing).toEqual([]);
    expect(rules).toEqual(['dynamic-name']);
  });

  it('of two functions that call each other reads the same wherever it begins', async () => {
    const [even, odd, handler] = [
      'def even(ax, name, n):\n    return ax.secrets.get(name) if n == 0 else odd(ax, name, n - 1)\n',
      'def odd(ax, name, n):\n    return ax.secrets.get("ODD") if n == 0 else even(ax, name, n - 1)\n',
      'def greet(ax, input):\n    even(ax, "EVEN", 4)\n    return Reply()\n',
    ] as const;
    const orders = [
      [even, odd, handler],
      [odd, even, handler],
      [handler, odd, even],
      [handler, even, odd],
    ];
    const found = await Promise.all(
      orders.map((parts) => find('python', ['EVEN', 'ODD'], { 'nodes/greet.py': parts.join('') })),
    );
    for (const { rules, names } of found)
      expect({ rules, names }).toEqual({ rules: [], names: ['EVEN', 'ODD'] });
  });
});

describe('generators that go on in each other', () => {
  it('are solved before they take for ever, and what nothing reads is told', async () => {
    const { rules, names } = await find('python', ['KEY', 'OTHER'], {
      'nodes/walk.py': `def make(markers, default, encoder, indent, floatstr, separator, str=str, dict=dict):
    def each_list(items, level):
        for value in items:
            if isinstance(value, str):
                yield separator + encoder(value)
            elif isinstance(value, dict):
                chunks = each_dict(value, level)
            else:
                chunks = each(value, level)
            yield from chunks
    def each_dict(table, level):
        for key, value in table.items():
            yield encoder(key) + separator
            if isinstance(value, list):
                chunks = each_list(value, level)
            elif isinstance(value, dict):
                chunks = each_dict(value, level)
            else:
                chunks = each(value, level)
            yield from chunks
    def each(o, level):
        if isinstance(o, str):
            yield encoder(o)
        elif isinstance(o, list):
            yield from each_list(o, level)
        elif isinstance(o, dict):
            yield from each_dict(o, level)
        else:
            o = default(o)
            yield from each(o, level)
    return each
`,
      'nodes/greet.py': `from nodes.walk import make
def greet(ax, input):
    key, found = ax.secrets.get("KEY")
    return Reply(text="".join(make({}, repr, str, None, repr, ",")(input.value, 0)))`,
    });
    expect({ rules, names }).toEqual({ rules: ['unread-secret OTHER'], names: ['KEY'] });
  });
});

describe('a chain of functions longer than the stack is deep', () => {
  it('is followed to its end, whichever end comes first', async () => {
    const links = Array.from({ length: 400 }, (_, i) =>
      i === 399 ? 'def k399():\n    return "DEEP"\n' : `def k${i}():\n    return k${i + 1}()\n`,
    );
    const handler = 'def greet(ax, input):\n    ax.secrets.get(k0())\n    return Reply()\n';
    for (const parts of [
      [...links, handler],
      [handler, ...links],
      [handler, ...links.toReversed()],
    ]) {
      const { rules, names } = await find('python', ['DEEP'], { 'nodes/greet.py': parts.join('') });
      expect({ rules, names }).toEqual({ rules: [], names: ['DEEP'] });
    }
  });

  it('that hands a name on for longer than it is followed is not said to read nothing', async () => {
    const links = Array.from({ length: 100 }, (_, i) =>
      i === 99
        ? 'def f99(ax, name):\n    return ax.secrets.get(name)\n'
        : `def f${i}(ax, name):\n    return f${i + 1}(ax, name)\n`,
    );
    const handler = 'def greet(ax, input):\n    f0(ax, "DEEP")\n    return Reply()\n';
    const { rules } = await find('python', ['DEEP'], { 'nodes/greet.py': [...links, handler].join('') });
    expect(rules).toEqual([]);
  });
});

describe('a name that is put together', () => {
  it('in a loop is not the empty name that it begins with', async () => {
    const { rules, names, missing } = await find('python', ['KEY'], {
      'nodes/greet.py': `def greet(ax, input):
    name = ""
    for part in input.parts:
        name += part + "_"
    ax.secrets.get(name)
    return Reply()
`,
    });
    expect({ rules, names, missing }).toEqual({ rules: ['dynamic-name'], names: [null], missing: [] });
  });

  it('by a builder is not the empty name', async () => {
    const sources: readonly (readonly [Language, string, string])[] = [
      [
        'java',
        'nodes/Greet.java',
        `final class Greet {
  static Reply greet(AxiomContext ax, In input) {
    StringBuilder name = new StringBuilder();
    for (String part : input.getPartsList()) name.append(part).append("_");
    ax.secrets().get(name.toString());
    return Reply.newBuilder().build();
  }
}
`,
      ],
      [
        'java',
        'nodes/Greet.java',
        `final class Greet {
  static Reply greet(AxiomContext ax, In input) {
    String name = "";
    name = name.isEmpty() ? name.strip().repeat(2) : name;
    ax.secrets().get(Naming.builder().with(name).build());
    return Reply.newBuilder().build();
  }
}
final class Naming {
  private String name = "";
  static Naming builder() { return new Naming(); }
  Naming with(String name) { this.name = this.name + name; return this; }
  String build() { return name; }
}
`,
      ],
      [
        'go',
        'nodes/greet.go',
        `package nodes
func Greet(ctx context.Context, ax axiom.Context, in *gen.In) (*gen.Reply, error) {
	var b strings.Builder
	for _, part := range in.GetParts() { b.WriteString(part) }
	ax.Secrets().Get(b.String())
	return &gen.Reply{}, nil
}
`,
      ],
      [
        'typescript',
        'nodes/greet.ts',
        `class Name {
  private parts = '';
  add(part: string): this { this.parts += part; return this; }
  build(): string { return this.parts; }
}
export function greet(ax: AxiomContext, input: In): Reply {
  ax.secrets.get(new Name().add(input.getKind()).add('_KEY').build());
  return new Reply();
}
`,
      ],
    ];
    for (const [language, path, text] of sources) {
      const { names, missing } = await find(language, ['KEY'], { [path]: text });
      expect({ path, names, missing }).toEqual({ path, names: [null], missing: [] });
    }
  });
});

describe('what is handed to code that is not in the package', () => {
  it('may be read there: a declared name is not called unread', async () => {
    const { rules } = await find('python', ['KEY'], {
      'nodes/greet.py': `from vendorlib import Client
def greet(ax, input):
    client = Client(ax)
    return Reply(text=client.call())
`,
    });
    expect(rules).toEqual(['dynamic-name']);
  });

  it.each([
    [
      'a function',
      'function client() { return client.ax.secrets.get(name()); }',
      'client.ax = ax; client();',
    ],
    ['an object of a library', "import { client } from 'a-library';", 'client.context = ax; client.run();'],
  ])('may be read there when it is put into %s', async (_what, before, body) => {
    const { rules } = await find('typescript', ['ONE'], {
      'nodes/greet.ts': `${before}\nexport function greet(ax: AxiomContext, input: In): Reply { ${body} return new Reply(); }\n`,
    });
    expect(rules.filter((rule) => rule.startsWith('unread'))).toEqual([]);
    expect(rules.some((rule) => rule.startsWith('dynamic-name'))).toBe(true);
  });

  it('is not asked about where all that is declared is read', async () => {
    const { rules } = await find('typescript', ['KEY'], {
      'nodes/greet.ts': `import { trace } from 'vendorlib';
export function greet(ax: AxiomContext, input: In): Reply {
  trace(ax);
  ax.secrets.get('KEY');
  return new Reply();
}
`,
    });
    expect(rules).toEqual([]);
  });

  it('is nothing where only the log, a name or the input goes there', async () => {
    const { rules } = await find('typescript', ['KEY', 'UNREAD'], {
      'nodes/greet.ts': `import { trace } from 'vendorlib';
export function greet(ax: AxiomContext, input: In): Reply {
  trace(input, ax.log, 'KEY');
  ax.log.info('x');
  ax.secrets.get('KEY');
  return new Reply();
}
`,
    });
    expect(rules).toEqual(['unread-secret UNREAD']);
  });
});

describe("Go's functional options", () => {
  it.each(['Opts', 'opts'])('on a type %s carry the accessor and the name', async (type) => {
    const { rules, names } = await find('go', ['API_KEY', 'REGION'], {
      'nodes/client.go': `package nodes
type ${type} struct {
	secrets axiom.Secrets
	name    string
	region  string
}
type option func(*${type})
func withSecrets(s axiom.Secrets) option { return func(o *${type}) { o.secrets = s } }
func withName(name string) option { return func(o *${type}) { o.name = name } }
func withRegion(name string) option { return func(o *${type}) { o.region = name } }
func load(options ...option) string {
	o := &${type}{region: "NONE"}
	for _, apply := range options {
		apply(o)
	}
	region, _ := o.secrets.Get(o.region)
	key, _ := o.secrets.Get(o.name)
	return call(region, key)
}
`,
      'nodes/greet.go': `package nodes
func Greet(ctx context.Context, ax axiom.Context, in *gen.In) (*gen.Reply, error) {
	load(withSecrets(ax.Secrets()), withName("API_KEY"), withRegion("REGION"))
	return &gen.Reply{}, nil
}
`,
    });
    expect(rules.filter((rule) => rule.startsWith('unread'))).toEqual([]);
    expect(names).toEqual(expect.arrayContaining(['API_KEY', 'REGION']));
  });
});

describe('a declaration that is misspelt', () => {
  it.each(['OPENWEATHER_KEI', 'openweather_key', 'OPENWEATHERKEY'])(
    'as %s gets one finding',
    async (declared) => {
      const { rules } = await find('python', [declared], {
        'nodes/greet.py':
          'def greet(ax, input):\n    value, ok = ax.secrets.get("OPENWEATHER_KEY")\n    return Reply()\n',
      });
      expect(rules).toEqual(['near-miss OPENWEATHER_KEY']);
    },
  );
});

describe('a tree walker that recurses inside forEach with a growing path', () => {
  it('is read in a moment', async () => {
    const walkers = Array.from(
      { length: 12 },
      (_, i) => `function walk${i}(node: any, path: string, out: Map<string, any>): void {
  Object.keys(node).forEach((key) => {
    const next = path + '/' + key;
    out.set(next, node[key]);
    if (typeof node[key] === 'object') walk${i}(node[key], next, out);
    else (node[key] as any[]).forEach((item, index) => walk${i}(item, next + '/' + index, out));
  });
}
`,
    );
    const started = process.cpuUsage();
    const { rules } = await find('typescript', ['KEY'], {
      'nodes/greet.ts': `${walkers.join('')}
export function greet(ax: AxiomContext, input: any): Reply {
  const out = new Map();
${walkers.map((_, i) => `  walk${i}(input, 'root${i}', out);`).join('\n')}
  ax.secrets.get('KEY');
  return new Reply();
}
`,
    });
    expect(rules).toEqual([]);
    // A hang, not a figure: the bench prints that.
    expect(process.cpuUsage(started).user).toBeLessThan(20_000_000);
  });
});
