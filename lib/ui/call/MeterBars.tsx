import type { ReadonlySignal } from "@preact/signals";

const HEIGHTS = [8, 14, 20, 24, 16, 20, 12];

/** Loudness as seven bars. Decoration: words beside it say the same. */
export function MeterBars(
  { level, class: size = "h-5 w-12" }: {
    level: ReadonlySignal<number>;
    class?: string;
  },
) {
  const lit = Math.round(level.value * HEIGHTS.length);
  return (
    <svg class={size} viewBox="0 0 64 28" aria-hidden="true">
      {HEIGHTS.map((height, index) => (
        <rect
          key={index}
          x={index * 9}
          y={27 - height}
          width="5.5"
          height={height}
          rx="2"
          fill="currentColor"
          opacity={index < lit ? 1 : 0.28}
        />
      ))}
    </svg>
  );
}
