/** The words of a page as they are read: without scripts, tags and repeated blanks. */
export function wordsOf(html: string): string {
  return decode(
    html.replaceAll(/<(script|style|head)\b[^]*?<\/\1>/g, " ").replaceAll(
      /<[^>]+>/g,
      " ",
    ),
  );
}

/** The names of the buttons of a page, in order. */
export function buttonsOf(html: string): string[] {
  return namesOf(html, "button");
}

/** The links of a page: name and address. */
export function linksOf(html: string): [name: string, href: string][] {
  return [...html.matchAll(/<a\b([^>]*)>([^]*?)<\/a>/g)].map((
    [, attributes = "", content = ""],
  ) => [
    wordsOf(content),
    decode(/href="([^"]*)"/.exec(attributes)?.[1] ?? ""),
  ]);
}

/** The value of the field with this name, or null if there is none. */
export function valueOf(html: string, name: string): string | null {
  const area = new RegExp(
    `<textarea[^>]*name="${name}"[^>]*>([^]*?)</textarea>`,
  ).exec(html);
  if (area !== null) return decode(area[1]!);
  const tag = new RegExp(`<input[^>]*name="${name}"[^>]*>`).exec(html)?.[0];
  if (tag === undefined) return null;
  return decode(/ value="([^"]*)"/.exec(tag)?.[1] ?? "");
}

function namesOf(html: string, tag: string): string[] {
  const elements = html.matchAll(
    new RegExp(`<${tag}\\b[^>]*>([^]*?)</${tag}>`, "g"),
  );
  return [...elements].map(([, content = ""]) => wordsOf(content));
}

function decode(text: string): string {
  return text.replaceAll("&quot;", '"').replaceAll("&#39;", "'").replaceAll(
    "&lt;",
    "<",
  )
    .replaceAll("&gt;", ">").replaceAll("&amp;", "&").replaceAll(/\s+/g, " ")
    .trim();
}
