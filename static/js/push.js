/* Push on this device: asks the browser only when somebody presses the button, puts its answer into the form and sends it.
   Without this script the page says that it is needed; stopping works without it. */

const part = document.querySelector("[data-push]");
const form = part.querySelector("form[data-push-state]");
const show = (state) => { for (const each of part.querySelectorAll("[data-push-state]")) each.hidden = !each.dataset.pushState.split(" ").includes(state); };
const raw = (text) => Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), (c) => c.charCodeAt(0));
const text = (buffer) => btoa(String.fromCharCode(...new Uint8Array(buffer))).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
const found = async () => (await navigator.serviceWorker.getRegistration())?.pushManager.getSubscription();

async function allow() {
  const { pushManager } = await navigator.serviceWorker.ready;
  let given = await pushManager.getSubscription();
  if (given && text(given.options.applicationServerKey) !== part.dataset.key) { // for a key that the server had before
    await given.unsubscribe();
    given = null;
  }
  given ??= await pushManager.subscribe({ userVisibleOnly: true, applicationServerKey: raw(part.dataset.key) });
  form.elements.endpoint.value = given.endpoint;
  for (const name of ["p256dh", "auth"]) form.elements[name].value = text(given.getKey(name));
  form.submit();
}

if (!("serviceWorker" in navigator && "PushManager" in window && "Notification" in window)) show("cannot");
else {
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    allow().catch(() => show(Notification.permission === "denied" ? "denied" : "failed"));
  });
  const stop = part.querySelector("form[data-push-stop]");
  stop?.addEventListener("submit", async (event) => {
    event.preventDefault();
    await (await found())?.unsubscribe().catch(() => false);
    stop.submit();
  });
  const here = "here" in part.dataset && (await found().catch(() => null));
  show(Notification.permission === "denied" ? "denied" : here ? "on" : "off");
}
