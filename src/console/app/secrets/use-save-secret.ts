/** Saving a secret: a new name at once, one that exists only after the person has seen that it does. */

import { Code, createClient } from '@connectrpc/connect';
import { useTransport } from '@connectrpc/connect-query';
import { useState } from 'react';
import { TENANT_SCOPE } from '../../../domain/scope';
import { SecretsService, type SecretName } from '../../../gen/axiom/secrets/v1/secrets_pb';
import { useRefresh } from '../connection';
import { failureCode } from '../failure';
import { useSealing } from '../sealing/use-sealing';
import { ALL_NAMES } from './use-secret-names';
import type { ValueFieldHandle } from './value-field';

interface SaveRequest {
  readonly name: string;
  readonly value: ValueFieldHandle;
  readonly revokesRunning: boolean;
}

/**
 * Saving, in its two steps. The value is sealed and zeroed: it is in no call, no state, no cache and no mutation.
 */
export function useSaveSecret(onSaved: (name: string, how: 'saved' | 'replaced') => void) {
  const client = createClient(SecretsService, useTransport());
  const refresh = useRefresh();
  const seal = useSealing();
  /** The secret that is under the name, once the service has said that one does. */
  const [standing, setStanding] = useState<SecretName>();
  const [error, setError] = useState<unknown>();
  const [isBusy, setBusy] = useState(false);

  async function lookUp(name: string) {
    const { secrets } = await client.listSecretNames(ALL_NAMES);
    setStanding(secrets.find((secret) => secret.name === name));
  }

  async function run({ name, value, revokesRunning }: SaveRequest) {
    const bytes = value.take();
    if (bytes === undefined) return;
    setBusy(true);
    setError(undefined);
    try {
      const sealed = { name, content: await seal({ scope: TENANT_SCOPE, name }, bytes) };
      if (standing === undefined) await client.addSecret(sealed);
      else await client.replaceSecret({ ...sealed, etag: standing.etag, revokeRunning: revokesRunning });
      value.clear();
      onSaved(name, standing === undefined ? 'saved' : 'replaced');
      await refresh();
    } catch (failure) {
      await explain(name, failure);
    } finally {
      bytes.fill(0);
      setBusy(false);
    }
  }

  /** The name is there, was changed or is gone since: look at what there is and let the person decide again. */
  async function explain(name: string, failure: unknown) {
    const code = failureCode(failure);
    if (code !== Code.AlreadyExists) setError(failure);
    if (code === Code.AlreadyExists || code === Code.Aborted || code === Code.NotFound)
      await lookUp(name).catch(setError);
  }

  return {
    run,
    standing,
    error,
    isBusy,
    startOver() {
      setStanding(undefined);
      setError(undefined);
    },
  };
}
