import type { Call } from "@/lib/call/call_model.ts";
import { deviceProblem } from "@/lib/call/device_problem.ts";
import type { Me } from "@/lib/call/people.ts";
import { Icon } from "@/lib/ui/Icon.tsx";
import { TechnicalDetails } from "@/lib/ui/call/TechnicalDetails.tsx";

/** What stands between a person and their camera or microphone, step by step, and every way around it. */
export default function DeviceHelp({ call, me }: { call: Call; me: Me }) {
  const { media } = call;
  const failure = media.failure.value;
  if (failure === null) return null;
  const problem = deviceProblem(failure, {
    userAgent: navigator.userAgent,
    isSecure: globalThis.isSecureContext,
  });
  const voiceHelps = !media.voiceOnly.value && failure.kind !== "microphone";
  const join = () => void call.join();
  return (
    <div class="max-w-2xl mx-auto">
      <p class="st st-wait">
        <Icon name={failure.kind === "microphone" ? "mic-off" : "video-off"} />
        {problem.label}
      </p>
      <h1 class="mt-3">{problem.title}</h1>
      <p class="mt-2 text-lg" role="alert">{problem.cause}</p>
      <ol class="sheet sheet-rows mt-5">
        {problem.steps.map((step, index) => (
          <li key={step} class="flex gap-4 px-5 py-4">
            <span
              class="grid place-items-center size-8 rounded-full bg-accent-soft text-accent-ink font-semibold shrink-0"
              aria-hidden="true"
            >
              {index + 1}
            </span>
            <span class="pt-0.5">{step}</span>
          </li>
        ))}
      </ol>
      <div class="mt-6 grid gap-3">
        <button
          type="button"
          class="btn btn-primary btn-lg btn-block"
          aria-disabled={media.opening.value ? "true" : undefined}
          onClick={() => media.open()}
        >
          {media.opening.value ? "Asking…" : "Try again"}
        </button>
        <div class="grid sm:grid-cols-2 gap-3">
          {voiceHelps && (
            <button
              type="button"
              class="btn btn-quiet"
              onClick={() => {
                media.useVoiceOnly();
                join();
              }}
            >
              <Icon name="mic" />
              Join with voice only
            </button>
          )}
          <button
            type="button"
            class="btn btn-quiet"
            onClick={() => {
              media.goWithout();
              join();
            }}
          >
            <Icon name="headphones" />
            {failure.kind === "camera" && media.microphone.value !== null
              ? "Join without a camera"
              : failure.kind === "microphone" && media.camera.value !== null
              ? "Join without a microphone"
              : "Just listen"}
          </button>
        </div>
      </div>
      <TechnicalDetails
        call={call}
        me={me}
        said={`${failure.name}: ${failure.message} · ${failure.kind} · permission ${failure.permission} · ${problem.code}`}
      />
    </div>
  );
}
