/** The moment at which every test begins. */
export const NOON = new Date("2026-11-21T12:00:00.000Z");
