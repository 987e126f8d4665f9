import { asset } from "fresh/runtime";
import type { IconName } from "@/lib/ui/icons.ts";

/** What `Icon` takes. */
export interface IconProps {
  name: IconName;
  /** Utilities for another size or colour. By itself an icon is 20 px and has the colour of the text. */
  class?: string | undefined;
}

/**
 * An icon of the sprite. It is decoration: screen readers skip it, so a word
 * or an accessible name always stands beside it.
 */
export function Icon({ name, class: extra }: IconProps) {
  return (
    <svg
      class={extra === undefined ? "ico" : `ico ${extra}`}
      width="20"
      height="20"
      aria-hidden="true"
    >
      <use href={`${asset("/icons.svg")}#${name}`} />
    </svg>
  );
}
