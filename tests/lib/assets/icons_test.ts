import { equal, throws } from "node:assert/strict";
import { type IconSet, iconSprite } from "@/lib/assets/icons.ts";

const SET: IconSet = {
  icons: {
    mic: {
      body:
        '<g fill="none" stroke="currentColor" stroke-linecap="round" stroke-linejoin="round" stroke-width="2">' +
        '<path d="M12 19v3"/><rect width="6" height="13" x="9" y="2" rx="3"/></g>',
    },
  },
  aliases: { microphone: { parent: "mic" } },
};

const DRAWING =
  '<g><path d="M12 19v3"/><rect width="6" height="13" x="9" y="2" rx="3"/></g>';

Deno.test("iconSprite() keeps each drawing under its name and leaves the style of the lines to its user", () => {
  equal(
    iconSprite(SET, ["mic"]),
    '<svg xmlns="http://www.w3.org/2000/svg">' +
      `<symbol id="mic" viewBox="0 0 24 24">${DRAWING}</symbol></svg>\n`,
  );
});

Deno.test("iconSprite() knows the other names of an icon", () => {
  equal(
    iconSprite(SET, ["microphone"]),
    '<svg xmlns="http://www.w3.org/2000/svg">' +
      `<symbol id="microphone" viewBox="0 0 24 24">${DRAWING}</symbol></svg>\n`,
  );
});

Deno.test("iconSprite() refuses a name that nobody drew", () => {
  throws(() => iconSprite(SET, ["unicorn"]), RangeError);
});
