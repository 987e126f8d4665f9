import autocannon from "autocannon";

/** What each of the connections sends again and again. */
export interface LoadRequest {
  method?: "GET" | "POST";
  path: string;
  headers?: Record<string, string>;
  body?: string;
}

/** How much load, and for how long. */
export interface LoadOptions {
  /** One connection for each. */
  requests: readonly LoadRequest[];
  seconds: number;
}

/** What was under way when time was up must not slow down whoever is measured next. */
const SETTLE_MS = 300;

/** What of autocannon's connection is used; the package has no types. */
interface Connection {
  setRequests(requests: LoadRequest[]): void;
}

/**
 * Requests per second that a server answers when every connection sends its
 * next request as soon as it has its answer. Throws if any answer is not 2xx:
 * errors are fast, and would count as speed.
 */
export async function requestsPerSecond(
  origin: string,
  { requests, seconds }: LoadOptions,
): Promise<number> {
  let connected = 0;
  const result = await autocannon({
    url: origin,
    connections: requests.length,
    duration: seconds,
    setupClient(connection: Connection) {
      connection.setRequests([requests[connected++ % requests.length]!]);
    },
  });
  await new Promise((resolve) => setTimeout(resolve, SETTLE_MS));
  const { non2xx, errors, timeouts } = result;
  if (non2xx + errors + timeouts > 0) {
    throw new Error(
      `${origin}${requests[0]?.path}: ${non2xx} answers were not 2xx, ` +
        `${errors} requests failed, ${timeouts} had no answer in time`,
    );
  }
  return result["2xx"] / result.duration;
}
