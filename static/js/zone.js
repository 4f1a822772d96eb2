/* The time zone that the phone is set to, chosen in the list; the person sees it and can change it. */

const form = document.querySelector("form[data-guess-zone]");
const select = form?.elements[form.dataset.guessZone];
const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
if (select && !document.querySelector(".errorsum") && [...select.options].some((option) => option.value === zone)) select.value = zone;
