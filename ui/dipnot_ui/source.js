// The source beside the conversation: a page of a text as the server writes it for its own address,
// or the check of a quotation.
// From a certain width it is a pane; below it a sheet that rises over the conversation.

import { attend, keepWhole, markPlace } from "/look/text.js";
import { SILENCE, button, calm, el, fetchSoon, lang, say, unsay, wide, word } from "/ui/parts.js";
import { hush } from "/ui/rising.js";

let pane = null;
let shown = null; // the address that is shown, or will be once it is fetched
let wanted = null; // what was asked for last; null once it was closed
let opener = null;
let unattend = () => {};
let hooks = {};

/** Make the pane. `asked` hears a question about a sentence, `moved` each new address. */
export function placeSource(given) {
  hooks = given;
  pane = el("section", { id: "dn-source", class: "dn-leafed", hidden: true, tabindex: "-1" });
  document.body.append(pane);
  pane.addEventListener("click", follow);
  pane.addEventListener("submit", search);
  addEventListener("resize", () => settle());
}

/** Whether an address is of a page that is shown here: of a text, or of the check of a quotation. */
export const isLeaf = (address) => /^\/(text\/[^/?#]+\/p\d+|verify)(?=$|[?#])/.test(address);

export const isOpen = () => Boolean(pane) && !pane.hidden;
/** Whether it is open, or on its way. */
export const isWanted = () => wanted !== null;
export const whatIsOpen = () => (isOpen() ? shown : null);

/** Show a page of a text at its place. `by` is what led there and gets the focus back. */
export async function openSource(address, { by = null, focus = true } = {}) {
  const goal = new URL(address, location.origin);
  if (!isLeaf(goal.pathname)) return;
  goal.searchParams.set("lang", lang());
  if (by) opener = by;
  shown = goal.pathname + cleaned(goal.search) + goal.hash;
  wanted = goal;
  const same = isOpen() && pane.dataset.drawn === goal.pathname + goal.search;
  if (!same && !(await draw(goal))) return;
  unsay(word("waits_source"));
  reveal(goal.hash.slice(1), focus);
}

const cleaned = (query) => {
  const kept = new URLSearchParams(query);
  kept.delete("lang");
  return kept.size ? `?${kept}` : "";
};

/** Fetch a page and draw it; false where another was asked for meanwhile, or it was closed. */
async function draw(goal) {
  let body;
  let drawn = goal.pathname + goal.search;
  const silence = setTimeout(() => {
    if (wanted === goal) say(word("waits_source"), true);
  }, SILENCE);
  try {
    const answer = await fetchSoon(drawn, {}, 20);
    const read = new DOMParser().parseFromString(await answer.text(), "text/html");
    const main = read.querySelector("main");
    // Where there is no such page, why is said; the way home is for a page of its own.
    body = main.querySelector(".running") ? [...main.childNodes]
      : [el("p", { class: "dn-error bad" }, main.querySelector("p").textContent)];
  } catch {
    body = [el("p", { class: "dn-error bad" }, word("no_source"))];
    drawn = ""; // the next time it is tried again
  } finally {
    clearTimeout(silence);
  }
  if (wanted !== goal) return false;
  unattend();
  body.filter((node) => node.nodeType === Node.ELEMENT_NODE).forEach(keepWhole);
  const page = el("div", { class: "dn-source-page" }, ...body);
  pane.replaceChildren(
    el("div", { class: "dn-source-bar" },
      el("a", { href: goal.pathname + cleaned(goal.search) + goal.hash, target: "_blank", rel: "noopener" },
        word("own_page")),
      button("close-source", "×", { "aria-label": word("close"), title: word("close") })),
    page,
  );
  pane.dataset.drawn = drawn;
  pane.hidden = false;
  settle();
  unattend = attend(page, hooks.asked);
  pane.scrollTop = 0;
  return true;
}

/** A sheet holds the focus and hides what is under it from a screen reader; a pane does not. */
function settle() {
  if (!pane) return;
  const sheet = isOpen() && !wide();
  document.body.classList.toggle("dn-has-source", isOpen());
  pane.setAttribute("aria-label", word("source"));
  if (sheet) {
    pane.setAttribute("role", "dialog");
    pane.setAttribute("aria-modal", "true");
  } else {
    pane.removeAttribute("role");
    pane.removeAttribute("aria-modal");
  }
  for (const other of document.querySelectorAll("gradio-app, body > .gradio-container, #dn-rail")) {
    other.inert = sheet;
  }
}

function reveal(place, focus) {
  const marked = markPlace(pane, place);
  const goal = marked || (place && pane.querySelector(`[id="${CSS.escape(place)}"]`));
  document.dispatchEvent(new Event("selectionchange")); // what is marked can be asked about
  if (focus || !wide()) pane.focus({ preventScroll: true });
  if (!goal) return;
  const [outer, inner] = [pane.getBoundingClientRect(), goal.getBoundingClientRect()];
  pane.scrollTo({
    top: pane.scrollTop + inner.top - outer.top - outer.height / 3,
    behavior: calm() ? "auto" : "smooth",
  });
}

/** Close it; the conversation is where it was. */
export function closeSource() {
  const open = isOpen();
  const by = opener;
  shown = wanted = opener = null;
  unsay(word("waits_source"));
  pane.hidden = true;
  settle();
  if (!open || !by?.isConnected) return;
  hush(by);
  by.focus({ preventScroll: true });
}

/** Have it written in another language. */
export function redrawSource() {
  if (!isWanted()) return;
  pane.dataset.drawn = "";
  openSource(shown, { focus: false });
}

function follow(event) {
  const link = event.target.closest("a[href]");
  if (!link || link.target || event.ctrlKey || event.metaKey || event.shiftKey) return;
  const href = link.getAttribute("href");
  if (!isLeaf(href) && !href.startsWith("#")) return;
  event.preventDefault();
  pane.querySelector("details.outline")?.removeAttribute("open");
  const address = href.startsWith("#") ? shown.replace(/#.*$/, "") + href : href;
  hooks.moved(address);
}

function search(event) {
  event.preventDefault();
  const form = event.target;
  const told = [...new FormData(form)].filter(([name, value]) => value.trim() && name !== "lang");
  hooks.moved(form.getAttribute("action") + (told.length ? `?${new URLSearchParams(told)}` : ""));
}
