// A turn on the page: as the server writes it, or without the server's help.

import { keepWhole } from "/look/text.js";
import { drawWaiting } from "/ui/asking.js";
import { el, word } from "/ui/parts.js";

export const nodeOf = (key) => document.getElementById(`dn-turn-${key}`);

/** A turn as the server wrote it; null where it did not. */
export function written(html) {
  const made = html ? new DOMParser().parseFromString(html, "text/html").body.firstElementChild : null;
  if (made) keepWhole(made);
  return made;
}

/** A turn without the server's help: what was asked and what was quoted are not lost. */
export function drawPlain(turn, yet = false) {
  const made = drawWaiting(turn);
  const quotes = (turn.answer?.citations ?? []).map((c) => el("blockquote", { class: "dn-quote" }, String(c.quote)));
  const why = turn.error ? "stopped" : "not_drawn";
  // Nothing is said of the server while it may still write it.
  const told = turn.error || !yet ? [el("p", { class: `dn-aside${turn.error ? " dn-stopped" : ""}` }, word(why))] : [];
  made.lastChild.replaceWith(...quotes, ...told);
  return made;
}
