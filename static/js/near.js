/* "Near me": only when somebody presses it the browser is asked where it is, and only to about a kilometre that goes into the form.
   Without this script there is no such button; a town can be typed. */

const form = document.getElementById("near");
const refused = document.querySelector("[data-near-refused]");

function go({ coords }) {
  form.elements.latitude.value = coords.latitude.toFixed(2);
  form.elements.longitude.value = coords.longitude.toFixed(2);
  form.submit();
}

if (navigator.geolocation) {
  for (const part of document.querySelectorAll("[data-near]")) part.hidden = false;
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    refused.hidden = true;
    navigator.geolocation.getCurrentPosition(go, () => { refused.hidden = false; }, { maximumAge: 600000, timeout: 20000 });
  });
}
