/** The drawing inside one Lucide file: everything between its `<svg …>` and `</svg>`. */
function drawingOf(svg: string): string {
  return svg
    .replace(/^[^]*?<svg[^>]*>/, "")
    .replace(/<\/svg>\s*$/, "")
    .replaceAll(/\s+/g, " ")
    .replaceAll(/> </g, "><")
    .replaceAll(" />", "/>")
    .trim();
}

/**
 * One SVG of many: every icon a `<symbol>` under its name, to be shown by
 * `<use href="/icons.svg#name">`. Stroke and fill are left to the user.
 */
export function iconSprite(icons: ReadonlyMap<string, string>): string {
  const symbols = [...icons].map(([name, svg]) =>
    `<symbol id="${name}" viewBox="0 0 24 24">${drawingOf(svg)}</symbol>`
  );
  return `<svg xmlns="http://www.w3.org/2000/svg">${symbols.join("")}</svg>\n`;
}
