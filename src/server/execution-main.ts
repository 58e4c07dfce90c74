/** Entry of the execution server's process. */

import { runChild } from './child-process';
import { startExecutionServer } from './execution-server';

runChild('execution', startExecutionServer);
