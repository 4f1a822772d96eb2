// Two comforts that the page does not need: what one has read is marked by itself, and what one types is kept as a draft.
const quietly = (form, more = {}) => {
  const data = new FormData(form);
  for (const [name, value] of Object.entries(more)) data.set(name, value);
  return fetch(form.action, { method: "POST", body: data, headers: { "X-Quietly": "1" }, keepalive: true });
};

const read = document.querySelector("form[data-read]");
if (read) {
  const seen = new IntersectionObserver((entries) => {
    if (!entries.some((entry) => entry.isIntersecting)) return;
    seen.disconnect();
    quietly(read).then((answer) => { if (answer.ok) read.hidden = true; }, () => {});
  });
  seen.observe(read);
}

const PAUSE = 2000;
for (const form of document.querySelectorAll("form[data-draft]")) {
  const said = form.querySelector("[data-kept]");
  let waiting = 0, sent = false;
  const keep = () => {
    clearTimeout(waiting);
    waiting = 0;
    quietly(form, { do: "draft" }).then((answer) => { if (answer.ok) said.textContent = form.dataset.draft; }, () => {});
  };
  form.addEventListener("input", () => { said.textContent = ""; clearTimeout(waiting); waiting = setTimeout(keep, PAUSE); });
  form.addEventListener("submit", () => { sent = true; clearTimeout(waiting); });
  document.addEventListener("visibilitychange", () => { if (document.hidden && waiting && !sent) keep(); });
}
