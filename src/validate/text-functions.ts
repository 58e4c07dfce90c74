/** What well-known functions of the six languages make of texts and lists. */

/** A method of a constant text; undefined when its result is not known. */
export function constantOf(text: string, method: string): string | undefined {
  if (/^(?:upper|toUpperCase|ToUpper|ToUpperInvariant|to_uppercase|to_ascii_uppercase)$/.test(method)) {
    return text.toUpperCase();
  }
  if (/^(?:lower|toLowerCase|ToLower|ToLowerInvariant|to_lowercase|to_ascii_lowercase)$/.test(method)) {
    return text.toLowerCase();
  }
  if (/^(?:strip|trim|Trim|TrimSpace)$/.test(method)) return text.trim();
  return /^(?:to_?[sS]tring|ToString|valueOf|intern|toString|name|encode|getBytes|as_bytes|format|__str__)$/.test(
    method,
  ) && !/[{%]/.test(text)
    ? text
    : undefined;
}

/** Functions that answer with their first argument, as far as texts, contexts and pairs go. */
export const IDENTITY =
  /^(?:str|String|string|any|Some|Ok|Box::new|Arc::new|Rc::new|String::from|Optional\.of(?:Nullable)?|Promise\.resolve|Object\.freeze|Cow::(?:from|Borrowed)|Arc::clone|Rc::clone|Task\.FromResult|Future::ready|deepcopy|copy\.copy|Objects\.requireNonNull\w*|wraps|asyncio\.run|dbg|String\.valueOf|std::convert::identity|CompletableFuture\.completedFuture)$/;

/** Functions that make a list of their arguments, or of their one list. */
export const LISTING =
  /^(?:list|tuple|sorted|set|frozenset|reversed|iter|List\.of|Set\.of|Arrays\.asList|Stream\.of|Arrays\.stream|Array\.from|Array\.of|Set|vec|slices\.Values|ImmutableList\.of|HashSet|List|BTreeSet::from|HashSet::from|Vec::from|Collections\.unmodifiable(?:List|Set)|List\.copyOf|ArrayList|LinkedList|LinkedHashSet|TreeSet|Vec::(?:new|with_capacity)|HashSet::new|BTreeSet::new|Array|ReadOnlyCollection)$/;

/** Functions that make a dictionary of alternating keys and values. */
export const PAIRING = /^(?:Map\.of|ImmutableMap\.of)$/;
/** Functions that make a dictionary of a list of pairs. */
export const OF_PAIRS =
  /^(?:dict|Map|(?:std::collections::)?(?:HashMap|BTreeMap)::(?:from|new|with_capacity)|Object\.fromEntries|Map\.ofEntries|OrderedDict|defaultdict|HashMap|LinkedHashMap|TreeMap|Dictionary|SortedDictionary|ConcurrentDictionary|ConcurrentHashMap)$/;
/** Functions that answer with a dictionary as it is. */
export const SAME_MAP =
  /^(?:Collections\.unmodifiableMap|Map\.copyOf|MappingProxyType|types\.MappingProxyType|maps\.Clone)$/;
export const ENTRY = /^(?:Map\.entry|entry|AbstractMap\.SimpleEntry|KeyValuePair\.Create)$/;

/** Functions that put texts together by a template or one after the other. */
export const FORMATTING =
  /(?:^|\.|::)(?:Sprintf|Sprint|Sprintln|format|Format|formatted|Concat|Join|join|format_args|concat|strcat|urlunparse|quote|quote_plus|encodeURIComponent|btoa|b64encode|encodeToString|ToBase64String|EncodeToString|QueryEscape|PathEscape|EscapeDataString|urlsafe_b64encode|standard_b64encode|Buffer\.from|json\.dumps|JSON\.stringify|dumps|to_string_pretty|repr)$/;
/** Go's strings package, by its functions that keep the text. */
export const GO_TEXT = /^strings\.(?:Trim\w*|To(?:Upper|Lower|Title)|Replace\w*|Clone|Join|Repeat)$/;

/** Placeholders of printf, {}-style and f-string-like templates filled in order; undefined when it cannot be told. */
export function fill(template: string, count: number): readonly (string | number)[] | undefined {
  const parts: (string | number)[] = [];
  let next = 0;
  let end = 0;
  for (const match of template.matchAll(
    /%%|\{\{|\}\}|%(?:\[\d+\])?[-+# 0]*[\d.*]*[a-zA-Z]|\{(\d*)[^{}]*\}/g,
  )) {
    parts.push(template.slice(end, match.index));
    end = match.index + match[0].length;
    if (/^(?:%%|\{\{|\}\})$/.test(match[0])) parts.push(match[0].slice(1));
    else if (/^%[sv]$|^\{\d*\}$/.test(match[0])) parts.push(match[1] ? Number(match[1]) : next++);
    else return undefined;
  }
  parts.push(template.slice(end));
  return parts.every((part) => typeof part === 'string' || part < count) ? parts : undefined;
}
