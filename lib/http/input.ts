import type { z } from "zod";
import { AppError, type ErrorCode } from "@/lib/errors.ts";

/** Nothing anybody sends is longer. */
const BODY_BYTES_MAX = 64 * 1024;
/** A body that takes longer than this was never going to arrive. */
const BODY_MS_MAX = 10_000;

const FORM = "application/x-www-form-urlencoded";

/**
 * The JSON body through a schema; no body counts as `{}`. Throws
 * `unsupported_media_type`, `payload_too_large`, `validation`.
 */
export async function readJson<T>(
  request: Request,
  schema: z.ZodType<T>,
): Promise<T> {
  const text = await readText(request);
  if (text === "") return check(schema, {});
  requireType(request, "application/json");
  let body: unknown;
  try {
    body = JSON.parse(text);
  } catch (cause) {
    throw new AppError("validation", "Cannot read the body: it is not JSON", {
      cause,
    });
  }
  return check(schema, body);
}

/** The fields of a submitted form, each given once, or else it is refused with `twice`. Throws like `readJson`. */
export async function readFields(
  request: Request,
  { twice = "validation" }: { twice?: ErrorCode } = {},
): Promise<Record<string, string>> {
  const text = await readText(request);
  requireType(request, FORM);
  return once(new URLSearchParams(text), twice);
}

/** The query through a schema. Throws `validation`. */
export function readQuery<T>(url: URL, schema: z.ZodType<T>): T {
  return check(schema, readParams(url));
}

/** The query as it is, each name given once. Throws `validation`. */
export function readParams(url: URL): Record<string, string> {
  return once(url.searchParams);
}

/** A value through a schema. Throws `validation` with what is wrong field by field. */
export function check<T>(schema: z.ZodType<T>, value: unknown): T {
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  throw new AppError("validation", "Some fields are missing or not valid", {
    fields: parsed.error.issues.map((issue) => ({
      field: issue.path.join("."),
      message: issue.message,
    })),
  });
}

/** Two values for one name are two meanings for two readers: refused. */
function once(
  params: URLSearchParams,
  twice: ErrorCode = "validation",
): Record<string, string> {
  const fields: Record<string, string> = {};
  for (const [name, value] of params) {
    if (Object.hasOwn(fields, name)) {
      throw new AppError(twice, "A field is given twice", {
        fields: [{ field: name, message: "is given twice" }],
      });
    }
    fields[name] = value;
  }
  return fields;
}

/** Whether the request is a submitted form. */
export function isForm(request: Request): boolean {
  return typeOf(request) === FORM;
}

function typeOf(request: Request): string {
  const given = request.headers.get("content-type") ?? "";
  return given.split(";")[0]!.trim().toLowerCase();
}

function requireType(request: Request, type: string): void {
  if (typeOf(request) === type) return;
  throw new AppError(
    "unsupported_media_type",
    `Cannot read the body: it has to be ${type}`,
  );
}

/** The body as text, within its bounds of size and time. */
async function readText(request: Request): Promise<string> {
  return new TextDecoder().decode(await readBody(request));
}

/** What has been read of requests that are under way: a body comes only once. */
const bodies = new WeakMap<Request, Promise<Uint8Array<ArrayBuffer>>>();

/**
 * The body, within its bounds of size and time. Middleware and handler may
 * both ask for it. Throws `payload_too_large`, `validation`.
 */
export function readBody(request: Request): Promise<Uint8Array<ArrayBuffer>> {
  const known = bodies.get(request);
  if (known !== undefined) return known;
  const body = receiveBody(request);
  bodies.set(request, body);
  return body;
}

async function receiveBody(
  request: Request,
): Promise<Uint8Array<ArrayBuffer>> {
  if (request.body === null) return new Uint8Array();
  const reader = request.body.getReader();
  let late = false;
  const timer = setTimeout(() => {
    late = true;
    reader.cancel();
  }, BODY_MS_MAX);
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) break;
      bytes += value.byteLength;
      if (bytes > BODY_BYTES_MAX) {
        await reader.cancel();
        throw new AppError(
          "payload_too_large",
          `Cannot read the body: it has more than ${BODY_BYTES_MAX} bytes`,
        );
      }
      chunks.push(value);
    }
  } finally {
    clearTimeout(timer);
  }
  // Cancelling looks like an end: half a text must not pass for the whole.
  if (late) {
    throw new AppError("validation", "Cannot read the body: it took too long");
  }
  return await new Blob(chunks as BlobPart[]).bytes();
}
