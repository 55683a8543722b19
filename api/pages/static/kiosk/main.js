// The kiosk: who stands here, which screen they see, and what their presses do. Everything that is said goes into the queue first.

import { left, QUESTIONS } from "./choosing.js";
import * as commands from "./commands.js";
import { button, forgetSyllables, known, learn, make, pinyinShown, showPinyin, write } from "./draw.js";
import { start as startReaders } from "./readers.js";
import * as screens from "./screens.js";
import { cardName, openCard, secretOf } from "./sealing.js";
import { Session } from "./session.js";
import { print } from "./slip.js";
import { canSpeak, hush, onVoices, speak } from "./speech.js";
import { card, fact, keepFact } from "./store.js";
import * as sync from "./sync.js";

const middle = document.querySelector("main"), foot = document.querySelector("#state"), bar = document.querySelector("#bar");
const ring = screens.ring();
let shown = null, stopReaders = null, own = new Set(), problem = "";
const session = new Session(onTick, forgetPerson);

// --- what is on the screen ------------------------------------------------------------------------------------------

function show(screen) {
  shown = screen;
  hush();
  middle.textContent = "";
  middle.append(screen());
  drawBar();
  const heading = middle.querySelector("h1");
  if (heading) heading.focus({ preventScroll: true });
  middle.scrollTop = 0;
}

function drawBar() {
  bar.textContent = "";
  if (session.person) bar.append(button("‹ 返回", back, "back"), ring);
  const tools = make("div.tools", {});
  if (canSpeak()) tools.append(button("听一听", () => speak(middle.innerText), "tool"));
  const spelt = button(pinyinShown() ? "不要拼音" : "拼音", () => { showPinyin(!pinyinShown()); show(shown); }, "tool");
  spelt.setAttribute("aria-pressed", String(pinyinShown()));
  const help = button(session.assisted ? "工作人员协助中" : "请工作人员帮忙", () => {
    session.assisted = !session.assisted;
    if (session.person) session.touch();
    show(shown);
  }, "tool");
  help.setAttribute("aria-pressed", String(session.assisted));
  tools.append(spelt, help);
  bar.append(tools);
}

function drawState(state) {
  const kept = state.waiting ? "，" + state.waiting + "条记录存在本机" : "";
  write(foot, state.online ? (state.waiting ? "↑ 已联网" + kept + "，正在上传" : "✓ 已联网，全部上传") : "● 没有网络" + kept + "，可以照常使用");
  foot.dataset.online = String(state.online);
  foot.dataset.waiting = String(state.waiting);
  if (state.refused) foot.append("　！" + state.refused + "条没有收下，请工作人员登记");
  if (state.revoked && shown !== revokedScreen) {
    session.person = null;
    show(revokedScreen);
  }
}

const revokedScreen = () => make("div.middle", {}, screens.revoked(), screens.enrol({ enrol }, problem));

function onTick(seconds, most, soon) {
  ring.show(seconds, most);
  document.body.classList.toggle("soon", soon);
}

// --- who stands here ------------------------------------------------------------------------------------------------

async function home(hint) {
  const bundle = await fact("bundle");
  if (bundle) learn(bundle.ruby);
  own = own.size ? own : known();
  show(() => screens.welcome({ number: askNumber, browse }, bundle, hint || ""));
}

async function begin(person) {
  person.wishes = (person.who.card && (await fact("held:" + person.who.card))) || {};
  session.begin(person);
  await commands.checkIn(person.who, session.assisted);
}

// Something was read or typed: a code opens the card that lies here, a number asks the service, if there is one.
async function read(found) {
  if (!(await fact("device"))) return;
  if (session.person && session.person.who) return;
  show(screens.waiting);
  if (found.code) await byCode(found.code);
  else await byNumber(found.number);
}

async function byCode(code) {
  const secret = secretOf(code);
  const name = await cardName(secret);
  if (!(await card(name))) await sync.askAgain();
  const kept = await card(name);
  if (!kept) {
    // Invited after this device was last told who is: she goes on without a ranking, and what she says is hers.
    await begin({ who: { card: name }, card: null, note: "本机还没有您的岗位卡，回答几个问题，看看岗位。" });
    ask(0, {});
    return;
  }
  const told = await openCard(secret, kept.sealed).catch(() => null);
  if (!told) {
    await home("这张邀请打不开，请工作人员帮忙，或输入身份证号码。");
    return;
  }
  await begin({ who: { card: name }, card: told });
  withCard();
}

async function byNumber(number) {
  const pending = session.person && session.person.pending;
  const found = await sync.findCard(number);
  if (found) {
    await begin({ who: { card: found.name }, card: found.card });
    withCard();
    return;
  }
  const before = session.person;
  await begin({ who: { number }, card: null });
  if (pending) {
    Object.assign(session.person, { rows: before.rows, at: before.at });
    await want();
  } else {
    ask(0, {});
  }
}

function withCard() {
  const person = session.person;
  learn(person.card.ruby);
  Object.assign(person, { rows: person.card.posts, at: 0, greeting: person.card.greeting, ranked: person.card.ranked });
  person.note = "这场招聘会没有排得上的岗位，回答几个问题，看看别的。";
  if (person.rows.length) look();
  else ask(0, {});
}

function askNumber() {
  if (!session.person) session.begin({ who: null, wishes: {} });
  show(() => screens.number({ typed }, "", problem));
  problem = "";
}

async function typed(text) {
  if (!/^[0-9]{17}[0-9X]$/.test(text)) {
    problem = "身份证号码是18位，请核对。";
    askNumber();
    return;
  }
  await read({ number: text });
}

// --- posts ----------------------------------------------------------------------------------------------------------

function browse() {
  if (!session.person) session.begin({ who: null, wishes: {} });
  ask(0, {});
}

async function ask(at, answers) {
  const bundle = await fact("bundle");
  const person = session.person;
  if (!person) return;
  const rows = bundle ? left(bundle.posts, answers) : [];
  if (at === QUESTIONS.length || !rows.length) {
    Object.assign(person, { rows, at: 0, ranked: false });
    if (rows.length) look();
    else show(() => screens.nothing({ browse, finish }));
    return;
  }
  const answer = (value) => ask(at + 1, Object.assign({}, answers, { [QUESTIONS[at].name]: value }));
  show(() => screens.question({ answer }, QUESTIONS[at], rows.length, at ? "" : person.note));
}

function look() {
  show(() => {
    const person = session.person;
    const row = person.rows[person.at];
    const wish = person.wishes[row.vacancy_id];
    const told = { greeting: person.greeting, row, at: person.at, of: person.rows.length, ranked: person.ranked, chosen: wish && wish.ticket };
    return screens.post({ want, drop, next }, told);
  });
}

// The wish is on the disk before the screen says so.
async function want() {
  const person = session.person;
  if (!person.who) {
    person.pending = true;
    show(() => screens.number({ typed }, "请放身份证，或输入号码", ""));
    return;
  }
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
  if (session.person === person) look();
}

async function drop() {
  const person = session.person;
  const row = person.rows[person.at];
  const wishes = Object.assign({}, person.wishes);
  delete wishes[row.vacancy_id];
  const facts = person.who.card ? { ["held:" + person.who.card]: publicly(wishes) } : {};
  await commands.withdraw(person.who, row, session.assisted, facts);
  person.wishes = wishes;
  if (session.person === person) look();
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

async function lines() {
  const found = [];
  for (const each of Object.values(session.person.wishes)) {
    const before = await commands.before(each.row.booth_id);
    found.push({ booth: each.row.booth, employer: each.row.employer, title: each.row.title, pay: each.row.pay, ticket: each.ticket, before });
  }
  return found;
}

async function sum() {
  const told = await lines();
  show(() => screens.chosen({ print: printSlip, finish, again }, told));
}

function again() {
  session.person.at = 0;
  if (session.person.rows && session.person.rows.length) look();
  else browse();
}

async function printSlip() {
  const bundle = await fact("bundle");
  print(bundle, session.person.greeting || "您好", await lines(), !sync.state.online);
}

function back() {
  const person = session.person;
  if (person && person.rows && person.at > 0) {
    person.at -= 1;
    look();
  } else {
    finish();
  }
}

function finish() {
  session.end();
}

// Nothing of whoever stood here stays, on the screen or in memory: the page begins anew.
function forgetPerson() {
  hush();
  middle.textContent = "";
  document.querySelectorAll(".slip").forEach((slip) => slip.remove());
  document.body.classList.remove("soon");
  session.assisted = false;
  showPinyin(false);
  forgetSyllables(own);
  location.replace("/kiosk");
}

// --- the device -----------------------------------------------------------------------------------------------------

async function enrol(code, bridge) {
  problem = await sync.enrol(code).catch(() => "没有网络，启用要联网。");
  if (problem) {
    show(() => screens.enrol({ enrol }, problem));
    problem = "";
    return;
  }
  await keepFact("bridge", bridge);
  await begun();
}

async function begun() {
  if (stopReaders) stopReaders();
  stopReaders = startReaders(read, await fact("bridge"));
  await home();
}

async function run() {
  if (!window.isSecureContext || !crypto.subtle) {
    middle.append(make("p.problem", { role: "alert" }, "请用 https 地址打开本页。"));
    return;
  }
  if ("serviceWorker" in navigator) await navigator.serviceWorker.register("/kiosk/sw.js", { scope: "/kiosk" });
  const words = await fetch("/kiosk/words.json").then((answer) => answer.json()).catch(() => ({}));
  learn(words);
  sync.onChange(drawState);
  onVoices(drawBar);
  window.addEventListener("pagehide", () => { middle.textContent = ""; });
  if (await fact("device")) await begun();
  else show(() => screens.enrol({ enrol }, ""));
  await sync.start();
}

run();
