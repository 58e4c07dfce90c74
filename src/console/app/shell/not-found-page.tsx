/** A path that is not a page. */

import { Link } from 'wouter';
import { Empty } from '../ui/listing';
import { PageHeader } from '../ui/page-header';

export function NotFoundPage() {
  return (
    <>
      <PageHeader title="There is no such page" />
      <Empty title="The address may be old or mistyped.">
        <Link href="/secrets">Go to Secrets</Link>
      </Empty>
    </>
  );
}
