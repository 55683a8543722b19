// Reading aloud, only where this machine itself has a Chinese voice: others would send what is read to somebody else.

function voice() {
  if (!("speechSynthesis" in window)) return null;
  return speechSynthesis.getVoices().find((each) => each.localService && /^(zh|cmn)/i.test(each.lang)) || null;
}

export const canSpeak = () => voice() !== null;

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
