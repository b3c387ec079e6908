// Making elements. Text goes in as text only: what the server says never becomes markup.

/** el("p", { class: "note", onclick: f }, "text", node, ...). Properties that are undefined or false are left out. */
export function el(tag, properties = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(properties)) {
    if (value === undefined || value === null || value === false) continue;
    if (name.startsWith("on")) node.addEventListener(name.slice(2), value);
    else node.setAttribute(name, value === true ? "" : value);
  }
  node.append(...children.filter((child) => child !== undefined && child !== null && child !== false));
  return node;
}

const svg = "http://www.w3.org/2000/svg";
/** One of the symbols in index.html. It says nothing to a screen reader: a word always stands beside it. */
export function icon(name) {
  const node = document.createElementNS(svg, "svg");
  node.setAttribute("class", "icon");
  node.setAttribute("aria-hidden", "true");
  const use = document.createElementNS(svg, "use");
  use.setAttribute("href", `#icon-${name}`);
  node.append(use);
  return node;
}

/** Sets text only where it changed, so that nothing is drawn, or read out, for nothing. */
export function setText(node, text) {
  const wanted = String(text);
  if (node.textContent !== wanted) node.textContent = wanted;
}

/**
 * Makes the children of `parent` those of `items`, in their order: `make(item)` for a new key, `update(node, item)` for all. A node keeps its
 * place in the document if it may, and with it the focus.
 */
export function keyed(parent, items, keyOf, make, update) {
  const old = parent.keyedNodes ?? new Map();
  const now = new Map();
  for (const item of items) {
    const key = keyOf(item);
    now.set(key, old.get(key) ?? make(item));
  }
  for (const [key, node] of old) if (!now.has(key)) node.remove();
  let place = parent.firstChild;
  for (const item of items) {
    const node = now.get(keyOf(item));
    if (node === place) place = place.nextSibling;
    else parent.insertBefore(node, place);
    update(node, item);
  }
  parent.keyedNodes = now;
}

/** What has just happened, for those who do not see it. */
export function announce(text) {
  const region = document.getElementById("announcements");
  region.textContent = "";
  region.textContent = text;
}

export const isTyping = () => ["INPUT", "TEXTAREA", "SELECT"].includes(document.activeElement?.tagName);
