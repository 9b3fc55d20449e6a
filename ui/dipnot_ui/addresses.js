// What an address says is shown: a conversation, a place of a text; what it asks for is asked once.

import { askNow, current, drawAll, remember, take } from "/ui/conversation.js";
import { fetchSoon, fill, held, ready, say, until, wide, word } from "/ui/parts.js";
import { closeSource, isLeaf, isOpen, openSource } from "/ui/source.js";
import { blank, load } from "/ui/store.js";

export const DRAFT = "dipnot.draft"; // what stands in the box while the page is loaded anew

/** Show what the address says. */
export async function follow(first = false) {
  const query = new URLSearchParams(location.search);
  const wanted = query.get("c");
  if (wanted && wanted !== current.id) {
    const found = load(wanted);
    if (found) take(found);
    else {
      take(blank());
      say(word("unknown"), true);
    }
    await drawAll();
  } else if (!wanted && (current.turns.length || first)) {
    take(blank());
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
export async function chooseDocument(doc) {
  await until(ready);
  const select = document.getElementById("dn-document");
  if (select && [...select.options].some((o) => o.value === doc)) {
    select.value = doc;
    return true;
  }
  return fetchSoon(`/api/documents/${encodeURIComponent(doc)}`).then((a) => a.ok, () => true);
}
