// How the page is dressed: light, dark or as the system; and the sheet of its keys.

import { button, el, say, setting, word } from "/ui/parts.js";

const THEMES = ["system", "light", "dark"];

/** Put on a theme; null is the system's. */
export function dress(theme) {
  const root = document.documentElement;
  if (theme === "light" || theme === "dark") root.dataset.theme = theme;
  else delete root.dataset.theme;
  const dark = theme === "dark" || (theme !== "light" && matchMedia("(prefers-color-scheme: dark)").matches);
  document.body.classList.toggle("dark", dark);
}

/** Go to the next theme, and keep it. */
export function nextTheme() {
  const theme = THEMES[(THEMES.indexOf(setting("dipnot-theme") ?? "system") + 1) % THEMES.length];
  setting("dipnot-theme", theme === "system" ? null : theme);
  dress(theme);
  say(word(`theme_${theme}`));
}

/** Show the sheet of keys. */
export function showKeys() {
  document.getElementById("dn-keys")?.remove();
  const rows = [["/", "focus"], ["Ctrl K", "focus"], ["↑", "last"], ["Enter", "send"], ["Shift Enter", "line"], ["Esc", "close"], ["?", "help"]];
  const sheet = el("dialog", { id: "dn-keys", "aria-label": word("keys") },
    el("h2", {}, word("keys")),
    el("dl", {}, ...rows.flatMap(([key, what]) => [el("dt", {}, el("kbd", {}, key)), el("dd", {}, word(`key_${what}`))])),
    button("close-keys", word("close")));
  document.body.append(sheet);
  sheet.showModal();
}
