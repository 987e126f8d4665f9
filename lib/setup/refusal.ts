import type { Finding } from "@/lib/setup/check.ts";
import type { Reply, Silence } from "@/lib/setup/probes.ts";

/** Where Twilio says how it is. */
const STATUS_PAGE = "https://status.twilio.com";

const SILENCES: Record<Silence, Finding> = {
  timeout: {
    detail: "There was no answer within 5 seconds.",
    remedy:
      `Look at ${STATUS_PAGE}.\nCheck that this machine may open connections to the internet: firewall, proxy.\nRun the checks again.`,
  },
  name_unknown: {
    detail: "The name of the server cannot be looked up.",
    remedy:
      "Check this machine's DNS and its connection to the internet, then run the checks again.",
  },
  not_trusted: {
    detail: "The connection is not encrypted as it should be.",
    remedy:
      "Check the certificate, and whether a proxy in between opens encrypted connections; then run the checks again.",
  },
  cut_off: {
    detail: "The connection was cut in the middle of the answer.",
    remedy:
      `Run the checks again. If it stays: look at ${STATUS_PAGE} and at proxies in between.`,
  },
  no_connection: {
    detail: "No connection can be made.",
    remedy:
      "Check that this machine may open connections to it: firewall, proxy, address. Then run the checks again.",
  },
};

/** What Deno's words say of why a request failed; the first that fits counts. */
const WORDS: [words: RegExp, silence: Silence][] = [
  [/dns error|failed to lookup/i, "name_unknown"],
  [/certificate|corrupt message|tls|handshake/i, "not_trusted"],
  [/client error \(Connect\)|port \d+ are blocked/i, "no_connection"],
];

/** Why a request failed, by what Deno says of it. */
export function silenceOf(words: string): Silence {
  return WORDS.find(([pattern]) => pattern.test(words))?.[1] ?? "cut_off";
}

/** Why nothing came, and what to do about it. */
export function silent(silence: Silence): Finding {
  return SILENCES[silence];
}

/** The handbook's hint for the error that operators meet most (row S3.41). */
export const NOT_AUTHENTICATED: Finding = {
  title: "Unable to fetch record: Authenticate",
  detail: "Twilio refuses the credentials (error 20003).",
  remedy:
    "The Auth Token or the API secret is wrong. The Auth Token is not the Account SID.\n" +
    "Check all of TWILIO_… in .env against the Twilio Console: no blanks, no quotes, nothing missing; live credentials, not test ones; region US1.\n" +
    "Restart, then run the test command again: deno task test_twilio",
};

const ACCOUNT_INACTIVE: Finding = {
  title: "The Twilio account is not active",
  detail: "Twilio has suspended or closed it (error 20005).",
  remedy:
    "Open the Twilio Console: it says why, which often is billing. Twilio's support can activate the account again.",
};

const NO_RIGHT: Finding = {
  detail: "Twilio does not allow it to this key or account.",
  remedy:
    "Use a Standard API key, or give the Restricted one every right of Video.\nCheck in the Twilio Console that Video is available to this account.",
};

/** By Twilio's error number (https://www.twilio.com/docs/api/errors). */
const BY_CODE: Record<number, Finding> = {
  20003: NOT_AUTHENTICATED,
  20005: ACCOUNT_INACTIVE,
  20006: NO_RIGHT,
  20008: {
    detail: "These are test credentials, which cannot be used here.",
    remedy: "Put the live credentials from the Twilio Console into .env.",
  },
  20403: NO_RIGHT,
  20429: {
    detail: "Twilio gets more requests than this account may send.",
    remedy: "Wait a minute, then run the checks again.",
  },
  53119: {
    detail: "The account has as many rooms as it may have.",
    remedy:
      "Complete rooms that nobody uses, in the Twilio Console under Video, or ask Twilio for more.",
  },
  70051: NO_RIGHT,
};

/** Why the answer is not what was asked for, and what to do about it. */
export function refusal(reply: Reply): Finding {
  if (!reply.answered) return silent(reply.silence);
  const { status, code } = reply;
  const known = code === null ? undefined : BY_CODE[code];
  if (known !== undefined) return known;
  if (status === 401) return NOT_AUTHENTICATED;
  if (status === 429) return BY_CODE[20429]!;
  const said = code === null
    ? `The answer was HTTP ${status}.`
    : `The answer was HTTP ${status}, error ${code}.`;
  return {
    detail: said,
    remedy: status >= 500
      ? `Look at ${STATUS_PAGE}, wait a minute, then run the checks again.`
      : code === null
      ? "Check that nothing between this machine and Twilio answers in its place, such as a proxy; then run the checks again."
      : `Read https://www.twilio.com/docs/api/errors/${code}, mend it, then run the checks again.`,
  };
}
