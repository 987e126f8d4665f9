/**
 * The two functions a page that sends signals needs: a whole package would keep the bundler from leaving out of it what
 * no island uses.
 *
 * @module
 */
export { computed, signal } from "@preact/signals";
