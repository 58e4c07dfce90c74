/** Pages whose methods answer to admins only say so to everyone else. */

import type { ReactNode } from 'react';
import { useIsAdmin, useSession } from '../session/use-session';
import { Empty } from '../ui/listing';
import { PageHeader } from '../ui/page-header';

interface AdminsOnlyProps {
  readonly title: string;
  readonly children: ReactNode;
}

export function AdminsOnly({ title, children }: AdminsOnlyProps) {
  const { role } = useSession();
  if (useIsAdmin()) return children;
  return (
    <>
      <PageHeader title={title} />
      <Empty title="This page is for admins.">
        <p>You are logged in as {role}. Ask an admin of your tenant, or log in with an admin’s API key.</p>
      </Empty>
    </>
  );
}
