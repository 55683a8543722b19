// The console by keyboard. What is done by a key can be done by Tab and Enter too; a key never fires while somebody types.
// The keys are listed for people by templates/_keys.html, which stands in every page and on /help.
(() => {
  const PATIENCE = 1500; // how long after g its letter is waited for
  const ROWS = "main table.rows tbody tr, main ol.matches > li, main ul.cards > li, main ul.todo > li, main ul.doubts > li, main .compare-desk thead th";
  const FIELD = "input:not([type=checkbox], [type=radio], [type=button], [type=submit]), textarea, select, [contenteditable]";
  let going = 0;

  const shown = (found) => found.filter((each) => each.offsetParent !== null);
  const rows = () => shown([...document.querySelectorAll(ROWS)]).filter((row) => handle(row));
  const handle = (row) => row.querySelector("th a, h3 a, h2 a, a, summary, button");
  const here = (all) => all.findIndex((row) => row.contains(document.activeElement));

  const step = (by) => {
    const all = rows();
    if (!all.length) return false;
    const at = here(all);
    const next = all[at < 0 ? (by > 0 ? 0 : all.length - 1) : Math.min(Math.max(at + by, 0), all.length - 1)];
    handle(next).focus();
    next.scrollIntoView({ block: "nearest" });
    return true;
  };
  const tick = () => {
    const all = rows(), at = here(all), box = all[at]?.querySelector("input[type=checkbox]:not(:disabled)");
    box?.click();
    return Boolean(box);
  };
  const search = () => {
    const field = shown([...document.querySelectorAll("form[role=search] input[type=search], form[role=search] input:not([type=hidden]), form[role=search] select")])[0];
    if (field) {
      field.focus();
      field.select?.();
    } else {
      const ledger = document.querySelector("nav a[href='/workers'], nav a[href='/vacancies']");
      if (ledger) location.assign(ledger.getAttribute("href") + "#find");
    }
    return true;
  };
  const follow = (selector) => {
    const link = document.querySelector(selector);
    link?.click();
    return Boolean(link);
  };
  const help = () => {
    const told = document.getElementById("keys");
    if (told && !told.open) told.showModal();
    return Boolean(told);
  };
  // Which button is meant: the one that has the cursor, else the one beside the field, else the form's, if there is one only.
  const meant = (field) => {
    const form = field.form; // a link has none
    if (!form) return null;
    if (field.matches("button, [type=submit]")) return field.type === "submit" ? field : null;
    const all = [...form.elements].filter((one) => one.matches("button:not([type=button], :disabled)"));
    const near = all.filter((one) => field.closest(".confirm")?.contains(one));
    if (!near.length && form.querySelector("[data-no-enter]")) return null;
    const few = near.length ? near : all, main = few.filter((one) => one.matches(".main"));
    const [one, other] = main.length ? main : few;
    return other ? null : (one ?? null);
  };
  const submit = (field) => {
    const button = meant(field);
    if (button) field.form.requestSubmit(button);
    return Boolean(button);
  };

  const PLAIN = {
    j: () => step(1),
    k: () => step(-1),
    x: tick,
    n: () => follow("main a[rel=next]"),
    p: () => follow("main a[rel=prev]"),
    "/": search,
    "?": help,
    g: () => (going = Date.now()),
  };

  // With a Chinese input method switched on the letter is known by its place on the keyboard alone.
  const letter = (event) => {
    if (event.key === "?" || event.key === "？") return "?";
    if (event.code === "Slash") return event.shiftKey ? "?" : "/";
    if (/^Key[A-Z]$/.test(event.code)) return event.code.slice(3).toLowerCase();
    return event.key;
  };

  // Whoever speaks to the machine, or rests a hand on the keys, switches the single letters off, on this computer.
  const off = () => document.cookie.split("; ").includes("keys=off");
  for (const box of document.querySelectorAll("input[data-keys-off]")) {
    box.checked = off();
    box.closest("label").hidden = false;
    box.addEventListener("change", () => (document.cookie = `keys=${box.checked ? "off" : "on"}; path=/; max-age=31536000; samesite=strict`));
  }

  document.addEventListener("keydown", (event) => {
    const field = event.target, typing = field.matches?.(FIELD);
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey) && !event.isComposing) {
      if (submit(field)) event.preventDefault();
      return;
    }
    if (typing && event.key === "Escape" && !event.isComposing) return field.blur();
    if (typing || off() || event.ctrlKey || event.altKey || event.metaKey || document.querySelector("dialog[open]")) return;
    const key = letter(event);
    let done = false;
    if (going && Date.now() - going < PATIENCE) {
      going = 0;
      done = /^[a-z]$/.test(key) && follow(`[data-key="${key}"]`);
    } else if (Object.hasOwn(PLAIN, key) && (!event.shiftKey || key === "?")) {
      done = PLAIN[key]();
    } else if ((event.key === "ArrowDown" || event.key === "ArrowUp") && here(rows()) >= 0 && !event.shiftKey) {
      done = step(event.key === "ArrowDown" ? 1 : -1); // else the page moves, as everywhere
    }
    if (done) event.preventDefault();
  });

  // Who came by / from a page without a list finds the cursor in the search.
  if (location.hash === "#find") search();

  // The list that one came from is known by the numbers in its links, so that the next of it is one key away.
  const LIST = "came-by", ONE = /^\/(workers|vacancies)\/\d+(?=$|\/beside$)/;
  const one = (link) => new URL(link.href, location).pathname.match(ONE); // "/workers/12" and "workers"
  document.addEventListener("click", ({ target }) => {
    const link = target.closest?.("main a[href]"), opened = link && !link.closest(".beside, .crumb") && one(link);
    const list = opened && link.closest("table.rows, ol.matches, ul.cards");
    if (!list) return;
    const found = [...list.querySelectorAll("a[href]")].map(one).filter((each) => each?.[1] === opened[1]).map(([path]) => path);
    sessionStorage.setItem(LIST, JSON.stringify([...new Set(found)]));
  });
  const place = document.querySelector(".beside[data-of]");
  const list = JSON.parse(sessionStorage.getItem(LIST) ?? "[]"), at = list.indexOf(place?.dataset.of);
  if (place && at >= 0 && list.length > 1) {
    const part = location.pathname.slice(place.dataset.of.length); // the same part of the next one's pages
    for (const [to, rel, words] of [[at - 1, "prev", "‹ 上一个"], [at + 1, "next", "下一个 ›"]]) {
      if (!list[to]) continue;
      const link = place.appendChild(document.createElement("a"));
      Object.assign(link, { href: list[to] + part, rel, textContent: words });
    }
    place.append(`名单里第${at + 1}个，共${list.length}个`);
  }
})();
