/** What functions and methods of Go's libraries make of a value. */

import type { LibraryFacts } from '../../ir/language';
import { endings, words } from '../common/words';

export const LIBRARY: LibraryFacts = {
  prints: words(
    String.raw`print println fmt\.(?:Print|Println|Printf) fmt\.Fprint(?:f|ln)?`,
    String.raw`(?:\w+\.)*(?:log|slog|logger|Logger|Log|zap|zlog|sugar|logrus|zerolog)\.(?:Print|Println|Printf|Fatal|Fatalf|Fatalln|Panic|Panicf|Panicln|Debug|Debugf|Debugw|Info|Infof|Infow|Warn|Warnf|Warnw|Error|Errorf|Errorw|Trace|Tracef|Log|LogAttrs|With|WithFields?|WithValues|WithError)(?:Context)?`,
    String.raw`(?:\w+\.)*\w*[sS]pan\.(?:SetAttributes|SetTag|AddEvent|RecordError) (?:\w+\.)+WithLabelValues`,
  ),
  loggers: words(
    String.raw`slog\.(?:With|Default|New) zap\.(?:New\w*|L|S|Must) zerolog\.(?:New|Ctx) logrus\.New log\.(?:New|Default|Ctx) logr\.FromContext\w* klog\.\w+`,
    String.raw`(?:\w+\.)*(?:log|slog|logger|Logger|Log|zlog|sugar|logrus)\.(?:With\w*|Named|Sugar|Logger|Check)`,
  ),
  buffers: words(
    String.raw`(?:\w+\.)*(?:URL|u|url|uri|endpoint|\w+(?:URL|Url))\.Query strings\.Builder bytes\.Buffer http\.Header url\.Values bytes\.NewBufferString bytes\.NewBuffer`,
  ),
  writesInto: words(String.raw`fmt\.Fprint(?:f|ln)? io\.WriteString (?:\w+\.)*Execute(?:Template)?`),
  runs: words(String.raw`backoff\.Retry\w*`),
  fills: words(),
  seals: words(),
  unseals: words(),
  requests: words(),
  identity: words(String.raw`string any sync\.OnceValues?`),
  listing: words(String.raw`slices\.(?:Values|Collect|Sorted)`),
  pairing: words(),
  ofPairs: words(),
  sameMap: words(String.raw`maps\.Clone`),
  entry: words(),
  formatting: endings(
    String.raw`Sprintf Sprint Sprintln Errorf errors\.New Append Appendf EncodeToString QueryEscape PathEscape Join json\.Marshal(?:Indent)? strconv\.Quote url\.JoinPath url\.User(?:Password)? strings\.NewReplacer byte zap\.(?:String|Any|Stringer|ByteString|Reflect|Strings|Inline) slog\.(?:String|Any|Group|StringValue|AnyValue) attribute\.(?:String|Stringer)`,
  ),
  tells: words('RawQuery RawPath Path User Opaque Fragment'),
  showsFields: words(String.raw`url\.URL`),
  parses: words(),
  whole: words(),
  textOf: words(
    String.raw`strings\.(?:Trim\w*|To(?:Upper|Lower|Title)|Title|Replace\w*|Clone|Join|Repeat|Split\w*|Fields\w*|Cut\w*|Map|NewReader) bytes\.\w+ slices\.Clone url\.(?:Path|Query)Unescape`,
  ),
  same: words('Value String Bytes Encode'),
  text: words('String Error Bytes Replace'),
  waits: words(),
  listSame: words(),
  catches: words(),
  keeps: words(String.raw`append len panic context\.\w+ errors\.\w+ fmt\.\w+`),
  echoes: words(),
  tellsAddress: words(
    String.raw`http\.(?:Get|Head|Post|PostForm|NewRequest(?:WithContext)?) url\.Parse(?:RequestURI)?`,
  ),
  each: words(),
  measures: words(
    String.raw`len cap strings\.(?:Contains\w*|Has\w+|Index\w*|Count|Equal\w*|Compare) subtle\.\w+ (?:sha\d+|md5|hmac)\.\w+ utf8\.\w+`,
  ),
};
