import assert from "node:assert/strict";
import type { Person, World } from "./world.ts";

/** The events of a stream below `/api/v1/`, one by one, without the pings. */
export async function* listen(
  world: World,
  person: Person,
  path: string,
): AsyncGenerator<{ event: string; data: unknown }> {
  const response = await world.ask(person, "GET", `/api/v1/${path}`);
  assert.equal(response.headers.get("content-type"), "text/event-stream");
  let text = "";
  for await (
    const chunk of response.body!.pipeThrough(new TextDecoderStream())
  ) {
    text += chunk;
    for (
      let end;
      (end = text.indexOf("\n\n")) >= 0;
      text = text.slice(end + 2)
    ) {
      const [, event, data] =
        /^event: (\w+)\ndata: (.*)$/.exec(text.slice(0, end)) ?? [];
      if (event !== undefined && event !== "ping") {
        yield { event, data: JSON.parse(data!) };
      }
    }
  }
}
