// Shows the buttons that copy a text of the page, and makes them copy: without scripts one selects it.
for (const button of document.querySelectorAll("button[data-copy]")) {
  button.hidden = false;
  button.addEventListener("click", async () => {
    const text = document.getElementById(button.dataset.copy).textContent;
    await navigator.clipboard.writeText(text);
    button.querySelector("[role=status]").textContent = "Copied";
  });
}
