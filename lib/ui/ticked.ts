/** The values of a form's ticked boxes whose names are the kind, a dot and the value. */
export function tickedIn(
  fields: Readonly<Record<string, string>>,
  kind: string,
): string[] {
  const prefix = `${kind}.`;
  return Object.keys(fields).filter((name) => name.startsWith(prefix))
    .map((name) => name.slice(prefix.length));
}
