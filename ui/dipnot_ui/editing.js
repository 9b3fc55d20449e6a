// Editing a question: the last one is asked anew in its place, an earlier one goes on in a
// conversation of its own. Nothing is lost: of what is replaced a word is said, with the way back.

import { forget } from "/ui/asking.js";
import { askNow, current, drawAll, keep, step, take, whenFramed } from "/ui/conversation.js";
import { box, button, el, fill, say, until, word } from "/ui/parts.js";
import { blank } from "/ui/store.js";

let editing = null; // the key of a turn whose question is in the box to be edited
let replaced = null; // the turn that an edited question took the place of last

export const isEditing = () => editing !== null;

/** Put a turn's question into the box, to be asked otherwise. */
export function edit(turn) {
  editing = turn.key;
  fill(turn.question);
  drawEditing();
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
export function leaveEditing() {
  editing = null;
  drawEditing();
  box().value = "";
  box().dispatchEvent(new Event("input", { bubbles: true }));
  box().focus();
}

/** Ask an edited question. */
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
  take({ ...blank(), turns: before, name: at ? `${old.turns[0].question} — ${question}` : "" });
  for (const turn of old.turns) {
    if (!before.includes(turn)) document.getElementById(`dn-turn-${turn.key}`)?.remove();
  }
  step(); // Back leads to it as it was
  askNow(question);
  say(word("branched"), false, el("a", { href: `/?c=${old.id}`, "data-conversation": old.id }, word("old_one")));
}

/** Put back the turn in whose place an edited question was asked. */
export function putBack(key) {
  const at = current.turns.findIndex((t) => t.key === key);
  if (at < 0 || !replaced) return;
  forget(key);
  current.turns.splice(at, 1, replaced);
  replaced = null;
  keep();
  drawAll();
}

/** Ask what stands in the box. */
export function submit(question) {
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

whenFramed(drawEditing);
