/** What `AvailabilitySwitch` takes. */
export interface AvailabilitySwitchProps {
  available: boolean;
  /** A change is on its way. */
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
        class="switch"
        disabled={isBusy}
      >
        Available for calls
        <span class="switch-track" aria-hidden="true" />
      </button>
    </form>
  );
}
