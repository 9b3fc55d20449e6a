// What the page's scripts share: making elements, the words of the page's language, a place for
// short messages, what the browser keeps of settings.

export const SILENCE = 1000; // after so many milliseconds the page says what it waits for
const WORDS = JSON.parse(document.getElementById("dn-words").textContent);

export const lang = () => (document.documentElement.lang === "en" ? "en" : "tr");

/** The wording of a key in the page's language, its values filled in. */
export function word(key, values = {}) {
  const text = WORDS[lang()][key] ?? key;
  return text.replace(/\{(\w+)\}/g, (whole, name) => values[name] ?? whole);
}

/** Make an element; what is in it is text or other elements, never mark-up. */
export function el(name, attributes = {}, ...inside) {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (value === null || value === undefined || value === false) continue;
    made.setAttribute(key, value === true ? "" : value);
  }
  made.append(...inside);
  return made;
}

export const button = (does, text, more = {}) =>
  el("button", { type: "button", "data-do": does, ...more }, text);

/** Read or write a setting. A browser may have no store, or refuse it. */
export function setting(name, value) {
  try {
    if (value === undefined) return localStorage.getItem(name);
    if (value === null) localStorage.removeItem(name);
    else localStorage.setItem(name, value);
  } catch { /* it lasts as long as the page then */ }
  return null;
}

/** What this tab holds under a name; it outlasts loading the page anew. */
export function held(name) {
  try { return sessionStorage.getItem(name); } catch { return null; }
}

export function hold(name, text) {
  try { sessionStorage.setItem(name, text); } catch { /* it is lost with the page then */ }
}

let spoken = null;
/** Say something short, also to a screen reader, with what can be done about it; it goes by itself. */
export function say(text, lasting = false, ...does) {
  spoken ??= document.body.appendChild(el("div", { class: "dn-said", role: "status" }));
  spoken.replaceChildren(...(text ? [text] : []), ...does.flatMap((one) => [" ", one]));
  clearTimeout(spoken.timer);
  if (!lasting) spoken.timer = setTimeout(() => { spoken.textContent = ""; }, does.length ? 20000 : 6000);
}

/** Take back what was said, if it still stands there. */
export function unsay(text) {
  if (spoken?.textContent === text) spoken.textContent = "";
}

export const wide = () => matchMedia("(min-width: 1100px)").matches;
export const calm = () => matchMedia("(prefers-reduced-motion: reduce)").matches;

/** Fetch, but give up after a while: a frozen server takes a call and never answers it. */
export function fetchSoon(address, options = {}, seconds = 5) {
  return fetch(address, { ...options, signal: AbortSignal.timeout(seconds * 1000) });
}

// The box for a question. Gradio draws it, and lets it be written in once there is an index.
export const box = () => document.querySelector("#dn-question textarea");
export const ready = () => box() && !box().disabled;

/** Wait until something holds. */
export const until = async (holds) => {
  while (!holds()) await new Promise((resolve) => { setTimeout(resolve, 100); });
};

/** Write into the box, once that can be. */
export function fill(text) {
  until(ready).then(() => {
    box().value = text;
    box().dispatchEvent(new Event("input", { bubbles: true }));
    box().focus();
    box().setSelectionRange(text.length, text.length);
  });
}
