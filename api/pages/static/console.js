// What pages gain where scripts run. Everything works without.

document.documentElement.classList.add("js");

// The browser's own words on a file button are in its language, not always Chinese.
document.addEventListener("change", (event) => {
  const said = event.target.closest?.(".file")?.querySelector(".name");
  if (said) said.textContent = [...event.target.files].map((file) => file.name).join("、") || said.dataset.none;
});

// A date field is written as the browser's language has it; beside it stands the date as a clerk writes it.
const inWords = (field) => {
  const said = field.nextElementSibling?.matches(".in-words") ? field.nextElementSibling : document.createElement("small");
  said.className = "in-words";
  const [year, month, day] = field.value.split("-").map(Number);
  said.textContent = day ? `${year}年${month}月${day}日` : "";
  field.after(said);
};
document.addEventListener("input", (event) => event.target.matches("input[type=date]") && inWords(event.target));
document.addEventListener("DOMContentLoaded", () => document.querySelectorAll("input[type=date]").forEach(inWords));

// A form that is on its way can't be sent twice, and says what is being waited for.
document.addEventListener("submit", (event) => {
  const form = event.target;
  // A form that is answered by a file stays where it is, and may be sent again.
  if (form.method !== "post" || "file" in form.dataset) return;
  if (form.dataset.sent) {
    event.preventDefault();
    return;
  }
  form.dataset.sent = "yes";
  const button = event.submitter ?? form.querySelector("button:not([type=button], [data-no-enter])");
  if (button) setTimeout(() => (button.disabled = true));
  if (form.dataset.waiting) {
    const said = document.createElement("p");
    said.setAttribute("role", "status");
    said.className = "notice waiting";
    said.textContent = form.dataset.waiting;
    form.append(said);
  }
});

// Coming back by the browser's own button finds the form ready again.
window.addEventListener("pageshow", (event) => {
  if (!event.persisted) return;
  for (const form of document.querySelectorAll("form[data-sent]")) {
    delete form.dataset.sent;
    form.querySelectorAll("button[disabled]:not([data-no-enter])").forEach((button) => (button.disabled = false));
    form.querySelectorAll(".waiting").forEach((said) => said.remove());
  }
});

// Of the little confirmations one is open at a time, and Escape closes it.
document.addEventListener("toggle", (event) => {
  if (!event.target.matches?.("details.act[open]")) return;
  for (const other of document.querySelectorAll("details.act[open]")) {
    if (other !== event.target) other.open = false;
  }
}, true);
document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  const open = document.querySelector("details.act[open]");
  if (open) {
    open.open = false;
    open.querySelector("summary").focus();
  }
});

// One tick for all of a page; it shows itself where there are scripts, also on a list that came in later.
const showTicks = () => {
  for (const all of document.querySelectorAll("input[data-ticks]")) all.closest("label").hidden = false;
};
document.addEventListener("DOMContentLoaded", showTicks);
document.addEventListener("htmx:afterSwap", showTicks);
document.addEventListener("change", (event) => {
  const all = event.target;
  if (!all.dataset?.ticks) return;
  for (const box of document.getElementsByName(all.dataset.ticks)) box.checked = all.checked;
});

// What those come to that are ticked, beside the button that is about them.
const yuan = (fen) => (fen % 100 ? (fen / 100).toFixed(2) : fen / 100) + "元";
document.addEventListener("change", (event) => {
  if (!event.target.matches("input[type=checkbox]")) return;
  for (const said of document.querySelectorAll("[data-sums]")) {
    const boxes = [...document.getElementsByName(said.dataset.sums)].filter((box) => box.checked);
    const here = boxes.filter((box) => box.dataset.state === said.dataset.state);
    const open = here.filter((box) => !box.dataset.fen).length, fen = here.reduce((sum, box) => sum + Number(box.dataset.fen), 0);
    const rest = boxes.length - here.length;
    said.textContent = boxes.length
      ? `打勾的里面停在这一步的有${here.length}条，合计${yuan(fen)}${open ? `，另有${open}条金额待定` : ""}${rest ? `；另外${rest}条不在这一步，请先取消打勾` : ""}。`
      : "还没有打勾。";
  }
});

// Who goes together is ticked together, where both stand on the page; the service sees to the others.
document.addEventListener("change", (event) => {
  const box = event.target;
  for (const number of box.dataset?.with?.split(" ") ?? []) {
    for (const other of document.getElementsByName(box.name)) if (other.value === number) other.checked = box.checked;
  }
});

// A printed page has nothing folded away.
window.addEventListener("beforeprint", () => {
  for (const folded of document.querySelectorAll("details.more:not([open])")) {
    folded.open = true;
    folded.dataset.unfolded = "yes";
  }
});
window.addEventListener("afterprint", () => {
  for (const unfolded of document.querySelectorAll("details[data-unfolded]")) {
    unfolded.open = false;
    delete unfolded.dataset.unfolded;
  }
});
