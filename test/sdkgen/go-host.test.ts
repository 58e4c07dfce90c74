/** The Go node host, spoken to as the sidecar does. */

import { goSupport } from '../../src/sdkgen/go';
import { describeHost } from './host-suite';

describeHost('Go', goSupport, {
  full: 'go-doubles-new',
  name: 'acme/graph-tools',
  faultyLine: 'nodes/faulty.go:18',
  small: 'go-before-reflection',
});
