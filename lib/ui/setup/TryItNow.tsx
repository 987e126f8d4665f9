import { DEMO_ACCOUNTS, DEMO_PASSWORD } from "@/lib/demo/clinic.ts";

const STEPS = [
  "Run the checks until nothing is left to fix",
  "As a doctor, open a visit and create a session: + Create Session",
  "Start it and join: Start Session, Join Call",
  "As the patient, on a phone or in a private window: Telemedicine, Join Session",
  "Mute, turn the camera off, come back, and look at the other side",
  "As the doctor: End Session, then look at the history in its details",
];

/** The way from a set-up that works to a call that was seen working (row S3.46). */
export function TryItNow({ hasDemo }: { hasDemo: boolean }) {
  return (
    <section class="sheet p-5 sm:p-6" aria-labelledby="try">
      <h2 id="try">Try it now</h2>
      <ol class="mt-4 thread">
        {STEPS.map((step, index) => (
          <li key={step} class="last:pb-0">
            <span class="thread-ico font-semibold" aria-hidden="true">
              {index + 1}
            </span>
            <p class="pt-1">{step}</p>
          </li>
        ))}
      </ol>
      {hasDemo && (
        <p class="mt-4 text-muted wrap-anywhere">
          {`Sign in as ${DEMO_ACCOUNTS[0].email} and ${
            DEMO_ACCOUNTS[2].email
          }; the password is ${DEMO_PASSWORD}.`}
        </p>
      )}
    </section>
  );
}
