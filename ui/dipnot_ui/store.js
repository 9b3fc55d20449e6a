// Conversations, kept in this browser and nowhere else: one entry each, so that a damaged one costs
// no other. What is read may have been written by anybody; what cannot be written stays in memory.
// More than one tab may go on with a conversation: what each did to its turns is done to those kept.

const PREFIX = "dipnot.c.";
export const MOST_TURNS = 500; // then another is begun
const memory = new Map();
const common = new WeakMap(); // conversation -> its name and its turns' keys as they were kept last

export const newKey = () =>
  [...crypto.getRandomValues(new Uint8Array(6))].map((b) => b.toString(16).padStart(2, "0")).join("");

export function blank() {
  const now = Date.now();
  return { id: newKey(), name: "", made: now, changed: now, turns: [] };
}

/** Read an entry. Give null for what is no conversation. */
function read(id, text) {
  try {
    const data = JSON.parse(text);
    if (!data || typeof data !== "object" || !Array.isArray(data.turns)) return null;
    const turns = data.turns.filter(
      (t) => t && typeof t === "object" && typeof t.question === "string" && typeof t.key === "string",
    );
    return {
      id, turns,
      name: typeof data.name === "string" ? data.name.slice(0, 300) : "",
      made: Number(data.made) || 0,
      changed: Number(data.changed) || 0,
    };
  } catch {
    return null;
  }
}

function entries() {
  try {
    return Object.keys(localStorage).filter((key) => key.startsWith(PREFIX));
  } catch {
    return [];
  }
}

function meet(conversation, { name, turns }) {
  common.set(conversation, { name, keys: new Set(turns.map((t) => t.key)) });
}

export function load(id) {
  if (memory.has(id)) return memory.get(id);
  try {
    const text = localStorage.getItem(PREFIX + id);
    const found = text === null ? null : read(id, text);
    if (found) meet(found, found);
    return found;
  } catch {
    return null;
  }
}

const worth = (turn) => (turn.answer ? 2 : Number(Boolean(turn.error)));

/** Bring turns and those kept together. `keys`: of those that both had; what one of them lacks was removed. */
function merged(turns, kept, keys) {
  const others = new Map(kept.map((turn) => [turn.key, turn]));
  const made = turns.filter((turn) => others.has(turn.key) || !keys.has(turn.key)).map((turn) => {
    const other = others.get(turn.key);
    return other && worth(other) > worth(turn) ? other : turn;
  });
  let at = 0;
  for (const turn of kept) {
    const here = made.findIndex((t) => t.key === turn.key);
    if (here >= 0) at = here + 1;
    else if (!keys.has(turn.key)) made.splice(at++, 0, turn);
  }
  return made;
}

/** Take in what other tabs did to a conversation. Of one that they deleted nothing is left that was kept. */
export function takeIn(conversation) {
  let text;
  try { text = localStorage.getItem(PREFIX + conversation.id); } catch { return; }
  const kept = text === null ? { name: "", turns: [] } : read(conversation.id, text);
  if (!kept) return; // a damaged entry is written over
  const { name, keys } = common.get(conversation) ?? { name: "", keys: new Set() };
  conversation.turns = merged(conversation.turns, kept.turns, keys);
  if (conversation.name === name) conversation.name = kept.name;
  meet(conversation, kept);
}

/** Keep a conversation that has turns. Give false where the browser has no room for it. */
export function save(conversation) {
  takeIn(conversation);
  if (!conversation.turns.length) return true;
  conversation.changed = Date.now();
  try {
    localStorage.setItem(PREFIX + conversation.id, JSON.stringify(conversation));
    memory.delete(conversation.id);
    meet(conversation, conversation);
    return true;
  } catch {
    memory.set(conversation.id, conversation);
    return false;
  }
}

export function remove(id) {
  memory.delete(id);
  try {
    localStorage.removeItem(PREFIX + id);
  } catch { /* there is none then */ }
}

/** Every conversation, the one changed last first, and how many entries could not be read. */
export function all() {
  const found = new Map(memory);
  let damaged = 0;
  for (const key of entries()) {
    const id = key.slice(PREFIX.length);
    if (found.has(id)) continue;
    const one = load(id);
    if (one) found.set(id, one);
    else damaged += 1;
  }
  const list = [...found.values()].sort((a, b) => b.changed - a.changed);
  return { list, damaged };
}

export function clear() {
  memory.clear();
  for (const key of entries()) localStorage.removeItem(key);
}

export const nameOf = (conversation) => conversation.name || conversation.turns[0]?.question || "";

const folded = (text) =>
  text.toLocaleLowerCase("tr").normalize("NFKD").replace(/\p{M}/gu, "").replaceAll("ı", "i");

/** Those in whose name or questions the words occur. */
export function matching(list, words) {
  const sought = folded(words).trim();
  if (!sought) return list;
  return list.filter((c) =>
    folded([c.name, ...c.turns.map((t) => t.question)].join("\n")).includes(sought));
}
