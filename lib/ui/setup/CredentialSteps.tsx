/** How to come by Twilio credentials that are right (row S3.47); README.md says the same to developers. */
export function CredentialSteps() {
  return (
    <section aria-labelledby="credentials">
      <h2 id="credentials" class="mb-3">Where the credentials come from</h2>
      <ol class="sheet p-5 ps-10 sm:ps-11 list-decimal grid gap-2 wrap-anywhere">
        <li>
          Create an account at{" "}
          <a class="txt" href="https://www.twilio.com/try-twilio">twilio.com</a>
          , or open the{" "}
          <a class="txt" href="https://console.twilio.com">Twilio Console</a>.
        </li>
        <li>
          Copy the <strong>Account SID</strong> (it begins with AC) into{" "}
          <Name>TWILIO_ACCOUNT_SID</Name> and the{" "}
          <strong>Auth Token</strong>, behind “Show”, into{" "}
          <Name>TWILIO_AUTH_TOKEN</Name>. They are two different values.
        </li>
        <li>
          Under <strong>Account, API keys & tokens</strong>, create a{" "}
          <strong>Standard</strong> key in region{" "}
          <strong>US1</strong>. Copy its SID (it begins with SK) into{" "}
          <Name>TWILIO_API_KEY_SID</Name>{" "}
          and its secret, which is shown once, into{" "}
          <Name>TWILIO_API_KEY_SECRET</Name>.
        </li>
        <li>
          Under <strong>Video, Room settings</strong>, switch{" "}
          <strong>Client-side Room Creation</strong>{" "}
          off: a token that outlives its session must not open the room again.
        </li>
        <li>
          Set <Name>PUBLIC_BASE_URL</Name>{" "}
          to the https address of the app, restart it, and run the checks.
        </li>
      </ol>
    </section>
  );
}

function Name({ children }: { children: string }) {
  return <code class="font-mono">{children}</code>;
}
