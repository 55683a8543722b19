// What she looks at: questions where there is no card, one post a screen, what was chosen, and the slip.

import { left, QUESTIONS } from "./choosing.js";
import * as commands from "./commands.js";
import * as screens from "./screens.js";
import { print } from "./slip.js";
import { session, show } from "./stage.js";
import { fact } from "./store.js";
import { state } from "./sync.js";

export const NOT_KEPT = "没有存上，请找工作人员。";
let identify = () => {}, onceMore = () => {};

// How it is asked who she is, by whoever knows how.
export function identifyBy(asking) {
  identify = asking;
}
export function againBy(beginning) {
  onceMore = beginning;
}

const finish = () => session.end();
const chosen = (person) => Object.keys(person.wishes).length > 0;

export function browse() {
  if (!session.person) session.begin({ who: null, wishes: {} });
  session.person.trail = [];
  ask(0, {});
}

export async function ask(at, answers) {
  const person = session.person;
  const bundle = await fact("bundle");
  if (!person || session.person !== person) return;
  const rows = bundle ? left(bundle.posts, answers) : [];
  person.trail = person.trail.slice(0, at);
  person.back = at ? () => ask(at - 1, person.trail[at - 1]) : chosen(person) ? sum : null;
  if (at === QUESTIONS.length || !rows.length) {
    Object.assign(person, { rows, at: 0, ranked: false });
    if (rows.length) look();
    else show(() => screens.nothing({ browse, finish }));
    return;
  }
  person.trail.push(answers);
  const answer = (value) => ask(at + 1, Object.assign({}, answers, { [QUESTIONS[at].name]: value }));
  show(() => screens.question({ answer }, QUESTIONS[at], rows.length, at ? "" : person.note));
}

export function look(problem) {
  const person = session.person;
  const last = person.trail.length - 1;
  if (person.at > 0) person.back = () => { person.at -= 1; look(); };
  else if (chosen(person)) person.back = sum;
  else person.back = last >= 0 ? () => ask(last, person.trail[last]) : null;
  show(() => {
    const row = person.rows[person.at];
    const wish = person.wishes[row.vacancy_id];
    const told = { greeting: person.greeting, row, at: person.at, of: person.rows.length, ranked: person.ranked };
    return screens.post({ want, drop, next, sum }, Object.assign(told, { ticket: wish && wish.ticket, any: chosen(person), problem }));
  });
}

// Something is said, once; the screen says so when the disk has it, and says it where the disk has not.
async function saying(person, work) {
  if (person.busy) return;
  person.busy = true;
  let problem = "";
  try {
    await work();
  } catch (error) {
    problem = NOT_KEPT;
  } finally {
    person.busy = false;
  }
  if (session.person === person) look(problem);
}

export async function want() {
  const person = session.person;
  if (!person.who) {
    person.pending = true;
    identify();
    return;
  }
  await saying(person, async () => {
    const row = person.rows[person.at];
    const held = {};
    for (const each of Object.values(person.wishes)) held[each.row.booth_id] = each.ticket;
    const wishes = Object.assign({}, person.wishes);
    const keep = (ticket) => {
      wishes[row.vacancy_id] = { row, ticket };
      return person.who.card ? { ["held:" + person.who.card]: publicly(wishes) } : {};
    };
    await commands.intend(person.who, row, held, session.assisted, keep);
    person.wishes = wishes;
  });
}

async function drop() {
  const person = session.person;
  await saying(person, async () => {
    const row = person.rows[person.at];
    const wishes = Object.assign({}, person.wishes);
    delete wishes[row.vacancy_id];
    const facts = person.who.card ? { ["held:" + person.who.card]: publicly(wishes) } : {};
    await commands.withdraw(person.who, row, session.assisted, facts);
    person.wishes = wishes;
  });
}

// What stays here of somebody's wishes, under their card's name: posts and tickets, and nothing of why.
function publicly(wishes) {
  const kept = {};
  for (const number of Object.keys(wishes)) {
    const { vacancy_id, booth_id, booth, title, employer, pay } = wishes[number].row;
    kept[number] = { ticket: wishes[number].ticket, row: { vacancy_id, booth_id, booth, title, employer, pay } };
  }
  return kept;
}

function next() {
  const person = session.person;
  if (person.at + 1 < person.rows.length) {
    person.at += 1;
    look();
  } else {
    sum();
  }
}

async function lines(person) {
  const found = [];
  for (const each of Object.values(person.wishes)) {
    const before = await commands.before(each.row.booth_id);
    found.push({ booth: each.row.booth, employer: each.row.employer, title: each.row.title, pay: each.row.pay, ticket: each.ticket, before });
  }
  return found;
}

async function sum() {
  const person = session.person;
  const told = await lines(person);
  if (session.person !== person) return;
  person.back = person.rows && person.rows.length ? () => look() : null;
  show(() => screens.chosen({ print: printSlip, finish, again: () => onceMore() }, told));
}

async function printSlip() {
  const person = session.person;
  print(await fact("bundle"), person.greeting || "您好", await lines(person), !state.online);
}
