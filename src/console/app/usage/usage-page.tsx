/** The Usage view: when and by what each secret was last read, and which reads found nothing. Names only. */

import { Field } from '../ui/field';
import { PageHeader } from '../ui/page-header';
import { useAddressParameter } from '../ui/use-address';
import { Misses } from './misses';
import { Reads } from './reads';
import { isUnread, UNREAD, type Unread } from './unread';

export function UsagePage() {
  const [addressed, setAddressed] = useAddressParameter('unread');
  const unread: Unread = isUnread(addressed) ? addressed : '';
  return (
    <>
      <PageHeader
        title="Usage"
        lead="What nodes asked for at run time, as their sidecars report it: names and times, never values."
      />
      {/* First, since it asks for something to be done, and the reads may be a thousand. */}
      <section className="section" aria-labelledby="misses-title">
        <h2 id="misses-title">Asked for and not found</h2>
        <Misses />
      </section>
      <section className="section" aria-labelledby="reads-title">
        <div className="section-header">
          <h2 id="reads-title">Reads</h2>
          <Field label="Show">
            {(control) => (
              <select {...control} value={unread} onChange={(event) => setAddressed(event.target.value)}>
                {UNREAD.map(({ value, title }) => (
                  <option key={value} value={value}>
                    {title}
                  </option>
                ))}
              </select>
            )}
          </Field>
        </div>
        <Reads unread={unread} />
      </section>
    </>
  );
}
