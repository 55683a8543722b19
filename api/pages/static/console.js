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
  if (form.method !== "post") return;
  if (form.dataset.sent) {
    event.preventDefault();
    return;
  }
  form.dataset.sent = "yes";
  const button = event.submitter ?? form.querySelector("button:not([type=button])");
  if (button) setTimeout(() => (button.disabled = true));
  if (form.dataset.waiting) {
    const said = document.createElement("p");
    said.setAttribute("role", "status");
    said.className = "notice";
    said.textContent = form.dataset.waiting;
    form.append(said);
  }
});

// Coming back by the browser's own button finds the form ready again.
window.addEventListener("pageshow", (event) => {
  if (!event.persisted) return;
  for (const form of document.querySelectorAll("form[data-sent]")) {
    delete form.dataset.sent;
    form.querySelectorAll("button[disabled]").forEach((button) => (button.disabled = false));
    form.querySelectorAll("[role=status]").forEach((said) => said.remove());
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

// One tick for all of a page; it shows itself where there are scripts.
for (const all of document.querySelectorAll("input[data-ticks]")) {
  all.closest("label").hidden = false;
  all.addEventListener("change", () => {
    for (const box of document.getElementsByName(all.dataset.ticks)) box.checked = all.checked;
  });
}

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
