/** What to know of a name before it is saved: that it exists already, or that one of another case does. */

import type { SecretName } from '../../../gen/axiom/secrets/v1/secrets_pb';
import { When } from '../ui/when';

interface NameRemarkProps {
  readonly name: string;
  readonly known: readonly SecretName[];
}

export function NameRemark({ name, known }: NameRemarkProps) {
  if (name === '') return null;
  const same = known.find((secret) => secret.name === name);
  if (same !== undefined) {
    return (
      <p key="same">
        <code translate="no">{name}</code> exists already, added <When time={same.createTime} to="day" />.
        Saving shows what replacing it touches, and asks.
      </p>
    );
  }
  const alike = known.find((secret) => secret.name.toLowerCase() === name.toLowerCase());
  if (alike === undefined) return null;
  return (
    <p key="alike">
      <code translate="no">{alike.name}</code> exists. Upper and lower case are told apart: this would be
      another secret.
    </p>
  );
}
