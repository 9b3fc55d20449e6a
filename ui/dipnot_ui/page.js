// The page: one conversation of those kept in this browser, the source beside it, keys, addresses.
// The server writes each turn and keeps nothing; Gradio carries the asking (`window.dipnotWire`).

import { keepWhole } from "/look/text.js";
import { anyWaiting, arrived, ask, drawn, drawWaiting, forget, isWaiting, stopAll } from "/ui/asking.js";
import { button, calm, el, fetchSoon, lang, say, setting, wide, word } from "/ui/parts.js";
import { docked, drawRail, endRename, isSure, placeRail, railIsOpen, startRename, toggleRail } from "/ui/rail.js";
import { closeSource, isLeaf, isOpen, openSource, placeSource, redrawSource, whatIsOpen } from "/ui/source.js";
import { blank, clear, load, nameOf, newKey, remove, save } from "/ui/store.js";
import { askForComment, cite, copy, copyAnswer, exportAll } from "/ui/taking.js";

let current = blank();
let editing = null; // the key of a turn whose question is in the box
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
    el("p", { class: "dn-aside" }, word(turn.error ? "stopped" : "not_drawn")),
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
  put(message.key, message.html);
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
  else closeSource();
  if (first) await begun(query, source);
}

/** What an address asks for once: a question, a draft, a text. */
async function begun(query, source) {
  const [question, draft, doc] = [query.get("q"), query.get("draft"), query.get("doc")];
  if (doc) await chooseDocument(doc);
  if (draft) fill(draft);
  if (question?.trim()) {
    await until(ready);
    askNow(question, { doc });
  }
  if (question || draft || doc) remember();
  const first = document.querySelector(".dn-text-link")?.getAttribute("href");
  if (!first && !isOpen()) document.body.classList.remove("dn-has-source");
  if (!source && wide() && first && !isOpen()) {
    await openSource(doc ? `/text/${encodeURIComponent(doc)}/p1` : first, { focus: false });
    remember();
  }
}

async function chooseDocument(doc) {
  await until(ready);
  const select = document.getElementById("dn-document");
  if (select && [...select.options].some((o) => o.value === doc)) select.value = doc;
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
  const last = current.turns.at(-1)?.key;
  askNow(question || "", { instead: editing && editing === last ? editing : null });
  editing = null;
  // Gradio leaves a box that it empties as high as what stood in it.
  until(() => box()?.value !== question).then(() => {
    box().style.height = "";
    box().dispatchEvent(new Event("input", { bubbles: true }));
  });
}

function speak(language) {
  document.documentElement.lang = language;
  document.cookie = `dipnot-lang=${language}; path=/; max-age=31536000; samesite=strict`;
  if (started) {
    drawAll();
    redrawSource();
  }
}

window.dipnotPage = { submit, stop, speak };

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

const THEMES = ["system", "light", "dark"];

function dress(theme) {
  const root = document.documentElement;
  if (theme === "light" || theme === "dark") root.dataset.theme = theme;
  else delete root.dataset.theme;
  const dark = theme === "dark" || (theme !== "light" && matchMedia("(prefers-color-scheme: dark)").matches);
  document.body.classList.toggle("dark", dark);
}

function nextTheme() {
  const theme = THEMES[(THEMES.indexOf(setting("dipnot-theme") ?? "system") + 1) % THEMES.length];
  setting("dipnot-theme", theme === "system" ? null : theme);
  dress(theme);
  say(word(`theme_${theme}`));
}

function showKeys() {
  document.getElementById("dn-keys")?.remove();
  const rows = [["/", "focus"], ["Ctrl K", "focus"], ["↑", "last"], ["Enter", "send"], ["Shift Enter", "line"], ["Esc", "close"], ["?", "help"]];
  const sheet = el("dialog", { id: "dn-keys", "aria-label": word("keys") },
    el("h2", {}, word("keys")),
    el("dl", {}, ...rows.flatMap(([key, what]) => [el("dt", {}, el("kbd", {}, key)), el("dd", {}, word(`key_${what}`))])),
    button("close-keys", word("close")));
  document.body.append(sheet);
  sheet.showModal();
}

const DO = {
  new() { change(blank()); if (railIsOpen() && !docked()) toggleRail(false); box()?.focus(); },
  rail() { toggleRail(); },
  theme: nextTheme,
  keys: showKeys,
  "close-keys": () => document.getElementById("dn-keys").close(),
  "close-source"() { shut(); },
  edit(node) { const turn = turnOf(node); editing = turn.key; fill(turn.question); },
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
  for (const menu of document.querySelectorAll("details.dn-menu[open]")) {
    if (!menu.contains(event.target)) menu.removeAttribute("open");
  }
  if (event.target.closest?.("#dn-stop")) stop();
  const node = event.target.closest?.("[data-do], [data-ask], a[href]");
  if (!node) return;
  if (node.dataset.do) { DO[node.dataset.do]?.(node); return; }
  if (node.dataset.ask) { askNow(node.dataset.ask); return; }
  if (event.ctrlKey || event.metaKey || event.shiftKey || node.target || node.closest("#dn-source")) return;
  const href = node.getAttribute("href");
  if (isLeaf(href)) {
    event.preventDefault();
    beside = true;
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

const COPIED = ".dn-question, .dn-resolved q, .dn-verdict-line, .dn-quote, .dn-footline, .dn-footrest, .dn-notes li, .dn-near";

/** What is copied with the mouse: quotations in their marks, footnotes, nothing that is a button. */
document.addEventListener("copy", (event) => {
  const selection = getSelection();
  const inside = !selection.isCollapsed && log()?.contains(selection.getRangeAt(0).commonAncestorContainer);
  if (!inside) return;
  const taken = selection.getRangeAt(0).cloneContents();
  for (const unseen of taken.querySelectorAll(".dn-sr, .dn-peek, .dn-tools button")) unseen.remove();
  const parts = [...taken.querySelectorAll(COPIED)];
  if (parts.length < 2) return; // a piece of one sentence is copied as it stands
  const lines = parts.map((part) => {
    const words = part.textContent.replace(/\s+/g, " ").trim();
    if (part.matches(".dn-quote")) return `\n“${words}”`;
    return part.matches(".dn-question") ? `\n${words}\n` : words;
  });
  event.clipboardData.setData("text/plain", `${lines.join("\n").trim()}\n`);
  event.preventDefault();
});

// -- keys -------------------------------------------------------------------------------------

/** Close what is uppermost; tell whether anything was. */
function closeOne() {
  const menu = document.querySelector("details.dn-menu[open], details.outline[open]");
  if (menu) { menu.removeAttribute("open"); menu.querySelector("summary").focus(); return true; }
  if (document.querySelector(".dn-peeks:is(:hover, :focus-within)") && !document.body.classList.contains("dn-nopeek")) {
    document.body.classList.add("dn-nopeek");
    return true;
  }
  if (document.querySelector(".dn-rename")) { endRename(); frame(); return true; }
  if (railIsOpen()) { toggleRail(false); document.querySelector('.dn-bar [data-do="rail"]')?.focus(); return true; }
  if (isOpen()) { shut(); return true; }
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
    if (isOpen() && !wide()) { closeSource(); step(); }
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
for (const kind of ["pointerover", "focusin"]) {
  document.addEventListener(kind, (event) => {
    const peeks = event.target.closest?.(".dn-peeks");
    if (!peeks) document.body.classList.remove("dn-nopeek");
    // A long paragraph is shown from a little before what is quoted.
    const [peek, mark] = [peeks?.querySelector(".dn-peek"), peeks?.querySelector("mark")];
    if (mark) peek.scrollTop = mark.offsetTop - 60;
  });
}

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
  addEventListener("storage", () => { if (!anyWaiting()) frame(); });
}

start();
