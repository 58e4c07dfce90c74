/** What a text is parsed to: JSON in a secret is the secret, whatever of it is asked for. */

import { carried } from './calls';
import type { Engine } from './engine';
import type { CallExpr, Class, Fn } from '../ir/program';
import { PLAIN } from './plain-keys';
import { DYNAMIC, type Atom, type Val } from '../ir/values';

/** Of a type's fields, those that hold texts. */
const TEXT = /^(?:Option<|Optional\[|Optional<)?&?(?:string|str|String|SecretStr|any|bytes|unknown)\b/;
/** `Deserialize<Creds>(…)`, `from_str::<Creds>(…)`; Java's `readValue(text, Creds.class)`. */
const TYPE = /^[^(]*<\s*([A-Z]\w*)\s*>?\s*>\s*\(|\b([A-Z]\w*)\.class\s*\)$/;

/** What the call makes of its text; undefined where that holds nothing. */
export function parsed(call: CallExpr, fn: Fn, args: readonly Val[], values: Engine): Val | undefined {
  const of = carried(args[0] ?? DYNAMIC);
  if (of.length === 0) return undefined;
  const written = TYPE.exec(fn.file.text.slice(call.start, call.end));
  const named = written?.[1] ?? written?.[2];
  const cls = named === undefined ? ofClass(call, fn, values) : values.objects.named(named, fn.file);
  if (cls) return [parsedAs(cls, of)];
  if (!values.facts.parsesToDictionaries) return of;
  return [{ kind: 'object', cls: undefined, fields: new Map(), args: undefined, rest: of, parsed: true }];
}

/** `Creds.model_validate_json(text)`. */
function ofClass({ callee }: CallExpr, fn: Fn, values: Engine): Class | undefined {
  const on = callee.kind === 'member' ? values.eval(callee.object, fn) : DYNAMIC;
  return on.flatMap((atom) => (atom.kind === 'class' ? atom.cls : []))[0];
}

/** An object whose fields a text fills. */
export function parsedAs(cls: Class, of: Val): Atom {
  const sealed = (type: string): Val => (/Secret/.test(type) ? [{ kind: 'sealed', value: of }] : of);
  const fields = new Map(
    [...cls.types].map(([name, type]): [string, Val] => [
      name,
      TEXT.test(type) && !PLAIN.test(name) ? sealed(type) : DYNAMIC,
    ]),
  );
  return { kind: 'object', cls, fields, args: undefined, rest: [] };
}
