import { Buffer } from "node:buffer";
import { getExpectedTwilioSignature } from "twilio/lib/webhooks/webhooks.js";
import { z } from "zod";
import type { Probes, Reply } from "@/lib/setup/probes.ts";
import { silenceOf } from "@/lib/setup/refusal.ts";
import { readSettings } from "@/lib/setup/settings.ts";
import { joinRoom, openAndClose } from "@/lib/setup/signalling_probe.ts";
import type { SetupTarget } from "@/lib/setup/target.ts";
import { tokenMaker } from "@/lib/video/access_token.ts";

/** How long any server may take to answer. */
const TIMEOUT_MS = 5_000;
/** Nothing that is asked for has a longer answer worth reading. */
const BODY_LENGTH_MAX = 64 * 1024;
/** Time enough for the checks, and no more. */
const TOKEN_SECONDS = 300;
const IDENTITY = "bedside-setup";

/** The probes that ask servers; the storage is not among them. */
export type ServerProbes = Omit<Probes, "openStorage" | "tryStorage">;

const ErrorBody = z.object({ code: z.number().int() });

/**
 * The probes of Twilio, or what speaks like it, and of the app's own public
 * address. They use plain requests, because what matters here the `twilio`
 * package keeps to itself: the date, the time it took, why nothing came.
 */
export function openServerProbes(
  target: SetupTarget,
  { timeoutMs = TIMEOUT_MS } = {},
): ServerProbes {
  const settings = readSettings(target.environment);
  const { video, account, signalling } = target.addresses;
  const accountSid = settings.accountSid ?? "";
  const key = {
    user: settings.apiKeySid ?? "",
    password: settings.apiKeySecret ?? "",
  };
  const roomName = `bedside-setup-${crypto.randomUUID()}`;
  const missingName = `${roomName}-missing`;
  /** Rooms that may be open, by name or SID. */
  const open = new Set<string>();

  let accountReply: Promise<Reply> | undefined;
  let roomReply: Promise<Reply> | undefined;

  const askVideo = (path: string, form?: Record<string, string>) =>
    ask(`${video}/v1/${path}`, { ...key, form, timeoutMs });
  const complete = async (nameOrSid: string) => {
    const reply = await askVideo(`Rooms/${nameOrSid}`, { Status: "completed" });
    if (reply.answered && reply.status === 202) open.delete(nameOrSid);
    return reply;
  };
  const admission = (name: string) =>
    tokenMaker({
      accountSid,
      apiKeySid: key.user,
      apiKeySecret: key.password,
    })({ roomName: name, identity: IDENTITY, ttlSeconds: TOKEN_SECONDS });
  const callbackUrl = `${target.callbackOrigin}/webhooks/twilio/`;

  return {
    target,
    settings,
    denoVersion: Deno.version.deno,
    knock: () => ask(`${video}/v1/Rooms`, { timeoutMs }),
    fetchAccount: () =>
      accountReply ??= ask(
        `${account}/2010-04-01/Accounts/${accountSid}.json`,
        {
          user: accountSid,
          password: settings.authToken ?? "",
          timeoutMs,
        },
      ),
    list: (kind) => askVideo(`${kind}?PageSize=1`),
    createRoom() {
      // Before the answer: it may get lost, and the room be open all the same.
      open.add(roomName);
      return roomReply ??= askVideo("Rooms", {
        UniqueName: roomName,
        Type: "group",
        MaxParticipants: "2",
        // Should the checks be killed, it closes by itself after a minute.
        EmptyRoomTimeout: "1",
        UnusedRoomTimeout: "1",
      });
    },
    fetchRoom: () => askVideo(`Rooms/${roomName}`),
    setRecordingRules: () =>
      askVideo(`Rooms/${roomName}/RecordingRules`, {
        Rules: JSON.stringify([{ type: "exclude", all: true }]),
      }),
    completeRoom: () => complete(roomName),
    createAccessToken: () => admission(roomName),
    openSocket: () => openAndClose(signalling, timeoutMs),
    join: () =>
      joinRoom(signalling, {
        token: admission(roomName),
        roomName,
        timeoutMs,
      }),
    async joinMissingRoom() {
      const admittance = await joinRoom(signalling, {
        token: admission(missingName),
        roomName: missingName,
        timeoutMs,
      });
      if (admittance.state === "connected") open.add(admittance.roomSid);
      return admittance;
    },
    fetchHealth: () => ask(`${target.callbackOrigin}/healthz`, { timeoutMs }),
    sendCallback(signature) {
      const form = callbackFields(accountSid, missingName);
      const authToken = settings.authToken ?? "";
      return ask(callbackUrl, {
        form,
        headers: {
          "x-twilio-signature": getExpectedTwilioSignature(
            signature === "right" ? authToken : crypto.randomUUID(),
            callbackUrl,
            form,
          ),
        },
        timeoutMs,
      });
    },
    async close() {
      await Promise.all([...open].map(complete));
    },
  };
}

/** What Twilio would send of a room that this app has never heard of. */
function callbackFields(
  AccountSid: string,
  RoomName: string,
): Record<string, string> {
  return {
    AccountSid,
    RoomName,
    RoomSid: `RM${crypto.randomUUID().replaceAll("-", "")}`,
    RoomStatus: "in-progress",
    RoomType: "group",
    StatusCallbackEvent: "room-created",
    Timestamp: new Date().toISOString(),
    SequenceNumber: "0",
  };
}

interface Question {
  user?: string;
  password?: string;
  /** Makes it a POST. */
  form?: Record<string, string> | undefined;
  headers?: Record<string, string>;
  timeoutMs: number;
}

async function ask(
  url: string,
  { user, password, form, headers, timeoutMs }: Question,
): Promise<Reply> {
  const timeout = new AbortController();
  const timer = setTimeout(() => timeout.abort(), timeoutMs);
  const start = Date.now();
  try {
    const response = await fetch(url, {
      method: form === undefined ? "GET" : "POST",
      headers: {
        accept: "application/json",
        ...(user === undefined
          ? {}
          : { authorization: basic(user, password ?? "") }),
        ...headers,
      },
      body: form === undefined ? null : new URLSearchParams(form),
      // Where a redirect leads is not the address that was set.
      redirect: "manual",
      signal: timeout.signal,
    });
    const end = Date.now();
    const body = parseJson(await response.text());
    return {
      answered: true,
      status: response.status,
      code: ErrorBody.safeParse(body).data?.code ?? null,
      body,
      ms: end - start,
      aheadMs: aheadOf((start + end) / 2, response.headers.get("date")),
    };
  } catch (error) {
    return {
      answered: false,
      silence: timeout.signal.aborted ? "timeout" : silenceOf(wordsOf(error)),
    };
  } finally {
    clearTimeout(timer);
  }
}

function basic(user: string, password: string): string {
  return `Basic ${Buffer.from(`${user}:${password}`).toString("base64")}`;
}

function aheadOf(here: number, date: string | null): number | null {
  const there = date === null ? NaN : Date.parse(date);
  return Number.isNaN(there) ? null : there - here;
}

function parseJson(text: string): unknown {
  if (text.length > BODY_LENGTH_MAX) return null;
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

/** Deno says why a request failed in words only, those of the cause. */
function wordsOf(error: unknown): string {
  if (!(error instanceof Error)) return "";
  const { message, cause } = error;
  return cause instanceof Error ? `${message}: ${cause.message}` : message;
}
