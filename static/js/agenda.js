/* The points of an agenda can be dragged by a handle, or moved from it with the arrow keys. A point that is moved takes along all that was
   typed; names, labels and buttons follow its new place, so that what is sent is what is seen. Without this script there are buttons. */

const list = document.querySelector("[data-agenda]");
const grips = document.getElementById("agenda-grip");
const said = document.querySelector("[data-agenda-said]");
const rows = () => [...list.children];
const EDGE = 96, STEP = 10; // so near to the edge of the window, the page goes along, so many pixels at a time

// What names a place in words is read once for each place and given to whichever row stands there: no language is put together here.
const words = rows().map((row) => Object.fromEntries([...row.querySelectorAll("[data-place]")].map((part) => [part.dataset.place, part.textContent])));

const NUMBERED = /^(id_)?point-\d+-/;
const renamed = (value, place) => value.split(" ").map((word) => word.replace(NUMBERED, `$1point-${place}-`)).join(" ");

function number(row, place) {
  row.id = `point-${place + 1}`;
  for (const part of row.querySelectorAll("[name], [id], [for], [aria-describedby]"))
    for (const name of ["name", "id", "for", "aria-describedby"])
      if (part.hasAttribute(name)) part.setAttribute(name, renamed(part.getAttribute(name), place));
  for (const button of row.querySelectorAll("button[name=do]")) {
    const what = button.value.split("-")[0];
    button.value = `${what}-${place}`;
    button.hidden = (what === "up" && place === 0) || (what === "down" && place === words.length - 1);
  }
  for (const part of row.querySelectorAll("[data-place]")) part.textContent = words[place][part.dataset.place];
}

function put(row, place) {
  const before = rows();
  const links = before.map((_, at) => document.querySelectorAll(`a[href^="#id_point-${at}-"]`));
  list.insertBefore(row, before.filter((each) => each !== row)[place] ?? null);
  rows().forEach(number);
  // The list of what is wrong leads to the fields, wherever they are now.
  before.forEach((each, at) => {
    for (const link of links[at]) link.setAttribute("href", `#${renamed(link.hash.slice(1), rows().indexOf(each))}`);
  });
  // A browser that brings back what was typed goes by the names, and would give it to other points than it was typed for.
  row.closest("form").autocomplete = "off";
  said.textContent = said.dataset.agendaSaid.replace("{n}", place + 1).replace("{all}", words.length);
}

// -- By keys ---------------------------------------------------------------------------------------------------------------------

function key(event) {
  const way = { ArrowUp: -1, ArrowDown: 1 }[event.key];
  if (!way || dragged) return;
  event.preventDefault();
  const row = event.currentTarget.closest("li"), place = rows().indexOf(row) + way;
  if (place < 0 || place >= words.length) return;
  put(row, place);
  row.querySelector("[data-grip]").focus(); // what is put elsewhere loses it
}

// -- By hand ---------------------------------------------------------------------------------------------------------------------

// Nothing is put elsewhere before it is let go: a line shows where, so that what is held stays under the finger.
let dragged = null; // { row, grip, id, from, y, place }

function begin(event) {
  if (event.button || !event.isPrimary || dragged) return;
  event.preventDefault();
  const grip = event.currentTarget, row = grip.closest("li");
  dragged = { row, grip, id: event.pointerId, from: event.clientY + scrollY, y: event.clientY, place: rows().indexOf(row) };
  grip.setPointerCapture(event.pointerId);
  row.classList.add("is-dragged");
  requestAnimationFrame(goAlong);
}

function show() {
  const { row, from, y } = dragged, others = rows().filter((each) => each !== row);
  row.style.transform = `translateY(${y + scrollY - from}px)`;
  // Whoever drags from handle to handle means the place of the handle that is reached, whichever way they came.
  dragged.place = others.filter((each) => {
    const { top, bottom } = each.querySelector("[data-grip]").getBoundingClientRect();
    return y >= (row.compareDocumentPosition(each) & Node.DOCUMENT_POSITION_FOLLOWING ? top : bottom);
  }).length;
  for (const each of others) each.classList.remove("is-before", "is-after");
  if (dragged.place === rows().indexOf(row)) return;
  if (dragged.place < others.length) others[dragged.place].classList.add("is-before");
  else others.at(-1).classList.add("is-after");
}

function goAlong() {
  if (!dragged) return;
  const box = list.getBoundingClientRect();
  const up = dragged.y < EDGE && box.top < EDGE, down = dragged.y > innerHeight - EDGE && box.bottom > innerHeight - EDGE;
  if (up || down) {
    scrollBy({ top: up ? -STEP : STEP, behavior: "instant" });
    show();
  }
  requestAnimationFrame(goAlong);
}

function move(event) {
  if (event.pointerId !== dragged?.id) return;
  dragged.y = event.clientY;
  show();
}

function end(event) {
  if (event.pointerId === dragged?.id) letGo(event.type === "pointerup");
}

function letGo(keeps) {
  const { row, grip, place } = dragged;
  dragged = null;
  row.style.transform = "";
  row.classList.remove("is-dragged");
  for (const each of rows()) each.classList.remove("is-before", "is-after");
  if (keeps && place !== rows().indexOf(row)) put(row, place);
  grip.focus({ preventScroll: true });
}

// -- The handles, and buttons that only the first and the last row lack ----------------------------------------------------------------

function equip(row) {
  row.lastElementChild.append(grips.content.cloneNode(true));
  const grip = row.querySelector("[data-grip]");
  grip.addEventListener("keydown", key);
  grip.addEventListener("pointerdown", begin);
  grip.addEventListener("pointermove", move);
  for (const name of ["pointerup", "pointercancel", "lostpointercapture"]) grip.addEventListener(name, end);
}

if (words.length > 1) {
  const all = rows(), button = (row, what) => row.querySelector(`button[value^="${what}-"]`);
  const later = button(all[0], "down").cloneNode(true);
  button(all[0], "down").before(button(all[1], "up").cloneNode(true));
  button(all.at(-1), "remove").before(later);
  all.forEach(equip);
  all.forEach(number);
  for (const part of document.querySelectorAll("[data-agenda-hint]")) part.hidden = false;
  document.addEventListener("keydown", (event) => { if (dragged && event.key === "Escape") letGo(false); });
}
