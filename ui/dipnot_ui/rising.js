// What rises over the conversation: the paragraph of a quotation, the menu of its other forms. It
// rises above what it belongs to where there is no room below.

const SHOWN = ".dn-peeks:is(:hover, :focus-within):not(.dn-nopeek)";

/** Hide the paragraph that is shown; tell whether one was. */
export function hidePeek() {
  const shown = document.querySelectorAll(SHOWN);
  for (const one of shown) one.classList.add("dn-nopeek");
  return shown.length > 0;
}

/** Show no paragraph at a link until pointer and focus have left it. */
export const hush = (link) => link.closest(".dn-peeks")?.classList.add("dn-nopeek");

/** Close the menus, but one that is clicked in. */
export function closeMenus(but) {
  for (const menu of document.querySelectorAll("details.dn-menu[open]")) {
    if (!menu.contains(but)) menu.removeAttribute("open");
  }
}

function settle(box, by) {
  if (!box?.offsetParent) return;
  const [inner, outer] = [by.getBoundingClientRect(), box.offsetParent.getBoundingClientRect()];
  const floor = document.getElementById("dn-composer")?.getBoundingClientRect().top ?? innerHeight;
  const above = inner.bottom + box.offsetHeight > floor && inner.top > floor - inner.bottom;
  box.style.bottom = above ? `${outer.bottom - inner.top}px` : "";
  box.style.top = above ? "auto" : "";
}

for (const kind of ["pointerover", "focusin"]) {
  document.addEventListener(kind, (event) => {
    for (const one of document.querySelectorAll(".dn-peeks.dn-nopeek:not(:hover, :focus-within)")) {
      one.classList.remove("dn-nopeek");
    }
    const peeks = event.target.closest?.(".dn-peeks");
    const peek = peeks?.querySelector(".dn-peek");
    if (!peek || peek.contains(event.target)) return;
    settle(peek, peeks.querySelector(".dn-page"));
    // A long paragraph is shown from a little before what is quoted.
    peek.scrollTop = peek.querySelector("mark").offsetTop - 60;
  });
}

document.addEventListener("toggle", (event) => {
  if (!event.target.matches?.(".dn-log .dn-menu[open]")) return;
  settle(event.target.querySelector(".dn-menu-body"), event.target.querySelector("summary"));
}, true);
