/** The API key that a variable holds, for CI that has secrets in variables only. Loaded by every command before it starts anything. */

const VARIABLE = 'AXIOM_API_KEY';

/** Taken out of the environment at once: what a command starts (a node host, a test runner, a server) does not inherit it. */
const fromVariable = takeVariable();

/** The key in AXIOM_API_KEY; undefined where it is not set, or to nothing. */
export function apiKeyVariable(): string | undefined {
  return fromVariable;
}

function takeVariable(): string | undefined {
  const key = process.env[VARIABLE]?.trim();
  delete process.env[VARIABLE];
  return key === '' ? undefined : key;
}
