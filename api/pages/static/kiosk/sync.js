// The way to the service: enrolment, the fair as it stands, and the queue, sent in its order as often as it takes.

import { done, fact, forget, keepBundle, keepCards, keepFact, setAside, waiting } from "./store.js";

const EVERY = 5000, BUNDLE_EVERY = 20000, SLOWEST = 15000;
let told = () => {};
let busy = false, bundled = 0;
export const state = { online: false, waiting: 0, refused: 0, revoked: false };

export function onChange(listener) {
  told = listener;
}

function tell(changes) {
  Object.assign(state, changes);
  told(state);
}

async function ask(path, options, token) {
  const stop = new AbortController();
  const timer = setTimeout(() => stop.abort(), SLOWEST);
  const headers = Object.assign({}, options.headers || {});
  if (token) headers.Authorization = "Bearer " + token;
  if (options.body) headers["Content-Type"] = "application/json";
  try {
    return await fetch("/kiosk/v1" + path, Object.assign({}, options, { headers, signal: stop.signal, cache: "no-store" }));
  } finally {
    clearTimeout(timer);
  }
}

// Become the device that a code is for; the words of the refusal where it is none.
export async function enrol(code) {
  const answer = await ask("/enrol", { method: "POST", body: JSON.stringify({ code }) });
  const body = await answer.json();
  if (!answer.ok) return body.detail || "没有成功，请核对启用码。";
  await forget();
  await keepFact("device", body);
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
    if (!answer.ok) return null;
    const found = await answer.json();
    return found.found ? found : null;
  } catch (error) {
    return null;
  }
}

// Send what waits, then ask how the fair stands. One at a time.
export async function goOn() {
  const device = await fact("device");
  if (!device || busy) return;
  if (navigator.onLine === false) {
    tell({ online: false });
    await count();
    return;
  }
  busy = true;
  try {
    if (await sendAll(device)) await refresh(device);
  } catch (error) {
    tell({ online: false });
  } finally {
    busy = false;
    await count();
  }
}

// Ask how the fair stands now, whenever it was asked last.
export function askAgain() {
  bundled = 0;
  return goOn();
}

async function count() {
  const rows = await waiting();
  tell({ waiting: rows.filter((row) => !row.refused).length, refused: rows.filter((row) => row.refused).length });
}

async function sendAll(device) {
  for (const row of await waiting()) {
    if (row.refused) continue;
    const sent = { method: "POST", body: JSON.stringify({ sealed: row.sealed }), headers: { "Idempotency-Key": row.key } };
    const answer = await ask("/commands", sent, device.token);
    if (answer.ok) await done(row.at);
    else if (answer.status === 401) return revoked();
    else if (answer.status === 422) await setAside(row, answer.status);
    else return tell({ online: false });
  }
  return true;
}

async function refresh(device) {
  if (Date.now() - bundled < BUNDLE_EVERY && state.online) return;
  const stands = await ask("/bundle", {}, device.token);
  if (stands.status === 401) {
    await revoked();
    return;
  }
  const tag = await fact("tag");
  const cards = stands.ok ? await ask("/cards", { headers: tag ? { "If-None-Match": tag } : {} }, device.token) : stands;
  if (!stands.ok || !(cards.ok || cards.status === 304)) {
    tell({ online: false });
    return;
  }
  await keepBundle(await stands.json());
  if (cards.status !== 304) await keepCards((await cards.json()).cards, cards.headers.get("ETag") || "");
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
