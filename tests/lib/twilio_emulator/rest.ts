/**
 * What tests of the REST API share.
 *
 * @module
 */
import assert from "node:assert/strict";

/** The call must be refused with this status and code. */
export function refused(work: Promise<unknown>, status: number, code: number) {
  return assert.rejects(work, (error: Error) => {
    const { status: s, code: c, moreInfo } = error as Error & {
      status: number;
      code: number;
      moreInfo: string;
    };
    assert.deepEqual({ status: s, code: c }, { status, code });
    assert.equal(moreInfo, `https://www.twilio.com/docs/errors/${code}`);
    return true;
  });
}

/** The header of Basic authentication. */
export function basic(username: string, password: string): string {
  return `Basic ${btoa(`${username}:${password}`)}`;
}

/** Without the dates, which are checked to be there. */
export function withoutDates(
  instance: { toJSON(): Record<string, unknown> },
): Record<string, unknown> {
  const { dateCreated, dateUpdated, ...rest } = instance.toJSON();
  assert.ok(dateCreated instanceof Date && dateUpdated instanceof Date);
  return rest;
}
