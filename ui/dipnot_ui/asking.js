// Asking: the question stands on the page at once, what comes of it takes its place. While nothing
// comes the page says what it waits for; a server that went away is asked again when it is back.

import { SILENCE, el, fetchSoon, lang, word } from "/ui/parts.js";

const POLL = 2000;
const HEARD = 500; // in so many milliseconds another tab of this browser has answered
const HISTORY = 10;
const SLICE = 50;
const SLICE_CHARACTERS = 300000; // a request has at most 1 MiB, and a letter up to three bytes
const waiting = new Map(); // key -> what is known of a question under way
// How far a question is: not taken by the server yet, looked for, or a first place is being read.
const STAGES = { sent: "waits_queue", taken: "waits_search", found: "waits_reading" };

let wire = null;
const wired = new Promise((resolve) => {
  const take = () => { wire = window.dipnotWire; resolve(wire); };
  if (window.dipnotWire) take();
  else window.addEventListener("dipnot-wire", take, { once: true });
});

export const isWaiting = (key) => waiting.has(key);

// By this the tabs of a browser tell each other what they wait for.
const tabs = new BroadcastChannel("dipnot.waiting");
tabs.addEventListener("message", ({ data }) => {
  if (waiting.has(data.sought)) tabs.postMessage({ waits: data.sought });
});

/** Whether another tab waits for a question. */
function waitsElsewhere(key) {
  return new Promise((resolve) => {
    const hear = ({ data }) => { if (data.waits === key) resolve(true); };
    tabs.addEventListener("message", hear);
    tabs.postMessage({ sought: key });
    setTimeout(() => { tabs.removeEventListener("message", hear); resolve(false); }, HEARD);
  });
}

/** Wait until no other tab waits for a question: it has its answer then, or the tab is gone. */
export async function untilAlone(key) {
  while (await waitsElsewhere(key)) await new Promise((resolve) => { setTimeout(resolve, POLL); });
}

/** Wait until the server answers questions. */
export async function untilReady() {
  let health = null;
  while (!health?.ok) {
    await new Promise((resolve) => { setTimeout(resolve, POLL); });
    health = await fetchSoon("/api/health", { cache: "no-store" }, 3).catch(() => null);
  }
}

/** Draw a turn that waits. It is replaced whole by what the server writes. */
export function drawWaiting(turn) {
  return el(
    "article", { class: "dn-turn dn-pending", id: `dn-turn-${turn.key}`, "data-key": turn.key },
    el("div", { class: "dn-asked" },
      el("h2", { class: "dn-question", tabindex: "-1" },
        el("span", { class: "dn-sr" }, `${word("asked")}: `), turn.question)),
    el("p", { class: "dn-waiting", role: "status" }, word("waiting")),
  );
}

/** What went before a question, as the server wants it. */
function historyOf(turns, turn) {
  const at = turns.indexOf(turn);
  return (at < 0 ? turns : turns.slice(0, at))
    .filter((t) => t.answer && typeof t.answer.answer === "string")
    .slice(-HISTORY)
    .map((t) => ({ question: t.question, answer: t.answer.answer }));
}

/** Ask. `tell` hears what is waited for; what comes of it is an event of its own. */
export async function ask(conversation, turn, tell) {
  const data = {
    key: turn.key, question: turn.question, doc_id: turn.doc_id || null, lang: lang(),
    history: turn.alone ? [] : historyOf(conversation.turns, turn),
  };
  const state = { conversation: conversation.id, begun: Date.now(), lost: false, stage: "sent", data, tell };
  waiting.set(turn.key, state);
  state.timer = setTimeout(() => watch(turn.key), SILENCE);
  await wired;
  if (waiting.has(turn.key)) wire.ask(data);
}

/** Look now and then whether the server is there, and say so. */
async function watch(key) {
  const state = waiting.get(key);
  if (!state) return;
  const health = await fetchSoon("/api/health", { cache: "no-store" }, 3).catch(() => null);
  if (!waiting.has(key)) return;
  if (!health) {
    state.lost = true;
    state.tell(word("waits_server"), true);
  } else if (!health.ok) {
    state.lost = true;
    state.tell(word("waits_index"), true);
  } else if (state.lost) {
    state.lost = false;
    state.stage = "sent";
    state.tell(word("again"));
    wire.ask(state.data);
  } else {
    state.tell(word(STAGES[state.stage]), false, Math.round((Date.now() - state.begun) / 1000));
  }
  state.timer = setTimeout(() => watch(key), POLL);
}

// A server that says it is not ready, or full, is asked again: that is no answer.
const AGAIN = {
  "no-index-yet": "waits_index", "too-many-at-once": "waits_full", stopping: "waits_server",
};

/** What came for a question; null where nobody waits for it any more. */
export function arrived(message) {
  const state = waiting.get(message.key);
  if (!state) return null;
  const why = AGAIN[message.turn?.error?.code];
  if (why) {
    state.lost = true;
    state.tell(word(why), true);
    return null;
  }
  state.stage = message.html ? "found" : "taken";
  if (message.turn) forget(message.key);
  return state;
}

/** A question was refused before it was taken, we do not hear which: it is asked again. */
export function refused() {
  for (const state of waiting.values()) {
    if (state.stage !== "sent") continue;
    state.lost = true;
    state.tell(word("waits_full"), true);
  }
}

export function forget(key) {
  clearTimeout(waiting.get(key)?.timer);
  waiting.delete(key);
}

export function stopAll() {
  const keys = [...waiting.keys()];
  keys.forEach(forget);
  if (wire) wire.stop();
  return keys;
}

/** Runs of turns that go in one request each: so many, and so long as JSON. */
function slices(turns) {
  const cut = [];
  let long = 0;
  for (const turn of turns) {
    const length = JSON.stringify(turn).length;
    if (!cut.length || cut.at(-1).length === SLICE || long + length > SLICE_CHARACTERS) {
      cut.push([]);
      long = 0;
    }
    cut.at(-1).push(turn);
    long += length;
  }
  return cut;
}

async function drawnSlice(turns) {
  let late;
  const given = new Promise((resolve) => { late = setTimeout(() => resolve(null), 15000); });
  try {
    const html = await Promise.race([wire.draw(turns, lang()), given]);
    return Array.isArray(html) ? html : null;
  } catch {
    return null;
  } finally {
    clearTimeout(late);
  }
}

/** Have kept turns written in the page's language; null for each that the server does not write. */
export async function drawn(turns) {
  if (!turns.length) return [];
  await wired;
  const html = [];
  for (const slice of slices(turns)) {
    const made = await drawnSlice(slice);
    html.push(...slice.map((_, i) => made?.[i] ?? null));
  }
  return html;
}
