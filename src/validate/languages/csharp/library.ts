/** What functions and methods of .NET's libraries make of a value. */

import type { LibraryFacts } from '../../ir/language';
import { endings, words } from '../common/words';

export const LIBRARY: LibraryFacts = {
  prints: words(
    String.raw`(?:System\.)?Console\.(?:Write|WriteLine) (?:System\.)?Console\.(?:Error|Out)\.(?:Write|WriteLine)(?:Async)? Debug\.(?:Write|WriteLine|Print) Trace\.(?:Write|WriteLine|TraceInformation|TraceError|TraceWarning)`,
    String.raw`(?:\w+\.)*(?:_?logger|_?log|Logger|Log)\.(?:Debug|Info|Information|Warn|Warning|Error|Fatal|Critical|Trace|Verbose|Log\w*|BeginScope|ForContext)`,
    String.raw`LogContext\.PushProperty Activity\.Current\.(?:SetTag|AddTag|AddEvent|AddBaggage|SetBaggage) (?:\w+\.)*\w*(?:[aA]ctivity|[sS]pan)\.(?:SetTag|AddTag|SetAttribute|AddEvent|RecordException|AddBaggage|SetBaggage) (?:\w+\.)+(?:Labels|WithLabels)`,
  ),
  loggers: words(
    String.raw`(?:\w+\.)*(?:[gG]et_?[lL]ogger|CreateLogger) (?:\w+\.)*(?:_?logger|Logger|Log)\.ForContext`,
  ),
  buffers: words(
    String.raw`(?:System\.Text\.)?StringBuilder StringWriter Channel\.Create(?:Unb|B)ounded BlockingCollection BufferBlock Subject`,
  ),
  writesInto: words(),
  runs: words(
    String.raw`Lazy AsyncLazy AsyncLocal Task\.Run Task\.Factory\.StartNew (?:\w+\.)*(?:ExecuteAsync|Execute|InvokeAsync)`,
  ),
  fills: words(String.raw`GetOrAdd GetOrCreate GetOrCreateAsync GetOrAddAsync`),
  seals: words(),
  unseals: words(),
  requests: words(),
  identity: words(
    String.raw`String string Uri UriBuilder Task\.FromResult ValueTask\.FromResult string\.Copy String\.Copy`,
  ),
  listing: words(
    'HashSet List ReadOnlyCollection Queue Stack SortedSet ImmutableList\\.Create ImmutableArray\\.Create Enumerable\\.Repeat Task\\.WhenAll',
  ),
  pairing: words(),
  ofPairs: words('Dictionary SortedDictionary ConcurrentDictionary SortedList'),
  sameMap: words('ReadOnlyDictionary'),
  entry: words(String.raw`KeyValuePair\.Create KeyValuePair`),
  formatting: endings(
    String.raw`string\.Format String\.Format Concat string\.Join String\.Join ToBase64String EscapeDataString UrlEncode HtmlEncode GetBytes GetString JsonSerializer\.Serialize JsonConvert\.SerializeObject ToHexString FormattableString\.Invariant`,
  ),
  tells: words('Query UserName Password Path'),
  showsFields: words(),
  parses: words(
    String.raw`Json(?:Document|Node)\.Parse JsonSerializer\.Deserialize(?:Async)? JsonConvert\.DeserializeObject J(?:Object|Token)\.Parse`,
  ),
  whole: words('Uri ConnectionString ToString'),
  textOf: words(),
  same: words(
    String.raw`Clone AsEnumerable ReadAllAsync GetConsumingEnumerable ToList ToArray Value AsSpan ToString ToCharArray ToHashSet ToImmutableList ConfigureAwait AsMemory RootElement`,
  ),
  text: words(
    String.raw`Trim\w* ToString To(?:Lower|Upper)\w* Replace Format Concat Get\w*OrDefault Substring Split PadLeft PadRight Remove Insert Normalize AsSpan AsMemory Slice ToCharArray Reverse Take Skip TakeLast SkipLast First Last ElementAt Append AppendLine AppendFormat Chunk Join GetProperty GetString GetRawText`,
  ),
  waits: words('Result GetAwaiter GetResult ConfigureAwait'),
  listSame: words(
    'Distinct Reverse Skip Take OrderBy OrderByDescending ThenBy AsReadOnly SkipWhile TakeWhile SkipLast TakeLast GetRange Order Append AppendLine AppendFormat Insert Replace',
  ),
  catches: words(),
  keeps: words(String.raw`ArgumentNullException\.ThrowIfNull nameof Task\.\w+ base this`),
  echoes: words(),
  tellsAddress: words(),
  each: words(
    'Select Where ForEach SelectMany First FirstOrDefault Single SingleOrDefault Last LastOrDefault Any All ToDictionary Aggregate ContinueWith OrderBy GroupBy Zip Count Sum Max Min',
  ),
  measures: words(
    String.raw`string\.IsNullOrEmpty string\.IsNullOrWhiteSpace String\.IsNullOrEmpty String\.IsNullOrWhiteSpace SHA\d+\.HashData string\.Equals CryptographicOperations\.\w+`,
  ),
};
