// What is typed is not lost: over a reload, a new log-in, a refusal, a broken line or a restart of the service.
//
// It is kept in this tab alone, sealed under a key of the account that comes with every page and is written down nowhere,
// until it was saved, for eight hours, or until somebody logs out. Without a safe line browsers seal nothing, and nothing
// is kept then. Never kept: passwords, codes, files.
(() => {
  const LIVES = 8 * 3600 * 1000, KEPT = "typed:", SENT = "typed-sent:", MARK = "typed-";
  const told = document.querySelector("meta[name=typed-key]")?.content;
  const bytes = (text) => Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));
  const text = (all) => btoa(Array.from(new Uint8Array(all), (one) => String.fromCharCode(one)).join(""));
  const sealing = told && crypto.subtle ? crypto.subtle.importKey("raw", bytes(told), "AES-GCM", false, ["encrypt", "decrypt"]) : null;
  const known = new WeakMap(), waits = new WeakMap(), refused = document.querySelector("main > .notice.bad");
  const names = (first) => Object.keys(sessionStorage).filter((name) => name.startsWith(first));

  // Which fields, and what each held when the page came.
  const TYPED = "textarea, select, input:not([type=hidden], [type=password], [type=file], [type=submit], [type=button], [autocomplete=one-time-code])";
  const ticked = (field) => field.matches("[type=checkbox], [type=radio]");
  const held = (field) => (ticked(field) ? field.checked : field.value);
  const came = (field) => {
    if (ticked(field)) return field.defaultChecked;
    if (!field.matches("select")) return field.defaultValue;
    return ([...field.options].find((option) => option.defaultSelected) ?? field.options[0])?.value ?? "";
  };
  const fields = (form) => {
    const seen = {};
    return [...form.elements].filter((field) => field.name && field.matches(TYPED)).map((field) => {
      // A tick is known by what it stands for: the list may be in another order by then.
      const name = ticked(field) ? `${field.name}=${field.value}` : field.name;
      seen[name] = (seen[name] ?? 0) + 1;
      return [`${name}#${seen[name]}`, field];
    });
  };
  const posts = (form) => form.matches?.("main form[method=post i]");
  const kept = (form) => sealing && posts(form) && !form.matches("[data-unkept]") && !form.querySelector("[type=password], [autocomplete=one-time-code]") && fields(form).length > 0;

  // A form is known by where it sends to, by whom or what it is about, and by its place among such.
  const nameOf = (form) => {
    const own = (each) => [each.getAttribute("action"), ...[...each.querySelectorAll("input[type=hidden]")]
      .filter((field) => !["form_token", "version", "back", "next", "typed_mark"].includes(field.name)).map((field) => field.value)].join(" ");
    const alike = [...document.querySelectorAll("main form")].filter((each) => own(each) === own(form));
    return `${KEPT}${own(form)} ${alike.indexOf(form)}`;
  };

  let out = false; // whoever has logged out leaves nothing, not what was being sealed either
  const keep = async (form) => {
    clearTimeout(waits.get(form));
    if (out || !kept(form)) return;
    const before = known.get(form) ?? {}, now = {};
    for (const [name, field] of fields(form)) if (name in before || held(field) !== came(field)) now[name] = held(field);
    known.set(form, now);
    // What a refusal brought back stands in the page as if it had come so, and is saved no more than before.
    if (!(refused && Object.keys(now).length) && !fields(form).some(([, field]) => held(field) !== came(field))) {
      return sessionStorage.removeItem(nameOf(form));
    }
    const iv = crypto.getRandomValues(new Uint8Array(12)), plain = new TextEncoder().encode(JSON.stringify(now));
    const sealed = await crypto.subtle.encrypt({ name: "AES-GCM", iv }, await sealing, plain);
    if (!out && known.get(form) === now) sessionStorage.setItem(nameOf(form), `${Date.now()}|${text(iv)}|${text(sealed)}`);
  };

  const say = (form, kind, words, button, press) => {
    form.querySelector(`:scope > .${kind}`)?.remove();
    const said = document.createElement("div");
    said.className = `notice ${kind} ${kind === "unsent" ? "bad" : "warn"}`;
    said.setAttribute("role", kind === "unsent" ? "alert" : "status");
    for (const [at, line] of words.entries()) {
      const part = said.appendChild(document.createElement("p"));
      (at || words.length === 1 ? part : part.appendChild(document.createElement("strong"))).textContent = line;
    }
    const does = said.appendChild(document.createElement("button"));
    Object.assign(does, { type: "button", className: "button", textContent: button, onclick: () => (said.remove(), press()) });
    form[kind === "unsent" ? "append" : "prepend"](said);
    return does;
  };

  // What lies under a name; what is too old, or somebody else's, is thrown away.
  const opened = async (name) => {
    const [at, iv, sealed] = (sessionStorage.getItem(name) ?? "").split("|");
    try {
      if (Date.now() - at > LIVES) throw new Error("too old");
      const plain = await crypto.subtle.decrypt({ name: "AES-GCM", iv: bytes(iv) }, await sealing, bytes(sealed));
      return { at, before: JSON.parse(new TextDecoder().decode(plain)) };
    } catch {
      sessionStorage.removeItem(name);
      return null;
    }
  };

  const restore = async (form) => {
    const name = nameOf(form), found = sessionStorage.getItem(name) && (await opened(name));
    if (!found) return;
    const { at, before } = found;
    known.set(form, before);
    const differs = fields(form).filter(([key, field]) => key in before && held(field) !== before[key]);
    for (const [key, field] of differs) {
      field[ticked(field) ? "checked" : "value"] = before[key];
      field.dispatchEvent(new Event("input", { bubbles: true }));
    }
    if (!differs.length) return;
    for (let up = form.closest("details"); up; up = up.parentElement.closest("details")) up.open = true;
    const when = new Date(+at).toLocaleTimeString("zh-CN", { hour: "2-digit", minute: "2-digit", hour12: false });
    say(form, "typed-back", [`${when}输入、没有提交的内容还在，已经填回来了。请核对后提交。`], "不要了，清除", () => {
      known.delete(form);
      form.reset();
      sessionStorage.removeItem(name);
    });
  };

  // Whatever was sent and is known to have been saved is kept no longer; what was sent and refused stays.
  const marks = document.cookie.split("; ").filter((cookie) => cookie.startsWith(MARK)).map((cookie) => cookie.slice(MARK.length).split("=")[0]);
  for (const name of names(SENT)) {
    const mark = name.slice(SENT.length);
    if (marks.includes(mark)) {
      sessionStorage.removeItem(sessionStorage.getItem(name));
      document.cookie = `${MARK}${mark}=; path=/; max-age=0; samesite=strict`;
    }
    sessionStorage.removeItem(name);
  }
  const look = (within) => sealing && names(KEPT).length && [...within.querySelectorAll("form")].filter(kept).forEach(restore);
  look(document);
  if (sealing) names(KEPT).forEach(opened); // also of forms that are not on this page
  document.addEventListener("htmx:load", (event) => event.target !== document.body && look(event.target));
  document.addEventListener("input", ({ target: { form } }) => {
    if (!form || !kept(form)) return;
    clearTimeout(waits.get(form));
    waits.set(form, setTimeout(keep, 200, form));
  });

  // Before a form with something in it leaves, it is asked whether anybody is there to take it.
  const there = async () => {
    try {
      return (await fetch("/ready", { cache: "no-store", signal: AbortSignal.timeout?.(8000) })).status < 502;
    } catch {
      return false;
    }
  };
  const unsent = (form, submitter) => say(
    form, "unsent", ["没有送出，内容还在", "连不上服务器：可能正在重启，或网络断了。稍等片刻再点“再送一次”，不要关掉这一页。"], "再送一次",
    () => form.requestSubmit(submitter?.isConnected ? submitter : undefined),
  ).focus();
  const again = (form) => {
    delete form.dataset.sent;
    form.querySelectorAll("button[disabled]").forEach((button) => (button.disabled = false));
    form.querySelectorAll(".waiting").forEach((said) => said.remove());
  };
  document.addEventListener("submit", async (event) => {
    const form = event.target, submitter = event.submitter;
    if (form.getAttribute("action") === "/logout") {
      out = true;
      sessionStorage.clear();
    }
    if (!posts(form) || form.matches("[hx-post]") || !(fields(form).length || form.querySelector("[type=file]"))) return;
    if (form.dataset.reached) return void delete form.dataset.reached;
    event.preventDefault();
    event.stopPropagation(); // nobody else takes it to be on its way yet
    if (form.dataset.asking) return;
    form.dataset.asking = "yes";
    const [found] = await Promise.all([there(), keep(form)]);
    delete form.dataset.asking;
    if (!found) return unsent(form, submitter);
    if (kept(form)) {
      const mark = crypto.randomUUID().replaceAll("-", "");
      sessionStorage.setItem(SENT + mark, nameOf(form));
      const field = form.querySelector("[name=typed_mark]") ?? form.appendChild(document.createElement("input"));
      Object.assign(field, { type: "hidden", name: "typed_mark", value: mark });
    }
    form.dataset.reached = "yes";
    form.requestSubmit(submitter);
    delete form.dataset.reached; // a field that is wrong by now kept it here
  }, true);

  // What a part of the page sends by itself.
  document.addEventListener("htmx:sendError", ({ target }) => {
    if (!posts(target)) return;
    again(target);
    unsent(target);
  });
  document.addEventListener("htmx:responseError", ({ target }) => posts(target) && again(target));
  document.addEventListener("htmx:afterRequest", ({ target, detail }) => detail.successful && kept(target) && sessionStorage.removeItem(nameOf(target)));
})();
