// What a reader takes away, or leaves for the maintainer: citations, an answer, the conversation, a
// word on an answer. What the server refuses is said with its reason.

import { copyText } from "/look/text.js";
import { button, el, fetchSoon, lang, say, setting, word } from "/ui/parts.js";
import { nameOf } from "/ui/store.js";

const EXPORT_SECONDS = 60;
const GONE = ["text-changed", "not-found"]; // what was quoted no longer stands

const style = () => setting("dipnot-style") || "chicago";

/** Have something written by the server: `made`, or `trouble`, the code of what is in the way. */
async function served(path, body, seconds) {
  try {
    const answer = await fetchSoon(path, {
      method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(body),
    }, seconds);
    if (answer.ok) return { made: answer.status === 204 ? {} : await answer.json() };
    const problem = await answer.json().catch(() => null);
    return { trouble: problem?.code ?? "failed" };
  } catch {
    return { trouble: "no-server" };
  }
}

/** Why the server did not do it, in the page's language. */
function why(trouble) {
  const key = `trouble_${trouble}`;
  return word(key) === key ? word("trouble_failed") : word(key);
}

const rangeOf = ({ doc_id, start, end, quote }) => ({ doc_id, start, end, quote });

const fallen = (turn) => Boolean(document.querySelector(`#dn-turn-${turn.key} .dn-fallen`));

const plainCitation = (c) => [
  c.author, c.title,
  c.journal && [c.journal, [c.volume, c.issue].filter(Boolean).join("/")].filter(Boolean).join(" "), c.year,
  word("page", { n: c.label || c.page }),
].filter(Boolean).join(", ");

export async function copy(text) {
  say(word((await copyText(text)) ? "copied" : "not_copied"));
}

/** Copy a citation in the style or format of a button. `redraw` shows what has fallen since. */
export async function cite(node, c, redraw) {
  const format = node.dataset.format;
  if (node.dataset.style) setting("dipnot-style", node.dataset.style);
  const { made, trouble } = await served("/api/cite", {
    citations: [rangeOf(c)], style: style(), lang: lang(), format: format || "text",
  });
  node.closest("details")?.removeAttribute("open");
  if (GONE.includes(trouble)) { say(why(trouble), true); redraw(); return; }
  const done = await copyText(made?.text ?? plainCitation(c));
  if (!done || made) say(word(done ? "copied" : "not_copied"));
  else say(word("plain_copied", { why: why(trouble) }), true);
}

/** A turn as the server writes it. Of one whose quotations fell the words are left, and that is said. */
function told(turn) {
  const { answer, verdict, citations } = turn.answer;
  if (!fallen(turn)) return { question: turn.question, answer, verdict, citations: citations.map(rangeOf) };
  const words = answer.replace(/\s?\[\d+\]/g, "");
  return { question: turn.question, answer: `${words} (${word("fallen_export")})`, verdict, citations: [] };
}

/** Have turns written; once more, without their footnotes, where some of it fell since they were drawn. */
async function written(turns, format, redraw) {
  const asked = () => served("/api/export", {
    turns: turns.map(told), format, style: style(), lang: lang(),
  }, EXPORT_SECONDS);
  const first = await asked();
  if (!GONE.includes(first.trouble)) return first;
  await redraw();
  return asked();
}

function plainly(turn) {
  const quotes = turn.answer.citations.map((c) => `“${c.quote}” (${plainCitation(c)})`);
  return [turn.question, "", ...quotes].join("\n");
}

/** Copy an answer with its footnotes, as it would be exported. */
export async function copyAnswer(turn, redraw) {
  const { made, trouble } = await written([turn], "text", redraw);
  // An answer alone needs no heading.
  const done = await copyText(made ? made.text.slice(made.text.indexOf("\n\n") + 2) : plainly(turn));
  if (!done || made) say(word(done ? "copied" : "not_copied"));
  else say(word("plain_copied", { why: why(trouble) }), true);
}

/** Save the conversation in the format of a button. */
export async function exportAll(node, conversation, redraw) {
  const { format } = node.dataset;
  const turns = conversation.turns.filter((t) => t.answer);
  node.closest("details")?.removeAttribute("open");
  if (!turns.length) { say(word("nothing_to_export")); return; }
  const { made, trouble } = await written(turns, format, redraw);
  if (!made && format !== "markdown" && format !== "text") {
    say(word("not_exported", { why: why(trouble) }), true);
    return;
  }
  if (!made) say(word("plain_exported", { why: why(trouble) }), true);
  const plain = turns.map((t) =>
    [`## ${t.question}`, ...t.answer.citations.map((c) => `> ${c.quote}\n>\n> — ${plainCitation(c)}`)].join("\n\n"));
  const text = made?.text ?? `# ${nameOf(conversation)}\n\n${plain.join("\n\n")}\n`;
  const address = URL.createObjectURL(new Blob([text], { type: "text/plain;charset=utf-8" }));
  el("a", { href: address, download: made?.filename ?? (format === "text" ? "dipnot.txt" : "dipnot.md") }).click();
  setTimeout(() => URL.revokeObjectURL(address), 10000);
}

/** Ask what a reader thinks of an answer, and send it. What could not be sent can be sent again. */
export function askForComment(node, turn, helpful) {
  const place = node.closest(".dn-answer-tools");
  place.parentNode.querySelector(".dn-feedback")?.remove();
  const said = el("p", { class: "dn-quiet", role: "status" }, "");
  const form = el("form", { class: "dn-feedback" },
    el("label", {}, word("comment"), el("textarea", { name: "comment", rows: "2", maxlength: "2000" })),
    el("p", { class: "dn-quiet" }, word("feedback_where")),
    el("p", {}, el("button", {}, word("send")), " ", button("no-comment", word("no_edit"))), said);
  place.after(form);
  form.scrollIntoView({ block: "nearest" });
  form.querySelector("textarea").focus({ preventScroll: true });
  let sending = false;
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    if (sending) return; // it was pressed twice
    sending = true;
    const { trouble } = await served("/api/feedback", {
      question: turn.question, verdict: turn.answer.verdict, helpful,
      citations: turn.answer.citations.map(rangeOf), comment: new FormData(form).get("comment"),
    });
    sending = false;
    if (trouble) said.textContent = word("not_sent", { why: why(trouble) });
    else form.replaceWith(el("p", { class: "dn-quiet", role: "status" }, word("thanks")));
  });
}

const COPIED = ".dn-question, .dn-resolved q, .dn-verdict-line, .dn-quote, .dn-footline, .dn-footrest, .dn-notes li, .dn-near";

/** What is copied with the mouse: quotations in their marks, footnotes, nothing that is a button. */
document.addEventListener("copy", (event) => {
  const selection = getSelection();
  const inside = !selection.isCollapsed && document.querySelector(".dn-log")?.contains(selection.getRangeAt(0).commonAncestorContainer);
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
