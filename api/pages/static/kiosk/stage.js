// What stands on the screen: one screen at a time, the bar above it with the time that is left, and the state of the line below.

import { button, forgetSyllables, known, learn, make, pinyinShown, showPinyin, write } from "./draw.js";
import * as screens from "./screens.js";
import { Session } from "./session.js";
import { canSpeak, hush, onVoices, speak, toSay } from "./speech.js";

const QUIET = 600;
const middle = document.querySelector("main"), foot = document.querySelector("#state"), bar = document.querySelector("#bar");
const ring = screens.ring(), flaws = new Set();
let shown = null, own = null, drawnAt = -QUIET, settling = null;
export const session = new Session(onTick, forgetPerson);

export function show(screen) {
  shown = screen;
  hush();
  middle.textContent = "";
  middle.append(screen());
  drawBar();
  const heading = middle.querySelector("h1");
  if (heading) heading.focus({ preventScroll: true });
  middle.scrollTop = 0;
  drawnAt = performance.now();
  document.body.classList.add("fresh");
  clearTimeout(settling);
  settling = setTimeout(() => document.body.classList.remove("fresh"), QUIET);
}

// A second tap of the same thumb means what stood there before, not what has just come into its place.
function unmeant(event) {
  if (performance.now() - drawnAt >= QUIET || !event.target.closest("button")) return;
  event.preventDefault();
  event.stopPropagation();
}

export function drawBar() {
  bar.textContent = "";
  if (session.person) bar.append(button("‹ 返回", back, "back"), ring);
  const tools = make("div.tools", {});
  if (canSpeak()) tools.append(button("听一听", () => speak(toSay(middle)), "tool"));
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

// Where 返回 leads is the screen's to say; from the first one out of the session.
function back() {
  const person = session.person;
  if (person && person.back) person.back();
  else session.end();
}

// Something is wrong with this machine, for its people to see to; it goes on all the same.
export function flawed(words) {
  flaws.add(words);
  foot.append("　！", words);
}

export function drawState(state, revoked) {
  const kept = state.waiting ? "，" + state.waiting + "条记录存在本机" : "";
  write(foot, state.online ? (state.waiting ? "↑ 已联网" + kept + "，正在上传" : "✓ 已联网，全部上传") : "● 没有网络" + kept + "，可以照常使用");
  foot.dataset.online = String(state.online);
  foot.dataset.waiting = String(state.waiting);
  if (state.refused) foot.append("　！" + state.refused + "条没有收下，请工作人员登记");
  for (const words of flaws) foot.append("　！", words);
  if (state.revoked && shown !== revoked) {
    session.leave();
    show(revoked);
  }
}

function onTick(seconds, most, soon) {
  ring.show(seconds, most);
  document.body.classList.toggle("soon", soon);
}

// What the fair says is everybody's; what a card says goes with its person.
export function learnFair(ruby) {
  learn(ruby);
  own = own || known();
}

// Nothing of whoever stood here stays on the screen.
export function clear() {
  hush();
  middle.textContent = "";
  document.querySelectorAll(".slip").forEach((slip) => slip.remove());
  document.body.classList.remove("soon");
  session.assisted = false;
  showPinyin(false);
  if (own) forgetSyllables(own);
}

// Nor in memory: the page begins anew.
function forgetPerson() {
  clear();
  location.replace("/kiosk");
}

// Instead of any screen, where none can be.
export function only(words) {
  middle.append(make("p.problem", { role: "alert" }, words));
}

export function ready() {
  onVoices(drawBar);
  document.addEventListener("click", unmeant, true);
  window.addEventListener("pagehide", () => { middle.textContent = ""; });
}
