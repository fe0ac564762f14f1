// Starts the examples of a page that are not started yet; a preview puts new ones into it.
function start() {
  const element = document.getElementById("bilayer-data");
  if (!element) return;
  const data = JSON.parse(element.textContent);
  startCalcs(data);
  startTraces();
  startQuizzes(data);
}
document.addEventListener("bilayer:patch", start);
