import type { Context } from "fresh";
import type { VisitOperation } from "@/lib/access/table.ts";
import type { State } from "@/lib/define.ts";
import { AppError, type ErrorCode, ERRORS } from "@/lib/errors.ts";
import { requireCaller } from "@/lib/http/guards.ts";
import { check, readFields, readQuery } from "@/lib/http/input.ts";
import { logError } from "@/lib/log.ts";
import { ListMessagesQuery, SendMessageBody } from "@/lib/messages/requests.ts";
import { markRead, readThread, sendMessage } from "@/lib/messages/service.ts";
import { otherSeat } from "@/lib/messages/thread.ts";
import { type ThreadView, viewThread } from "@/lib/messages/view.ts";
import { newId } from "@/lib/new_id.ts";
import type { Seat } from "@/lib/sessions/session.ts";
import { firstName } from "@/lib/ui/session_words.ts";
import { authorizeVisit } from "@/lib/visits/policy.ts";
import { getVisit } from "@/lib/visits/service.ts";
import { viewVisit, type VisitView } from "@/lib/visits/view.ts";

/** What a page with the messages of a visit shows. */
export interface MessagePageData {
  visit: VisitView;
  /** What its island takes, but for the zone. */
  thread: {
    visitId: string;
    mine: Seat;
    other: string;
    initial: ThreadView;
    now: string;
    idempotencyKey: string;
    text: string;
    problem: string | null;
    isNewest: boolean;
  };
}

/** A text that could not be sent, and why. */
interface Refused {
  text: string;
  /** In general, and in a sentence. */
  title: string;
  problem: string;
  /** The same form sent again is still one message. */
  idempotencyKey: string;
}

/** What opening the page of one side, and sending its form, is in the access table. */
const OPERATIONS = {
  doctor: { open: "attend", write: "write_as_doctor" },
  patient: { open: "attend_as_patient", write: "write_as_patient" },
} as const satisfies Record<Seat, Record<string, VisitOperation>>;

/**
 * Everything that the page of this side shows. Showing the newest messages is
 * reading them. Throws `visit_not_found`, `role_forbidden`.
 */
export async function messagePage(
  ctx: Context<State>,
  side: Seat,
  refused?: Refused,
): Promise<MessagePageData> {
  const { services } = ctx.state;
  const caller = requireCaller(ctx.state);
  const { cursor } = readQuery(ctx.url, ListMessagesQuery);
  const found = await readThread(services, caller, ctx.params.visitId!, {
    cursor,
  });
  const { visit } = found;
  authorizeVisit(caller.actor, OPERATIONS[side].open, visit);
  const other = visit[otherSeat(side)];
  const lastId = found.messages.at(-1)?.id;
  const isNewest = cursor === undefined;
  if (isNewest && lastId !== undefined && isLookedAt(ctx.req)) {
    try {
      found.thread = await markRead(services, caller, visit.id, lastId);
    } catch (error) {
      // Who may read, reads, also while nothing can be stored.
      logError("Cannot note what has been read", error);
    }
  }
  ctx.state.title = refused?.title ?? `Messages with ${other.name}`;
  return {
    visit: viewVisit(visit, caller.actor),
    thread: {
      visitId: visit.id,
      mine: side,
      other: side === "doctor" ? firstName(other.name) : other.name,
      initial: viewThread(found, side),
      now: services.now().toISOString(),
      idempotencyKey: refused?.idempotencyKey ?? newId(),
      text: refused?.text ?? "",
      problem: refused?.problem ?? null,
      isNewest,
    },
  };
}

/**
 * Whether somebody asks for the page to read it: not a browser that guesses
 * where one goes next, and not the form, whose one commit is the message.
 */
function isLookedAt({ method, headers }: Request): boolean {
  return method === "GET" &&
    !headers.get("sec-purpose")?.includes("prefetch");
}

/** Refusals after which the page comes again with what was written. */
const KEEPS_TEXT: readonly ErrorCode[] = [
  "validation",
  "visit_closed",
  "rate_limited",
  "storage_busy",
];

/**
 * Sends what the form on the page of this side holds. Answers null when it was
 * sent, else the page to show and its status. Throws `visit_not_found`,
 * `role_forbidden`.
 */
export async function sendFromPage(
  ctx: Context<State>,
  side: Seat,
): Promise<{ data: MessagePageData; status: number } | null> {
  const { services } = ctx.state;
  const caller = requireCaller(ctx.state);
  const visit = await getVisit(services, caller, ctx.params.visitId!);
  const fields = await readFields(ctx.req);
  const text = fields.text ?? "";
  try {
    authorizeVisit(caller.actor, OPERATIONS[side].write, visit);
    const body = check(SendMessageBody, { text });
    await sendMessage(services, caller, visit.id, body.text);
    return null;
  } catch (error) {
    if (!(error instanceof AppError) || !KEEPS_TEXT.includes(error.code)) {
      throw error;
    }
    const data = await messagePage(ctx, side, {
      text,
      title: error.title,
      problem: problemOf(error),
      idempotencyKey: fields.idempotency_key ?? newId(),
    });
    return { data, status: error.code === "validation" ? 422 : error.status };
  }
}

function problemOf({ code, fields }: AppError): string {
  const field = fields[0];
  return field === undefined
    ? `${ERRORS[code].title}.`
    : `This text ${field.message}.`;
}
