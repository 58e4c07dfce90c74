/** Schema 10: audit events in two thirds of the room, as packed.ts says, in the order of their logs. */

import type { Compilable, Kysely, RawBuilder } from 'kysely';
import { sql } from '../kysely';
import { ACTION_NUMBERS, DOOR_NUMBERS } from '../packed';
import type { Database } from '../schema';
import type { Ddl } from './ddl';

export function up(db: Kysely<Database>, ddl: Ddl): readonly Compilable[] {
  const { integer, text, blob } = ddl;
  const index = (name: string) => db.schema.createIndex(name).on('audit_events');
  const indexes = {
    audit_events_by_tenant_id_action_sequence: ['tenant_id', 'action', 'sequence'],
    audit_events_by_tenant_id_resource_sequence: ['tenant_id', 'resource', 'sequence'],
  } as const;
  const ends = 'audit_events_of_ends';
  return [
    ...[...Object.keys(indexes), ends].map((name) => db.schema.dropIndex(name)),
    ...ddl.convert('audit_events', {
      columns: {
        tenant_id: { type: text },
        sequence: { type: integer },
        time: { type: integer },
        principal: { type: text },
        action: { type: integer, from: numberOf('action', ACTION_NUMBERS) },
        allowed: { type: integer },
        door: { type: integer, from: numberOf('door', DOOR_NUMBERS) },
        resource: { type: text },
        version: { type: integer },
        scope: { type: text },
        execution_id: { type: blob, from: packedId(ddl, sql.ref('execution_id')) },
        node: { type: text },
        count: { type: integer },
        status: { type: text },
        // A hash that is none stays one that fits nothing.
        hash: {
          type: blob,
          from: sql`coalesce(${ddl.hexBytes(sql.ref('hash'))}, ${ddl.textBytes(sql.lit(''))})`,
        },
        source: { type: text, nullable: true },
      },
      key: ['tenant_id', 'sequence'],
      triggers: [...ddl.appendOnly('audit_events'), ...ddl.prunable('audit_events', 'audit_prunes')],
    }),
    ...Object.entries(indexes).map(([name, columns]) => index(name).columns([...columns])),
    index(ends)
      .column('execution_id')
      .where(sql<boolean>`action = ${sql.lit(ACTION_NUMBERS['execution.end'])}`),
  ];
}

function numberOf(column: string, numbers: Readonly<Record<string, number>>): RawBuilder<unknown> {
  const cases = Object.entries(numbers).map(
    ([word, number]) => sql`when ${sql.lit(word)} then ${sql.lit(number)}`,
  );
  return sql`case ${sql.ref(column)} ${sql.join(cases, sql` `)} else 0 end`;
}

/** As packId says. */
function packedId(ddl: Ddl, id: RawBuilder<unknown>): RawBuilder<unknown> {
  const asIs = ddl.textBytes(id);
  const packed = (mark: string, digits: RawBuilder<unknown>) =>
    sql`coalesce(${ddl.hexBytes(sql`(${sql.lit(mark)} || ${digits})`)}, ${asIs})`;
  const digits = sql`replace(${id}, '-', '')`;
  const hyphens = sql.join(
    [9, 14, 19, 24].map((place) => sql`substr(${id}, ${sql.lit(place)}, 1)`),
    sql` || `,
  );
  return sql`case
    when length(${id}) = 32 then ${packed('00', id)}
    when length(${id}) = 36 and length(${digits}) = 32 and ${hyphens} = '----' then ${packed('01', digits)}
    else ${asIs} end`;
}
