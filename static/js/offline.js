/* For who is signed in: the worker that shows a page of ours where there is no network. The address says which one belongs to
   this page's language and colours; the browser keeps the one it has if it is the same. Signing out takes it away. */

let sent = null;
document.addEventListener("submit", ({ target, submitter, defaultPrevented }) => {
  const to = new URL(submitter?.getAttribute("formaction") ?? target.getAttribute("action") ?? "", location.href);
  sent = defaultPrevented ? null : { form: target, submitter, to: to.href.split("#")[0] };
});

// Where a form could not be sent the worker leaves the page as it is; here it is said why. Every open page hears of it: the
// address says whose form it was.
navigator.serviceWorker?.addEventListener("message", ({ data }) => {
  const words = document.querySelector("template[data-no-network]");
  if (!words || sent?.to !== data) return;
  document.querySelector("[data-no-network]:not(template)")?.remove();
  (sent.submitter ?? sent.form.lastElementChild).before(words.content.cloneNode(true));
  sent.form.dispatchEvent(new Event("input")); // typed and not sent: forms.js asks before it is lost
  sent = null;
});

const { worker, asks } = document.querySelector("script[data-worker]").dataset;
const registered = navigator.serviceWorker?.register(worker, { scope: "/", updateViaCache: "all" }); // some browsers keep none in private windows

// A browser that gets push tells a new session so, once; what is nobody's any more, or somebody else's, it forgets.
async function claim({ pushManager }) {
  const given = await pushManager?.getSubscription();
  if (!given) return;
  const answer = await fetch(asks, { method: "POST", body: new URLSearchParams({ endpoint: given.endpoint }) });
  if (answer.status === 410) await given.unsubscribe();
}
registered?.then((registration) => asks && claim(registration)).catch(() => {});
