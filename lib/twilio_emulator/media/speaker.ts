/**
 * Who is speaking, by the loudness that each packet of audio carries
 * (RFC 6464). Nothing is decoded.
 *
 * @module
 */

/** Louder than this is speech; 0 is the loudest, 127 is silence. */
const SPEECH = 50;

/** Somebody must be the loudest for so long to become the speaker. */
const TAKEOVER_MS = 300;

/** Pauses between words are shorter. */
const SILENCE_MS = 2000;

/** A level counts for so long; while it is quiet, browsers send a packet every 400 ms. */
const LEVEL_MS = 250;

interface Voice {
  level: number;
  at: number;
  /** Since when it has been the loudest. */
  since: number | null;
}

/** Follows the loudness of everybody in a room. */
export class SpeakerDetector<T> {
  readonly #voices = new Map<T, Voice>();
  #speaker: T | null = null;
  #spokeAt = -Infinity;

  /** Who speaks. */
  get speaker(): T | null {
    return this.#speaker;
  }

  /**
   * Takes the loudness of a packet.
   *
   * @param level In -dBov: 0 is the loudest.
   * @param at In milliseconds.
   * @returns whether the speaker has changed.
   */
  hear(who: T, level: number, at: number): boolean {
    const voice = this.#voices.get(who) ?? { level, at, since: null };
    this.#voices.set(who, voice);
    voice.level = level;
    voice.at = at;
    const loudest = this.#loudest(at);
    for (const [other, voice] of this.#voices) {
      if (other !== loudest) voice.since = null;
    }
    if (loudest === this.#speaker && loudest !== null) this.#spokeAt = at;
    if (loudest !== null && loudest !== this.#speaker) {
      const candidate = this.#voices.get(loudest)!;
      candidate.since ??= at;
      if (at - candidate.since < TAKEOVER_MS) return false;
      this.#speaker = loudest;
      this.#spokeAt = at;
      return true;
    }
    if (this.#speaker === null || at - this.#spokeAt < SILENCE_MS) return false;
    this.#speaker = null;
    return true;
  }

  /**
   * Somebody has left.
   *
   * @returns whether the speaker has changed.
   */
  forget(who: T): boolean {
    this.#voices.delete(who);
    if (this.#speaker !== who) return false;
    this.#speaker = null;
    return true;
  }

  #loudest(at: number): T | null {
    let loudest: T | null = null;
    let best = SPEECH;
    for (const [who, voice] of this.#voices) {
      if (at - voice.at > LEVEL_MS || voice.level >= best) continue;
      best = voice.level;
      loudest = who;
    }
    return loudest;
  }
}
