/** The letters that stand for a person: first and last, without the title. */
export function initials(name: string): string {
  const words = name.split(/\s+/).filter((word) =>
    word !== "" && !/^Dr\.?$/i.test(word)
  );
  const letters = words.length > 1 ? [words[0]!, words.at(-1)!] : words;
  return letters.map((word) => [...word][0]).join("").toUpperCase();
}

/** A person as a disc with their initials. Decoration: the name stands beside it. */
export function Face(
  { name, class: size = "size-9" }: { name: string; class?: string },
) {
  return <span class={`face ${size}`} aria-hidden="true">{initials(name)}
  </span>;
}
