import { z } from "zod";
import { fail, ok, type Verdict, warn } from "@/lib/setup/check.ts";
import type { Admittance, Reply, Silence } from "@/lib/setup/probes.ts";
import { refusal, silent } from "@/lib/setup/refusal.ts";
import { masked, type SetupSettings } from "@/lib/setup/settings.ts";

/** Slower than this, people notice when a session starts. */
const SLOW_MS = 2_000;
/** Clocks that keep time by NTP are closer than this. */
const SKEW_MS_OK = 30_000;
/** From here on, short-lived tokens are born expired or not valid yet. */
const SKEW_MS_MAX = 5 * 60_000;

const Account = z.object({ status: z.string(), type: z.string().optional() });
const Room = z.object({
  sid: z.string(),
  account_sid: z.string(),
  status: z.string(),
});

/** Whether the answer is a success, and of this shape. */
function read<T>(reply: Reply, schema: z.ZodType<T>): T | null {
  if (!reply.answered || reply.status < 200 || reply.status > 299) return null;
  return schema.safeParse(reply.body).data ?? null;
}

/** Whether the answer is a success; what it says does not matter. */
export function judgeAnswer(reply: Reply): Verdict {
  return read(reply, z.unknown()) === null ? fail(refusal(reply)) : ok();
}

/** Whether Twilio answers at all; a request without credentials is refused, which is an answer. */
export function judgeKnock(reply: Reply): Verdict {
  if (!reply.answered) return fail(refusal(reply));
  if (reply.status >= 500) return fail(refusal(reply));
  const took = `in ${reply.ms} ms`;
  if (reply.status !== 401) {
    return warn({
      title: "Something answers for Twilio",
      detail:
        `A request without credentials should be refused with HTTP 401; the answer was ${reply.status}.`,
      remedy:
        "If it was 429, wait a minute. Otherwise look for a proxy between this machine and Twilio. Then run the checks again.",
    });
  }
  if (reply.ms <= SLOW_MS) return ok(took);
  return warn({
    title: "Twilio answers slowly",
    detail: `It took ${reply.ms} ms.`,
    remedy:
      "Look at https://status.twilio.com and at this machine's connection to the internet.",
  });
}

/** Whether this machine's clock agrees with Twilio's. Access tokens carry times. */
export function judgeClock(reply: Reply): Verdict {
  const aheadMs = reply.answered ? reply.aheadMs : null;
  if (aheadMs === null) {
    return warn({
      title: "The clock cannot be compared",
      detail: "The answer had no date.",
      remedy: "Check that this machine sets its clock by NTP.",
    });
  }
  const seconds = Math.round(Math.abs(aheadMs) / 1000);
  if (Math.abs(aheadMs) <= SKEW_MS_OK) return ok();
  const finding = {
    detail: `It is ${seconds} seconds ${aheadMs > 0 ? "slow" : "fast"}.`,
    remedy:
      "Let this machine set its clock by NTP, for instance: timedatectl set-ntp true",
  };
  return Math.abs(aheadMs) <= SKEW_MS_MAX ? warn(finding) : fail(finding);
}

/** Whether the auth token opens the account. An account that is not active has its own check. */
export function judgeAuthTokenWorks(reply: Reply): Verdict {
  if (isInactive(reply)) return ok();
  return judgeAnswer(reply);
}

/** Whether the account may be used. */
export function judgeAccount(reply: Reply): Verdict {
  const account = read(reply, Account);
  if (account === null) return fail(refusal(reply));
  if (account.status === "active") {
    return ok(account.type === "Trial" ? "a trial account" : "");
  }
  return fail({
    detail: `Twilio says it is ${account.status}.`,
    remedy:
      "Open the Twilio Console: it says why, which often is billing. Twilio's support can activate the account again.",
  });
}

function isInactive(reply: Reply): boolean {
  return reply.answered && reply.code === 20005;
}

/** Whether a room was made: the first thing that needs the Video API itself (row S1.2). */
export function judgeRoomCreated(reply: Reply): Verdict {
  return read(reply, Room) === null
    ? fail({ ...refusal(reply), title: "Video cannot be used: no room opens" })
    : ok();
}

/** Whether the key opens rooms of the account that is set; the answer names the account it belongs to. */
export function judgeKeyAccount(
  reply: Reply,
  { accountSid }: SetupSettings,
): Verdict {
  const owner = read(reply, Room)?.account_sid;
  if (owner?.toLowerCase() === accountSid?.toLowerCase()) return ok();
  return fail({
    detail: `The API key belongs to ${
      owner === undefined ? "another account" : masked(owner)
    }, but TWILIO_ACCOUNT_SID is ${masked(accountSid ?? "")}.`,
    remedy:
      "In the Twilio Console, choose the account of TWILIO_ACCOUNT_SID; under Account, API keys & tokens, create a Standard key in region US1.\nPut it into TWILIO_API_KEY_SID and TWILIO_API_KEY_SECRET, and restart.",
  });
}

/** Whether the room is found again under its name. */
export function judgeRoomFetched(reply: Reply): Verdict {
  const room = read(reply, Room);
  if (room === null) return fail(refusal(reply));
  if (room.status === "in-progress") return ok();
  return fail({
    detail: `The room that was just opened is ${room.status}.`,
    remedy:
      "Look into the Twilio Console, under Video, for what closes rooms; then run the checks again.",
  });
}

/** Whether the room is over. */
export function judgeRoomCompleted(reply: Reply): Verdict {
  const room = read(reply, Room);
  if (room?.status === "completed") return ok();
  const { detail, remedy } = refusal(reply);
  return fail({
    detail: `${detail} The test room closes by itself within a minute.`,
    remedy,
  });
}

const Header = z.object({
  alg: z.literal("HS256"),
  typ: z.literal("JWT"),
  cty: z.literal("twilio-fpa;v=1"),
});
const Claims = z.object({
  iss: z.string(),
  sub: z.string(),
  iat: z.number(),
  exp: z.number(),
  grants: z.object({
    identity: z.string().min(1),
    video: z.object({ room: z.string().min(1) }),
  }),
});

/** Longest life of an access token, by Twilio's documentation. */
const TOKEN_SECONDS_MAX = 24 * 3600;

/** Whether an access token says what Twilio's documentation asks for: who signed it, for which account, whom it lets in where and until when. */
export function judgeToken(
  token: string,
  { accountSid, apiKeySid }: SetupSettings,
): Verdict {
  const [header, payload] = token.split(".").map(decodePart);
  const claims = Claims.safeParse(payload).data;
  const life = claims === undefined ? 0 : claims.exp - claims.iat;
  const isRight = Header.safeParse(header).success && claims !== undefined &&
    claims.iss === apiKeySid && claims.sub === accountSid &&
    life > 0 && life <= TOKEN_SECONDS_MAX;
  return isRight ? ok() : fail({
    detail: "Its header or its claims are not as Twilio wants them.",
    remedy:
      "Check TWILIO_ACCOUNT_SID and TWILIO_API_KEY_SID. If they are right, reinstall: deno task install",
  });
}

function decodePart(part: string): unknown {
  try {
    const base64 = part.replaceAll("-", "+").replaceAll("_", "/");
    return JSON.parse(atob(base64));
  } catch {
    return null;
  }
}

/** Whether the signalling gateway takes sockets. */
export function judgeSocket(silence: Silence | null): Verdict {
  if (silence === null) return ok();
  const { detail } = silent(silence);
  return fail({
    detail,
    remedy:
      "Allow WebSockets (wss, port 443) to global.vss.twilio.com in firewalls and proxies: browsers need the same.\nLook at https://status.twilio.com, then run the checks again.",
  });
}

/** What the gateway has against a token, by its error number. */
const TOKEN_REMEDIES: Record<number, string> = {
  20101: "The token could not be read. Reinstall: deno task install",
  20102: "The token's header is not understood. Reinstall: deno task install",
  20103:
    "The API key does not belong to the account, was deleted, or is not of region US1. Create a Standard key in region US1 of the account, put it into TWILIO_API_KEY_SID and TWILIO_API_KEY_SECRET, and restart.",
  20104:
    "The token has expired for Twilio: this machine's clock is slow. Let it set its clock by NTP.",
  20105:
    "The token is not valid yet for Twilio: this machine's clock is fast. Let it set its clock by NTP.",
  20106:
    "The token's grants are refused. Check that Video is available to this account in the Twilio Console.",
  20107:
    "TWILIO_API_KEY_SECRET is not the secret of TWILIO_API_KEY_SID. Secrets are shown once: create a new key in region US1, put both into .env, and restart.",
  53106:
    "The room that was just opened is not known there: the API key belongs to another account. Check TWILIO_ACCOUNT_SID and TWILIO_API_KEY_SID.",
};

/** Codes for a room that is not there and that clients may not make. */
const NO_SUCH_ROOM = [53103, 53106, 20404];

const TEST_CALL =
  "Run the checks again. If it stays: make a test call between two browsers, which shows whether it matters.";

/** Whether a token of this app lets somebody into its room. */
export function judgeJoined(admittance: Admittance): Verdict {
  switch (admittance.state) {
    case "connected":
      return ok();
    case "refused": {
      const remedy = TOKEN_REMEDIES[admittance.code];
      const detail = `The answer was error ${admittance.code}.`;
      return remedy === undefined
        ? warn({ detail, remedy: TEST_CALL })
        : fail({ detail, remedy });
    }
    case "silent":
      return fail(silent(admittance.silence));
    case "unclear":
      return warn({
        title: "It is not clear whether tokens are accepted",
        detail: `What Twilio's signalling said was ${admittance.said}.`,
        remedy: TEST_CALL,
      });
  }
}

/** Whether a token for a room that nobody made is refused: a token that outlives its session must not open the room again. */
export function judgeMissingRoom(admittance: Admittance): Verdict {
  if (admittance.state === "connected") {
    return warn({
      title: "Anyone with a token can make a room",
      detail:
        "Client-side room creation is on. A token that outlives its session could open the room again.",
      remedy:
        "In the Twilio Console, under Video, Room settings, switch Client-side Room Creation off.\nRun the checks again.",
    });
  }
  if (
    admittance.state === "refused" && NO_SUCH_ROOM.includes(admittance.code)
  ) {
    return ok(`error ${admittance.code}, as it should be`);
  }
  return warn({
    title: "It is not clear whether clients can make rooms",
    detail: admittance.state === "refused"
      ? `The answer was error ${admittance.code}.`
      : "There was no answer that says it.",
    remedy:
      "Run the checks again. If it stays: check in the Twilio Console, under Video, Room settings, that Client-side Room Creation is off.",
  });
}
