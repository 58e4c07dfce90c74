/** What functions, macros and methods of Rust's libraries make of a value. */

import type { LibraryFacts } from '../../ir/language';
import { endings, words } from '../common/words';

export const LIBRARY: LibraryFacts = {
  prints: words(
    String.raw`print println eprint eprintln write writeln info warn error debug trace dbg log event (?:info_|warn_|error_|debug_|trace_)?span`,
    String.raw`(?:self\.|this\.)?(?:log|slog|tracing|logger)(?:\.|::)(?:debug|info|warn|error|trace|log|event|(?:\w+_)?span)`,
    String.raw`(?:\w+\.)*\w*span\.(?:record|set_attribute|set_attributes|add_event)`,
  ),
  loggers: words(String.raw`(?:\w+::)*Span::current`),
  buffers: words(
    String.raw`String::(?:new|with_capacity) (?:\w+::)*HeaderMap::(?:new|with_capacity) (?:\w+::)*Once(?:Cell|Lock)::new`,
  ),
  writesInto: words('write writeln'),
  runs: words(
    String.raw`(?:\w+(?:\.|::))*(?:get_or_init|get_or_try_init|get_or_insert_with) (?:\w+::)*(?:LazyLock|Lazy|LazyCell|OnceCell)::new (?:\w+::)*(?:spawn|spawn_blocking|block_on|scope) (?:\w+\.)*then`,
  ),
  fills: words(),
  seals: words(String.raw`(?:\w+::)*(?:SecretString|Secret|SecretBox)::(?:from|new)`),
  unseals: words(String.raw`expose_secret`),
  requests: words(),
  identity: words(
    String.raw`Some Ok dbg Box::new Arc::new Rc::new String::from (?:std::borrow::)?Cow::(?:from|Borrowed|Owned) Arc::clone Rc::clone std::convert::identity Zeroizing::new (?:\w+\.)*then_some (?:\w+::)*json (?:\w+::)*(?:Mutex|RwLock|RefCell|Cell|Rc|Arc|Box|Pin|Some)::new`,
  ),
  listing: words(
    String.raw`vec (?:\w+::)*(?:try_)?join BTreeSet::from HashSet::from Vec::from Vec::(?:new|with_capacity) HashSet::new BTreeSet::new VecDeque::(?:new|from)`,
  ),
  pairing: words(),
  ofPairs: words(String.raw`(?:std::collections::)?(?:HashMap|BTreeMap)::(?:from|new|with_capacity)`),
  sameMap: words(),
  entry: words(),
  formatting: endings(
    String.raw`format format_args concat to_string(?:_pretty)? encode anyhow eyre write writeln String::from_utf8(?:_lossy)? join urlencoding::encode`,
  ),
  tells: words(),
  showsFields: words(),
  parses: words(String.raw`(?:serde_json|serde_yaml|toml|json5)::from_(?:str|slice)`),
  whole: words(),
  textOf: words(),
  same: words(
    String.raw`clone cloned copied to_owned as_ref as_deref as_mut borrow deref iter into_iter iter_mut into as_str to_string to_vec collect unwrap expect by_ref value context with_context wrap_err wrap_err_with lock read write borrow_mut into_inner ok_or ok_or_else into_owned`,
  ),
  text: words(
    String.raw`trim\w* to_(?:string|lowercase|uppercase|ascii_\w+) to_owned replace\w* as_bytes into_bytes unwrap\w* expect ok_or\w* ok strip_\w+ repeat get chars bytes lines split\w* rsplit\w* char_indices next last nth take skip rev collect concat join escape_\w+ as_str into into_string iter into_iter`,
  ),
  waits: words('join recv unwrap blocking_recv'),
  listSame: words(
    String.raw`rev take skip step_by copied cloned as_slice peekable cycle to_vec into_boxed_slice chunks windows split_at iter buffered buffer_unordered try_collect boxed fuse`,
  ),
  catches: words('map_err unwrap_or_else or_else'),
  keeps: words(
    String.raw`(?:\w+::)*(?:new|from) drop std::mem::\w+ format println eprintln vec matches assert\w* Some Ok`,
  ),
  echoes: words(),
  tellsAddress: words(),
  each: words(
    'map for_each flat_map filter find any all inspect find_map filter_map map_or map_or_else and_then map_err sort_by fold then try_for_each',
  ),
  measures: words(String.raw`usize u64 bool Sha256::digest`),
};
