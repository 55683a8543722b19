// What is said here, put into the queue: sealed, with a number of its own and an instant that never goes back.

import { enqueue, fact } from "./store.js";
import { newKey, sealCommand } from "./sealing.js";
import { goOn } from "./sync.js";

// Put one command into the queue; the promise is kept when the disk has it. `who` is a card's name or an ID number.
async function say(kind, who, said, facts) {
  const device = await fact("device");
  const last = (await fact("clock")) || 0;
  const clock = Math.max(Date.now(), last + 1);
  const key = newKey();
  const content = Object.assign({ v: 1, kind, at: new Date(clock).toISOString() }, who, said);
  const sealed = await sealCommand(device.public_key, device.device_id, key, content);
  await enqueue({ key, sealed }, Object.assign({ clock }, facts));
  goOn();
}

export const checkIn = (who, assisted) => say("check_in", who, { assisted }, {});

// A wish, with a place in the booth's queue: the same one as long as she wants anything else there.
// `keep` says what else the device keeps of it, in the same transaction.
export async function intend(who, post, held, assisted, keep) {
  const device = await fact("device");
  const counters = (await fact("counters")) || {};
  const issued = (await fact("issued")) || {};
  let ticket = held[post.booth_id];
  if (!ticket) {
    counters[post.booth_id] = (counters[post.booth_id] || 0) + 1;
    issued[post.booth_id] = (issued[post.booth_id] || 0) + 1;
    ticket = device.letter + String(counters[post.booth_id]).padStart(2, "0");
  }
  await say("intend", who, { vacancy_id: post.vacancy_id, ticket, assisted }, Object.assign({ counters, issued }, keep(ticket)));
  return ticket;
}

export const withdraw = (who, post, assisted, facts) =>
  say("withdraw", who, { vacancy_id: post.vacancy_id, assisted }, facts);

// How many stand before somebody who has just been given a place, as far as this device knows.
export async function before(boothId) {
  const bundle = await fact("bundle");
  const issued = (await fact("issued")) || {};
  const booth = bundle.booths.find((each) => each.id === boothId);
  return Math.max((booth ? booth.waiting : 0) + (issued[boothId] || 0) - 1, 0);
}
