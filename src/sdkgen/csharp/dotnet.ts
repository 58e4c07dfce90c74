/** The .NET SDK: whether it is there, and how it is called. */

import { DomainError } from '../../domain/errors';
import type { Report } from '../language';
import { explained, runTool } from '../run-tool';

/** No banner and no usage reports. */
export const DOTNET_ENV = { DOTNET_NOLOGO: '1', DOTNET_CLI_TELEMETRY_OPTOUT: '1' } as const;

/** The oldest SDK that compiles for net8.0. */
export const OLDEST_SDK = 8;

/** One line that says what is missing and how to get it; undefined when the SDK is there. */
export async function missingDotnet(): Promise<string | undefined> {
  let version: string;
  try {
    version = (await runTool(dotnet(['--version'], '/'), { tool: 'question', purpose: 'dotnet' })).trim();
  } catch {
    return `dotnet is not installed; install the .NET SDK ${OLDEST_SDK} or newer and put dotnet on PATH`;
  }
  if (parseInt(version, 10) >= OLDEST_SDK) return undefined;
  return `the .NET SDK ${version} is too old; install ${OLDEST_SDK} or newer`;
}

/** Runs dotnet to its end. Throws FAILED_PRECONDITION with its errors when it fails. */
export async function runDotnet(args: readonly string[], cwd: string, report: Report): Promise<void> {
  const run = { tool: 'dotnet', purpose: 'building the C# package', report } as const;
  await runTool(dotnet(args, cwd), run).catch(
    explained((printed) => {
      const lines = printed.split('\n');
      // MSBuild says every error twice: as it comes, and in its summary.
      const errors = [...new Set(lines.filter((line) => /\berror\b/i.test(line)).map((line) => line.trim()))];
      const said = (errors.length > 0 ? errors : lines).join('\n').trim();
      return new DomainError(
        'FAILED_PRECONDITION',
        `the C# package does not compile:\n${said}`,
        'BUILD_FAILED',
      );
    }),
  );
}

function dotnet(args: readonly string[], cwd: string) {
  return { argv: ['dotnet', ...args], cwd, env: DOTNET_ENV } as const;
}
