import { initials } from "@/lib/call/people.ts";

/** A person as a disc with their initials. Decoration: the name stands beside it. */
export function Face(
  { name, class: size = "size-9" }: { name: string; class?: string },
) {
  return <span class={`face ${size}`} aria-hidden="true">{initials(name)}
  </span>;
}
