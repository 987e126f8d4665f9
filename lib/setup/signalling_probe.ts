import { z } from "zod";
import type { Admittance, Silence } from "@/lib/setup/probes.ts";

/** Close code "normal" of RFC 6455. */
const CLOSE_NORMAL = 1000;
/** How long the other side may take to close, too. */
const CLOSE_MS = 1_000;

/** A frame of the gateway, as far as it matters here; see the emulator's `signalling/messages.ts`. */
const Frame = z.discriminatedUnion("type", [
  z.object({ type: z.literal("welcome") }),
  z.object({ type: z.literal("heartbeat") }),
  z.object({ type: z.literal("busy") }),
  z.object({ type: z.literal("bad") }),
  z.object({
    type: z.literal("msg"),
    body: z.discriminatedUnion("type", [
      z.object({
        type: z.literal("connected"),
        session: z.string(),
        sid: z.string(),
      }),
      z.object({ type: z.literal("error"), code: z.number().int() }),
    ]),
  }),
]);

/** What a browser says to come in without any camera or microphone. */
function hello(token: string, name: string) {
  return {
    type: "hello",
    version: 2,
    id: crypto.randomUUID(),
    timeout: 5000,
    body: {
      type: "connect",
      version: 2,
      token,
      name,
      ice_servers: "overrode",
      format: "unified",
      publisher: {
        name: "twilio-video.js",
        sdk_version: "2.35.0",
        user_agent: "Bedside set-up checks",
      },
      participant: { revision: 1, tracks: [] },
      peer_connections: [],
      subscribe: { revision: 1, rules: [{ type: "include", all: true }] },
      media_signaling: {},
    },
  };
}

/** Opens the socket and closes it. Answers why that failed, or null. */
export function openAndClose(
  url: string,
  timeoutMs: number,
): Promise<Silence | null> {
  return onSocket<Silence | null>(url, timeoutMs, {
    late: "timeout",
    lost: () => "no_connection",
    opened: (_, done) => done(null),
  });
}

/** Connects to a room as a browser does, and leaves it again. */
export function joinRoom(
  url: string,
  { token, roomName, timeoutMs }: {
    token: string;
    roomName: string;
    timeoutMs: number;
  },
): Promise<Admittance> {
  return onSocket<Admittance>(url, timeoutMs, {
    late: { state: "silent", silence: "timeout" },
    lost: (wasOpen) =>
      wasOpen
        ? { state: "unclear", said: "it hung up" }
        : { state: "silent", silence: "no_connection" },
    opened: (send) => send(hello(token, roomName)),
    received(text, send, done) {
      const frame = readFrame(text);
      if (frame === null) {
        return done({ state: "unclear", said: "something unknown" });
      }
      if (frame.type === "busy" || frame.type === "bad") {
        return done({ state: "unclear", said: `"${frame.type}"` });
      }
      if (frame.type !== "msg") return;
      const { body } = frame;
      if (body.type === "error") {
        return done({ state: "refused", code: body.code });
      }
      const { session, sid } = body;
      send({
        type: "msg",
        body: { type: "disconnect", version: 2, session },
      });
      send({ type: "bye" });
      done({ state: "connected", roomSid: sid });
    },
  });
}

function readFrame(text: unknown): z.infer<typeof Frame> | null {
  try {
    return Frame.parse(JSON.parse(String(text)));
  } catch {
    return null;
  }
}

type Send = (frame: unknown) => void;

/** What is done on a socket until it has given an answer. */
interface Talk<T> {
  /** The answer if none came in time. */
  late: T;
  /** The answer if the socket closed before there was one. */
  lost(wasOpen: boolean): T;
  opened(send: Send, done: (answer: T) => void): void;
  received?(text: unknown, send: Send, done: (answer: T) => void): void;
}

/** Talks on a socket of its own, and settles when that is closed. */
function onSocket<T>(
  url: string,
  timeoutMs: number,
  talk: Talk<T>,
): Promise<T> {
  return new Promise((resolve) => {
    const socket = new WebSocket(url);
    let wasOpen = false;
    let answer: { is: T } | null = null;
    const send: Send = (frame) => socket.send(JSON.stringify(frame));
    const done = (is: T) => {
      if (answer !== null) return;
      answer = { is };
      clearTimeout(timer);
      timer = setTimeout(() => resolve(is), CLOSE_MS);
      socket.close(CLOSE_NORMAL);
    };
    let timer = setTimeout(() => done(talk.late), timeoutMs);
    socket.onopen = () => {
      wasOpen = true;
      talk.opened(send, done);
    };
    socket.onmessage = ({ data }) => talk.received?.(data, send, done);
    socket.onerror = (event) => event.preventDefault();
    socket.onclose = () => {
      clearTimeout(timer);
      resolve(answer === null ? talk.lost(wasOpen) : answer.is);
    };
  });
}
