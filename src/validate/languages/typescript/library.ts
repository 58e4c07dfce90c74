/** What functions and methods of TypeScript's and JavaScript's libraries make of a value. */

import type { LibraryFacts } from '../../ir/language';
import { endings, words } from '../common/words';

export const LIBRARY: LibraryFacts = {
  prints: words(
    String.raw`console\.(?:log|info|warn|error|debug|trace|dir|table|group|assert) process\.std(?:out|err)\.write`,
    String.raw`(?:\w+\.)*(?:_?logger|_?log|LOG(?:GER)?|logging|winston|pino)\.(?:debug|info|warn|warning|error|fatal|trace|log|verbose|silly|http|success|child|setBindings)`,
    String.raw`(?:\w+\.)*\w*[sS]pan\.(?:setAttributes?|setTag|addEvent|recordException) (?:\w+\.)+labels`,
    String.raw`Sentry\.(?:set(?:Tag|Extra|Context)s?|capture(?:Message|Exception)|addBreadcrumb)`,
  ),
  loggers: words(
    String.raw`(?:\w+\.)*(?:get_?[lL]ogger|createLogger) pino (?:\w+\.)*(?:_?logger|_?log|winston|pino)\.child`,
  ),
  buffers: words(),
  writesInto: words(),
  runs: words(String.raw`(?:once|memoize|memoizeOne|pRetry|retry|backOff|pLimit|limit)`),
  fills: words(),
  seals: words(),
  unseals: words(),
  requests: words(),
  identity: words(String.raw`String string URL Promise\.resolve Object\.freeze structuredClone Object\.seal`),
  listing: words(String.raw`Array\.from Array\.of Set Array Object\.freeze Promise\.all(?:Settled)?`),
  pairing: words(),
  ofPairs: words(String.raw`Map WeakMap Object\.fromEntries URLSearchParams Headers FormData`),
  sameMap: words(),
  entry: words(),
  formatting: endings(
    String.raw`format concat encodeURI(?:Component)? decodeURIComponent btoa atob Buffer\.from JSON\.stringify (?:qs|querystring)\.(?:stringify|encode) util\.inspect inspect String\.raw escape`,
  ),
  tells: words('searchParams search pathname href username password hash'),
  showsFields: words(),
  parses: words(String.raw`JSON5?\.parse (?:YAML|yaml|TOML|toml)\.(?:parse|load)`),
  whole: words(),
  textOf: words(),
  same: words('toString toArray valueOf href'),
  text: words(
    String.raw`trim\w* toString to(?:Locale)?(?:Lower|Upper)Case replace\w* concat padEnd padStart repeat normalize valueOf slice substring substr split at charAt match matchAll join toLocaleString toWellFormed`,
  ),
  waits: words(),
  listSame: words('slice reverse concat toReversed toSorted flat sort values fill'),
  catches: words('catch'),
  keeps: words(String.raw`console\.\w+ Object\.\w+ Reflect\.\w+ WeakRef String Boolean`),
  echoes: words(String.raw`(?:child_process\.|cp\.)?(?:execSync|execFileSync)`),
  tellsAddress: words(),
  each: words(
    'map forEach flatMap filter find findLast some every reduce reduceRight then catch finally sort',
  ),
  measures: words(
    String.raw`Boolean Number parseInt parseFloat isNaN Array\.isArray createHash createHmac timingSafeEqual`,
  ),
};
