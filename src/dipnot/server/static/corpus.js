// The corpus page: lists, sends, removes and builds. All that comes from texts is set as text.
"use strict";

const words = JSON.parse(document.getElementById("words").textContent);
const el = (id) => document.getElementById(id);
const say = (key, values = {}) => {
  const sentence = (values.n === "1" && words[`${key}_one`]) || words[key] || key;
  return sentence.replace(/\{(\w+)\}/g, (_, name) => values[name] ?? "");
};
/** What the server says in English, in the page's language where the sentence is known. */
function inWords(reason) {
  const text = String(reason ?? "");
  for (const [pattern, told] of words.reasons) {
    const found = new RegExp(pattern, "s").exec(text);
    if (found) return told.replace(/\$(\d)/g, (_, n) => found[n] ?? "");
  }
  return text;
}
const count = (n) => Number(n).toLocaleString(words.lang);
const megabytes = (n) => `${count(Math.round(n / 1024 / 1024))} MB`;

function make(tag, text, attributes = {}) {
  const made = document.createElement(tag);
  if (text !== undefined && text !== null) made.textContent = text;
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
  return made;
}

// --- the look -------------------------------------------------------------------------------

const THEME = "dipnot-theme";
function recall(key) {
  try { return localStorage.getItem(key); } catch { return null; }
}
function keep(key, value) {
  try { localStorage.setItem(key, value); } catch { /* the store is full or closed */ }
}
if (["light", "dark"].includes(recall(THEME))) document.documentElement.dataset.theme = recall(THEME);
el("theme").addEventListener("click", () => {
  const root = document.documentElement;
  const dark = root.dataset.theme
    ? root.dataset.theme === "dark" : matchMedia("(prefers-color-scheme: dark)").matches;
  root.dataset.theme = dark ? "light" : "dark";
  keep(THEME, root.dataset.theme);
});

// --- calls ----------------------------------------------------------------------------------

class Refused extends Error {
  constructor(status, told, said) {
    super(said);
    Object.assign(this, { status, code: told.code, detail: told.detail ?? "" });
  }
}

async function call(method, path, { body, admin } = {}) {
  const headers = admin ? { Authorization: `Bearer ${el("token").value.trim()}` } : {};
  const response = await fetch(path, { method, headers, body, cache: "no-store" });
  if (response.ok) return response.status === 204 ? null : response.json();
  let told = {};
  try { told = await response.json(); } catch { /* not from Dipnot */ }
  const reason = response.status === 401 ? words.token_wrong
    : response.status === 403 ? words.token_off : inWords(told.detail ?? `HTTP ${response.status}`);
  if (response.status === 401) complain(words.token_wrong);
  throw new Refused(response.status, told, reason);
}

function complain(text) {
  el("token-said").textContent = text;
  if (text) el("token").focus();
}

function hasToken() {
  const there = el("token").value.trim() !== "";
  complain(there ? "" : words.token_missing);
  return there;
}
el("token").addEventListener("input", () => complain(""));

function asked(text, yes) {
  el("ask-text").textContent = text;
  el("ask-yes").textContent = yes;
  const dialog = el("ask");
  dialog.returnValue = "no";
  dialog.showModal();
  el("ask-no").focus();
  return new Promise((resolve) => {
    dialog.addEventListener("close", () => resolve(dialog.returnValue === "yes"), { once: true });
  });
}
el("ask-yes").addEventListener("click", () => el("ask").close("yes"));
el("ask-no").addEventListener("click", () => el("ask").close("no"));

// --- the list -------------------------------------------------------------------------------

let limits = { suffixes: [], most: Infinity };
const opened = new Map();  // what was understood, by file and size

async function list() {
  const corpus = await call("GET", "/api/corpus");
  limits = { suffixes: corpus.suffixes, most: corpus.most_bytes };
  el("limits").textContent = say("limits", {
    types: corpus.suffixes.join(" "), size: megabytes(corpus.most_bytes) });
  el("chosen").accept = corpus.suffixes.join(",");
  el("with-token").hidden = !corpus.admin;
  el("without-token").hidden = corpus.admin;
  for (const id of ["build", "chosen"]) el(id).disabled = !corpus.admin || running;
  el("trouble").hidden = !corpus.catalogue;
  el("trouble").textContent = corpus.catalogue ? say("trouble", { reason: inWords(corpus.catalogue) }) : "";
  el("empty").hidden = corpus.files.length > 0 || Boolean(corpus.catalogue);
  const indexed = corpus.files.filter((f) => f.state === "indexed").length;
  el("summary").textContent = corpus.files.length
    ? say("summary", { n: count(corpus.files.length), indexed: count(indexed) }) : "";
  const waiting = corpus.files.some((f) => ["new", "changed", "removed"].includes(f.state));
  const standing = !corpus.ready ? "no_index" : corpus.damaged ? "damaged" : waiting ? "stale"
    : corpus.stale_reason ? "unfit" : "up_to_date";
  el("stale").textContent = say(standing, { reason: inWords(corpus.stale_reason) });
  el("stale").classList.toggle("bad", corpus.damaged);
  const held = document.activeElement?.id;
  el("files").replaceChildren(...corpus.files.map((file, n) => row(file, n, corpus.admin)));
  if (held) el(held)?.focus();
}

function row(file, n, admin) {
  const item = make("li");
  const head = make("div", null, { class: "head" });
  const name = file.file || file.doc_id;
  const title = make("h3", file.title ?? name);
  if (file.languages[0]) title.lang = file.languages[0];
  head.append(title, make("span", words[`state_${file.state}`], { class: `state ${file.state}` }));
  const facts = make("p", null, { class: "facts" });
  const known = [
    file.title && [file.author ?? words.unknown_author, file.year].filter(Boolean).join(", "),
    file.pages && say("pages", { n: count(file.pages) }),
    file.footnotes && say("notes", { n: count(file.footnotes) }),
    file.languages.map((l) => words[`language_${l}`] ?? l).join(", "),
    file.passages && say("passages", { n: count(file.passages) }),
  ];
  facts.append(...known.filter(Boolean).map((text) => make("span", text)));
  if (file.title && file.file) facts.append(make("span", file.file, { class: "file" }));
  item.append(head, facts);
  if (file.state === "failed") item.append(make("p", inWords(file.reason), { class: "bad" }));
  if (file.state === "removed") item.append(make("p", words.removed_note, { class: "quiet" }));
  if (file.state !== "removed" && file.size !== null) item.append(...controls(file, n, admin));
  return item;
}

function controls(file, n, admin) {
  const line = make("div", null, { class: "row" });
  const told = make("div", null, { class: "told", id: `told-${n}`, hidden: "" });
  if (file.state !== "failed") {
    const look = make("button", words.understood, {
      type: "button", id: `look-${n}`, "aria-expanded": "false", "aria-controls": `told-${n}`,
      "aria-label": `${words.understood} ${file.file}` });
    look.addEventListener("click", () => unfold(look, told, file));
    line.append(look);
    if (opened.has(keyOf(file))) unfold(look, told, file);
  }
  if (file.removable && admin) {
    const remove = make("button", words.remove, {
      type: "button", id: `remove-${n}`, "aria-label": `${words.remove} ${file.file}` });
    remove.addEventListener("click", () => takeOff(file.file));
    line.append(remove);
  }
  return [line, told];
}

const keyOf = (file) => `${file.file} ${file.size} ${file.state}`;
const pathOf = (name) => name.split("/").map(encodeURIComponent).join("/");

async function unfold(look, told, file) {
  const open = look.getAttribute("aria-expanded") !== "true";
  look.setAttribute("aria-expanded", String(open));
  told.hidden = !open;
  if (!open) { opened.delete(keyOf(file)); return; }
  let known = opened.get(keyOf(file));
  if (!known) {
    told.replaceChildren(make("p", words.understanding, { role: "status" }));
    try {
      known = await call("GET", `/api/corpus/${pathOf(file.file)}`);
      opened.set(keyOf(file), known);
    } catch (error) {
      told.replaceChildren(make("p", error.message, { class: "bad", role: "alert" }));
      return;
    }
  }
  told.replaceChildren(...understood(known, file));
}

function understood(known, file) {
  const parts = [];
  const section = (title, node) => parts.push(make("h4", title), node);
  const items = (texts, attributes = {}) => {
    const made = make("ul", null, attributes);
    made.append(...texts.map((text) => make("li", text)));
    return made;
  };
  const facts = make("p", null, { class: "facts" });
  facts.append(...[
    known.author ?? words.unknown_author, say("pages", { n: count(known.pages) }),
    say("characters", { n: count(known.characters) }), say("notes", { n: count(known.footnotes) }),
    say("references", { n: count(known.references) }),
  ].map((text) => make("span", text)));
  section(known.title, facts);
  if (file.examples.length) {
    const list = make("ul", null, { class: "examples" });
    list.append(...file.examples.map((question) => {
      const item = make("li");
      const at = new URLSearchParams({ q: question, doc: file.doc_id });
      item.append(make("a", question, { href: `/?${at}` }));
      return item;
    }));
    section(words.examples, list);
  }
  section(words.headings, known.headings.length ? items(known.headings)
    : make("p", words.no_headings, { class: "quiet" }));
  if (known.missing.length) section(words.missing, make("p", known.missing.join(", ")));
  if (known.oddities.length) section(words.oddities, items(known.oddities.map(oddity)));
  section(words.beginning, make("div", known.beginning, { class: "text", tabindex: "0", "aria-label": words.beginning,
    role: "region", ...(known.languages[0] ? { lang: known.languages[0] } : {}) }));
  return parts;
}

/** A doubtful place, `s. 3: kind: detail`; its page and kind in the page's language. */
const oddity = (told) => told.replace(/^s\. (\d+): ([^:]+)/, (_, page, kind) =>
  `${words.page_short} ${page}: ${words.oddity[kind] ?? kind}`);

async function takeOff(name) {
  if (!hasToken() || !(await asked(say("confirm_remove", { file: name }), words.yes_remove))) return;
  try {
    await call("DELETE", `/api/documents/${pathOf(name)}`, { admin: true });
    tell(say("taken_off", { file: name }));
  } catch (error) {
    tell(error.message, true);
  }
  await refresh();
  el("texts-title").tabIndex = -1;
  el("texts-title").focus();
}

// --- adding ---------------------------------------------------------------------------------

function tell(text, bad = false) {
  const line = make("li", text, bad ? { class: "bad" } : {});
  el("sent").prepend(line);
  return line;
}

async function send(files) {
  if (!files.length || !hasToken()) return;
  for (const file of files) await sendOne(file);
  el("chosen").value = "";
  await refresh();
}

async function sendOne(file) {
  const name = file.name.normalize("NFC");
  const line = tell(say("uploading", { file: name }));
  const end = (text, bad) => { line.textContent = text; line.classList.toggle("bad", bad); };
  const refuse = (reason) => end(say("refused", { file: name, reason }), true);
  const types = limits.suffixes.join(" ");
  if (!limits.suffixes.some((s) => name.toLowerCase().endsWith(s))) return refuse(say("kind_wrong", { types }));
  if (file.size > limits.most) return refuse(say("too_large", { size: megabytes(limits.most) }));
  const put = (query) =>
    call("PUT", `/api/documents/${pathOf(name)}${query}`, { body: file, admin: true });
  try {
    let done;
    try {
      done = await put("");
    } catch (error) {
      const there = error.code === "already-there" && error.detail.includes("?replace=true");
      if (!there) throw error;
      if (!(await asked(say("confirm_replace", { file: name }), words.yes_replace))) return refuse(words.no);
      done = await put("?replace=true");
    }
    end(say(done.replaced ? "replaced" : "added", { file: name }), false);
  } catch (error) {
    refuse(error instanceof Refused ? error.message : words.unreachable);
  }
}

el("chosen").addEventListener("change", (event) => send([...event.target.files]));
const drop = el("drop");
for (const kind of ["dragenter", "dragover"]) {
  drop.addEventListener(kind, (event) => { event.preventDefault(); drop.classList.add("over"); });
}
drop.addEventListener("dragleave", () => drop.classList.remove("over"));
drop.addEventListener("drop", (event) => {
  event.preventDefault();
  drop.classList.remove("over");
  send([...event.dataTransfer.files]);
});
for (const kind of ["dragover", "drop"]) {  // a file beside the field must not leave the page
  window.addEventListener(kind, (event) => event.preventDefault());
}

// --- building -------------------------------------------------------------------------------

let running = false;
let seen = null;  // the build whose end was shown

async function follow() {
  let state;
  try {
    state = await call("GET", "/api/index/rebuild");
  } catch {
    el("stage").textContent = words.unreachable;
    setTimeout(follow, 2000);
    return;
  }
  const was = running;
  running = state.state === "running";
  show(state);
  if (running) setTimeout(follow, 500);
  else if (was) await refresh();
}

function show(state) {
  el("progress").hidden = !running;
  el("cancel").hidden = !running;
  el("build").disabled = running || el("with-token").hidden;
  el("chosen").disabled = el("build").disabled;
  if (!running) {
    el("stage").textContent = "";
    if (state.state !== "idle" && seen !== state.started_at) {
      seen = state.started_at;
      el("report").replaceChildren(...ended(state));
    }
    return;
  }
  el("report").replaceChildren();
  if (state.total) { el("progress").max = state.total; el("progress").value = state.done; }
  else el("progress").removeAttribute("value");
  const parts = [words[`stage_${state.stage}`] ?? state.stage];
  if (state.total) parts.push(say("of", { done: count(state.done), total: count(state.total) }));
  if (state.seconds_left !== null) parts.push(say("left", { n: count(Math.ceil(state.seconds_left)) }));
  el("stage").textContent = parts.join(" · ");
}

function ended(state) {
  if (state.state === "failed") {
    const stopped = state.error?.startsWith("It was cancelled");
    const late = state.error?.includes("too late");
    return [stopped ? make("p", late ? inWords(state.error) : words.cancelled)
      : make("p", say("build_failed", { reason: inWords(state.error) }), { class: "bad" })];
  }
  const told = state.report;
  const numbers = Object.fromEntries(
    ["added", "changed", "removed", "reused"].map((key) => [key, count(told[key].length)]));
  const parts = [make("p", say("done_report", numbers))];
  if (told.failed.length) {
    const list = make("ul");
    list.append(...told.failed.map((f) =>
      make("li", `${f.reason.includes(f.file) ? "" : `${f.file}: `}${inWords(f.reason)}`)));
    parts.push(make("p", say("failed_some", { n: count(told.failed.length) }), { class: "bad" }), list);
  }
  return parts;
}

el("build").addEventListener("click", async () => {
  if (!hasToken()) return;
  try {
    await call("POST", "/api/index/rebuild", { admin: true });
    running = true;
    el("cancel").hidden = false;
    el("cancel").focus();
    await follow();
  } catch (error) {
    el("report").replaceChildren(make("p", error.message, { class: "bad" }));
  }
});

el("cancel").addEventListener("click", async () => {
  if (!hasToken()) return;
  el("stage").textContent = words.stopping;
  try {
    await call("DELETE", "/api/index/rebuild", { admin: true });
  } catch (error) {
    if (error.status !== 404) el("report").replaceChildren(make("p", error.message, { class: "bad" }));
  }
});

async function refresh() {
  try {
    await list();
  } catch (error) {
    el("summary").textContent = error instanceof Refused ? error.message : words.unreachable;
    setTimeout(refresh, 2000);
  }
}

refresh().then(follow);
