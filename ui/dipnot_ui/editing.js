// Editing a question: the last one is asked anew in its place, an earlier one goes on in a
// conversation of its own.

import { askNow, current, keep, step, sync, take, whenFramed } from "/ui/conversation.js";
import { box, button, el, fill, say, until, word } from "/ui/parts.js";
import { blank } from "/ui/store.js";

let editing = null; // the key of a turn whose question is in the box to be edited

export const isEditing = () => editing !== null;

/** Put a turn's question into the box, to be asked otherwise. */
export function edit(turn) {
  editing = turn.key;
  fill(turn.question);
  drawEditing();
}

/** Say over the box that a question is edited, and what will become of the answers below it. */
function drawEditing() {
  const at = current.turns.findIndex((t) => t.key === editing);
  if (at < 0) editing = null;
  const last = at === current.turns.length - 1;
  const made = editing && el("p", { id: "dn-editing", role: "status" },
    `${word(last ? "editing_last" : "editing")} `, button("no-edit", word("no_edit")));
  const said = document.getElementById("dn-editing");
  if (made && said?.isEqualNode(made)) return; // it is not said twice
  said?.remove();
  if (made) document.getElementById("dn-ask")?.before(made);
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

/** Ask what stands in the box. */
export function submit(question) {
  sync();
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
