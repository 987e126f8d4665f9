/**
 * The control API: faults over HTTP, for tests in another process. It exists
 * only when the option `control` asks for it, and only for programs: a web
 * page of another origin cannot use it, for it gets no CORS headers and
 * cannot send JSON without them.
 *
 * @module
 */
import { prettifyError, ZodError } from "zod";
import type { Faults } from "./faults.ts";

/**
 * Answers `GET` (the active faults), `POST` (sets those it names, as
 * `faultsPatch` describes them) and `DELETE` (ends all) of `/control/faults`.
 * Each answers the faults that are active then.
 */
export async function answerControl(
  request: Request,
  path: string,
  faults: Faults,
): Promise<Response> {
  if (path !== "/control/faults") {
    return Response.json({ error: "not found" }, { status: 404 });
  }
  switch (request.method) {
    case "GET":
      break;
    case "DELETE":
      faults.clear();
      break;
    case "POST": {
      const error = await set(request, faults);
      if (error) return Response.json({ error }, { status: 400 });
      break;
    }
    default:
      return Response.json({ error: "method not allowed" }, { status: 405 });
  }
  return Response.json(faults.state);
}

/** Sets what the body asks for; the answer says what is wrong with it. */
async function set(request: Request, faults: Faults): Promise<string | null> {
  const type = request.headers.get("content-type") ?? "";
  if (!/^application\/json\b/i.test(type)) {
    return "the content type must be application/json";
  }
  try {
    faults.set(await request.json());
    return null;
  } catch (error) {
    if (error instanceof ZodError) return prettifyError(error);
    return "the body is not JSON";
  }
}
