import { initials } from "@/lib/call/people.ts";

/** What `Avatar` takes. */
export interface AvatarProps {
  name: string;
  speaking: boolean;
  class?: string;
}

/** Somebody without a picture: their initials, and a ring while they speak. */
export function Avatar(
  { name, speaking, class: size = "voice w-40 sm:w-56" }: AvatarProps,
) {
  return (
    <svg class={size} viewBox="0 0 240 240" aria-hidden="true">
      {speaking && (
        <>
          <circle
            class="ring-speak"
            cx="120"
            cy="120"
            r="112"
            fill="none"
            stroke="#86d3a8"
            stroke-width="3"
          />
          <circle
            cx="120"
            cy="120"
            r="98"
            fill="none"
            stroke="#86d3a8"
            stroke-width="5"
          />
        </>
      )}
      <circle cx="120" cy="120" r="86" fill="#3e2c45" />
      <text
        x="120"
        y="141"
        text-anchor="middle"
        font-size="60"
        font-weight="600"
        fill="#ecd3f2"
      >
        {initials(name)}
      </text>
    </svg>
  );
}
