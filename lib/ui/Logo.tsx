/** The lamp and the name. */
export function Logo({ class: size = "size-7" }: { class?: string }) {
  return (
    <>
      <svg class={size} viewBox="0 0 32 32" aria-hidden="true">
        <path d="M10 4h8l5 11H5z" fill="#e9b872" />
        <path
          d="M14 15v10"
          stroke="currentColor"
          stroke-width="2.4"
          stroke-linecap="round"
        />
        <path
          d="M4 27h24"
          stroke="currentColor"
          stroke-width="2.8"
          stroke-linecap="round"
        />
        <path
          d="M10 4h8l5 11H5z"
          fill="none"
          stroke="currentColor"
          stroke-width="2.2"
          stroke-linejoin="round"
        />
      </svg>
      <span class="text-xl font-bold tracking-tight text-base-content">
        Bedside
      </span>
    </>
  );
}
