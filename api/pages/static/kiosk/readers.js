// What reads codes and ID cards, each a small adapter: it is given a function to call with what was read, and answers with one that
// stops it. docs/kiosk.md says how a county adds its own.

const CODE = /^WGQ[A-Z2-7]{26}$/, NUMBER = /^[0-9]{17}[0-9X]$/;
const PAUSE = 2000, BRIDGE = "http://127.0.0.1:17580/v1/read";

// What a text means: {code} of an invitation, {number} of an ID card, or null.
export function meaning(text) {
  const told = text.trim().toUpperCase().replace(/[\s-]/g, "");
  if (CODE.test(told)) return { code: told };
  return NUMBER.test(told) ? { number: told } : null;
}

// A scanner or reader that types: letters that follow each other without a pause, and Enter at the end.
export function wedge(read) {
  let typed = "", last = 0;
  const listen = (event) => {
    const now = Date.now();
    if (now - last > PAUSE) typed = "";
    last = now;
    if (event.key === "Enter") {
      const found = meaning(typed);
      typed = "";
      if (found) {
        event.preventDefault();
        read(found);
      }
    } else if (event.key.length === 1) {
      typed += event.key;
    }
  };
  document.addEventListener("keydown", listen, true);
  return () => document.removeEventListener("keydown", listen, true);
}

// A program on this machine that waits for a card: 200 {"text": "…"} when one was read, 204 when none was.
export function bridge(read) {
  let going = true;
  const loop = async () => {
    while (going) {
      try {
        const answer = await fetch(BRIDGE, { cache: "no-store" });
        const found = answer.status === 200 ? meaning((await answer.json()).text || "") : null;
        if (going && found) read(found);
      } catch (error) {
        await new Promise((resolve) => setTimeout(resolve, 3000));
      }
      await new Promise((resolve) => setTimeout(resolve, 200));
    }
  };
  loop();
  return () => { going = false; };
}

export function start(read, withBridge) {
  const stops = [wedge(read)];
  if (withBridge) stops.push(bridge(read));
  return () => stops.forEach((stop) => stop());
}
