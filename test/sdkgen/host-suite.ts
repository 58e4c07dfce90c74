/** What the Go and the Rust node hosts have in common, spoken to as the sidecar does. */

import { afterAll, beforeAll, describe, expect } from '@jest/globals';
import { status } from '@grpc/grpc-js';
import { existsSync, statSync } from 'node:fs';
import { inspect } from 'node:util';
import type { LanguageSupport } from '../../src/sdkgen/language';
import { statusOf } from '../support/node-client';
import { BuiltPackage, RunningPackage } from './built-package';
import { BUILD_TIME_MS, itWith, missingFor } from '../support/needs';

const MASKED = 'The node failed; its log has the reason.';
const canary = 'sk-canary-4f1d';

/** The packages under test/testdata/packages that show a language's host. */
export interface HostPackages {
  /** With every kind of node. */
  readonly full: string;
  /** The manifest's name of `full`. */
  readonly name: string;
  /** Where the faulty node of `full` fails, as its log says. */
  readonly faultyLine: string;
  /** Quick to build. */
  readonly small: string;
}

export function describeHost(title: string, support: LanguageSupport, packages: HostPackages): void {
  const withToolchain = (name: string, body: () => Promise<void>): void =>
    itWith(support.language, name, body);

  let built: BuiltPackage | undefined;
  let running: RunningPackage;

  beforeAll(async () => {
    if (missingFor(support.language) !== undefined) return;
    built = await BuiltPackage.of(packages.full);
    running = await RunningPackage.of(built);
  }, BUILD_TIME_MS);

  afterAll(async () => {
    if (built) await running.host.stop();
    built?.[Symbol.dispose]();
  });

  describe(`the ${title} node host`, () => {
    withToolchain('describes its package and nodes on a socket that only its user can open', async () => {
      const description = await running.host.client.describe();
      expect(description).toMatchObject({
        package: packages.name,
        version: '1.0.0',
        language: support.language,
      });
      expect(description.nodes).toMatchObject([
        { name: 'KNNGraph', pipeline: false, inputType: 'graph.KNNRequest', outputType: 'graph.KNNReply' },
        { name: 'StreamWords', pipeline: true },
        { name: 'GrowFlow', inputType: 'geo.Place' },
        { name: 'Faulty' },
      ]);
      expect(statSync(running.host.socket).mode & 0o777).toBe(0o600);
    });

    withToolchain('reports a read and a log record before the output', async () => {
      const events = await running.invoke('KNNGraph', { k: 3 }, { secrets: { MAPS_API_KEY: canary } });
      expect(events).toMatchObject([
        { case: 'secretRead', value: { name: 'MAPS_API_KEY', found: true } },
        { case: 'log', value: { level: 2, message: 'searching', attributes: { k: '3', keyed: 'true' } } },
        { case: 'output' },
      ]);
      expect(running.outputs('KNNGraph', events)).toEqual([{ summary: '3 of 0.0' }]);
    });

    withToolchain('hands a typed node error to the caller, with the status of a revoked name', async () => {
      const events = await running.invoke('KNNGraph', {}, { revoked: ['MAPS_API_KEY'] });
      const detail = '{"name":"MAPS_API_KEY"}';
      const value = { typed: true, code: 'KEY_REVOKED', message: 'the key was revoked', detail };
      expect(events.at(-1)).toMatchObject({ case: 'error', value });
    });

    withToolchain('masks every other failure, and its log says only what type it was and where', async () => {
      for (const text of ['error', 'panic']) {
        const events = await running.invoke('Faulty', { text }, { secrets: { MAPS_API_KEY: canary } });
        const value = { typed: false, code: '', message: MASKED, detail: '' };
        expect(events.at(-1)).toMatchObject({ case: 'error', value });
        const log = events.find((event) => event.case === 'log');
        expect(inspect(log, { depth: null })).not.toContain(canary);
        if (text === 'panic')
          expect(log?.value).toMatchObject({ attributes: { location: packages.faultyLine } });
      }
      expect(running.host.printed).not.toContain(canary);
    });

    withToolchain('runs a pipeline with the secrets of its execution', async () => {
      const inputs = [{ text: 'one two' }, { text: '' }, { text: 'three' }];
      const events = await running.pipeline('StreamWords', inputs, { secrets: { WORD_PREFIX: '>' } });
      expect(running.outputs('StreamWords', events)).toEqual([
        { word: '>one' },
        { word: '>two' },
        { word: '>three' },
      ]);
      expect(events.filter((event) => event.case === 'secretRead')).toHaveLength(3);
    });

    withToolchain('shows an empty flow, and refuses a mutation in words', async () => {
      const empty = await running.invoke('GrowFlow', { lat: 0 });
      expect(running.outputs('GrowFlow', empty)).toEqual([{ summary: 'no flow' }]);
      const grown = await running.invoke('GrowFlow', { lat: 1 });
      expect(grown.at(-1)).toMatchObject({
        case: 'error',
        value: { typed: true, code: 'MUTATION_UNAVAILABLE' },
      });
    });

    withToolchain('runs invocations at the same time, each with its own secrets', async () => {
      const words = Array.from({ length: 40 }, (_, i) => `tenant-${i}-`);
      const calls = words.map((prefix) =>
        running.pipeline('StreamWords', [{ text: 'x' }], { secrets: { WORD_PREFIX: prefix } }),
      );
      const outputs = (await Promise.all(calls)).map((events) => running.outputs('StreamWords', events));
      expect(outputs).toEqual(words.map((prefix) => [{ word: `${prefix}x` }]));
    });

    withToolchain('passes a cancellation on to the handler', async () => {
      const call = running.host.client.invoke('Faulty', running.encode('Faulty', { text: 'wait' }));
      const events: string[] = [];
      const cancelled = statusOf(
        (async function* () {
          for await (const event of call) {
            events.push(event.case ?? '');
            if (event.case === 'log') call.cancel(); // The handler is waiting now.
            yield event;
          }
        })(),
      );
      expect(await cancelled).toBe(status.CANCELLED);
      expect(events).toEqual(['secretRead', 'log']);
    });

    withToolchain('refuses nodes that it does not have and inputs that are no message', async () => {
      const invoke = (node: string, input: number[]) =>
        statusOf(running.host.client.invoke(node, new Uint8Array(input)));
      expect(await invoke('Other', [])).toBe(status.NOT_FOUND);
      expect(await invoke('KNNGraph', [255])).toBe(status.INVALID_ARGUMENT);
      expect(await invoke('StreamWords', [])).toBe(status.NOT_FOUND);
      const pipeline = running.host.client.pipeline('StreamWords');
      pipeline.send(new Uint8Array([255]));
      expect(await statusOf(pipeline)).toBe(status.INVALID_ARGUMENT);
    });

    withToolchain('ends cleanly on SIGTERM', async () => {
      using other = await BuiltPackage.of(packages.small);
      const second = await RunningPackage.of(other);
      expect(await second.host.stop('SIGTERM')).toBe(0);
      expect(existsSync(second.host.socket)).toBe(false);
    });
  });
}
