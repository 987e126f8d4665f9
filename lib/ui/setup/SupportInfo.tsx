import { asset } from "fresh/runtime";
import { Icon } from "@/lib/ui/Icon.tsx";

const TEXT_ID = "support-text";

/** What to send along when asking for help (row S3.49). */
export function SupportInfo({ text }: { text: string }) {
  return (
    <section aria-labelledby="support">
      <h2 id="support" class="mb-3">Support info</h2>
      <div class="sheet p-5">
        <p>
          Send this along when you ask for help; no secret and nobody’s name is
          in it. If calls fail, say also what the browser’s console says,
          whether it may use camera and microphone, and which network it is on.
          Is <a class="txt" href="https://status.twilio.com">Twilio well</a>?
        </p>
        <button
          type="button"
          class="btn btn-quiet mt-4"
          data-copy={TEXT_ID}
          hidden
        >
          <Icon name="copy" />
          Copy support info
          <span role="status" class="text-muted" />
        </button>
        <pre
          id={TEXT_ID}
          class="mt-4 max-h-96 overflow-auto font-mono whitespace-pre-wrap wrap-anywhere text-muted"
          tabindex={0}
          aria-labelledby="support"
        >
          {text}
        </pre>
      </div>
      <script src={asset("/copy.js")} defer />
    </section>
  );
}
