/** What functions and methods of Python's libraries make of a value. */

import type { LibraryFacts } from '../../ir/language';
import { endings, words } from '../common/words';

export const LIBRARY: LibraryFacts = {
  prints: words(
    String.raw`print pprint(?:\.pprint)? sys\.std(?:out|err)\.write traceback\.print_\w+ warnings\.warn (?:click|typer)\.s?echo`,
    String.raw`(?:(?:self|cls|this|\w+)\.)*(?:logging|_?logger|_?log|_?LOG(?:GER)?|structlog|loguru)\.(?:debug|info|warn|warning|error|exception|critical|trace|log|fatal|success|msg|bind|opt|contextualize)`,
    String.raw`(?:\w+\.)*\w*span\.(?:set_attributes?|set_tag|add_event|record_exception) (?:\w+\.)+labels`,
    String.raw`sentry_sdk\.(?:set_(?:tag|extra|context)|capture_(?:message|exception)|add_breadcrumb)`,
  ),
  loggers: words(
    String.raw`(?:\w+\.)*(?:get_?[lL]ogger|getChild|LoggerAdapter) (?:\w+\.)*(?:_?logger|_?log|structlog|loguru)\.(?:bind|opt|new|patch)`,
  ),
  buffers: words(
    String.raw`(?:io\.)?StringIO (?:io\.)?BytesIO (?:asyncio\.|queue\.|multiprocessing\.)?(?:Simple|Lifo|Priority)?Queue`,
  ),
  writesInto: words(),
  runs: words(
    String.raw`(?:asyncio\.)?to_thread (?:\w+\.)*(?:submit|run_in_executor|run_sync|create_task|ensure_future|gather|run_until_complete)`,
  ),
  fills: words(),
  seals: words(String.raw`(?:pydantic\.)?SecretStr (?:pydantic\.)?SecretBytes`),
  unseals: words(String.raw`get_secret_value`),
  requests: words(String.raw`(?:urllib\.)?request\.Request`),
  identity: words(
    String.raw`str any typing\.cast copy\.(?:copy|deepcopy) deepcopy wraps asyncio\.(?:run|wait_for|shield) (?:contextlib\.)?a?closing`,
  ),
  listing: words(
    String.raw`list tuple sorted set frozenset reversed iter deque collections\.deque (?:\w+\.)*as_completed`,
  ),
  pairing: words(),
  ofPairs: words(String.raw`dict (?:collections\.)?(?:OrderedDict|defaultdict) (?:types\.)?SimpleNamespace`),
  sameMap: words(String.raw`(?:types\.)?MappingProxyType`),
  entry: words(),
  formatting: endings(
    String.raw`format render render_template_string join concat urlunparse urlencode quote quote_plus \w*b64encode b64decode json\.dumps dumps pformat repr ascii bytes bytearray hexlify hex dedent indent fill shorten safe_substitute substitute`,
  ),
  tells: words(),
  showsFields: words(),
  parses: words(
    String.raw`(?:\w+\.)*(?:json|orjson|ujson|simplejson|yaml|tomllib|tomli|toml)\.(?:loads?|safe_load) (?:ast\.)?literal_eval (?:\w+\.)*(?:model_validate_json|parse_raw)`,
  ),
  whole: words(),
  textOf: endings(
    String.raw`shlex\.quote re\.(?:split|findall|match|search|fullmatch) textwrap\.\w+ os\.path\.\w+`,
  ),
  same: words('copy __str__ __repr__ tolist unwrap value'),
  text: words(
    String.raw`[lr]?strip lower upper casefold swapcase title capitalize translate expandtabs zfill [lr]?just center replace format encode decode removeprefix removesuffix join groups? groupdict [r]?split [r]?partition splitlines get hex __str__ __repr__ format_map __getitem__`,
  ),
  waits: words('result wait exception'),
  listSame: words('copy'),
  catches: words(),
  keeps: words(
    String.raw`callable isinstance print type repr id hasattr getattr setattr vars dir super weakref\.ref asyncio\.\w+ append`,
  ),
  echoes: words(String.raw`(?:subprocess\.)?(?:run|check_call|check_output)`),
  tellsAddress: words(String.raw`requests\.(?:get|post|put|patch|delete|head|options|request)`),
  each: words('map filter then'),
  measures: words(
    String.raw`len bool int float hash id type isinstance hasattr callable any all sum max min ord (?:hashlib|hmac)\.\w+ (?:hmac|secrets)\.compare_digest`,
  ),
};
