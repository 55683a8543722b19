// The kiosk: the device is enrolled, kept up to date, and listens to its readers. Everything that is said goes into the queue first.

import { learn, make } from "./draw.js";
import { againBy } from "./looking.js";
import { start as startReaders } from "./readers.js";
import * as screens from "./screens.js";
import { drawState, flawed, only, ready, show } from "./stage.js";
import { fact, keepFact, lasting } from "./store.js";
import * as sync from "./sync.js";
import { again, home, read } from "./visitor.js";

let stopReaders = null;

const revokedScreen = () => make("div.middle", {}, screens.revoked(), screens.enrol({ enrol }, ""));

async function enrol(code, bridge) {
  const problem = await sync.enrol(code).catch(() => "没有网络，启用要联网。");
  if (problem) {
    show(() => screens.enrol({ enrol }, problem));
    return;
  }
  await keepFact("bridge", bridge);
  // Where the browser may clear it away when the disk is full, those who set the machine up are told.
  await begun((await lasting()) ? "" : "磁盘满时浏览器可能清除记录，请工作人员留足空间。");
}

async function begun(hint) {
  if (stopReaders) stopReaders();
  stopReaders = startReaders(read, await fact("bridge"));
  await home(hint);
}

async function run() {
  if (!window.isSecureContext || !crypto.subtle) {
    only("请用 https 地址打开本页。");
    return;
  }
  try {
    await navigator.serviceWorker.register("/kiosk/sw.js", { scope: "/kiosk" });
  } catch (error) {
    flawed("离线不可用");
  }
  learn(await fetch("/kiosk/words.json").then((answer) => answer.json()).catch(() => ({})));
  againBy(again);
  ready();
  sync.onChange((state) => drawState(state, revokedScreen));
  try {
    if (await fact("device")) await begun();
    else show(() => screens.enrol({ enrol }, ""));
  } catch (error) {
    // What the device keeps can't be opened now: nothing may be said at it, and it tries again by itself.
    only("本机的存储打不开，请找工作人员。");
    setTimeout(() => location.reload(), 10000);
    return;
  }
  await sync.start();
}

run();
