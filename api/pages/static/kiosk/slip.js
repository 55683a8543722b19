// The slip: 80 mm of paper with booths and queue places. It is on the page only while it is printed.

import { make } from "./draw.js";

// `lines`: for each wish the booth, the employer, the post, the pay, the ticket and how many stand before.
export function print(fair, greeting, lines, offline) {
  const slip = make("section.slip", { "aria-hidden": "true" },
    make("h1", {}, fair.fair),
    make("p", {}, greeting + "，您选的岗位："),
    ...lines.map((line) => make("article", {},
      make("p.place", {}, line.booth + "号展位"),
      make("p.ticket", {}, "排队号 " + line.ticket),
      make("p", {}, line.employer),
      make("p", {}, line.title + "　" + line.pay),
      make("p", {}, "前面大约" + line.before + "人")
    )),
    make("p", {}, new Date().toLocaleString("zh-CN", { hour12: false, timeZone: "Asia/Shanghai" })),
    make("p", {}, offline ? "记录已保存在终端，联网后自动上传。" : "听到或看到排队号，请到展位。"),
    make("p", {}, "凭这张小票排队，请不要丢。")
  );
  document.body.append(slip);
  const away = () => slip.remove();
  window.addEventListener("afterprint", away, { once: true });
  try {
    window.print();
  } finally {
    setTimeout(away, 1000);
  }
}
