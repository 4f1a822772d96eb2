/* The time zone that the phone is set to, chosen in the list; the person sees it and can change it. Phones still say
   some zones by an old name (Asia/Calcutta): the list knows those too. */

const form = document.querySelector("form[data-guess-zone]");
const select = form?.elements[form.dataset.guessZone];
const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
const found = select && !document.querySelector(".errorsum") && [...select.options].find((option) => option.value === zone || option.dataset.also?.split(" ").includes(zone));
if (found) select.value = found.value;
