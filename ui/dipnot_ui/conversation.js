// The conversation that is shown: kept, drawn, asked on, and the address that says which it is.

import { keepWhole } from "/look/text.js";
import { arrived, ask, drawn, drawWaiting, forget, isWaiting, stopAll } from "/ui/asking.js";
import { box, calm, el, say, unsay, wide, word } from "/ui/parts.js";
import { drawRail } from "/ui/rail.js";
import { openSource, whatIsOpen } from "/ui/source.js";
import { blank, load, nameOf, newKey, save } from "/ui/store.js";

export let current = blank();
const framing = []; // what else is drawn around a conversation
let told = false; // that the store is full
let beside = true; // whether the reader lets the source stand beside the conversation

export const log = () => document.querySelector(".dn-log");
export const whenFramed = (draws) => framing.push(draws);
export const letSourceStand = (does) => { beside = does; };

/** Have another conversation be the one that is shown. What of it is drawn is the caller's. */
export function take(conversation) {
  current = conversation;
}

export function keep() {
  if (save(current) || told) return;
  told = true;
  say(word("full"), true);
}

export function frame() {
  document.body.classList.toggle("dn-empty", current.turns.length === 0);
  document.body.classList.toggle("dn-busy", current.turns.some((t) => isWaiting(t.key)));
  // A title is one line of plain text: marks of direction would turn what follows them.
  const name = nameOf(current).replace(/[\u202a-\u202e\u2066-\u2069]/g, "");
  document.title = name ? `${name.slice(0, 80)} — Dipnot` : "Dipnot";
  log()?.setAttribute("aria-label", word("conversation"));
  drawRail(current);
  for (const draw of framing) draw();
}

/** Put what the server wrote of a turn into its place. */
function put(key, html) {
  const made = new DOMParser().parseFromString(html, "text/html").body.firstElementChild;
  if (!made) return;
  keepWhole(made);
  const old = document.getElementById(`dn-turn-${key}`);
  if (old) old.replaceWith(made);
  else log().append(made);
}

/** Draw the whole conversation anew. */
export async function drawAll() {
  const conversation = current;
  frame();
  const html = await drawn(conversation.turns);
  if (conversation !== current) return;
  log().replaceChildren();
  conversation.turns.forEach((turn, i) => {
    if (isWaiting(turn.key) || (!turn.answer && !turn.error)) log().append(drawWaiting(turn));
    else if (html[i]) put(turn.key, html[i]);
    else log().append(drawPlain(turn));
  });
  frame();
  for (const turn of conversation.turns) {
    // What was under way when the page was left is asked again.
    if (!turn.answer && !turn.error && !isWaiting(turn.key)) begin(turn);
  }
}

/** A turn without the server's help: what was asked and what was quoted are not lost. */
function drawPlain(turn) {
  const made = drawWaiting(turn);
  made.lastChild.replaceWith(
    ...(turn.answer?.citations ?? []).map((c) => el("blockquote", { class: "dn-quote" }, String(c.quote))),
    el("p", { class: `dn-aside${turn.error ? " dn-stopped" : ""}` }, word(turn.error ? "stopped" : "not_drawn")),
  );
  return made;
}

function begin(turn) {
  ask(current, turn, (words, bad) => {
    const place = document.querySelector(`#dn-turn-${turn.key} .dn-waiting`);
    if (!place) return;
    if (place.textContent !== words) place.textContent = words;
    place.classList.toggle("dn-lost", Boolean(bad));
  });
  frame();
}

/** Ask a question as a new turn, or in the place of one. */
export function askNow(question, { doc = chosenDocument(), alone = false, instead = null } = {}) {
  question = question.trim();
  if (!question) return;
  unsay(word("unknown_text"));
  const turn = { key: newKey(), question, doc_id: doc || null, alone };
  const at = instead ? current.turns.findIndex((t) => t.key === instead) : -1;
  const fresh = current.turns.length === 0;
  if (at >= 0) {
    document.getElementById(`dn-turn-${instead}`)?.replaceWith(drawWaiting(turn));
    current.turns.splice(at, 1, turn);
    forget(instead);
  } else {
    current.turns.push(turn);
    log().append(drawWaiting(turn));
  }
  keep();
  if (fresh) history.replaceState(null, "", addressNow());
  begin(turn);
  show(turn.key);
}

export function show(key) {
  document.getElementById(`dn-turn-${key}`)
    ?.scrollIntoView({ block: "start", behavior: calm() ? "auto" : "smooth" });
}

function chosenDocument() {
  return document.getElementById("dn-document")?.value || null;
}

window.addEventListener("dipnot-turn", (event) => {
  const message = JSON.parse(event.detail);
  const state = arrived(message);
  if (!state) return;
  const conversation = state.conversation === current.id ? current : load(state.conversation);
  const turn = conversation?.turns.find((t) => t.key === message.key);
  if (!turn) return;
  if (message.turn) Object.assign(turn, message.turn);
  if (conversation !== current) {
    save(conversation);
    return;
  }
  if (message.html) put(message.key, message.html);
  if (!message.turn) return;
  keep();
  frame();
  const first = turn.answer?.citations?.[0];
  if (first && wide() && beside) openSource(placeOf(first), { focus: false }).then(remember);
});

const placeOf = (c) => `/text/${encodeURIComponent(c.doc_id)}/p${c.page}#c${c.start}-${c.end}`;

/** Stop: what came so far is not kept, the question is. */
export function stop() {
  const keys = stopAll();
  for (const turn of current.turns) {
    if (keys.includes(turn.key)) turn.error = { code: "stopped", sentence: null };
  }
  keep();
  for (const turn of current.turns.filter((t) => keys.includes(t.key))) {
    // Said at once: the server may be the reason why it was stopped.
    document.getElementById(`dn-turn-${turn.key}`)?.replaceWith(drawPlain(turn));
    drawn([turn]).then(([html]) => { if (html) put(turn.key, html); });
  }
  frame();
  box()?.focus();
}

// -- its address ------------------------------------------------------------------------------

function addressNow() {
  const query = current.turns.length ? `?c=${current.id}` : "";
  return `/${query}${whatIsOpen() ? `#${whatIsOpen()}` : ""}`;
}

/** Let the address say what is shown, without a step of its own. */
export function remember() {
  history.replaceState(null, "", addressNow());
}

export function step() {
  if (addressNow() !== location.pathname + location.search + location.hash) {
    history.pushState(null, "", addressNow());
  }
}

/** Show another conversation, as a step of its own. */
export function change(conversation) {
  take(conversation);
  step();
  drawAll();
}
