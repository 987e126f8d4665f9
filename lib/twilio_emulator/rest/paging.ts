/**
 * Paged lists (https://www.twilio.com/docs/usage/twilios-response#response-formats-list-paging-information).
 *
 * @module
 */
import { TwilioFault } from "../errors.ts";

const DEFAULT_PAGE_SIZE = 50;

/** Larger sizes get this one: `list({ limit })` of the Node client sends its limit as page size. */
const MAX_PAGE_SIZE = 1000;

/** Something listed. `order` rises with each new record: lists run from high to low. */
interface Ordered {
  readonly order: number;
}

/** The `meta` object of a list. `key` names the array beside it. */
export interface PageMeta {
  readonly page: number;
  readonly page_size: number;
  readonly first_page_url: string;
  readonly previous_page_url: string | null;
  readonly url: string;
  readonly next_page_url: string | null;
  readonly key: string;
}

/**
 * Cuts the page out of a list that the query asks for.
 *
 * A page token says after (`PA`) or before (`PB`) which record the page lies,
 * so records that come and go between two calls neither repeat nor hide
 * others.
 *
 * @param items Newest first, filtered already.
 * @param url Of the request, as the client wrote it: the host and the filters
 * go into the page URLs, which the client requests verbatim.
 * @throws {TwilioFault} 20001 for a bad `PageSize` or `Page`; 21481 for a bad
 * `PageToken`.
 */
export function paginate<T extends Ordered>(
  items: readonly T[],
  url: URL,
  key: string,
): { items: readonly T[]; meta: PageMeta } {
  const size = Math.min(
    natural(url, "PageSize") ?? DEFAULT_PAGE_SIZE,
    MAX_PAGE_SIZE,
  );
  if (size === 0) throw new TwilioFault(20001, "Invalid PageSize");
  const page = natural(url, "Page") ?? 0;
  const [start, end] = range(items, size, url.searchParams.get("PageToken"));
  const cut = items.slice(start, end);
  const first = cut.at(0);
  const last = cut.at(-1);
  const more = end < items.length;
  return {
    items: cut,
    meta: {
      page,
      page_size: size,
      first_page_url: pageUrl(url, size, 0),
      previous_page_url: page > 0 && start > 0 && first
        ? pageUrl(url, size, page - 1, `PB${first.order.toString(36)}`)
        : null,
      url: pageUrl(url, size, page, url.searchParams.get("PageToken")),
      next_page_url: more && last
        ? pageUrl(url, size, page + 1, `PA${last.order.toString(36)}`)
        : null,
      key,
    },
  };
}

/** First index of the page, and the one after its last. */
function range(
  items: readonly Ordered[],
  size: number,
  token: string | null,
): [start: number, end: number] {
  if (!token) return [0, size];
  const [, direction, digits] = token.match(/^(PA|PB)([0-9a-z]{1,10})$/) ?? [];
  if (!direction || !digits) throw new TwilioFault(21481);
  const order = parseInt(digits, 36);
  const isBeyond = direction === "PA"
    ? (item: Ordered) => item.order < order
    : (item: Ordered) => item.order <= order;
  const found = items.findIndex(isBeyond);
  const index = found < 0 ? items.length : found;
  return direction === "PA"
    ? [index, index + size]
    : [Math.max(0, index - size), index];
}

/** Filters first, then `PageSize`, `Page` and `PageToken`, as Twilio writes them. */
function pageUrl(
  url: URL,
  size: number,
  page: number,
  token: string | null = null,
): string {
  const result = new URL(url);
  for (const name of ["PageSize", "Page", "PageToken"]) {
    result.searchParams.delete(name);
  }
  result.searchParams.append("PageSize", String(size));
  result.searchParams.append("Page", String(page));
  if (token) result.searchParams.append("PageToken", token);
  return result.href;
}

function natural(url: URL, name: string): number | null {
  const text = url.searchParams.get(name);
  if (!text) return null;
  if (!/^\d{1,9}$/.test(text)) throw new TwilioFault(20001, `Invalid ${name}`);
  return Number(text);
}
