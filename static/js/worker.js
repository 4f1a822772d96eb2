/* The site's service worker, served as /worker.js with KEPT in front of it (committees/base/offline.py).

   Without a network it shows one page that says so. It keeps that page and the files that draw it, and nothing else: no
   page of members, no answer, nothing that was sent. Everything goes to the network first, as if this were not here.
   It also shows what is pushed (one line, which says almost nothing unless its reader chose otherwise) and keeps none of it.
   Where KEPT is null nobody is signed in any more: then it takes itself away, with all that it kept. Where the browser gets push
   and nobody has signed out (the session has only ended by waiting), it stays for that alone. */

const NAME = "offline-";
const CACHE = KEPT && NAME + KEPT.version;

async function keep() {
  const cache = await caches.open(CACHE);
  await Promise.all([KEPT.page, ...KEPT.files].map(async (url) => {
    const answer = await fetch(url, { cache: "no-cache", redirect: "error" });
    if (!answer.ok) throw new Error("not kept");
    await cache.put(url, answer);
  }));
}

async function forget(but) {
  for (const name of await caches.keys()) if (name !== but) await caches.delete(name);
}

async function begin() {
  await self.registration.navigationPreload?.enable(); // the page is asked for while the worker wakes up
  await self.clients.claim();
}

const kept = async (url) => (await caches.open(CACHE)).match(url);

// A form that could not be sent stays where it is, with what was typed: "204" leaves the page as it was, and its script
// (offline.js) says why nothing happened. What only asks for a page gets ours instead.
async function page({ request, preloadResponse }) {
  try {
    return (await preloadResponse) ?? (await fetch(request));
  } catch (no) {
    if (request.method === "GET") return (await kept(KEPT.page)) ?? Promise.reject(no);
    for (const open of await self.clients.matchAll({ type: "window" })) open.postMessage(request.url.split("#")[0]);
    return new Response(null, { status: 204 });
  }
}

async function file(request) {
  try {
    return await fetch(request);
  } catch (no) {
    return (await kept(request.url)) ?? Promise.reject(no);
  }
}

// Every push must show something. What is about the same thing takes the place of what stands there.
async function tell(data) {
  let said = {};
  try {
    said = data.json();
  } catch { /* nothing that we sent: the site's name says that there is something */ }
  const { title = self.location.hostname, path = "/", tag, lang, dir } = said;
  await self.registration.showNotification(title, { tag, lang, dir, data: path });
}

async function open(path) {
  const url = new URL(path || "/", self.location.origin);
  if (url.origin !== self.location.origin) return;
  for (const each of await self.clients.matchAll({ type: "window" })) {
    if (new URL(each.url).pathname === url.pathname) return each.focus();
  }
  await self.clients.openWindow(url.href);
}

// The browser's push service gave it another address. Whoever knows the one before may say so (views/push.renew).
async function renew({ oldSubscription: before, newSubscription }) {
  if (!before) return;
  const now = newSubscription ?? (await self.registration.pushManager.subscribe(before.options));
  const { endpoint, keys } = now.toJSON();
  const known = { before: before.endpoint, secret: before.toJSON().keys?.auth ?? "" };
  await fetch("/notices/settings/push/renew/", { method: "POST", body: new URLSearchParams({ ...known, endpoint, ...keys }) });
}

// Whether push goes on in a browser in which nobody is signed in. Without an answer it stays as it is.
async function pushed() {
  const given = await self.registration.pushManager?.getSubscription();
  if (!given) return false;
  try {
    const answer = await fetch("/notices/settings/push/here/", { method: "POST", body: new URLSearchParams({ endpoint: given.endpoint }) });
    if (answer.status !== 410) return true;
  } catch { return true; }
  await given.unsubscribe();
  return false;
}

async function leave() {
  await self.registration.navigationPreload?.disable();
  if (!(await pushed())) await self.registration.unregister();
}

self.addEventListener("install", (event) => {
  self.skipWaiting();
  if (KEPT) event.waitUntil(keep());
});

self.addEventListener("activate", (event) => {
  event.waitUntil(forget(CACHE).then(() => (KEPT ? begin() : leave())));
});

if (KEPT) {
  const files = new Set(KEPT.files.map((url) => new URL(url, self.location).href));
  self.addEventListener("fetch", (event) => {
    const { request } = event;
    if (request.mode === "navigate") event.respondWith(page(event));
    else if (request.method === "GET" && files.has(request.url)) event.respondWith(file(request));
  });
}

self.addEventListener("push", (event) => {
  event.waitUntil(tell(event.data));
});
self.addEventListener("notificationclick", (event) => {
  event.notification.close();
  event.waitUntil(open(event.notification.data));
});
self.addEventListener("pushsubscriptionchange", (event) => {
  event.waitUntil(renew(event));
});
