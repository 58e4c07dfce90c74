/** What functions and methods of Java's libraries make of a value. */

import type { LibraryFacts } from '../../ir/language';
import { endings, words } from '../common/words';

export const LIBRARY: LibraryFacts = {
  prints: words(
    String.raw`System\.(?:out|err)\.(?:print|println|printf|format) System\.console\(\)\.printf`,
    String.raw`(?:\w+\.)*(?:_?logger|_?log|LOG(?:GER)?)\.(?:debug|info|warn|warning|error|fatal|trace|severe|fine|finer|finest|config|log|at(?:Trace|Debug|Info|Warn|Error|Level))`,
    String.raw`MDC\.(?:put|putCloseable) ThreadContext\.(?:put|push) (?:\w+\.)*\w*[sS]pan\.(?:setAttribute|setTag|tag|addEvent|recordException) (?:\w+\.)+labels`,
  ),
  loggers: words(String.raw`(?:\w+\.)*get_?[lL]ogger`),
  buffers: words(String.raw`StringBuilder StringBuffer StringJoiner StringWriter`),
  writesInto: words(),
  runs: words(String.raw`(?:\w+\.)*(?:supplyAsync|submit|call|withInitial|memoize|doPrivileged|callAs|fork)`),
  fills: words(String.raw`computeIfAbsent computeIfPresent compute`),
  seals: words(),
  unseals: words(),
  requests: words(),
  identity: words(
    String.raw`URI\.create URI URL Optional\.of(?:Nullable)? Objects\.requireNonNull\w* String\.valueOf String CompletableFuture\.completedFuture`,
  ),
  listing: words(
    String.raw`List\.of Set\.of Arrays\.asList Stream\.of Arrays\.stream ImmutableList\.of Collections\.unmodifiable(?:List|Set) List\.copyOf Set\.copyOf \w*List LinkedHashSet HashSet TreeSet \w*Queue \w*Deque`,
  ),
  pairing: words(String.raw`Map\.of ImmutableMap\.of`),
  ofPairs: words(
    String.raw`Map\.ofEntries (?:java\.util\.)?(?:HashMap|LinkedHashMap|TreeMap) (?:Concurrent|Weak|Identity)HashMap ConcurrentSkipListMap EnumMap Hashtable Properties`,
  ),
  sameMap: words(String.raw`Collections\.unmodifiableMap Map\.copyOf`),
  entry: words(String.raw`Map\.entry entry AbstractMap\.SimpleEntry`),
  formatting: endings(
    String.raw`String\.format formatted String\.join encodeToString URLEncoder\.encode encode Objects\.toString Arrays\.toString MessageFormat\.format Arrays\.copyOfRange toJson writeValueAsString`,
  ),
  tells: words(),
  showsFields: words(),
  parses: words(String.raw`(?:\w+\.)*(?:readTree|readValue|fromJson|parseString) JSONObject`),
  whole: words(),
  textOf: endings('matcher'),
  same: words(String.raw`clone iterator stream toList toArray sorted value copy toString iter collect`),
  text: words(
    String.raw`trim strip\w* to(?:Lower|Upper)Case replace\w* format formatted concat getBytes orElse\w* get filter or repeat intern toString valueOf substring subSequence split chars toCharArray lines join indent describeConstable translateEscapes stream append insert reverse toList charAt codePointAt group path asText textValue getString getAsString getAsJsonObject optString`,
  ),
  waits: words('get join getNow resultNow'),
  listSame: words(
    'iterator listIterator parallelStream distinct limit skip reversed unordered subList takeWhile dropWhile peek sorted boxed reverse append insert',
  ),
  catches: words('exceptionally handle whenComplete'),
  keeps: words(String.raw`Objects\.\w+ Optional\.\w+ String\.valueOf super this`),
  echoes: words(),
  tellsAddress: words(),
  each: words(
    'map forEach flatMap filter ifPresent ifPresentOrElse anyMatch allMatch noneMatch collect reduce mapToObj peek thenApply thenAccept thenCompose whenComplete handle exceptionally removeIf computeIfAbsent',
  ),
  measures: words(
    String.raw`MessageDigest\.\w+ Boolean\.\w+ Integer\.\w+ Long\.\w+ Objects\.(?:isNull|nonNull|equals|hash)`,
  ),
};
