/**
 * A text that changes, or comes and goes beside other elements.
 *
 * A browser's translation puts elements of its own in the place of text nodes. React, told to move or remove a text
 * node that is no longer there, throws, and a changed text stays as it was. An element of its own per text is what both
 * can live with: React replaces the element, and the translation translates it anew.
 */

export function Words({ text, className }: { readonly text: string; readonly className?: string }) {
  return (
    <span key={text} className={className}>
      {text}
    </span>
  );
}
