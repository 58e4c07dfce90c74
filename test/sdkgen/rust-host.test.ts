/** The Rust node host, spoken to as the sidecar does. */

import { rustSupport } from '../../src/sdkgen/rust';
import { describeHost } from './host-suite';

describeHost('Rust', rustSupport, {
  full: 'rust-doubles-new',
  name: 'acme/graph-rust',
  faultyLine: 'nodes/faulty.rs:10',
  small: 'rust-doubles-old',
});
