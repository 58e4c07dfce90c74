/** Leads to **Add secret** with the name filled in. */

import { Link } from 'wouter';

export function AddSecretLink({ name }: { readonly name: string }) {
  return (
    <Link
      className="button small"
      href={`/secrets?name=${encodeURIComponent(name)}`}
      aria-label={`Add secret ${name}`}
    >
      Add secret
    </Link>
  );
}
