// The screens: one question each. Every function makes the middle of one screen from what it is told and what may be pressed.

import { button, make } from "./draw.js";

// Staff type the code of this device, once.
export function enrol(act, problem) {
  const input = make("input", { type: "text", autocomplete: "off", maxlength: "14", "aria-label": "启用码", inputmode: "text" });
  const bridge = make("input", { type: "checkbox", id: "bridge" });
  const form = make("form.enrol", {},
    make("h1", { tabindex: "-1" }, "启用这台终端"),
    make("p", {}, "请工作人员在招聘会页面登记终端，把启用码输入这里。"),
    problem ? make("p.problem", { role: "alert" }, problem) : null,
    input,
    make("label.tick", { for: "bridge" }, bridge, "本机装有读卡程序"),
    make("button.main", { type: "submit" }, "启用")
  );
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    act.enrol(input.value, bridge.checked);
  });
  return form;
}

export const revoked = () => make("div.middle", {},
  make("h1", { tabindex: "-1" }, "本机已停用"),
  make("p", {}, "机上的数据已全部清除。"));

export function welcome(act, bundle, hint) {
  return make("div.middle", {},
    make("h1", { tabindex: "-1" }, bundle ? bundle.fair : "招聘会"),
    hint ? make("p.problem", { role: "alert" }, hint) : null,
    make("p.lead", {}, "请扫邀请上的二维码，或把身份证放在读卡器上。"),
    make("div.two", {},
      button("输入号码", act.number, "main"),
      button("没有邀请，看看岗位", act.browse)));
}

// The number of an ID card, of which nothing but its length is on the screen; or the code of an invitation, letter by letter.
export function number(act, asked, problem, code) {
  const most = code ? 29 : 18, first = code ? "WGQ" : "";
  let typed = first;
  const shown = make("output.typed", { "aria-label": "已输入" });
  const show = () => {
    // In the groups in which it is printed.
    const groups = [0, 7, 13, 19, 25].map((at, place, all) => typed.slice(at, all[place + 1]));
    shown.textContent = (code ? groups.join(" ") : typed.replace(/./g, "●")) || "—";
  };
  const press = (letter) => () => {
    if (typed.length < most) typed += letter;
    show();
  };
  const letters = code ? "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567" : "123456789X0";
  const keys = letters.split("").map((letter) => button(letter, press(letter), "key"));
  const back = button("删除", () => { if (typed.length > first.length) typed = typed.slice(0, -1); show(); }, "key");
  show();
  return make("div.middle", {},
    make("h1", { tabindex: "-1" }, code ? "请输入邀请码（WGQ以后的）" : asked || "请输入身份证号码"),
    problem ? make("p.problem", { role: "alert" }, problem) : null,
    shown, make("div.keys" + (code ? ".letters" : ""), {}, keys, back),
    make("div.two", {},
      button("确定", () => act.typed(typed, code), "main"),
      button(code ? "改用身份证号码" : "改用邀请码", act.other)));
}

export function question(act, asked, left, note) {
  return make("div.middle", {},
    make("h1", { tabindex: "-1" }, asked.words),
    note ? make("p.lead", {}, note) : null,
    make("p.lead", {}, "还有", String(left), "个岗位"),
    make("div.answers", {}, asked.answers.map(([value, words]) => button(words, () => act.answer(value)))));
}

// One post, as large as the screen lets it be: pay first, then where and lodging, then who is there from home, then why.
export function post(act, told) {
  const { greeting, row, at, of, ticket, any, ranked, problem } = told;
  const last = at + 1 === of;
  const list = (title, lines) => lines && lines.length
    ? make("section", {}, make("h3", {}, title), make("ul", {}, lines.map((line) => make("li", {}, line)))) : null;
  return make("div.middle.post", {},
    make("h1", { tabindex: "-1" }, greeting ? greeting : "岗位", greeting ? "，您好" : ""),
    problem ? make("p.problem", { role: "alert" }, problem) : null,
    make("p.lead", {}, ranked ? "按您的情况排的，第" : "没有按您的情况排序，第", String(at + 1), "个，共", String(of), "个"),
    make("article" + (ticket ? ".chosen" : ""), {},
      make("p.pay", {}, row.pay),
      make("h2", {}, row.title),
      make("p.where", {}, row.place),
      make("p.given", {}, [row.lodging, row.meals, row.shift, row.ages].filter(Boolean).map((words) => make("span.tag", {}, words))),
      make("p", {}, row.employer),
      make("p.booth", {}, row.booth, "号展位"),
      row.from_home ? make("p.home", {}, row.from_home) : null,
      list("为什么推荐", row.why),
      list("要留意", row.mind),
      ticket ? make("p.mark", {}, "✓ 已选，排队号", ticket) : null),
    make("div.two" + (any && !last ? ".three" : ""), {},
      ticket ? button("不去了", act.drop) : button("想去", act.want, "main"),
      last ? null : button("看下一个", act.next),
      any ? button("看完了，打印小票", act.sum) : last ? button("看完了", act.sum) : null));
}

export function chosen(act, lines) {
  return make("div.middle", {},
    make("h1", { tabindex: "-1" }, lines.length ? "您选的岗位" : "还没有选岗位"),
    make("ul.lines", {}, lines.map((line) => make("li", {},
      make("strong", {}, line.booth, "号展位，排队号", line.ticket),
      make("p", {}, line.title, "　", line.pay), make("p", {}, "前面大约", String(line.before), "人")))),
    make("div.two" + (lines.length ? ".three" : ""), {},
      lines.length ? button("打印小票", act.print, "main") : null,
      button("重新看一遍", act.again, lines.length ? "" : "main"),
      button("结束", act.finish)));
}

export const nothing = (act) => make("div.middle", {},
  make("h1", { tabindex: "-1" }, "没有符合的岗位"),
  make("p.lead", {}, "可以换个回答，或请工作人员帮忙。"),
  make("div.two", {}, button("重新回答", act.browse, "main"), button("结束", act.finish)));

// What was said is not on the disk, and nobody must think it is.
export const failed = (act, words) => make("div.middle", {},
  make("h1", { tabindex: "-1" }, words),
  make("p.lead", {}, "刚才选的没有记下，可以再试一次。"),
  make("div.two", {}, button("结束", act.finish, "main")));

export const waiting = () => make("div.middle", {}, make("h1", { tabindex: "-1" }, "请稍等"));

// How long the device still remembers whoever stands here.
export function ring() {
  const space = "http://www.w3.org/2000/svg";
  const draw = (name, attributes) => {
    const element = document.createElementNS(space, name);
    for (const each of Object.keys(attributes)) element.setAttribute(each, attributes[each]);
    return element;
  };
  const svg = draw("svg", { viewBox: "0 0 36 36", "aria-hidden": "true" });
  const circle = draw("circle", { cx: "18", cy: "18", r: "15.9", class: "left", "stroke-dasharray": "100 100" });
  svg.append(draw("circle", { cx: "18", cy: "18", r: "15.9", class: "whole" }), circle);
  const words = make("span", {});
  const element = make("div.ring", { role: "timer" }, svg, words);
  element.show = (left, most) => {
    circle.setAttribute("stroke-dasharray", Math.round((100 * left) / most) + " 100");
    words.textContent = left + "秒后忘记您";
  };
  return element;
}
