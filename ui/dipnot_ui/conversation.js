// The conversation that is shown: kept, drawn, asked on, and the address that says which it is.

import { arrived, ask, drawn, drawWaiting, forget, isWaiting, stopAll, untilAlone, untilReady } from "/ui/asking.js";
import { box, button, calm, el, fill, say, unsay, wide, word } from "/ui/parts.js";
import { drawRail } from "/ui/rail.js";
import { arrange, replace } from "/ui/renewing.js";
import { openSource, whatIsOpen } from "/ui/source.js";
import { MOST_TURNS, blank, load, nameOf, newKey, save, takeIn } from "/ui/store.js";
import { drawPlain, nodeOf, written } from "/ui/turn.js";

export let current = blank();
const framing = []; // what else is drawn around a conversation
const replaced = new Map(); // key -> the turn with an answer in whose place another was asked, and where
const resumed = new Set(); // keys of what was under way when the page was left
let lookingUp = false; // whether turns wait to be looked up in the text
let told = false; // that the store is full
let beside = true; // whether the reader lets the source stand beside the conversation

export const log = () => document.querySelector(".dn-log");
export const whenFramed = (draws) => framing.push(draws);
export const letSourceStand = (does) => { beside = does; };

/** Have another conversation be the one that is shown. What of it is drawn is the caller's. */
export function take(conversation) {
  current = conversation;
}

/** Keep it, and show what other tabs did to it. */
export function keep() {
  const before = current.turns;
  const room = save(current);
  drawSince(before);
  if (room || told) return;
  told = true;
  say(word("full"), true);
}

/** Show what other tabs did to it. */
export function sync() {
  const before = current.turns;
  takeIn(current);
  drawSince(before);
}

/** Draw the turns that were not there before; the others stay as they stand. */
function drawSince(before) {
  const { turns } = current;
  if (turns.length === before.length && turns.every((turn, i) => turn === before[i])) return;
  remember();
  drawAll(before);
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

const isWhole = (turn) => Boolean(turn.answer || turn.error) && !isWaiting(turn.key);

/** Put what the server wrote of a turn into its place. */
function put(key, html) {
  const made = written(html);
  if (!made) return;
  const old = nodeOf(key);
  if (old) replace(old, made);
  else log().append(made);
}

/** Draw the conversation anew, but for turns that may stay as they stand. */
export async function drawAll(staying = []) {
  const conversation = current;
  frame();
  const anew = conversation.turns.filter((turn) => !staying.includes(turn));
  const whole = anew.filter(isWhole);
  const drawings = await drawn(whole);
  if (conversation !== current) return;
  const html = new Map(whole.map((turn, i) => [turn, drawings[i]]));
  const nodes = conversation.turns.map((turn) => {
    const old = nodeOf(turn.key);
    // What came while this was drawn stands there already.
    if (old && !(isWhole(turn) ? html.has(turn) : anew.includes(turn))) return old;
    const made = isWhole(turn) ? written(html.get(turn)) ?? drawPlain(turn) : drawWaiting(turn);
    if (old) replace(old, made);
    return made;
  });
  arrange(log(), nodes);
  frame();
  for (const turn of conversation.turns) if (!isWhole(turn)) resume(turn.key);
  lookUpLater();
}

/** Draw anew what the server could not look up in the text, once it can. */
async function lookUpLater() {
  if (lookingUp || !log().querySelector(".dn-unchecked")) return;
  lookingUp = true;
  await untilReady();
  lookingUp = false;
  drawAll();
}

/** Draw a turn in the place of a node: at once, as the server may be gone, and then as it writes it. */
function drawIn(node, turn) {
  if (node) replace(node, drawPlain(turn, true));
  drawn([turn]).then(([html]) => {
    const old = nodeOf(turn.key);
    if (old) replace(old, written(html) ?? drawPlain(turn));
    lookUpLater();
  });
}

/** Ask again what was under way when the page was left, unless another tab waits for it. */
async function resume(key) {
  if (isWaiting(key) || resumed.has(key)) return;
  resumed.add(key);
  await untilAlone(key);
  resumed.delete(key);
  sync();
  const turn = current.turns.find((t) => t.key === key);
  if (turn && !isWhole(turn) && !isWaiting(key)) begin(turn);
}

function begin(turn) {
  ask(current, turn, (words, bad, seconds) => {
    const place = document.querySelector(`#dn-turn-${turn.key} .dn-waiting`);
    if (!place) return;
    // What it waits for is read out when that changes, and the seconds never are.
    if (place.firstChild?.data !== words) place.replaceChildren(words, el("span", { "aria-hidden": "true" }));
    place.lastChild.textContent = seconds === undefined ? "" : word("waited", { n: seconds });
    place.classList.toggle("dn-lost", Boolean(bad));
  });
  frame();
}

/** Ask a question as a new turn, or in the place of one, whose answer is kept until there is another. */
export function askNow(question, { doc = chosenDocument(), alone = false, instead = null } = {}) {
  question = question.trim();
  if (!question) return;
  unsay(word("unknown_text"));
  sync();
  const turn = { key: newKey(), question, doc_id: doc || null, alone };
  const at = instead ? current.turns.findIndex((t) => t.key === instead) : -1;
  if (at < 0 && current.turns.length >= MOST_TURNS) {
    change(blank());
    say(word("begun_anew"), true);
  }
  const fresh = current.turns.length === 0;
  if (at >= 0) {
    const old = current.turns[at];
    turn.was = old.answer ? old : old.was;
    const node = nodeOf(instead);
    if (node) replace(node, drawWaiting(turn));
    current.turns.splice(at, 1, turn);
    forget(instead);
  } else {
    current.turns.push(turn);
    log().append(drawWaiting(turn));
  }
  keep();
  if (fresh) remember();
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

const held = (id) => (id === current.id ? current : load(id));

window.addEventListener("dipnot-turn", (event) => {
  const message = JSON.parse(event.detail);
  const state = arrived(message);
  if (!state) return;
  const conversation = held(state.conversation);
  const turn = conversation?.turns.find((t) => t.key === message.key);
  if (!turn) return;
  if (message.turn) come(conversation, turn, message);
  else if (conversation === current && message.html) put(message.key, message.html);
});

/** Keep what came of a question, and show it where its conversation is shown. */
function come(conversation, turn, { turn: told, html }) {
  const { was } = turn;
  if (was && told.error) {
    const why = written(html)?.querySelector(".dn-error p")?.textContent;
    putOldBack(conversation, turn, why);
    return;
  }
  Object.assign(turn, told);
  delete turn.was;
  if (conversation === current) {
    put(turn.key, html);
    keep();
    frame();
    const first = turn.answer?.citations?.[0];
    if (first && wide() && beside) openSource(placeOf(first), { focus: false }).then(remember);
  } else save(conversation);
  if (!was) return;
  replaced.set(turn.key, { id: conversation.id, turn: was });
  say(word("replaced"), false, button("put-back", word("put_back"), { "data-key": turn.key }));
}

/** Put a turn in the place of another, whether its conversation is shown or not. */
function putInstead(conversation, key, turn) {
  const at = conversation.turns.findIndex((t) => t.key === key);
  if (at < 0) return;
  forget(key);
  conversation.turns.splice(at, 1, turn);
  if (conversation !== current) { save(conversation); return; }
  drawIn(nodeOf(key), turn);
  keep();
  frame();
}

/** Put the old answer back where no new one came; an edited question is not lost with it. */
function putOldBack(conversation, turn, why = "") {
  putInstead(conversation, turn.key, turn.was);
  say(`${why} ${word("stays")}`.trim(), Boolean(why));
  const edited = conversation === current && turn.question !== turn.was.question;
  if (edited && box()?.value === "") fill(turn.question);
}

/** Put back the turn in whose place another was asked, and show its conversation. */
export function putBack(key) {
  const { id, turn } = replaced.get(key) ?? {};
  const conversation = id ? held(id) : null;
  if (!conversation) return;
  replaced.delete(key);
  putInstead(conversation, key, turn);
  if (conversation !== current) change(conversation);
}

const placeOf = (c) => `/text/${encodeURIComponent(c.doc_id)}/p${c.page}#c${c.start}-${c.end}`;

/** Stop: what came so far is not kept, the question is; one in the place of an answer gives that back. */
export function stop() {
  const keys = stopAll();
  for (const turn of current.turns.filter((t) => keys.includes(t.key))) {
    if (turn.was) putOldBack(current, turn);
    else {
      turn.error = { code: "stopped", sentence: null };
      drawIn(nodeOf(turn.key), turn);
    }
  }
  keep();
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
