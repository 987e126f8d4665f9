/**
 * The last things that happened.
 *
 * @module
 */

/** A list that forgets its oldest entries. */
export class Journal<T> {
  readonly #limit: number;
  readonly #entries: T[] = [];

  /** @param limit Entries it keeps. */
  constructor(limit: number) {
    this.#limit = limit;
  }

  /** Adds the newest entry. */
  add(entry: T): void {
    this.#entries.push(entry);
    if (this.#entries.length > this.#limit) this.#entries.shift();
  }

  /** What is kept, oldest first. */
  get entries(): readonly T[] {
    return this.#entries;
  }
}
