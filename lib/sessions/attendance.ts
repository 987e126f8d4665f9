/** One stay in the room, from one connection. */
export interface Interval {
  /** The video service's id of the connection (`PA…`). */
  participantSid: string;
  joinedAt: string;
  /** Null while it lasts. */
  leftAt: string | null;
}

/** A line that breaks all the time must not fill the record: beyond this, the oldest stays become one. */
const INTERVALS_MAX = 50;

/**
 * The stays after a connection began; null if that was known. Callbacks come
 * in any order: a beginning told after its end completes the stay.
 */
export function opened(
  intervals: Interval[],
  participantSid: string,
  at: string,
): Interval[] | null {
  const known = intervals.find((one) => one.participantSid === participantSid);
  if (known === undefined) {
    return inOrder([
      ...intervals,
      { participantSid, joinedAt: at, leftAt: null },
    ]);
  }
  const onlyEnd = known.leftAt === known.joinedAt;
  if (!onlyEnd || at >= known.joinedAt) return null;
  return inOrder(replaced(intervals, known, { ...known, joinedAt: at }));
}

/**
 * The stays after a connection ended; null if that was known. What is known
 * may be only that somebody was not seen any more: the earliest end is right.
 */
export function closed(
  intervals: Interval[],
  participantSid: string,
  at: string,
): Interval[] | null {
  const known = intervals.find((one) => one.participantSid === participantSid);
  if (known === undefined) {
    return inOrder([...intervals, {
      participantSid,
      joinedAt: at,
      leftAt: at,
    }]);
  }
  const after = ended(known, at);
  if (known.leftAt !== null && after.leftAt! >= known.leftAt) return null;
  return replaced(intervals, known, after);
}

/** The stays after a connection that was believed to be over turns out to last; null if it was not believed to be. */
export function reopened(
  intervals: Interval[],
  participantSid: string,
): Interval[] | null {
  const known = intervals.find((one) => one.participantSid === participantSid);
  if (known === undefined || known.leftAt === null) return null;
  return replaced(intervals, known, { ...known, leftAt: null });
}

/** The stays when nobody is in the room any more. */
export function allClosed(intervals: Interval[], at: string): Interval[] {
  return intervals.map((one) => one.leftAt === null ? ended(one, at) : one);
}

/** Who moves along to another room is away for no longer than this. */
const MOVE_MS_MAX = 60_000;

/**
 * The stays as people saw them: that the whole call moved to another room, at
 * these times, did not end them.
 */
export function acrossRooms(
  intervals: Interval[],
  movedAt: readonly string[],
): Interval[] {
  return intervals.reduce<Interval[]>((before, next) => {
    const last = before.at(-1);
    const leftAt = last?.leftAt ?? null;
    if (last === undefined || leftAt === null || !movedAt.includes(leftAt)) {
      return [...before, next];
    }
    const awayMs = Date.parse(next.joinedAt) - Date.parse(leftAt);
    return awayMs > MOVE_MS_MAX
      ? [...before, next]
      : [...before.slice(0, -1), { ...next, joinedAt: last.joinedAt }];
  }, []);
}

/** Whether one of the stays still lasts. */
export function isThere(intervals: Interval[]): boolean {
  return intervals.some(({ leftAt }) => leftAt === null);
}

/** A stay cannot end before it began, whatever the clocks say. */
function ended(interval: Interval, at: string): Interval {
  return {
    ...interval,
    leftAt: at < interval.joinedAt ? interval.joinedAt : at,
  };
}

function replaced(
  intervals: Interval[],
  old: Interval,
  by: Interval,
): Interval[] {
  return intervals.map((one) => one === old ? by : one);
}

function inOrder(intervals: Interval[]): Interval[] {
  const sorted = intervals.toSorted((a, b) =>
    a.joinedAt < b.joinedAt ? -1 : a.joinedAt > b.joinedAt ? 1 : 0
  );
  const [first, second, ...rest] = sorted;
  if (sorted.length <= INTERVALS_MAX || first?.leftAt == null) return sorted;
  return second?.leftAt == null
    ? sorted
    : [{ ...second, joinedAt: first.joinedAt }, ...rest];
}
