// The page: one conversation of those kept in this browser, the source beside it, keys, addresses.
// The server writes each turn and keeps nothing; Gradio carries the asking (`window.dipnotWire`).

import { keepWhole } from "/look/text.js";
import { anyWaiting, arrived, ask, drawn, drawWaiting, forget, isWaiting, refused, stopAll } from "/ui/asking.js";
import { dress, nextTheme, showKeys } from "/ui/dress.js";
import { button, calm, el, fetchSoon, held, hold, say, setting, wide, word } from "/ui/parts.js";
import { docked, drawRail, endRename, isSure, leaveRail, placeRail, railIsOpen, startRename, toggleRail } from "/ui/rail.js";
import { closeMenus, hidePeek, hush } from "/ui/rising.js";
import { closeSource, isLeaf, isOpen, isWanted, openSource, placeSource, redrawSource, whatIsOpen } from "/ui/source.js";
import { blank, clear, load, nameOf, newKey, remove, save } from "/ui/store.js";
import { askForComment, cite, copy, copyAnswer, exportAll } from "/ui/taking.js";

let current = blank();
const DRAFT = "dipnot.draft"; // what stands in the box while the page is loaded anew
let editing = null; // the key of a turn whose question is in the box to be edited
let replaced = null; // the turn that an edited question took the place of last
let told = false; // that the store is full
let beside = true; // whether the reader lets the source stand beside the conversation

const box = () => document.querySelector("#dn-question textarea");
const log = () => document.querySelector(".dn-log");
const ready = () => box() && !box().disabled;

// -- the conversation -------------------------------------------------------------------------

function keep() {
  if (save(current) || told) return;
  told = true;
  say(word("full"), true);
}

function frame() {
  document.body.classList.toggle("dn-empty", current.turns.length === 0);
  document.body.classList.toggle("dn-busy", current.turns.some((t) => isWaiting(t.key)));
  // A title is one line of plain text: marks of direction would turn what follows them.
  const name = nameOf(current).replace(/[\u202a-\u202e\u2066-\u2069]/g, "");
  document.title = name ? `${name.slice(0, 80)} — Dipnot` : "Dipnot";
  log()?.setAttribute("aria-label", word("conversation"));
  drawRail(current);
  drawEditing();
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
async function drawAll() {
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

/** Say over the box that a question is edited, and what will become of the answers below it. */
function drawEditing() {
  document.getElementById("dn-editing")?.remove();
  const at = current.turns.findIndex((t) => t.key === editing);
  if (at < 0) { editing = null; return; }
  const last = at === current.turns.length - 1;
  document.getElementById("dn-ask")?.before(el("p", { id: "dn-editing", role: "status" },
    `${word(last ? "editing_last" : "editing")} `, button("no-edit", word("no_edit"))));
}

/** Leave a question as it was. */
function leaveEditing() {
  editing = null;
  drawEditing();
  box().value = "";
  box().dispatchEvent(new Event("input", { bubbles: true }));
  box().focus();
}

/** Ask an edited question. Nothing is lost: of what is replaced a word is said, with the way back. */
function askEdited(question, at) {
  const old = current;
  const [edited, ...after] = old.turns.slice(at);
  if (!after.length) {
    askNow(question, { instead: edited.key });
    say(word("replaced"), false, button("put-back", word("put_back"), { "data-key": current.turns[at].key }));
    replaced = edited;
    return;
  }
  // The old conversation stays as it is; another one goes on from here.
  keep();
  const before = old.turns.slice(0, at).filter((t) => t.answer || t.error);
  current = { ...blank(), turns: before, name: at ? `${old.turns[0].question} — ${question}` : "" };
  for (const turn of old.turns) {
    if (!before.includes(turn)) document.getElementById(`dn-turn-${turn.key}`)?.remove();
  }
  step(); // Back leads to it as it was
  askNow(question);
  say(word("branched"), false, el("a", { href: `/?c=${old.id}`, "data-conversation": old.id }, word("old_one")));
}

/** Put back the turn in whose place an edited question was asked. */
function putBack(key) {
  const at = current.turns.findIndex((t) => t.key === key);
  if (at < 0 || !replaced) return;
  forget(key);
  current.turns.splice(at, 1, replaced);
  replaced = null;
  keep();
  drawAll();
}

/** Ask a question as a new turn, or in the place of one. */
function askNow(question, { doc = chosenDocument(), alone = false, instead = null } = {}) {
  question = question.trim();
  if (!question) return;
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

function show(key) {
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
function stop() {
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

// -- addresses --------------------------------------------------------------------------------

function addressNow() {
  const query = current.turns.length ? `?c=${current.id}` : "";
  return `/${query}${whatIsOpen() ? `#${whatIsOpen()}` : ""}`;
}

/** Let the address say what is shown, without a step of its own. */
function remember() {
  history.replaceState(null, "", addressNow());
}

function step() {
  if (addressNow() !== location.pathname + location.search + location.hash) {
    history.pushState(null, "", addressNow());
  }
}

/** Show what the address says. */
async function follow(first = false) {
  const query = new URLSearchParams(location.search);
  const wanted = query.get("c");
  if (wanted && wanted !== current.id) {
    const found = load(wanted);
    if (found) current = found;
    else {
      current = blank();
      say(word("unknown"), true);
    }
    await drawAll();
  } else if (!wanted && (current.turns.length || first)) {
    current = blank();
    await drawAll();
  }
  const source = isLeaf(location.hash.slice(1)) ? location.hash.slice(1) : null;
  if (source) await openSource(source, { focus: !first });
  else if (!first) closeSource();
  if (first) await begun(query, source);
}

/** What an address asks for once: a question, a draft, a text. */
async function begun(query, source) {
  const [question, draft, doc] = [query.get("q"), query.get("draft"), query.get("doc")];
  // Of a text that is not there nothing is asked unseen: the question stands in the box.
  const known = !doc || await chooseDocument(doc);
  if (!known) say(word("unknown_text"), true);
  if (draft) fill(draft);
  if (question?.trim()) {
    await until(ready);
    if (known) askNow(question, { doc });
    else fill(question);
  }
  if (question || draft || doc) remember();
  else if (held(DRAFT)) fill(held(DRAFT));
  const first = document.querySelector(".dn-text-link")?.getAttribute("href");
  if (!first && !isOpen()) document.body.classList.remove("dn-has-source");
  if (!source && wide() && first && !isOpen()) {
    await openSource(doc && known ? `/text/${encodeURIComponent(doc)}/p1` : first, { focus: false });
    remember();
  }
}

/** Choose the text that is asked; false where there is none of that name. */
async function chooseDocument(doc) {
  await until(ready);
  const select = document.getElementById("dn-document");
  if (select && [...select.options].some((o) => o.value === doc)) {
    select.value = doc;
    return true;
  }
  return fetchSoon(`/api/documents/${encodeURIComponent(doc)}`).then((a) => a.ok, () => true);
}

const until = async (holds) => {
  while (!holds()) await new Promise((resolve) => { setTimeout(resolve, 100); });
};

function change(conversation) {
  current = conversation;
  editing = null;
  step();
  drawAll();
}

// -- the box ----------------------------------------------------------------------------------

function fill(text) {
  until(ready).then(() => {
    box().value = text;
    box().dispatchEvent(new Event("input", { bubbles: true }));
    box().focus();
    box().setSelectionRange(text.length, text.length);
  });
}

function submit(question) {
  const at = question?.trim() ? current.turns.findIndex((t) => t.key === editing) : -1;
  if (at >= 0) askEdited(question, at);
  else askNow(question || "");
  editing = null;
  drawEditing();
  // Gradio leaves a box that it empties as high as what stood in it.
  until(() => box()?.value !== question).then(() => {
    box().style.height = "";
    box().dispatchEvent(new Event("input", { bubbles: true }));
  });
}

function speak(language) {
  const same = document.documentElement.lang === language; // as at the start
  document.documentElement.lang = language;
  document.cookie = `dipnot-lang=${language}; path=/; max-age=31536000; samesite=strict`;
  if (started && !same) {
    drawAll();
    redrawSource();
  }
}

window.dipnotPage = { submit, stop, speak, refused };

// -- what buttons do --------------------------------------------------------------------------

const turnOf = (node) => current.turns.find((t) => t.key === node.closest(".dn-turn")?.dataset.key);

function citationOf(node) {
  const item = node.closest(".dn-citation");
  return turnOf(node)?.answer?.citations.find((c) => String(c.n) === item?.dataset.n);
}

/** Close the source because the reader wants it closed. */
function shut() {
  beside = false;
  closeSource();
  step();
}

const DO = {
  new() { change(blank()); if (railIsOpen() && !docked()) toggleRail(false); box()?.focus(); },
  rail() { toggleRail(); },
  theme: nextTheme,
  keys: showKeys,
  "close-keys": () => document.getElementById("dn-keys").close(),
  "close-source"() { shut(); },
  edit(node) { const turn = turnOf(node); editing = turn.key; fill(turn.question); drawEditing(); },
  "no-edit": leaveEditing,
  "put-back": (node) => putBack(node.dataset.key),
  retry(node) { const turn = turnOf(node); askNow(turn.question, { doc: turn.doc_id, alone: turn.alone, instead: turn.key }); },
  alone(node) {
    const turn = turnOf(node);
    askNow(turn.question, { doc: turn.doc_id, alone: true });
  },
  link(node) {
    const turn = turnOf(node);
    const query = new URLSearchParams({ q: turn.question, ...(turn.doc_id ? { doc: turn.doc_id } : {}) });
    copy(`${location.origin}/?${query}`);
  },
  "copy-quote": (node) => copy(citationOf(node).quote),
  "copy-answer": (node) => copyAnswer(turnOf(node), drawAll),
  cite: (node) => cite(node, citationOf(node), drawAll),
  helpful: (node) => askForComment(node, turnOf(node), true),
  unhelpful: (node) => askForComment(node, turnOf(node), false),
  "no-comment"(node) {
    const form = node.closest("form");
    form.previousElementSibling.querySelector("[data-do=helpful]").focus();
    form.remove();
  },
  export: (node) => exportAll(node, current, drawAll),
  rename(node) { startRename(node.dataset.id); frame(); document.querySelector(".dn-rename input").select(); },
  remove(node) {
    const { id } = node.dataset;
    if (isSure(id)) {
      remove(id);
      if (id === current.id) { change(blank()); return; }
    }
    frame();
    document.querySelector(`#dn-rail [data-do="remove"][data-id="${CSS.escape(id)}"]`)?.focus();
  },
  clear() {
    if (isSure("*")) { clear(); change(blank()); return; }
    frame();
    document.querySelector('#dn-rail [data-do="clear"]').focus();
  },
};

document.addEventListener("click", (event) => {
  closeMenus(event.target);
  if (event.target.closest?.("#dn-stop")) stop();
  const node = event.target.closest?.("[data-do], .dn-chip[data-ask], a[href]");
  if (!node) return;
  if (node.closest(".dn-said")) say("");
  if (node.dataset.do) { DO[node.dataset.do]?.(node); return; }
  if (node.dataset.ask) { askNow(node.dataset.ask); return; }
  if (event.ctrlKey || event.metaKey || event.shiftKey || node.target || node.closest("#dn-source")) return;
  const href = node.getAttribute("href");
  if (isLeaf(href)) {
    event.preventDefault();
    beside = true;
    hush(node);
    openSource(href, { by: node }).then(step);
  } else if (node.dataset.conversation) {
    event.preventDefault();
    const found = load(node.dataset.conversation);
    if (found) change(found);
    if (!docked()) toggleRail(false);
  } else if (node.dataset.turn) {
    event.preventDefault();
    if (!docked()) toggleRail(false);
    show(node.dataset.turn);
    document.querySelector(`#dn-turn-${CSS.escape(node.dataset.turn)} .dn-question`)?.focus({ preventScroll: true });
  }
});

document.addEventListener("submit", (event) => {
  const form = event.target.closest(".dn-rename");
  if (!form) return;
  event.preventDefault();
  const { id } = form.dataset;
  const one = id === current.id ? current : load(id);
  if (one) {
    one.name = new FormData(form).get("name").trim();
    save(one);
  }
  endRename();
  frame();
});

// -- keys -------------------------------------------------------------------------------------

/** Close what is uppermost; tell whether anything was. */
function closeOne() {
  if (editing && document.activeElement === box()) { leaveEditing(); return true; }
  const menu = document.querySelector("details.dn-menu[open], details.outline[open]");
  if (menu) { menu.removeAttribute("open"); menu.querySelector("summary").focus(); return true; }
  if (hidePeek()) return true;
  if (document.querySelector(".dn-rename")) { endRename(); frame(); return true; }
  if (railIsOpen()) { leaveRail(); return true; }
  if (isWanted()) { shut(); return true; }
  return false;
}

// A file dropped here is none of ours: it must not take the place of the page.
for (const kind of ["dragover", "drop"]) {
  window.addEventListener(kind, (event) => {
    if (event.dataTransfer?.types.includes("Files")) event.preventDefault();
  });
}

document.addEventListener("keydown", (event) => {
  if (event.isComposing) return;
  const writing = event.target.closest?.("input, textarea, select, [contenteditable]");
  const plain = !event.ctrlKey && !event.metaKey && !event.altKey;
  if (((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "k") || (event.key === "/" && plain && !writing)) {
    event.preventDefault();
    if (isWanted() && !wide()) { closeSource(); step(); }
    box()?.focus();
  } else if (event.key === "?" && !writing && plain) {
    event.preventDefault();
    showKeys();
  } else if (event.key === "Escape" && !document.querySelector("dialog[open]")) {
    if (closeOne()) event.preventDefault();
  } else if (event.key === "ArrowUp" && event.target === box() && box().value === "" && current.turns.length) {
    event.preventDefault();
    fill(current.turns.at(-1).question);
  }
});

// -- the beginning ----------------------------------------------------------------------------

let started = false;

async function start() {
  dress(setting("dipnot-theme"));
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => dress(setting("dipnot-theme")));
  placeRail();
  placeSource({
    asked(question, doc) { if (!wide()) { closeSource(); step(); } chooseDocument(doc).then(() => fill(question)); },
    moved(address) { openSource(address, { focus: false }).then(step); },
  });
  // Its place is kept from the first, so that nothing moves when it comes.
  document.body.classList.toggle("dn-has-source", wide());
  // An address of a conversation has no use for what is shown before a question.
  if (/[?&](c|q)=/.test(location.search)) document.querySelector("#dn-first .dn-intro")?.remove();
  await until(() => log());
  frame();
  await until(() => document.querySelector(".gradio-container :is(.dn-intro, .dn-progress)"));
  document.getElementById("dn-first")?.remove();
  document.body.classList.add("dn-started");
  started = true;
  await follow(true);
  addEventListener("popstate", () => follow());
  addEventListener("pagehide", () => hold(DRAFT, box()?.value ?? ""));
  addEventListener("storage", () => { if (!anyWaiting()) frame(); });
}

start();
