import { App, type Context, type Middleware } from "fresh";

/** What an app does: how it is set up, and what it answers. */
export interface Behaviour {
  /** What is shown. */
  name: string;
  /** Sets up the app. */
  app: (app: App<TestState>) => void;
  /** Requests, such as `"POST /a"`, perhaps with headers, and the answers as {@link describe} tells them. */
  answers: [
    request: string | [string, Record<string, string>],
    answer: string,
  ][];
}

/** The letters the middlewares of a test have left. */
export interface TestState {
  trace?: string;
}

/** A middleware that leaves a letter. */
export function leave(letter: string): Middleware<TestState> {
  return (ctx) => {
    ctx.state.trace = (ctx.state.trace ?? "") + letter;
    return ctx.next();
  };
}

/** Answers with the letters so far. */
export const trace: Middleware<TestState> = (ctx) =>
  new Response(ctx.state.trace ?? "-");

/** Answers with a text. */
export function say(text: string): () => Response {
  return () => new Response(text);
}

/** Throws something. */
export function fail(error: unknown): () => never {
  return () => {
    throw error;
  };
}

/** A handler that puts a header on whatever comes back. */
export const addHeader: Middleware<TestState> = async (ctx) => {
  const response = await ctx.next();
  response.headers.set("x", "y");
  return response;
};

/** The message of what was thrown. */
export function messageOf(ctx: Pick<Context<TestState>, "error">): string {
  return String((ctx.error as Error | null)?.message);
}

/** What the app answers to a request, in one line. */
export async function ask(
  handler: (req: Request) => Promise<Response>,
  request: string,
  headers: Record<string, string> = {},
): Promise<string> {
  const [method = "", path = ""] = request.split(/ (.*)/);
  return describe(
    await handler(new Request(`http://localhost${path}`, { method, headers })),
  );
}

const TYPES: Record<string, string> = {
  "text/plain;charset=UTF-8": "text",
  "text/html; charset=utf-8": "html",
  "application/json": "json",
};
const SHELL =
  /^<!DOCTYPE html><html><head><meta charset="utf-8"\/><\/head><body>(.*)<\/body><\/html>$/s;

/** `200 text [x: y] body`: status, type, other headers, body. A page that has the default shell is told without it. */
async function describe(response: Response): Promise<string> {
  const type = response.headers.get("content-type");
  const others = [...response.headers]
    .filter(([name]) => name !== "content-type" && name !== "content-length")
    .map(([name, value]) => `${name}: ${value}`);
  const body = await response.text();
  return [
    response.status,
    type === null ? "" : TYPES[type] ?? type,
    others.length === 0 ? "" : `[${others.join(" | ")}]`,
    SHELL.exec(body)?.[1] ?? body,
  ].filter((part) => part !== "").join(" ").replace(/[0-9a-f]{32}/g, "NONCE");
}
