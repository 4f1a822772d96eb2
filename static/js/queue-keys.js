/* Keys for the queue and its cases: J and K go from case to case, A, Q, D and Z press the button that says so.
   Each key has its button, so everything works without them; they can be switched off, and the browser remembers it. */

const bar = document.querySelector("[data-keys]");
const box = document.getElementById("keys-on");
const cases = [...document.querySelectorAll("[data-case]")];
const NAME = "queue-keys";

function remembered() {
  try { return localStorage.getItem(NAME) !== "off"; } catch { return true; }
}

function remember(on) {
  try { localStorage.setItem(NAME, on ? "on" : "off"); } catch { /* a browser that keeps nothing asks again */ }
}

let on = remembered();
let current = cases.length === 1 && !bar ? cases[0] : null;

function show() {
  for (const hint of document.querySelectorAll("[data-key] kbd")) hint.hidden = !on;
  if (box) box.checked = on;
}

if (bar) bar.hidden = false;
box?.addEventListener("change", () => { on = box.checked; remember(on); show(); });
show();

function go(step) {
  if (!cases.length) return;
  const at = Math.min(Math.max(cases.indexOf(current) + step, 0), cases.length - 1);
  current?.classList.remove("case--current");
  current = cases[at];
  current.classList.add("case--current");
  current.focus();
}

/* What is printed on the key; where that is no Latin letter, where the key lies. */
function letter(event) {
  const said = event.key.toLowerCase();
  return /^[a-z]$/.test(said) ? said : event.code.replace(/^Key/, "").toLowerCase();
}

const typing = (target) => target.closest?.("textarea, select, input:not([type=checkbox], [type=radio]), [contenteditable]");

document.addEventListener("keydown", (event) => {
  if (!on || event.ctrlKey || event.metaKey || event.altKey || event.repeat || event.key.length > 1 || typing(event.target)) return;
  const key = letter(event);
  if (key === "j" || key === "k") go(key === "j" ? 1 : -1);
  else if (key === "z") document.querySelector("[data-key=z]")?.click();
  else if (["a", "q", "d"].includes(key)) {
    const button = current?.querySelector(`[data-key="${key}"]`);
    if (!button) return;
    button.click();
    button.closest("details")?.querySelector("select, textarea")?.focus();
  } else return;
  event.preventDefault();
});
