/** Where one of several players is that play as one. */
export interface PlayerState {
  /** Seconds. */
  time: number;
  /** Has enough to go on. */
  ready: boolean;
  /** At its end. */
  over: boolean;
}

/** What is to be done so that all stay together. */
export interface Step {
  /** Where they are together, in seconds. */
  time: number;
  /** One has not arrived yet: the others wait. */
  hold: boolean;
  /** All are at their end. */
  over: boolean;
  /** Where each has to jump to; null: it is right. */
  jumps: (number | null)[];
}

/** Seconds by which two may be apart: less than one notices in a conversation. */
export const APART_MAX = 0.3;

/** Keeps players together: the first that is not at its end leads. */
export function keepStep(players: readonly PlayerState[]): Step {
  const leader = players.find(({ over }) => !over);
  if (leader === undefined) {
    return {
      time: Math.max(0, ...players.map(({ time }) => time)),
      hold: false,
      over: true,
      jumps: players.map(() => null),
    };
  }
  return {
    time: leader.time,
    hold: players.some(({ over, ready }) => !over && !ready),
    over: false,
    jumps: players.map(({ time, over }) =>
      !over && Math.abs(time - leader.time) > APART_MAX ? leader.time : null
    ),
  };
}
