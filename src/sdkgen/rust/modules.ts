/** The modules that service.rs makes of handlers' files. */

import { rustIdentifier } from '../../validate/languages/rust/names';

/** What service.rs itself declares beside the nodes' modules. */
const TAKEN = new Set(['axiom_agent', 'axiom_context', 'axiom_host', 'axiom_noop', 'gen']);

/** The module of a handler's file in service.rs. */
export function rustModule(file: string): string {
  return TAKEN.has(file) ? `${file}_node` : rustIdentifier(file);
}
