/**
 * Saving the tenant default: one change after the other, each on the state that the one before it made.
 *
 * Enter and then leaving the field asks twice for the same; typing on while a change is under way asks for another.
 */

import { useMutation } from '@connectrpc/connect-query';
import type { Duration } from '@bufbuild/protobuf/wkt';
import { useLayoutEffect, useRef, type RefObject } from 'react';
import { FlowConfigsService, type TenantDefault } from '../../../gen/axiom/flowconfigs/v1/flow_configs_pb';
import { useRefresh } from '../connection';
import { secondsOf } from './node-timeout';

/** @param input holds what is typed; what the service says comes into it where nothing else was typed. */
export function useSaveTenantDefault(
  { nodeTimeout, etag }: TenantDefault,
  input: RefObject<HTMLInputElement | null>,
) {
  const refresh = useRefresh();
  const update = useMutation(FlowConfigsService.method.updateTenantDefault);
  const stands = useRef({ seconds: secondsOf(nodeTimeout), etag });
  const asked = useRef(stands.current.seconds);
  const last = useRef(Promise.resolve());

  useLayoutEffect(() => {
    const seconds = secondsOf(nodeTimeout);
    const isUntouched = input.current?.value === stands.current.seconds;
    if (input.current !== null && isUntouched) input.current.value = seconds;
    if (asked.current === stands.current.seconds) asked.current = seconds;
    stands.current = { seconds, etag };
  }, [nodeTimeout, etag, input]);

  async function run(seconds: string, timeout: Duration | undefined): Promise<void> {
    try {
      const { tenantDefault } = await update.mutateAsync({
        ...(timeout !== undefined && { nodeTimeout: timeout }),
        etag: stands.current.etag,
      });
      stands.current = { seconds, etag: tenantDefault?.etag ?? '' };
    } catch {
      // `update.error` tells of it. Leaving the field again is another attempt, on what is there then.
      asked.current = stands.current.seconds;
    }
    await refresh();
  }

  return {
    save(seconds: string, timeout: Duration | undefined): void {
      if (seconds === asked.current) return;
      asked.current = seconds;
      last.current = last.current.then(() => run(seconds, timeout));
    },
    isBusy: update.isPending,
    isSaved: update.isSuccess,
    error: update.error,
  };
}
