/** A name as people gave it: at most two lines of it, and the whole in a tooltip. Never translated. */

interface WholeNameProps {
  readonly name: string;
  /** What people wrote in their own words, and not in code. */
  readonly isPlain?: boolean;
}

export function WholeName({ name, isPlain = false }: WholeNameProps) {
  const Element = isPlain ? 'span' : 'code';
  return (
    <Element className="whole-name" title={name} translate="no">
      {name}
    </Element>
  );
}
