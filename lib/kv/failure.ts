import { AppError, type ErrorCode } from "@/lib/errors.ts";

/** What an error of the storage means for whoever asked. */
interface Meaning {
  sign: RegExp;
  code: ErrorCode;
  detail: string;
  retryAfterSeconds: number;
}

/** The storage tells its failures apart by their messages only; these are Deno 2.9's. The first that fits counts. */
const MEANINGS: Meaning[] = [
  {
    sign: /database is locked/,
    code: "storage_busy",
    detail: "Another program is writing to the storage",
    retryAfterSeconds: 1,
  },
  {
    sign:
      /database or disk is full|disk I\/O error|attempt to write a readonly database/,
    code: "storage_unavailable",
    detail: "The storage takes no more writes",
    retryAfterSeconds: 60,
  },
  {
    // 401 and 403 too: the server is there but does not let the clinic in.
    sign: /^KV Connect failed to call .*\(status=(401|403|408|429|5\d\d)\b/,
    code: "storage_unavailable",
    detail: "The KV server refuses to answer",
    retryAfterSeconds: 5,
  },
  {
    sign:
      /^KV Connect failed to read response body|^Failed to fetch metadata|^(Reads|Writes) are disabled/,
    code: "storage_unavailable",
    detail: "The KV server does not answer",
    retryAfterSeconds: 5,
  },
];

/**
 * An error of the storage that passes, as a refusal that says when to come
 * back; null for any other, which is a mistake of ours.
 */
export function storageFailure(error: unknown): AppError | null {
  if (!(error instanceof Error)) return null;
  const meaning = MEANINGS.find(({ sign }) => sign.test(error.message));
  if (meaning === undefined) return null;
  const { code, detail, retryAfterSeconds } = meaning;
  return new AppError(code, detail, { retryAfterSeconds, cause: error });
}
