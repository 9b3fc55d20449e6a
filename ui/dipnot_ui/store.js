// Conversations, kept in this browser and nowhere else: one entry each, so that a damaged one costs
// no other. What is read may have been written by anybody; what cannot be written stays in memory.

const PREFIX = "dipnot.c.";
const MOST_TURNS = 500;
const memory = new Map();

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

export function load(id) {
  if (memory.has(id)) return memory.get(id);
  try {
    const text = localStorage.getItem(PREFIX + id);
    return text === null ? null : read(id, text);
  } catch {
    return null;
  }
}

/** Keep a conversation. Give false where the browser has no room for it. */
export function save(conversation) {
  conversation.changed = Date.now();
  const kept = { ...conversation, turns: conversation.turns.slice(-MOST_TURNS) };
  try {
    localStorage.setItem(PREFIX + conversation.id, JSON.stringify(kept));
    memory.delete(conversation.id);
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
