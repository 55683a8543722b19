// The way to the service: enrolment, the fair as it stands, and the queue, sent in its order as often as it takes.

import { done, fact, forget, keepBundle, keepCards, keepFact, setAside, waiting } from "./store.js";

const EVERY = 5000, BUNDLE_EVERY = 20000, SLOWEST = 15000, PATIENT = 5000;
let told = () => {};
let running = null, bundled = 0;
export const state = { online: false, waiting: 0, refused: 0, revoked: false };

export function onChange(listener) {
  told = listener;
}

function tell(changes) {
  Object.assign(state, changes);
  told(state);
}

// One question and its whole answer, within the time that a line may take. Who answers from elsewhere (a log-in page of the
// hall's network) is not the service: its answer is no JSON, or says nothing that the service would.
async function ask(path, options, token) {
  const stop = new AbortController();
  const timer = setTimeout(() => stop.abort(), SLOWEST);
  const headers = Object.assign({}, options.headers || {});
  if (token) headers.Authorization = "Bearer " + token;
  if (options.body) headers["Content-Type"] = "application/json";
  const asked = { headers, signal: stop.signal, cache: "no-store", redirect: "error" };
  try {
    const answer = await fetch("/kiosk/v1" + path, Object.assign({}, options, asked));
    const body = read(await answer.text());
    return { ok: answer.ok && body !== null, status: answer.status, body, tag: answer.headers.get("ETag") || "" };
  } finally {
    clearTimeout(timer);
  }
}

function read(text) {
  try {
    return JSON.parse(text);
  } catch (error) {
    return null;
  }
}

const problem = (answer, status) => (answer.status === status && answer.body && answer.body.type) || "";
const nobody = (answer) => problem(answer, 401) === "/problems/device-unknown";

// Become the device that a code is for; the words of the refusal where it is none.
export async function enrol(code) {
  const answer = await ask("/enrol", { method: "POST", body: JSON.stringify({ code }) });
  if (!answer.ok || !answer.body.token) return (answer.body && answer.body.detail) || "没有成功，请核对启用码。";
  await forget();
  await keepFact("device", answer.body);
  tell({ revoked: false });
  bundled = 0;
  await goOn();
  return "";
}

// The card of whoever a number belongs to, with the network only; null where there is none or nobody answers.
export async function findCard(number) {
  const device = await fact("device");
  try {
    const answer = await ask("/cards/find", { method: "POST", body: JSON.stringify({ number }) }, device.token);
    return answer.ok && answer.body.found ? answer.body : null;
  } catch (error) {
    return null;
  }
}

// Send what waits, then ask how the fair stands. One at a time.
export function goOn() {
  running = running || once().finally(() => { running = null; });
  return running;
}

async function once() {
  try {
    const device = await fact("device");
    if (!device) return;
    if (navigator.onLine === false) tell({ online: false });
    else if (await sendAll(device)) await refresh(device);
  } catch (error) {
    tell({ online: false });
  }
  await count().catch(() => {});
}

// Ask how the fair stands now, whenever it was asked last; somebody stands there, so not for long.
export function askAgain() {
  const asking = async () => {
    if (running) await running;
    bundled = 0;
    await goOn();
  };
  return Promise.race([asking(), new Promise((resolve) => setTimeout(resolve, PATIENT))]);
}

async function count() {
  const rows = await waiting();
  tell({ waiting: rows.filter((row) => !row.refused).length, refused: rows.filter((row) => row.refused).length });
}

// A command leaves the queue when the service itself says that it has it.
async function sendAll(device) {
  for (const row of await waiting()) {
    if (row.refused) continue;
    const sent = { method: "POST", body: JSON.stringify({ sealed: row.sealed }), headers: { "Idempotency-Key": row.key } };
    const answer = await ask("/commands", sent, device.token);
    if (answer.ok && answer.body.key === row.key) await done(row.at);
    else if (nobody(answer)) return revoked();
    else if (problem(answer, 422)) await setAside(row, answer.status);
    else return tell({ online: false });
  }
  return true;
}

async function refresh(device) {
  if (Date.now() - bundled < BUNDLE_EVERY && state.online) return;
  const stands = await ask("/bundle", {}, device.token);
  if (nobody(stands)) {
    await revoked();
    return;
  }
  const tag = await fact("tag");
  const cards = stands.ok ? await ask("/cards", { headers: tag ? { "If-None-Match": tag } : {} }, device.token) : stands;
  const same = cards.status === 304;
  if (!stands.ok || !stands.body.posts || !(same || (cards.ok && cards.body.cards))) {
    tell({ online: false });
    return;
  }
  await keepBundle(stands.body);
  if (!same) await keepCards(cards.body.cards, cards.tag);
  bundled = Date.now();
  tell({ online: true });
}

// Somebody said that this device is nobody's any more: nothing stays here.
async function revoked() {
  await forget();
  tell({ online: true, revoked: true });
  return false;
}

export function start() {
  setInterval(goOn, EVERY);
  window.addEventListener("online", goOn);
  window.addEventListener("offline", () => tell({ online: false }));
  return goOn();
}
