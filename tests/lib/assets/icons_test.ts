import { equal, match } from "node:assert/strict";
import { iconSprite } from "@/lib/assets/icons.ts";

const MIC = `<!-- @license lucide-static v1.62.0 - ISC -->
<svg
  class="lucide lucide-mic"
  stroke-width="2"
>
  <path d="M12 19v3" />
  <rect x="9" y="2" width="6" height="13" rx="3" />
</svg>
`;

Deno.test("iconSprite() keeps each drawing under its name and drops the rest", () => {
  equal(
    iconSprite(new Map([["mic", MIC]])),
    '<svg xmlns="http://www.w3.org/2000/svg"><symbol id="mic" viewBox="0 0 24 24">' +
      '<path d="M12 19v3"/><rect x="9" y="2" width="6" height="13" rx="3"/></symbol></svg>\n',
  );
});

Deno.test("iconSprite() holds every icon it is given", () => {
  const sprite = iconSprite(new Map([["a", MIC], ["b", MIC]]));
  match(sprite, /id="a".*id="b"/);
});
