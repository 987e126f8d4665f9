import { asset } from "fresh/runtime";
import type { IconName } from "@/lib/ui/icons.ts";

/** What `Icon` takes. */
export interface IconProps {
  name: IconName;
  /** Utilities for another size or colour; 20 px and the text's colour otherwise. */
  class?: string | undefined;
}

/**
 * An icon of the sprite. It is decoration: screen readers skip it, so a word
 * or an accessible name always stands beside it.
 */
export function Icon({ name, class: extra = "size-5" }: IconProps) {
  return (
    <svg class={`ico ${extra}`} width="20" height="20" aria-hidden="true">
      <use href={`${asset("/icons.svg")}#${name}`} />
    </svg>
  );
}
