// What is taken away from an answer: copied, cited, exported; and what a reader says of it.

import { copyText } from "/look/text.js";
import { el, fetchSoon, lang, say, setting, word } from "/ui/parts.js";
import { nameOf } from "/ui/store.js";

const plainCitation = (c) => [
  c.author, c.title, c.journal, c.year, word("page", { n: c.label || c.page }),
].filter(Boolean).join(", ");

/** Copy, and say whether it was. */
export async function copy(text) {
  say(word((await copyText(text)) ? "copied" : "not_copied"));
}

/** Have something written by the server; null where it cannot. */
async function served(path, body) {
  try {
    const answer = await fetchSoon(path, {
      method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(body),
    });
    if (!answer.ok) return null;
    return answer.status === 204 ? {} : await answer.json();
  } catch {
    return null;
  }
}

/** Copy the footnote of a quotation in the style or form that a button names. */
export async function cite(node, c) {
  if (!c) return;
  const { style, format } = node.dataset;
  if (style) setting("dipnot-style", style);
  const made = await served("/api/cite", {
    citations: [{ doc_id: c.doc_id, start: c.start, end: c.end }],
    style: style || setting("dipnot-style") || "chicago", lang: lang(), format: format || "text",
  });
  const done = await copyText(made?.text ?? plainCitation(c));
  say(word(!done ? "not_copied" : made || !(style || format) ? "copied" : "no_cite"));
  node.closest("details")?.removeAttribute("open");
}

/** An answer as plain text, without the server's help. */
export function answerAsText(turn) {
  const quotes = turn.answer.citations.map((c) => `“${c.quote}” (${plainCitation(c)})`);
  return [turn.question, "", ...quotes].join("\n");
}

/** Save a conversation in the form that a button names. */
export async function exportAll(node, conversation) {
  const format = node.dataset.format;
  const answered = conversation.turns.filter((t) => t.answer);
  const made = await served("/api/export", {
    turns: answered.map((t) => ({
      question: t.question, answer: t.answer.answer,
      citations: t.answer.citations.map(({ doc_id, start, end }) => ({ doc_id, start, end })),
    })),
    format, style: setting("dipnot-style") || "chicago", lang: lang(),
  });
  node.closest("details")?.removeAttribute("open");
  if (!made && format !== "markdown" && format !== "text") { say(word("not_exported")); return; }
  const plain = answered.map((t) =>
    [`## ${t.question}`, ...t.answer.citations.map((c) => `> ${c.quote}\n>\n> — ${plainCitation(c)}`)].join("\n\n"));
  const text = made?.text ?? `# ${nameOf(conversation)}\n\n${plain.join("\n\n")}\n`;
  const address = URL.createObjectURL(new Blob([text], { type: "text/plain;charset=utf-8" }));
  el("a", { href: address, download: made?.filename ?? "dipnot.md" }).click();
  setTimeout(() => URL.revokeObjectURL(address), 10000);
}

/** Ask why an answer helped or did not, and send it. */
export function askForComment(node, helpful, turn) {
  const place = node.closest(".dn-answer-tools");
  place.parentNode.querySelector(".dn-feedback")?.remove();
  const form = el("form", { class: "dn-feedback" },
    el("label", {}, word("comment"), el("textarea", { name: "comment", rows: "2", maxlength: "2000" })),
    el("p", { class: "dn-quiet" }, word("feedback_where")),
    el("button", {}, word("send")));
  place.after(form);
  form.scrollIntoView({ block: "nearest" });
  form.querySelector("textarea").focus({ preventScroll: true });
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const given = await served("/api/feedback", {
      question: turn.question, verdict: turn.answer.verdict, helpful,
      citations: turn.answer.citations.map(({ doc_id, start, end }) => ({ doc_id, start, end })),
      comment: new FormData(form).get("comment"),
    });
    form.replaceWith(el("p", { class: "dn-quiet", role: "status" }, word(given ? "thanks" : "no_feedback")));
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
