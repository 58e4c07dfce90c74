/** The Usage view: when and by what each secret was last read, and which reads found nothing. Names only. */

import { useState } from 'react';
import { Field } from '../ui/field';
import { PageHeader } from '../ui/page-header';
import { Misses } from './misses';
import { Reads } from './reads';

const PERIODS = [
  { days: 0, title: 'Every secret' },
  { days: 7, title: 'Not read for 7 days' },
  { days: 30, title: 'Not read for 30 days' },
  { days: 90, title: 'Not read for 90 days' },
  { days: 365, title: 'Not read for a year' },
];

export function UsagePage() {
  const [unreadDays, setUnreadDays] = useState(0);
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
              <select
                {...control}
                value={unreadDays}
                onChange={(event) => setUnreadDays(Number(event.target.value))}
              >
                {PERIODS.map(({ days, title }) => (
                  <option key={days} value={days}>
                    {title}
                  </option>
                ))}
              </select>
            )}
          </Field>
        </div>
        <Reads unreadDays={unreadDays} />
      </section>
    </>
  );
}
