/** Icons as Iconify keeps them: a drawing by name, and other names for the same drawing. */
export interface IconSet {
  icons: Readonly<Record<string, { body: string }>>;
  aliases?: Readonly<Record<string, { parent: string }>>;
}

/** What every Lucide drawing says of its lines; the user of an icon says it instead. */
const LINE_STYLE =
  / (?:fill="none"|stroke="currentColor"|stroke-linecap="round"|stroke-linejoin="round"|stroke-width="2")/g;

/** The drawing of this name without its line style. Throws `RangeError` for a name that the set has not. */
function drawingOf({ icons, aliases }: IconSet, name: string): string {
  const drawing = icons[aliases?.[name]?.parent ?? name];
  if (drawing === undefined) throw new RangeError(`No icon "${name}"`);
  return drawing.body.replaceAll(LINE_STYLE, "");
}

/**
 * One SVG of many: every icon a `<symbol>` under its name, to be shown by
 * `<use href="/icons.svg#name">`. Stroke and fill are left to the user.
 */
export function iconSprite(set: IconSet, names: readonly string[]): string {
  const symbols = names.map((name) =>
    `<symbol id="${name}" viewBox="0 0 24 24">${drawingOf(set, name)}</symbol>`
  );
  return `<svg xmlns="http://www.w3.org/2000/svg">${symbols.join("")}</svg>\n`;
}
