/** The room at dusk with its lamp lit: somebody is there. Decoration. */
export function DuskRoom({ class: extra = "" }: { class?: string }) {
  return (
    <svg
      class={extra}
      viewBox="0 0 720 300"
      preserveAspectRatio="xMidYMax slice"
      aria-hidden="true"
    >
      <rect width="720" height="300" fill="#3a3346" />
      <rect y="236" width="720" height="64" fill="#2f2839" />
      <rect x="60" y="44" width="150" height="132" rx="6" fill="#2b2637" />
      <rect x="68" y="52" width="64" height="116" fill="#4b5a78" />
      <rect x="138" y="52" width="64" height="116" fill="#53627f" />
      <circle cx="172" cy="82" r="13" fill="#d9d3c8" opacity=".8" />
      <g transform="translate(560 128)">
        <circle r="150" fill="#e9b872" opacity=".08" />
        <circle r="100" fill="#e9b872" opacity=".1" />
        <circle r="58" fill="#e9b872" opacity=".16" />
        <path d="M-26 -30h52l20 54h-92z" fill="#e9b872" />
        <path d="M0 24v50" stroke="#8a6b57" stroke-width="6" />
        <path
          d="M-22 76h44"
          stroke="#8a6b57"
          stroke-width="8"
          stroke-linecap="round"
        />
      </g>
      <path
        d="M496 208h130v10H496zM508 218h8v48h-8zM606 218h8v48h-8z"
        fill="#8a6b57"
      />
      <path d="M586 208v-18h26v18z" fill="#d7dfe0" />
      <path
        d="M612 194c10 0 10 12 0 12"
        stroke="#d7dfe0"
        stroke-width="3"
        fill="none"
      />
      <path
        d="M300 262v-86c0-26 16-40 38-40h60c22 0 38 14 38 40v86z"
        fill="#6a4b63"
      />
      <path
        d="M284 206c0-14 26-14 26 4v26h116v-26c0-18 26-18 26-4v58H284z"
        fill="#7d5a74"
      />
      <path d="M296 264h8v14h-8zM432 264h8v14h-8z" fill="#4a3d40" />
      <rect
        x="338"
        y="196"
        width="60"
        height="40"
        rx="10"
        fill="#dcae79"
        transform="rotate(-6 368 216)"
      />
      <path
        d="M244 266c-26-18-32-58-18-78 6 20 14 32 18 50 4-24 12-44 28-56 10 32-2 66-28 84z"
        fill="#6f8f7a"
      />
      <path d="M226 244h38l-7 32h-24z" fill="#b98a6d" />
    </svg>
  );
}

/** The lamp switched off: there is nobody here. Decoration. */
export function LampOff(
  { class: extra = "h-32 w-40 text-muted" }: { class?: string },
) {
  return (
    <svg class={extra} viewBox="0 0 160 128" aria-hidden="true">
      <path d="M52 18h40l24 52H28z" class="fill-base-300" />
      <path
        d="M52 18h40l24 52H28z"
        fill="none"
        stroke="currentColor"
        stroke-width="4"
        stroke-linejoin="round"
      />
      <path
        d="M72 70v40M40 116h64"
        stroke="currentColor"
        stroke-width="5"
        stroke-linecap="round"
      />
      <path
        d="M92 70v16"
        stroke="currentColor"
        stroke-width="3"
        stroke-linecap="round"
      />
      <circle cx="92" cy="90" r="4" fill="currentColor" />
    </svg>
  );
}
