/** Where a secret's value comes out: one line of code at a time, in all six languages. */
import { describe, expect, it } from '@jest/globals';
import type { Language } from '../../src/manifest/manifest';
import { parseManifest } from '../../src/manifest/parse';
import { validateSources } from '../../src/validate/validate';

interface Lines {
  readonly path: string;
  /** A handler that holds the secret in `value` and found in `ok`; the line comes in for `LINE`. */
  readonly source: string;
  readonly leaking: readonly string[];
  readonly harmless: readonly string[];
}

const LANGUAGES: Readonly<Record<Language, Lines>> = {
  python: {
    path: 'nodes/greet.py',
    source: `import logging
def key_of(ax, name):
    value, ok = ax.secrets.get(name)
    return value
def run(cmd):
    if call(cmd) != 0:
        raise RuntimeError(f"command failed: {' '.join(cmd)}")
def quiet(cmd):
    try:
        run(cmd)
    except RuntimeError:
        pass
def note(ax, text):
    ax.log.info(text)
def greet(ax, input):
    value, ok = ax.secrets.get("KEY")
    LINE
    return Reply(text="done")
`,
    leaking: [
      'ax.log.info(value[:4])',
      'ax.log.info("key", tail=value[-4:])',
      'ax.log.info(value.split(":")[0])',
      'user, password = value.split(":"); ax.log.info(user)',
      'ax.log.info([c for c in value])',
      'ax.log.info(", ".join(p.strip() for p in value.split(",")))',
      'for part in value.split("."): print(part)',
      'ax.log.info("".join(reversed(value)))',
      'ax.log.info(value[0] + "***")',
      'ax.log.info(key_of(ax, "KEY"))',
      'note(ax, value)',
      'note(ax, f"got {value}")',
      'logging.getLogger(__name__).info("x %s", value)',
      'try:\n        run(["git", "clone", f"https://{value}@host"])\n    except Exception as e:\n        ax.log.error(str(e))',
      'try:\n        run(["git", value])\n    except RuntimeError as e:\n        note(ax, f"failed: {e}")',
      'try:\n        raise ValueError("bad " + value)\n    except ValueError as e:\n        ax.log.error("x", error=e.args[0])',
      'return Reply(text=value[:3])',
      'try:\n        run([value])\n    except Exception as e:\n        return Reply(text=str(e))',
    ],
    harmless: [
      'ax.log.info(len(value))',
      'ax.log.info("set" if value else "unset")',
      'ax.log.info(value and "set")',
      'ax.log.info(bool(value))',
      'ax.log.info(value is not None)',
      'ax.log.info("KEY", found=ok)',
      'ax.log.info(len(value.split(",")))',
      'ax.log.info([len(p) for p in value.split(",")])',
      'ax.log.info(value.startswith("sk-"))',
      'ax.log.info(value == "x")',
      'ax.log.info(hashlib.sha256(value.encode()).hexdigest())',
      'quiet(["git", value]); note(ax, "done")',
      'try:\n        run([value])\n    except RuntimeError as e:\n        ax.log.error(type(e).__name__)',
      'try:\n        quiet([value])\n    except RuntimeError as e:\n        ax.log.error(str(e))',
    ],
  },
  typescript: {
    path: 'nodes/greet.ts',
    source: `function keyOf(ax: AxiomContext, name: string): string {
  const [value] = ax.secrets.get(name);
  return value;
}
function run(cmd: string[]): void {
  if (call(cmd)) throw new Error(\`command failed: \${cmd.join(' ')}\`);
}
async function runLater(cmd: string[]): Promise<void> {
  if (await call(cmd)) throw new Error('command failed: ' + cmd.join(' '));
}
function quiet(cmd: string[]): void {
  try { run(cmd); } catch { call([]); }
}
const note = (ax: AxiomContext, text: string) => ax.log.info(text);
export async function greet(ax: AxiomContext, input: In): Promise<Reply> {
  const [value, ok] = ax.secrets.get('KEY');
  LINE
  return new Reply({ text: 'done' });
}
`,
    leaking: [
      'ax.log.info(value.slice(0, 4));',
      "ax.log.info('key', { tail: value.substring(4) });",
      "ax.log.info(value.split(':')[0]);",
      "const [user] = value.split(':'); ax.log.info(user);",
      'ax.log.info([...value].join("-"));',
      "ax.log.info(value.split(',').map((p) => p.trim()).join());",
      "for (const part of value.split('.')) console.log(part);",
      "value.split('.').forEach((part) => console.log(part));",
      'ax.log.info(value[0]);',
      'ax.log.info(Array.from(value));',
      "ax.log.info(keyOf(ax, 'KEY'));",
      'note(ax, value);',
      'note(ax, `got ${value}`);',
      "try { run(['git', `https://${value}@host`]); } catch (e) { ax.log.error((e as Error).message); }",
      "try { run(['git', value]); } catch (e) { note(ax, `failed: ${e}`); }",
      "try { throw new Error('bad ' + value); } catch (e) { ax.log.error('x', { error: String(e) }); }",
      "try { await runLater(['git', value]); } catch (error) { ax.log.error(`${error}`); }",
      "await runLater(['git', value]).catch((e) => ax.log.error(e.message));",
      'return new Reply({ text: value.slice(2) });',
      'try { run([value]); } catch (e) { return new Reply({ text: String(e) }); }',
    ],
    harmless: [
      'ax.log.info(value.length);',
      "ax.log.info(value ? 'set' : 'unset');",
      "ax.log.info(value && 'set');",
      'ax.log.info(Boolean(value));',
      'ax.log.info(!!value);',
      "ax.log.info('KEY', { found: ok });",
      "ax.log.info(value.split(',').length);",
      "ax.log.info(value.split(',').map((p) => p.length));",
      "ax.log.info(value.startsWith('sk-'));",
      "ax.log.info(value === 'x');",
      "ax.log.info(createHash('sha256').update(value).digest('hex'));",
      "quiet(['git', value]); note(ax, 'done');",
      'try { run([value]); } catch (e) { ax.log.error((e as Error).name); }',
      'try { quiet([value]); } catch (e) { ax.log.error(String(e)); }',
    ],
  },
  go: {
    path: 'nodes/greet.go',
    source: `package nodes
func keyOf(ax axiom.Context, name string) string {
	value, _ := ax.Secrets().Get(name)
	return value
}
func run(cmd []string) error {
	if err := exec(cmd); err != nil {
		return fmt.Errorf("command failed: %s", strings.Join(cmd, " "))
	}
	return nil
}
func note(ax axiom.Context, text string) { ax.Log().Info(text) }
func Greet(ctx context.Context, ax axiom.Context, in *gen.In) (*gen.Reply, error) {
	value, ok := ax.Secrets().Get("KEY")
	LINE
	return &gen.Reply{Text: "done"}, nil
}
`,
    leaking: [
      'ax.Log().Info(value[:4])',
      'ax.Log().Info("key", "tail", value[len(value)-4:])',
      'ax.Log().Info(strings.Split(value, ":")[0])',
      'parts := strings.SplitN(value, ":", 2); ax.Log().Info(parts[1])',
      'for _, part := range strings.Split(value, ".") { fmt.Println(part) }',
      'for _, r := range value { fmt.Println(string(r)) }',
      'user, _, _ := strings.Cut(value, ":"); log.Println(user)',
      'ax.Log().Info(string([]byte(value)[:2]))',
      'ax.Log().Info(strings.TrimPrefix(value, "sk-"))',
      'ax.Log().Info(fmt.Sprintf("%.4s", value))',
      'ax.Log().Info(keyOf(ax, "KEY"))',
      'note(ax, value)',
      'note(ax, "got "+value)',
      'if err := run([]string{"git", "https://" + value + "@host"}); err != nil { ax.Log().Error(err.Error()) }',
      'err := run([]string{"git", value}); note(ax, fmt.Sprintf("failed: %v", err))',
      'err := fmt.Errorf("bad %s", value); log.Printf("x %v", err)',
      'return &gen.Reply{Text: value[2:]}, nil',
      'if err := run([]string{value}); err != nil { return &gen.Reply{Text: err.Error()}, nil }',
    ],
    harmless: [
      'ax.Log().Info(strconv.Itoa(len(value)))',
      'ax.Log().Info("KEY", "found", ok)',
      'ax.Log().Info("set", "is", value != "")',
      'fmt.Println(len(strings.Split(value, ",")))',
      'fmt.Println(strings.HasPrefix(value, "sk-"))',
      'fmt.Println(strings.Contains(value, "."))',
      'fmt.Println(value == "x")',
      'fmt.Printf("%x", sha256.Sum256([]byte(value)))',
      'n := 0; for range value { n++ }; fmt.Println(n)',
      'if !ok { note(ax, "KEY is not set") }',
      'if err := run([]string{"ls"}); err != nil { ax.Log().Error(err.Error()) }',
      'err := use(value); ax.Log().Error(err.Error())',
      'for i := range strings.Split(value, ".") { fmt.Println(i) }',
    ],
  },
  rust: {
    path: 'nodes/greet.rs',
    source: `fn key_of(ax: &dyn AxiomContext, name: &str) -> String {
    let (value, _) = ax.secrets().get(name);
    value
}
fn run(cmd: &[String]) -> Result<(), String> {
    if call(cmd) { return Err(format!("command failed: {}", cmd.join(" "))); }
    Ok(())
}
fn run_all(cmd: &[String]) -> Result<(), String> {
    run(cmd)?;
    Ok(())
}
fn note(ax: &dyn AxiomContext, text: &str) { ax.log().info(text); }
pub fn greet(ax: &dyn AxiomContext, input: In) -> Result<Reply, Box<dyn std::error::Error>> {
    let (value, ok) = ax.secrets().get("KEY");
    LINE
    Ok(Reply { text: "done".into() })
}
`,
    leaking: [
      'ax.log().info(&value[..4]);',
      'println!("{}", &value[2..]);',
      'println!("{}", value.split(\':\').next().unwrap());',
      'for part in value.split(\'.\') { println!("{part}"); }',
      'let parts: Vec<&str> = value.split(\',\').collect(); println!("{:?}", parts);',
      'let head: String = value.chars().take(4).collect(); println!("{head}");',
      'println!("{}", value.split(\',\').map(|p| p.trim()).collect::<Vec<_>>().join("-"));',
      'println!("{:?}", value.chars().rev().collect::<String>());',
      'value.split(\'.\').for_each(|part| println!("{}", part));',
      'println!("{}", key_of(ax, "KEY"));',
      'note(ax, &value);',
      'note(ax, &format!("got {value}"));',
      'if let Err(e) = run(&["git".to_string(), format!("https://{value}@host")]) { ax.log().error(&e.to_string()); }',
      'match run_all(&[value.clone()]) { Ok(_) => {}, Err(e) => println!("failed: {e}") }',
      'return Ok(Reply { text: value[2..].to_string() });',
      'if let Err(e) = run(&[value.clone()]) { return Ok(Reply { text: e }); }',
    ],
    harmless: [
      'println!("{}", value.len());',
      'println!("{}", value.is_empty());',
      'println!("KEY {}", ok);',
      'println!("{}", value.starts_with("sk-"));',
      'println!("{}", value.split(\',\').count());',
      'println!("{:?}", value.split(\',\').map(|p| p.len()).collect::<Vec<_>>());',
      'println!("{}", value == "x");',
      'println!("{}", if ok { "set" } else { "unset" });',
      'println!("{:x}", Sha256::digest(value.as_bytes()));',
      'if let Err(e) = run(&["ls".to_string()]) { println!("{e}"); }',
      'if let Err(e) = connect(&value) { println!("{e}"); }',
      'if run(&[value.clone()]).is_err() { note(ax, "failed"); }',
    ],
  },
  java: {
    path: 'nodes/Greet.java',
    source: `final class Greet {
  private static String keyOf(AxiomContext ax, String name) { return ax.secrets().get(name).orElse(""); }
  private static void run(List<String> cmd) {
    if (call(cmd) != 0) throw new IllegalStateException("command failed: " + String.join(" ", cmd));
  }
  private static void quiet(List<String> cmd) {
    try { run(cmd); } catch (IllegalStateException e) { call(null); }
  }
  private static void note(AxiomContext ax, String text) { ax.log().info(text); }
  static Reply greet(AxiomContext ax, In input) {
    String value = ax.secrets().get("KEY").orElse("");
    boolean ok = ax.secrets().get("KEY").isPresent();
    LINE
    return Reply.newBuilder().setText("done").build();
  }
}
`,
    leaking: [
      'ax.log().info(value.substring(0, 4));',
      'ax.log().info("key", Map.of("tail", value.substring(4)));',
      'ax.log().info(value.split(":")[0]);',
      'String[] parts = value.split(":"); System.out.println(parts[1]);',
      'for (String part : value.split(",")) System.out.println(part);',
      'for (char c : value.toCharArray()) System.out.println(c);',
      'System.out.println(Arrays.stream(value.split(",")).map(p -> p.trim()).toList());',
      'Arrays.stream(value.split(",")).forEach(p -> System.out.println(p));',
      'System.out.println(new StringBuilder(value).reverse().toString());',
      'System.out.println(value.charAt(0));',
      'ax.log().info(keyOf(ax, "KEY"));',
      'note(ax, value);',
      'note(ax, "got " + value);',
      'try { run(List.of("git", "https://" + value + "@host")); } catch (IllegalStateException e) { ax.log().error(e.getMessage()); }',
      'try { run(List.of(value)); } catch (Exception e) { note(ax, "failed: " + e); }',
      'try { throw new RuntimeException("bad " + value); } catch (RuntimeException e) { LOGGER.warn("x", e); }',
      'return Reply.newBuilder().setText(value.substring(2)).build();',
      'try { run(List.of(value)); } catch (Exception e) { return Reply.newBuilder().setText(e.getMessage()).build(); }',
    ],
    harmless: [
      'ax.log().info("n " + value.length());',
      'System.out.println(value.isEmpty());',
      'System.out.println(value.isEmpty() ? "unset" : "set");',
      'ax.log().info("KEY " + ok);',
      'System.out.println(value.split(",").length);',
      'System.out.println(value.startsWith("sk-"));',
      'System.out.println(value.equals("x"));',
      'System.out.println(Arrays.stream(value.split(",")).map(p -> p.length()).toList());',
      'System.out.println(value.contains("."));',
      'quiet(List.of(value)); note(ax, "done");',
      'try { run(List.of(value)); } catch (Exception e) { ax.log().error(e.getClass().getName()); }',
      'try { quiet(List.of(value)); } catch (Exception e) { ax.log().error(e.getMessage()); }',
      'if (!ok) System.out.println("KEY is not set");',
    ],
  },
  csharp: {
    path: 'nodes/Greet.cs',
    source: `public static class GreetNode
{
    static string KeyOf(IAxiomContext ax, string name) => ax.Secrets().Get(name).Value;
    static void Run(string[] cmd)
    {
        if (Call(cmd) != 0) throw new InvalidOperationException($"command failed: {string.Join(' ', cmd)}");
    }
    static void Quiet(string[] cmd) { try { Run(cmd); } catch (InvalidOperationException) { Call(null); } }
    static void Note(IAxiomContext ax, string text) => ax.Log().Info(text);
    public static Reply Greet(IAxiomContext ax, In input)
    {
        var (value, ok) = ax.Secrets().Get("KEY");
        LINE
        return new Reply { Text = "done" };
    }
}
`,
    leaking: [
      'ax.Log().Info(value[..4]);',
      'ax.Log().Info(value.Substring(4));',
      "ax.Log().Info(value.Split(':')[0]);",
      "var parts = value.Split(':'); Console.WriteLine(parts[1]);",
      "foreach (var part in value.Split(',')) Console.WriteLine(part);",
      'foreach (var c in value) Console.WriteLine(c);',
      'Console.WriteLine(string.Join("-", value.Split(\',\').Select(p => p.Trim())));',
      'Console.WriteLine(string.Join("-", from p in value.Split(\',\') select p.Trim()));',
      'Console.WriteLine(value[0]);',
      'Console.WriteLine($"{value[^4..]}");',
      'ax.Log().Info(KeyOf(ax, "KEY"));',
      'Note(ax, value);',
      'Note(ax, $"got {value}");',
      'try { Run(new[] { "git", $"https://{value}@host" }); } catch (Exception e) { ax.Log().Error(e.Message); }',
      'try { Run(new[] { value }); } catch (InvalidOperationException e) { Note(ax, $"failed: {e}"); }',
      'try { throw new Exception("bad " + value); } catch (Exception e) { Console.WriteLine(e.ToString()); }',
      'return new Reply { Text = value[2..] };',
      'try { Run(new[] { value }); } catch (Exception e) { return new Reply { Text = e.Message }; }',
    ],
    harmless: [
      'ax.Log().Info($"n {value.Length}");',
      'Console.WriteLine(string.IsNullOrEmpty(value));',
      'Console.WriteLine(value == "" ? "unset" : "set");',
      'ax.Log().Info($"KEY {ok}");',
      "Console.WriteLine(value.Split(',').Length);",
      'Console.WriteLine(value.StartsWith("sk-"));',
      'Console.WriteLine(string.Join("-", value.Split(\',\').Select(p => p.Length)));',
      'Console.WriteLine(value.Contains("."));',
      'Console.WriteLine(value.Any());',
      'Quiet(new[] { value }); Note(ax, "done");',
      'try { Run(new[] { value }); } catch (Exception e) { ax.Log().Error(e.GetType().Name); }',
      'try { Quiet(new[] { value }); } catch (Exception e) { ax.Log().Error(e.Message); }',
      'if (!ok) Console.WriteLine("KEY is not set");',
      'Console.WriteLine(Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(value))));',
    ],
  },
};

async function leaksOf(language: Language, line: string): Promise<readonly string[]> {
  const { path, source } = LANGUAGES[language];
  const manifest = `name: a/b\nversion: 1.0.0\nlanguage: ${language}\nnodes: [{name: Greet, input: In, output: Reply, required_secrets: [KEY]}]\n`;
  const files = [{ path, text: source.replace('LINE', () => line), suspect: false }];
  const { findings } = await validateSources(manifest, parseManifest(manifest), { files, skipped: [] });
  return findings.filter(({ rule }) => rule.startsWith('secret-in-')).map(({ message }) => message);
}

const each = (kind: 'leaking' | 'harmless'): [Language, string][] =>
  (Object.keys(LANGUAGES) as Language[]).flatMap((language) =>
    LANGUAGES[language][kind].map((line): [Language, string] => [language, line]),
  );

describe('a secret whose value comes out', () => {
  it.each(each('leaking'))('is seen in %s: %s', async (language, line) => {
    const leaks = await leaksOf(language, line);
    expect(leaks).toEqual([expect.stringMatching(/^the value of KEY goes into /)]);
  });
});

describe('what tells a length, a truth, a name or a digest of a secret', () => {
  it.each(each('harmless'))('is no leak in %s: %s', async (language, line) => {
    expect(await leaksOf(language, line)).toEqual([]);
  });

  it('is tried in eighty lines', () => {
    expect(each('harmless').length).toBeGreaterThanOrEqual(80);
  });
});
