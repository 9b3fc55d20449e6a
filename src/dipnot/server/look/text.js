// What a page of a text does beyond leading from place to place: the sentence that an address names
// is marked and brought into view, and what is selected can be asked about or copied.
// The chat uses it for the page beside a conversation.

/** Mark the sentences of an address's place `c<start>-<end>` under a root, and show them. */
export function markPlace(root, place) {
  for (const old of root.querySelectorAll(".sheet .at")) old.classList.remove("at");
  const named = /^c(\d+)-(\d+)$/.exec(place || "");
  if (!named) return null;
  const [start, end] = [Number(named[1]), Number(named[2])];
  let first = null;
  for (const sentence of root.querySelectorAll(".sheet .s")) {
    const [from, to] = sentence.dataset.at.split("-").map(Number);
    if (from >= end || to <= start) continue;
    sentence.classList.add("at");
    first ??= sentence;
  }
  return first;
}

// A date, a year with its month, a range, a number with its groups or its word, a page.
const WHOLE = new RegExp([
  "\\d{1,2}\\.?[ \u00a0]\\p{Lu}\\p{Ll}+(?:[ \u00a0]\\d{4})?(?:[’']\\p{L}+)?",
  "\\p{Lu}\\p{Ll}{2,}[ \u00a0](?:\\d{1,2},[ \u00a0])?\\d{4}(?:[’']\\p{L}+)?",
  "(?:\\b(?:ss?|pp?|[cC]|[sS]y|[nN]o|md|[vV]ol)\\.|%)[ \u00a0]?\\d[\\d.,–-]*",
  "\\d{1,3}(?:[ \u00a0]\\d{3})+(?!\\d)", "\\d+(?:[.,–-]\\d+)+",
  "\\d+[ \u00a0](?:bin|milyon|milyar|thousand|million|billion)\\b",
].join("|"), "gu");

/** Keep dates and numbers from being broken at the end of a line; what is copied stays as it is. */
export function keepWhole(root) {
  const page = root.ownerDocument;
  const walker = page.createTreeWalker(root, NodeFilter.SHOW_TEXT);
  const texts = [];
  while (walker.nextNode()) {
    if (!walker.currentNode.parentElement.closest(".whole, textarea, option")) texts.push(walker.currentNode);
  }
  for (const text of texts) {
    for (const found of [...text.data.matchAll(WHOLE)].reverse()) {
      const part = text.splitText(found.index);
      part.splitText(found[0].length);
      const kept = page.createElement("span");
      kept.className = "whole";
      part.replaceWith(kept);
      kept.append(part);
    }
  }
}

/** The words of some sentences as they stand, without the labels of notes. */
function wordsOf(sentences) {
  return sentences.map((s) => {
    const copy = s.cloneNode(true);
    for (const mark of copy.querySelectorAll(".marker, .break")) mark.remove();
    return copy.textContent;
  }).join(" ").replace(/\s+/g, " ").trim();
}

/** The whole sentences that a selection touches, or else those that are marked. */
function chosen(root) {
  const selection = document.getSelection();
  const all = [...root.querySelectorAll(".sheet .s")];
  if (selection && !selection.isCollapsed && selection.rangeCount) {
    const range = selection.getRangeAt(0);
    if (root.contains(range.commonAncestorContainer)) {
      const touched = all.filter((s) => range.intersectsNode(s) && s.textContent.trim());
      if (touched.length) return touched;
    }
  }
  return all.filter((s) => s.classList.contains("at"));
}

function placeOf(sentences) {
  const edges = sentences.flatMap((s) => s.dataset.at.split("-").map(Number));
  return { start: Math.min(...edges), end: Math.max(...edges) };
}

const GONE = [404, 409]; // the text is no longer there, or no longer says so

/** What the text says at a place now, or null where that is no longer what is on the page. */
async function asItStands(facts, sentences, place) {
  const answer = await fetch(
    `/api/documents/${encodeURIComponent(facts.doc)}/text?${new URLSearchParams(place)}`);
  if (!answer.ok) {
    // Offsets beyond the end are refused as such: the text has become shorter.
    if (GONE.includes(answer.status) || answer.status === 422) return null;
    throw new Error("the server cannot tell");
  }
  const { text } = await answer.json();
  const plain = text.replace(/\s+/g, " ").trim();
  // Of a sentence that began on the page before, its end is on this one.
  return sentences.every((s) => plain.includes(wordsOf([s]))) ? { text, plain } : null;
}

/** Cite through the server, or plainly where it cannot; null where the text has changed since. */
async function cited(facts, sentences) {
  const place = placeOf(sentences);
  const address = `${location.origin}/text/${facts.doc}/p${facts.page}#c${place.start}-${place.end}`;
  const lang = document.documentElement.lang === "en" ? "en" : "tr";
  let quote = wordsOf(sentences);
  try {
    const now = await asItStands(facts, sentences, place);
    if (!now) return null;
    if (now.plain.includes(quote)) quote = now.plain;
    const answer = await fetch("/api/cite", {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify({
        citations: [{ doc_id: facts.doc, ...place, quote: now.text }], style: "chicago", lang, format: "text",
      }),
    });
    if (GONE.includes(answer.status)) return null;
    if (answer.ok) return `“${quote}” ${(await answer.json()).text.trim()}\n${address}`;
  } catch { /* it is said plainly then */ }
  const from = [facts.author, facts.title, facts.year, facts.p.replace("{n}", facts.label)];
  return `“${quote}” (${from.filter(Boolean).join(", ")})\n${address}`;
}

/** Copy a text; gives whether that went well. */
export async function copyText(text) {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    const box = Object.assign(document.createElement("textarea"), { value: text });
    box.className = "sr";
    document.body.append(box);
    box.select();
    const done = document.execCommand("copy");
    box.remove();
    return done;
  }
}

/** Offer, for what is chosen under a root, to ask about it and to copy it with its reference. */
export function attend(root, ask) {
  const acts = root.querySelector(".acts");
  if (!acts) return () => {};
  const facts = acts.dataset;
  const make = (name, text) => {
    const made = document.createElement(name);
    made.textContent = text;
    return made;
  };
  const [what, about, copy, said] = [
    make("span", ""), make("button", facts.ask), make("button", facts.copy), make("span", ""),
  ];
  what.className = "what";
  said.className = "said";
  said.setAttribute("role", "status");
  about.type = copy.type = "button";
  acts.append(what, about, copy, said);
  let kept = [];
  const look = () => {
    // A click on a button ends a selection before the button hears of it.
    const found = chosen(root);
    if (found.length || !acts.contains(document.activeElement)) kept = found;
    acts.hidden = kept.length === 0;
    const words = wordsOf(kept);
    if (what.textContent !== words) {
      what.textContent = words;
      said.textContent = "";
    }
  };
  for (const button of [about, copy]) {
    button.addEventListener("pointerdown", (event) => event.preventDefault());
  }
  about.addEventListener("click", () => {
    ask(facts.about.replace("{quote}", () => wordsOf(kept)), facts.doc);
  });
  copy.addEventListener("click", async () => {
    const text = await cited(facts, kept);
    if (text === null) said.textContent = facts.changed;
    else said.textContent = (await copyText(text)) ? facts.copied : facts.notCopied;
  });
  document.addEventListener("selectionchange", look);
  look();
  return () => document.removeEventListener("selectionchange", look);
}

function alone() {
  const main = document.querySelector("body.plain > main");
  if (!main) return;
  try {
    const theme = localStorage.getItem("dipnot-theme");
    if (theme === "light" || theme === "dark") document.documentElement.dataset.theme = theme;
  } catch { /* then the system's is taken */ }
  keepWhole(main);
  if (!main.querySelector(".sheet")) return;
  const show = () => {
    const first = markPlace(main, location.hash.slice(1));
    if (first) first.scrollIntoView({ block: "center" });
  };
  show();
  addEventListener("hashchange", show);
  attend(main, (question, doc) => {
    location.href = `/?${new URLSearchParams({ draft: question, doc })}`;
  });
}

alone();
