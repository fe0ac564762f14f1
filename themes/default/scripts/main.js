// Starts the examples of a page.
function start() {
  const element = document.getElementById("bilayer-data");
  if (!element) return;
  const data = JSON.parse(element.textContent);
  startCalcs(data);
  startTraces();
  startQuizzes(data);
}
