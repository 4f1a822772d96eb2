// Comforts that the page does not need: what one has read is marked by itself, what one types is kept as a draft, and an answer
// begins where one types.
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
  }, { rootMargin: "-100px 0px 0px" }); // what is under the bar at the top, as after a jump to the composer, is not seen
  seen.observe(read);
}

// Whoever pressed "Reply" or "Quote" goes on after what stands there already.
const text = document.getElementById("id_text");
if (text && location.hash === "#reply" && /[?&](reply|quote)=/.test(location.search)) {
  // The browser goes to the heading first, and takes the focus away with it.
  addEventListener("load", () => {
    text.focus({ preventScroll: true });
    text.setSelectionRange(text.value.length, text.value.length);
  });
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
