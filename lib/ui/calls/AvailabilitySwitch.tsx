/** What `AvailabilitySwitch` takes. */
export interface AvailabilitySwitchProps {
  available: boolean;
  /** A change is on its way: whoever answers the form ignores another press. */
  isBusy: boolean;
}

/** Whether the doctor takes calls. A form, so that it works by itself; an island may answer it on the spot. */
export function AvailabilitySwitch(
  { available, isBusy }: AvailabilitySwitchProps,
) {
  return (
    <form method="post" action="/doctor/queue" data-call="availability">
      <button
        type="submit"
        role="switch"
        aria-checked={available ? "true" : "false"}
        name="available"
        value={available ? "no" : "yes"}
        class="switch aria-disabled:opacity-50 aria-disabled:cursor-default"
        aria-disabled={isBusy ? "true" : undefined}
      >
        Available for calls
        <span class="switch-track" aria-hidden="true" />
      </button>
    </form>
  );
}
