import * as fs from 'fs';
import * as path from 'path';

// Read at run time, as packages with data files do.
export const TLDS: Record<string, string> = JSON.parse(
  fs.readFileSync(path.join(__dirname, 'tlds.json'), 'utf8'),
);
