// Drawing anew without taking from the reader what is typed, selected or focused there: what is
// alike stays, and what cannot stay hands the focus on.

/** Have a place hold these nodes. Those that stand there stay, and so does the focus. */
export function arrange(place, nodes) {
  const focused = document.activeElement;
  for (const one of [...place.children]) if (!nodes.includes(one)) one.remove();
  nodes.forEach((node, i) => {
    if (place.children[i] !== node) place.insertBefore(node, place.children[i] ?? null);
  });
  // What was moved has lost it.
  if (focused !== document.activeElement && place.contains(focused)) focused.focus({ preventScroll: true });
}

const shell = (node) => node.cloneNode();
const holdsElements = (node) => node.children.length === node.childNodes.length;

/** Have a place hold what was made for it; what stands there with the same attributes is renewed within. */
export function renew(place, made) {
  const old = [...place.children];
  arrange(place, made.map((node) => {
    const at = old.findIndex((one) => shell(one).isEqualNode(shell(node)));
    if (at < 0) return node;
    const [one] = old.splice(at, 1);
    if (one.isEqualNode(node)) return one;
    if (!holdsElements(one) || !holdsElements(node)) return node;
    renew(one, [...node.children]);
    return one;
  }));
}

/** What of a turn is at a button or link, in the turn as it is and as it was. */
function alike(turn, { dataset, attributes }) {
  const name = dataset.do ? "data-do" : "href";
  const value = attributes[name]?.value;
  return [...turn.querySelectorAll(`[${name}]`)].filter((one) => one.getAttribute(name) === value);
}

/** Put a turn in the place of another; the focus stays in it, at the same button or link if it has that. */
export function replace(old, made) {
  const focused = old.contains(document.activeElement) ? document.activeElement : null;
  const nth = focused ? alike(old, focused).indexOf(focused) : -1;
  old.replaceWith(made);
  if (!focused) return;
  for (const one of [alike(made, focused)[nth], made.querySelector(".dn-question")]) {
    if (!made.contains(document.activeElement)) one?.focus({ preventScroll: true });
  }
}
