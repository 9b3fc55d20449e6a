// The page: what buttons, links and keys do, and how it begins.
// The server writes each turn and keeps nothing; Gradio carries the asking (`window.dipnotWire`).

import { DRAFT, chooseDocument, follow } from "/ui/addresses.js";
import { refused } from "/ui/asking.js";
import {
  askNow, change, current, drawAll, frame, keep, letSourceStand, log, putBack, show, step, stop, sync,
} from "/ui/conversation.js";
import { dress, nextTheme, showKeys } from "/ui/dress.js";
import { edit, isEditing, leaveEditing, submit } from "/ui/editing.js";
import { box, fill, hold, setting, say, until, wide } from "/ui/parts.js";
import { docked, endRename, isSure, leaveRail, placeRail, railIsOpen, startRename, toggleRail } from "/ui/rail.js";
import { closeMenus, hidePeek, hush } from "/ui/rising.js";
import { closeSource, isLeaf, isWanted, openSource, placeSource, redrawSource } from "/ui/source.js";
import { blank, clear, load, remove, save } from "/ui/store.js";
import { askForComment, cite, copy, copyAnswer, exportAll } from "/ui/taking.js";

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
  letSourceStand(false);
  closeSource();
  step();
}

/** Give the focus to the first of these that the margin has: what had it may be gone. */
function focusInRail(...wanted) {
  const rail = document.getElementById("dn-rail");
  wanted.map((one) => rail.querySelector(one)).find(Boolean)?.focus();
}

const DO = {
  new() { change(blank()); if (railIsOpen() && !docked()) toggleRail(false); box()?.focus(); },
  rail() { toggleRail(); },
  theme: nextTheme,
  keys: showKeys,
  "close-keys": () => document.getElementById("dn-keys").close(),
  "close-source"() { shut(); },
  edit: (node) => edit(turnOf(node)),
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
    const entry = node.closest("li");
    const next = (entry.nextElementSibling ?? entry.previousElementSibling)?.dataset.id;
    const does = isSure(id);
    if (does) remove(id);
    if (does && id === current.id) change(blank());
    else frame();
    if (does) focusInRail(`[data-conversation="${CSS.escape(next)}"]`, "[type=search]");
    else focusInRail(`[data-do="remove"][data-id="${CSS.escape(id)}"]`);
  },
  clear() {
    const does = isSure("*");
    if (does) { clear(); change(blank()); } else frame();
    focusInRail(does ? ".dn-new" : '[data-do="clear"]');
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
    letSourceStand(true);
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
    if (one === current) keep();
    else save(one);
  }
  leaveRename(id);
});

/** Take the place for a name away; the focus stays where it was. */
function leaveRename(id) {
  endRename();
  frame();
  document.querySelector(`#dn-rail [data-do="rename"][data-id="${CSS.escape(id)}"]`)?.focus();
}

// -- keys -------------------------------------------------------------------------------------

/** Close what is uppermost; tell whether anything was. */
function closeOne() {
  if (isEditing() && document.activeElement === box()) { leaveEditing(); return true; }
  const menu = document.querySelector("details.dn-menu[open], details.outline[open]");
  if (menu) { menu.removeAttribute("open"); menu.querySelector("summary").focus(); return true; }
  if (hidePeek()) return true;
  const naming = document.querySelector(".dn-rename");
  if (naming) { leaveRename(naming.dataset.id); return true; }
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
  addEventListener("storage", () => { sync(); frame(); });
}

start();
