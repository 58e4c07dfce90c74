// The goals of speed: names of figures that benches record, and what each is to be.

/** In the order in which they are told; `beside` names figures of the same run that tell what can be had at all. */
export const GOALS = [
  { name: 'resolve ÷ echo', atLeast: 0.5 },
  { name: 'execution ÷ three echoes', atLeast: 0.45 },
  { name: '1,000 secrets ÷ echo of the same bytes', atLeast: 0.6 },
  {
    name: 'one execution alone, p50',
    atMost: 1.2,
    unit: 'ms',
    beside: ['three echoes alone, p50', 'three waits for the disk alone, p50'],
  },
  { name: '1,000,000 tenants: cost ÷ 10 tenants', atMost: 1.2 },
  { name: '--workers 2 ÷ 1', atLeast: 1.3 },
  { name: 'sidecar ÷ direct, Go host, p50', atMost: 1.6 },
  { name: 'start-up', atMost: 0.7, unit: 's' },
  { name: 'memory of both servers after load', atMost: 180, unit: 'MB' },
  { name: 'first execution after a write among 1,000 secrets, over a warm one', atMost: 15, unit: 'ms' },
  {
    name: 'first execution after a write among 1,000 secrets, over a warm one, where none runs',
    atMost: 15,
    unit: 'ms',
  },
  { name: 'adds a second at 16 in flight', atLeast: 3_000 },
  { name: "PostgreSQL's execution ÷ SQLite's", atLeast: 0.4 },
];

/** @param figures what was recorded. @returns the lines of a table. */
export function goalTable(figures) {
  const lines = GOALS.flatMap((goal) => {
    const found = figures.findLast(({ name }) => name === goal.name);
    const unit = goal.unit === undefined ? '' : ` ${goal.unit}`;
    const wanted = goal.atLeast === undefined ? `≤ ${goal.atMost}${unit}` : `≥ ${goal.atLeast}${unit}`;
    // A busy machine may leave one side no time to answer once, and what was divided by that is no figure.
    if (!Number.isFinite(found?.value)) return [[goal.name, wanted, 'not measured in this run', '']];
    const isMet = goal.atLeast === undefined ? found.value <= goal.atMost : found.value >= goal.atLeast;
    const line = [goal.name, wanted, `${shown(found.value)}${unit}`, isMet ? 'met' : 'missed'];
    return [line, ...besideOf(goal, figures)];
  });
  const rows = [['goal', 'wanted', 'measured', ''], ...lines];
  const widths = [0, 1, 2].map((column) => Math.max(...rows.map((row) => row[column].length)));
  return rows.map((row) =>
    row
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join('  ')
      .trimEnd(),
  );
}

function besideOf({ beside = [], unit }, figures) {
  return beside.flatMap((name) => {
    const found = figures.findLast((figure) => figure.name === name);
    return found === undefined ? [] : [[`  beside it: ${name}`, '', `${shown(found.value)} ${unit}`, '']];
  });
}

function shown(value) {
  return value >= 100 ? value.toFixed(0) : value.toFixed(2);
}
