// Reading aloud, only where this machine itself has a Chinese voice: others would send what is read to somebody else.

function voice() {
  if (!("speechSynthesis" in window)) return null;
  return speechSynthesis.getVoices().find((each) => each.localService && /^(zh|cmn)/i.test(each.lang)) || null;
}

export const canSpeak = () => voice() !== null;

// What is to be heard of a screen: neither syllables beside their characters, nor buttons, nor what was typed.
export function toSay(screen) {
  const copy = screen.cloneNode(true);
  copy.querySelectorAll("rt, button, .typed").forEach((each) => each.remove());
  const blocks = "h1, h2, h3, p, li, strong";
  const parts = Array.from(copy.querySelectorAll(blocks)).filter((each) => !each.querySelector(blocks));
  return parts.map((each) => each.textContent).filter(Boolean).join("，");
}

export function speak(text) {
  const chosen = voice();
  if (!chosen) return;
  hush();
  const said = new SpeechSynthesisUtterance(text);
  said.voice = chosen;
  said.lang = chosen.lang;
  said.rate = 0.85;
  speechSynthesis.speak(said);
}

export function hush() {
  if ("speechSynthesis" in window) speechSynthesis.cancel();
}

export function onVoices(listener) {
  if ("speechSynthesis" in window) speechSynthesis.addEventListener("voiceschanged", listener);
}
