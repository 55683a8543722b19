// Who stands here: a code or a number is read, typed, or asked for. Whoever is read next ends the session of whoever was here.

import * as commands from "./commands.js";
import { learn } from "./draw.js";
import { ask, browse, identifyBy, look, NOT_KEPT, want } from "./looking.js";
import { meaning } from "./readers.js";
import * as screens from "./screens.js";
import { cardName, cardProof, openCard, secretOf } from "./sealing.js";
import { clear, learnFair, session, show } from "./stage.js";
import { card, fact } from "./store.js";
import * as sync from "./sync.js";

let reading = false, latest = null;
identifyBy(askNumber);

export async function home(hint) {
  const bundle = await fact("bundle");
  if (bundle) learnFair(bundle.ruby);
  show(() => screens.welcome({ number: () => askNumber(), browse }, bundle, hint || ""));
}

// Something was read or typed: a code opens the card that lies here, a number asks the service, if there is one.
export async function read(found) {
  if (reading) {
    latest = found;
    return;
  }
  reading = true;
  try {
    if (await fact("device")) await meet(found);
  } catch (error) {
    failed(session.person);
  } finally {
    reading = false;
  }
  const next = latest;
  latest = null;
  if (next) await read(next);
}

async function meet(found) {
  const said = found.code || found.number;
  let person = session.person;
  if (person && person.said === said) return;
  if (person && person.who) {
    session.leave();
    clear();
    person = null;
  }
  // The time runs from here on: an answer may take as long as the line lets it.
  if (!person) {
    person = { who: null, wishes: {}, trail: [] };
    session.begin(person);
  }
  person.said = said;
  person.back = null;
  show(screens.waiting);
  if (found.code) await byCode(person, found);
  else await byNumber(person, found.number);
}

async function byCode(person, found) {
  const secret = secretOf(found.code);
  const who = { card: await cardName(secret), proof: await cardProof(secret) };
  if (!(await card(who.card))) await sync.askAgain();
  const kept = await card(who.card);
  const told = kept ? await openCard(secret, kept.sealed).catch(() => null) : null;
  if (session.person !== person) return;
  if (!told && (kept || found.typed)) {
    person.said = null;
    askNumber(kept ? "这张邀请打不开，请工作人员帮忙，或输入身份证号码。" : "没有找到这张邀请，请核对邀请码。", found.typed);
    return;
  }
  // Invited after this device was last told who is: she goes on without a ranking, and what she says is hers.
  const note = told ? "" : "本机还没有您的岗位卡，回答几个问题，看看岗位。";
  await begin(person, { who, card: told, note });
}

async function byNumber(person, number) {
  const found = await sync.findCard(number);
  if (session.person !== person) return;
  if (found) await begin(person, { who: { card: found.name, proof: found.proof }, card: found.card });
  else await begin(person, { who: { number }, card: null });
}

// Known from here on. A wish that was said before is said now; otherwise her card, or the questions.
async function begin(person, told) {
  const held = (told.who.card && (await fact("held:" + told.who.card))) || {};
  await commands.checkIn(told.who, session.assisted);
  if (session.person !== person) return;
  Object.assign(person, told, { wishes: held, greeting: told.card ? told.card.greeting : "" });
  if (told.card) learn(told.card.ruby);
  if (person.pending) {
    person.pending = false;
    await want();
  } else {
    await begun(person);
  }
}

// What the service ranked for her, as far as it is offered still, at the booth where it is by now.
async function begun(person) {
  if (!person.card) {
    ask(0, {});
    return;
  }
  const bundle = await fact("bundle");
  const now = new Map(bundle ? bundle.posts.map((post) => [post.vacancy_id, post]) : []);
  const rows = person.card.posts.filter((post) => !bundle || now.has(post.vacancy_id)).map((post) => {
    const { booth, booth_id } = now.get(post.vacancy_id) || post;
    return Object.assign({}, post, { booth, booth_id });
  });
  Object.assign(person, { rows, at: 0, trail: [], ranked: person.card.ranked });
  person.note = "这场招聘会没有排得上的岗位，回答几个问题，看看别的。";
  if (rows.length) look();
  else ask(0, {});
}

export function again() {
  const person = session.person;
  if (person.card) return begun(person);
  person.at = 0;
  return person.rows && person.rows.length ? look() : browse();
}

// Nothing was kept, so nobody is known: it can be tried again.
function failed(person) {
  if (!person || session.person !== person) return;
  Object.assign(person, { who: null, said: null, back: null });
  show(() => screens.failed({ finish: () => session.end() }, NOT_KEPT));
}

function askNumber(problem, code) {
  if (!session.person) session.begin({ who: null, wishes: {}, trail: [] });
  const person = session.person;
  person.back = person.pending ? () => { person.pending = false; look(); } : null;
  const act = { typed, other: () => askNumber("", !code) };
  show(() => screens.number(act, person.pending ? "请放身份证，或输入号码" : "", problem || "", code));
}

async function typed(text, code) {
  const found = meaning(text);
  if (found) await read(Object.assign(found, { typed: true }));
  else askNumber(code ? "邀请码不全，请核对。" : "身份证号码不对，请核对。", code);
}
