// Elements with text, with the syllables above each character where they are wanted.

const HAN = /[\u3400-\u9fff]/;
const syllables = new Map();
let shown = false;

export const pinyinShown = () => shown;
export function showPinyin(wanted) {
  shown = wanted;
}
export function learn(told) {
  for (const text of Object.keys(told || {})) syllables.set(text, told[text].split(" "));
}
export function forgetSyllables(keep) {
  for (const text of Array.from(syllables.keys())) if (!keep.has(text)) syllables.delete(text);
}
export const known = () => new Set(syllables.keys());

// The text as nodes: whole, or a ruby for each character. A text with a number or a name in it is put together of parts.
export function write(element, ...parts) {
  element.textContent = "";
  for (const part of parts) {
    const spelt = shown ? syllables.get(part) : null;
    if (!spelt) {
      element.append(part);
      continue;
    }
    let at = 0;
    for (const letter of part) {
      if (!HAN.test(letter)) {
        element.append(letter);
        continue;
      }
      const ruby = document.createElement("ruby"), above = document.createElement("rt");
      above.textContent = spelt[at++] || "";
      ruby.append(letter, above);
      element.append(ruby);
    }
  }
  return element;
}

// An element: its kind and classes as "p.lead", attributes, and what is in it (texts or elements).
export function make(kind, attributes, ...inside) {
  const [tag, ...classes] = kind.split(".");
  const element = document.createElement(tag);
  if (classes.length) element.className = classes.join(" ");
  for (const name of Object.keys(attributes || {})) {
    if (name === "press") element.addEventListener("click", attributes[name]);
    else if (attributes[name] !== null) element.setAttribute(name, attributes[name]);
  }
  for (const each of inside.flat()) {
    if (each === null || each === "") continue;
    if (typeof each === "string") element.append(write(document.createElement("span"), each));
    else element.append(each);
  }
  return element;
}

export const button = (words, press, kind) => make("button" + (kind ? "." + kind : ""), { type: "button", "aria-label": words, press }, words);
