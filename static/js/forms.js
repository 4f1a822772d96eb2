/* Forms: the list of errors gets the focus, long texts count their letters, and a form with
   data-unsaved asks before what was typed is lost. Everything else is left to the browser. */

const problems = document.querySelector("[data-focus]");
problems?.focus();
// Where the address names a place on the page, the browser goes there at the end and takes the focus away.
if (problems && location.hash) addEventListener("load", () => problems.focus({ preventScroll: true }));

for (const counter of document.querySelectorAll("[data-counts]")) {
  const input = document.getElementById(counter.dataset.counts);
  if (!input || input.maxLength < 0) continue;
  const show = () => {
    counter.textContent = counter.dataset.left.replace("{n}", input.maxLength - input.value.length);
  };
  input.addEventListener("input", show);
  if (input.value) show();
}

for (const form of document.querySelectorAll("form[data-unsaved]")) {
  let typed = false;
  form.addEventListener("input", () => { typed = true; });
  form.addEventListener("submit", () => { typed = false; });
  window.addEventListener("beforeunload", (event) => { if (typed) event.preventDefault(); });
}
