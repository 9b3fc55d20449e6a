// The margin: the questions of this conversation, and the conversations kept in this browser.
// Where there is no room for it beside the conversation and the source, a slim one has the
// questions' numbers, and opens it over the conversation.

import { button, el, word } from "/ui/parts.js";
import { renew } from "/ui/renewing.js";
import { all, matching, nameOf } from "/ui/store.js";

let rail = null;
let sought = "";
let renaming = null;
let sure = null; // what was asked to be deleted and is not yet

export function placeRail() {
  rail = el("nav", { id: "dn-rail", hidden: true });
  document.body.append(rail);
  rail.addEventListener("input", (event) => {
    if (event.target.type !== "search") return;
    sought = event.target.value;
    drawRail(rail.current);
  });
}

export const railIsOpen = () => rail.classList.contains("dn-open");
export const docked = () => matchMedia("(min-width: 1500px)").matches;

export function toggleRail(open = !railIsOpen()) {
  rail.classList.toggle("dn-open", open);
  tellOpen();
  if (open) rail.querySelector("button, input")?.focus();
}

function tellOpen() {
  for (const b of document.querySelectorAll('[data-do="rail"]')) b.setAttribute("aria-expanded", railIsOpen());
}

/** Close it, and give the focus to what opens it. */
export function leaveRail() {
  toggleRail(false);
  const slim = rail.querySelector(".dn-slim button");
  (slim?.checkVisibility() ? slim : document.querySelector('.dn-bar [data-do="rail"]'))?.focus();
}

export function startRename(id) { renaming = id; sure = null; }
export function endRename() { renaming = null; }
/** Whether a deletion was asked for twice. */
export function isSure(what) {
  const was = sure === what;
  sure = was ? null : what;
  return was;
}

/** Draw the margin for a conversation. What is typed in it stays. */
export function drawRail(current) {
  rail.hidden = false;
  rail.current = current;
  rail.setAttribute("aria-label", word("conversations"));
  const { list, damaged } = all();
  const kept = matching(list.filter((c) => c.turns.length), sought);
  const none = kept.length ? "" : word(sought ? "none_found" : "none_kept");
  const questions = current.turns.map((turn) => el("li", {},
    el("a", { href: `#dn-turn-${turn.key}`, "data-turn": turn.key }, turn.question)));
  renew(rail, [
    el("div", { class: "dn-rail-top" },
      button("new", word("new"), { class: "dn-new" }),
      opener("×", word("close"), { class: "dn-rail-close" })),
    el("h2", {}, word("questions")),
    questions.length ? el("ol", { class: "dn-questions" }, ...questions)
      : el("p", { class: "dn-quiet" }, word("no_questions")),
    el("h2", {}, word("conversations")),
    field(sought, { type: "search", "aria-label": word("search"), placeholder: word("search") }),
    el("ul", { class: "dn-list" }, ...kept.map((c) => entry(c, current))),
    el("p", { class: "dn-quiet dn-none" },
      [none, damaged ? word("damaged", { n: damaged }) : ""].filter(Boolean).join(" ")),
    el("div", { class: "dn-rail-end", hidden: !list.length && !damaged },
      exports(current.turns), button("clear", word(sure === "*" ? "sure" : "clear"))),
    el("p", { class: "dn-quiet" }, word("kept_here")),
    slim(current.turns),
  ]);
  tellOpen();
}

const opener = (text, told, more = {}) =>
  button("rail", text, { "aria-label": told, title: told, "aria-expanded": String(railIsOpen()), ...more });

/** A field with something in it: what a reader makes of that is no attribute, and makes it no other. */
function field(text, attributes) {
  const made = el("input", attributes);
  made.value = text;
  return made;
}

/** The margin where it is slim. A number says its question when it is hovered or focused. */
const slim = (turns) => el("div", { class: "dn-slim" },
  opener("»", word("conversations")),
  el("ol", { "aria-label": word("questions") }, ...turns.map((turn, i) => el("li", {},
    el("a", { href: `#dn-turn-${turn.key}`, "data-turn": turn.key, "aria-label": `${i + 1}. ${turn.question}` },
      String(i + 1), el("span", { "aria-hidden": true }, turn.question))))));

const FORMATS = ["markdown", "text", "bibtex", "ris", "csl-json"];

/** What this conversation can be taken away as. */
const exports = (turns) => el("details", {
  class: "dn-menu dn-exports", hidden: !turns.some((turn) => turn.answer), open: rail.querySelector(".dn-exports")?.open,
},
  el("summary", {}, word("export")),
  el("ul", { class: "dn-menu-body" }, ...FORMATS.map((format) =>
    el("li", {}, button("export", word(`format_${format}`), { "data-format": format })))));

function entry(one, current) {
  const name = nameOf(one);
  const here = one.id === current.id;
  if (renaming === one.id) {
    return el("li", { "data-id": one.id }, el("form", { class: "dn-rename", "data-id": one.id },
      field(name, { maxlength: "200", "aria-label": word("name"), name: "name" }),
      el("button", {}, word("save"))));
  }
  return el("li", { "data-id": one.id, class: here ? "dn-here" : null },
    el("a", { href: `/?c=${one.id}`, "data-conversation": one.id, "aria-current": here ? "page" : null }, name),
    el("span", { class: "dn-entry-tools" },
      button("rename", word("rename"), { "data-id": one.id, "aria-label": `${word("rename")}: ${name}` }),
      button("remove", word(sure === one.id ? "sure" : "remove"), {
        "data-id": one.id, "aria-label": `${word(sure === one.id ? "sure" : "remove")} ${name}`,
      })));
}

