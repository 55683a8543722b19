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

// The number of an ID card, or of an invitation; nothing of it stays on the screen but its length.
export function number(act, asked, problem) {
  let typed = "";
  const shown = make("output.typed", { "aria-live": "polite", "aria-label": "已输入" });
  const show = () => {
    shown.textContent = typed ? typed.slice(0, -4).replace(/./g, "●") + typed.slice(-4) : "—";
  };
  const press = (letter) => () => {
    if (typed.length < 18) typed += letter;
    show();
  };
  const keys = ["1", "2", "3", "4", "5", "6", "7", "8", "9", "X", "0"].map((letter) => button(letter, press(letter), "key"));
  const back = button("删除", () => { typed = typed.slice(0, -1); show(); }, "key");
  show();
  return make("div.middle", {},
    make("h1", { tabindex: "-1" }, asked || "请输入身份证号码"),
    problem ? make("p.problem", { role: "alert" }, problem) : null,
    shown, make("div.keys", {}, keys, back),
    button("确定", () => act.typed(typed), "main"));
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
  const { greeting, row, at, of, chosen, ranked } = told;
  const list = (title, lines) => lines && lines.length
    ? make("section", {}, make("h3", {}, title), make("ul", {}, lines.map((line) => make("li", {}, line)))) : null;
  return make("div.middle.post", {},
    make("h1", { tabindex: "-1" }, greeting ? greeting : "岗位", greeting ? "，您好" : ""),
    make("p.lead", {}, ranked ? "按您的情况排的，第" : "没有按您的情况排序，第", String(at + 1), "个，共", String(of), "个"),
    make("article" + (chosen ? ".chosen" : ""), {},
      make("p.pay", {}, row.pay),
      make("h2", {}, row.title),
      make("p.where", {}, row.place),
      make("p.given", {}, [row.lodging, row.meals, row.shift, row.ages].filter(Boolean).map((words) => make("span.tag", {}, words))),
      make("p", {}, row.employer),
      make("p.booth", {}, row.booth, "号展位"),
      row.from_home ? make("p.home", {}, row.from_home) : null,
      list("为什么推荐", row.why),
      list("要留意", row.mind),
      chosen ? make("p.mark", {}, "✓ 已选，排队号", chosen) : null),
    make("div.two", {},
      chosen ? button("不去了", act.drop) : button("想去", act.want, "main"),
      button(at + 1 < of ? "看下一个" : "看完了", act.next)));
}

export function chosen(act, lines) {
  return make("div.middle", {},
    make("h1", { tabindex: "-1" }, lines.length ? "您选的岗位" : "还没有选岗位"),
    make("ul.lines", {}, lines.map((line) => make("li", {},
      make("strong", {}, line.booth, "号展位，排队号", line.ticket),
      make("p", {}, line.title, "　", line.pay), make("p", {}, "前面大约", String(line.before), "人")))),
    make("div.two", {},
      lines.length ? button("打印小票", act.print, "main") : button("重新看一遍", act.again, "main"),
      button("结束", act.finish)));
}

export const nothing = (act) => make("div.middle", {},
  make("h1", { tabindex: "-1" }, "没有符合的岗位"),
  make("p.lead", {}, "可以换个回答，或请工作人员帮忙。"),
  make("div.two", {}, button("重新回答", act.browse, "main"), button("结束", act.finish)));

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
