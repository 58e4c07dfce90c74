/** The TypeScript node host in a process of its own, with one node that answers what it is sent. */

import { Any } from 'google-protobuf/google/protobuf/any_pb.js';
import { unary } from '../../sdk-stubs/typescript/gen/axiom/node';
import { serve } from '../../sdk-stubs/typescript/gen/axiom/serve';

void serve({
  ...{ name: 'my-org/echo', version: '1.0.0', root: __dirname },
  nodes: [
    unary({
      name: 'Echo',
      ...{ inputType: 'google.protobuf.Any', outputType: 'google.protobuf.Any', input: Any, output: Any },
      handler: (_ax, input) => input,
    }),
  ],
});
