/* "Near me": only when somebody presses it the browser is asked where it is, and only to about a kilometre that goes into the form.
  Without this script there is no such button; a town can be typed. */

const form = document.getElementById("near");
const refused = document.querySelector("[data-near-refused]");
let placed = false; // the form is sent twice: once to be asked, once with the place in it

function go({ coords }, pressed) {
  form.elements.latitude.value = coords.latitude.toFixed(2);
  form.elements.longitude.value = coords.longitude.toFixed(2);
  placed = true;
  form.requestSubmit(pressed); // as if pressed again: offline.js has to know what could not be sent
}

if (navigator.geolocation) {
  for (const part of document.querySelectorAll("[data-near]")) part.hidden = false;
  form.addEventListener("submit", (event) => {
    refused.hidden = true;
    if (placed) {
      placed = false;
      return;
    }
    event.preventDefault();
    const ask = (where) => go(where, event.submitter);
    navigator.geolocation.getCurrentPosition(ask, () => { refused.hidden = false; }, { maximumAge: 600000, timeout: 20000 });
  });
}
