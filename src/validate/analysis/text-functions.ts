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
