/* Quick exit: blank the screen at once, end the session, and take this page out of the history.
   Without this file the button is an ordinary form that does the same through a page of ours. */

const PATIENCE = 600; // milliseconds; leaving matters more than an answer

for (const form of document.querySelectorAll("form[data-quick-exit]")) {
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    document.title = "";
    document.body.hidden = true;
    const leave = () => location.replace(form.dataset.quickExit);
    setTimeout(leave, PATIENCE);
    fetch(form.action, { method: "POST", keepalive: true, redirect: "manual" }).finally(leave);
  });
}
