/** The live page of the emulator: shows what the server-sent events tell. */
const MAX_ROWS = 200;

const byId = (id) => document.getElementById(id);
const state = byId("state");
const pause = byId("pause");

let isPaused = false;
/** What came while the page was paused. */
let waiting = [];

/** An element with text or other elements in it. Nothing is ever read as HTML. */
function element(name, content = [], className = "") {
  const result = document.createElement(name);
  if (className) result.className = className;
  result.append(...[content].flat());
  return result;
}

function time(iso) {
  const result = element("time", new Date(iso).toLocaleTimeString());
  result.dateTime = iso;
  return result;
}

function details(text) {
  const summary = element("summary", "Show");
  return element("details", [summary, element("code", text)]);
}

function row(cells) {
  return element("tr", cells.map((cell) => element("td", cell)));
}

function callbackRow({ at, event, attempt, outcome, url, text }) {
  const isGood = outcome >= 200 && outcome < 300;
  return row([
    time(at),
    event,
    String(attempt),
    element("span", String(outcome), isGood ? "good" : "bad"),
    url,
    details(text),
  ]);
}

function messageRow({ at, direction, identity, room, type, text }) {
  return row([
    time(at),
    direction === "in" ? "← from" : "→ to",
    identity ?? "–",
    room ?? "–",
    type,
    details(text),
  ]);
}

function track({ kind, name, sid, enabled }) {
  return element(
    "li",
    `${kind} “${name}”${enabled ? "" : " (off)"}, ${sid}`,
  );
}

function participant({ identity, status, sid, tracks, subscribed }) {
  const words = `${identity}: ${status}, receives ${subscribed}, ${sid}`;
  const list = tracks.length > 0 ? [element("ul", tracks.map(track))] : [];
  const className = status === "disconnected" ? "ended" : "";
  return element("li", [words, ...list], className);
}

function room({ name, sid, status, created, recording, participants }) {
  const words = ` ${status}${recording ? ", records" : ""}, ${sid}, since `;
  return element("article", [
    element("h3", name),
    element("p", [words, time(created)]),
    participants.length > 0
      ? element("ul", participants.map(participant))
      : element("p", "Nobody has come yet."),
  ], status === "completed" ? "ended" : "");
}

function showRooms(rooms) {
  byId("rooms").replaceChildren(...rooms.map(room));
  byId("no-rooms").hidden = rooms.length > 0;
}

/** There is a page that renders compositions. */
function showCompose() {
  const link = element("a", "Render compositions");
  Object.assign(link, { href: "compose", target: "_blank", rel: "noopener" });
  byId("compose").replaceChildren(link);
  byId("compose").hidden = false;
}

function addRow(id, added) {
  const body = byId(id);
  body.prepend(added);
  while (body.rows.length > MAX_ROWS) body.rows[MAX_ROWS].remove();
}

const SHOW = {
  everything({ rooms, callbacks, messages, rendersGrids = false }) {
    if (rendersGrids) showCompose();
    showRooms(rooms);
    byId("callbacks").replaceChildren();
    byId("messages").replaceChildren();
    for (const one of callbacks) addRow("callbacks", callbackRow(one));
    for (const one of messages) addRow("messages", messageRow(one));
  },
  rooms: showRooms,
  callback: (one) => addRow("callbacks", callbackRow(one)),
  message: (one) => addRow("messages", messageRow(one)),
};

function say() {
  if (isPaused) state.textContent = "Paused";
  else if (source.readyState === EventSource.OPEN) state.textContent = "Live";
  else state.textContent = "The emulator does not answer. Trying again…";
}

pause.addEventListener("click", () => {
  isPaused = !isPaused;
  pause.setAttribute("aria-pressed", String(isPaused));
  for (const show of waiting) show();
  waiting = [];
  say();
});

const source = new EventSource("monitor/events");
source.addEventListener("open", say);
source.addEventListener("error", say);
for (const [event, show] of Object.entries(SHOW)) {
  source.addEventListener(event, ({ data }) => {
    if (data === undefined) return;
    const later = () => show(JSON.parse(data));
    if (!isPaused) later();
    else if (waiting.length < 2 * MAX_ROWS) waiting.push(later);
  });
}
