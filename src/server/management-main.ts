/** Entry of the management server's process. */

import { runChild } from './child-process';
import { startManagementServer } from './management-server';

runChild('management', startManagementServer);
