/** `axiom configs …` and `axiom push` against a running service. */

import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { startServeProcess, type ServeProcess } from '../support/serve-process';
import { ROOT, Shell } from './axiom';

let serve: ServeProcess;
let shell: Shell;
const axiom = (args: string[], input = '') => shell.run(args, { input });

beforeAll(async () => {
  serve = await startServeProcess();
  shell = new Shell({ AXIOM_DATA_DIR: serve.info.dataDir });
});

afterAll(async () => {
  shell.remove();
  await serve.stop();
});

describe('Override a secret for one flow config', () => {
  it('makes profiles, by default the profile `default`', async () => {
    const { json } = await axiom([
      'configs',
      'create',
      'team/checkout',
      'eu',
      '--node-timeout',
      '60',
      '--json',
    ]);
    expect(json.flowConfig).toMatchObject({ flowId: 'team/checkout', profileName: 'eu', nodeTimeout: '60s' });
    expect((await axiom(['configs', 'create', 'team/checkout'])).stdout).toMatch(
      /^created profile default of flow team\/checkout: \S+\n$/,
    );
    expect((await axiom(['configs', 'create', 'team/checkout', 'eu'])).code).toBe(4);
  });

  it('sets an override from stdin and shows its name, never its value', async () => {
    expect((await axiom(['configs', 'override', 'team/checkout/eu', 'STRIPE_KEY'], 'canary')).stdout).toBe(
      'team/checkout/eu now overrides STRIPE_KEY\n',
    );
    const shown = await Promise.all([
      axiom(['configs', 'show', 'team/checkout/eu']),
      axiom(['configs', 'show', 'team/checkout/eu', '--json']),
      axiom(['configs', 'list']),
      axiom(['configs', 'list', '--flow', 'team/checkout', '--json']),
    ]);
    for (const { code, stdout } of shown) {
      expect(code).toBe(0);
      expect(stdout).toContain('STRIPE_KEY');
      expect(stdout).not.toContain('canary');
      expect(stdout).not.toContain(Buffer.from('canary').toString('base64'));
    }
    expect(shown[3].json.flowConfigs).toHaveLength(2);
  });

  it('finds a profile by its id too', async () => {
    const { json } = await axiom(['configs', 'show', 'team/checkout/eu', '--json']);
    const byId = await axiom(['configs', 'show', json.flowConfig.configId, '--json']);
    expect(byId.json).toEqual(json);
  });

  it('says its name also where its id was given', async () => {
    const profile = ['configs', 'show', 'team/checkout/eu', '--json'];
    const { flowConfig } = (await axiom(profile)).json as { flowConfig: { configId: string } };
    const at = (command: string, input?: string) =>
      axiom(['configs', command, flowConfig.configId, 'BY_ID'], input);
    expect((await at('override', 'canary')).stdout).toBe('team/checkout/eu now overrides BY_ID\n');
    expect((await at('remove-override')).stdout).toBe('team/checkout/eu no longer overrides BY_ID\n');
    expect((await at('remove-override')).stderr).toBe(
      'error: override BY_ID of this flow config does not exist; list the names to see which do\n',
    );
  });

  it('renames, changes and clears the timeout, removes overrides and profiles', async () => {
    expect(
      (
        await axiom([
          'configs',
          'update',
          'team/checkout/eu',
          '--name',
          'emea',
          '--node-timeout',
          '30',
          '--json',
        ])
      ).json.flowConfig,
    ).toMatchObject({
      profileName: 'emea',
      nodeTimeout: '30s',
    });
    const cleared = await axiom([
      'configs',
      'update',
      'team/checkout/emea',
      '--clear-node-timeout',
      '--json',
    ]);
    expect(cleared.json.flowConfig.nodeTimeout).toBeUndefined();
    expect(
      (await axiom(['configs', 'remove-override', 'team/checkout/emea', 'STRIPE_KEY', '--revoke-running']))
        .code,
    ).toBe(0);
    expect((await axiom(['configs', 'delete', 'team/checkout/emea', '--json'])).json).toEqual({});
    expect((await axiom(['configs', 'delete', 'team/checkout/emea'])).code).toBe(3);
  });

  it('keeps the tenant default', async () => {
    expect((await axiom(['configs', 'default'])).stdout).toBe('node timeout 300 s\n');
    expect((await axiom(['configs', 'default', '--node-timeout', '120'])).stdout).toBe(
      'node timeout 120 s\n',
    );
    expect((await axiom(['configs', 'default', '--json'])).json.tenantDefault.effectiveNodeTimeout).toBe(
      '120s',
    );
    expect((await axiom(['configs', 'default', '--clear-node-timeout'])).stdout).toBe('node timeout 300 s\n');
  });

  it('refuses timeouts out of bounds and profiles that are not there', async () => {
    const outcomes = await Promise.all([
      axiom(['configs', 'create', 'f', 'p', '--node-timeout', '0']),
      axiom(['configs', 'create', 'f', 'p', '--node-timeout', '3601']),
      axiom(['configs', 'create', 'f', 'p', '--node-timeout', 'soon']),
      axiom(['configs', 'show', 'f/nope']),
      axiom(['configs', 'show', 'nope']),
      axiom(['configs', 'override', 'f/nope', 'A'], 'x'),
    ]);
    expect(outcomes.map(({ code }) => code)).toEqual([7, 7, 2, 3, 3, 3]);
  });
});

describe('Publish a package', () => {
  it('publishes a version once, and says which secrets the tenant lacks', async () => {
    const folder = join(ROOT, 'examples', 'greeter-typescript');
    const pushed = await axiom(['push', join(folder, 'nodes')]);
    expect(pushed.code).toBe(0);
    expect(pushed.stdout).toMatch(/^published \S+@\S+\n$/);
    expect(pushed.stderr).toContain('axiom secrets add GREETER_SIGNATURE');
    expect((await axiom(['push', folder, '--json'])).error.code).toBe('ALREADY_EXISTS');
    const name = /^published (\S+)@/.exec(pushed.stdout)?.[1] ?? '';
    expect((await axiom(['packages', 'show', name])).stdout).toMatch(
      /Greet +\S+ -> \S+\n +lack +GREETER_SIGNATURE/,
    );
    await axiom(['secrets', 'add', 'GREETER_SIGNATURE'], 'x');
    expect((await axiom(['packages', 'show', name])).stdout).toMatch(/ have +GREETER_SIGNATURE/);
    expect((await axiom(['packages', 'list', '--json'])).json.packages).toMatchObject([{ name }]);
    expect((await axiom(['packages', 'list'])).stdout).toMatch(
      /^PACKAGE +VERSION +LANGUAGE +SECRETS YOU LACK\n/,
    );
    expect((await axiom(['packages', 'show', `${name}@9.9.9`])).code).toBe(3);
  });

  it('unpublishes a version, which stays taken; the operator removes one and moves a handle', async () => {
    const publish = (version: string) => {
      writeFileSync(shell.path('axiom.yaml'), `name: our-org/tools\nversion: ${version}\nlanguage: python\n`);
      return axiom(['push']);
    };
    await publish('1.0.0');
    await publish('1.1.0');
    const tools = (version: string) => `our-org/tools@${version}`;
    expect((await axiom(['packages', 'unpublish', tools('1.1.0')])).stdout).toBe(
      `unpublished ${tools('1.1.0')}\n`,
    );
    expect((await axiom(['packages', 'show', 'our-org/tools'])).stdout).toContain(tools('1.0.0'));
    expect((await publish('1.1.0')).stderr).toContain('was published and stays taken');
    expect((await axiom(['packages', 'remove', tools('1.0.0')])).stdout).toBe(`removed ${tools('1.0.0')}\n`);
    expect((await axiom(['packages', 'show', 'our-org/tools'])).code).toBe(3);
    await axiom(['tenants', 'create', 'heir']);
    expect((await axiom(['packages', 'move-handle', 'our-org', 'heir'])).stdout).toBe(
      'moved our-org from default to heir\n',
    );
    expect((await publish('2.0.0')).stderr).toContain('belongs to another tenant');
  });

  it('publishes nothing of a manifest that is broken or not there', async () => {
    writeFileSync(shell.path('axiom.yaml'), 'name: nope\nversion: [\n');
    const broken = await axiom(['push', '--json']);
    expect(broken.code).toBe(7);
    expect(broken.stderr).toMatch(/axiom\.yaml:\d+:\d+/);
    expect((await shell.run(['push'], { cwd: '/' })).code).toBe(3);
  });
});
