/** The names that a package declares, and which of them the tenant lacks: those that it lacks first. */

import { useMemo } from 'react';
import type { RequiredSecret } from '../../../gen/axiom/packages/v1/packages_pb';
import { SomeNames } from '../ui/some-names';

export function RequiredNames({ secrets }: { readonly secrets: readonly RequiredSecret[] }) {
  const names = useMemo(
    () =>
      [...secrets]
        .sort((a, b) => Number(a.registered) - Number(b.registered))
        .map(({ name, registered }) => ({
          name,
          mark: registered ? ('good' as const) : ('warn' as const),
          note: registered ? 'registered' : 'missing',
        })),
    [secrets],
  );
  if (names.length === 0) return <>None</>;
  return <SomeNames label="Required secrets" names={names} />;
}
