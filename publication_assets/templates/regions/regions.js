// Adds to the page of the regions what a table cannot do by itself: one measure at a time, another order of the rows,
// another region to compare with. All numbers and comparisons stand in the page; nothing is computed here.
"use strict";
(() => {
  const all = (selector, within = document) => [...within.querySelectorAll(selector)];
  const choose = document.getElementById("choose");
  const measure = document.getElementById("measure");
  const other = document.getElementById("other");
  const said = document.getElementById("said");
  const sections = all(".measure");
  const COUNT = 5; // the column of the number of requirements
  const ORDER = ["higher", "no clear difference", "lower", "not compared", ""];

  const comparedWith = (row, number) =>
    number === 0 ? row.dataset.england : row.dataset.beside.split("|")[number - 1];

  const show = () => {
    sections.forEach((section) => { section.hidden = measure.value !== "" && section.id !== measure.value; });
  };

  const compare = () => {
    const number = Number(other.value), name = other.selectedOptions[0].textContent;
    all(".other").forEach((place) => { place.textContent = name; });
    sections.forEach((section) => {
      const found = {};
      all("tbody tr", section).forEach((row) => {
        const compared = comparedWith(row, number), key = compared.replaceAll(" ", "-");
        const area = section.querySelector(`.area[data-region="${row.dataset.region}"]`);
        row.querySelector(".word").textContent = compared.charAt(0).toUpperCase() + compared.slice(1);
        row.querySelector(".sample").className = compared ? `sample ${key}` : "";
        if (area) area.setAttribute("class", `area ${compared ? key : "no-clear-difference chosen"}`);
        if (compared) (found[compared] = found[compared] || []).push(row.querySelector("th").textContent.replace(/^\d+\. /, ""));
      });
      const words = ORDER.filter((kind) => found[kind]).map((kind) => `${kind}: ${found[kind].join("; ")}`).join(". ");
      section.querySelector(".map svg").setAttribute("aria-label", `Map of the probation regions compared with ${name}. ${words}.`);
    });
  };

  const tell = () => {
    said.textContent = `Shown: ${measure.selectedOptions[0].textContent}, compared with ${other.selectedOptions[0].textContent}.`;
  };

  const value = (row, by) => {
    if (by === "number") return Number(row.dataset.region);
    if (by === "count") return -Number(row.cells[COUNT].textContent.replaceAll(",", "")) || 0;
    return ORDER.indexOf(comparedWith(row, Number(other.value)));
  };

  const sort = (section, header) => {
    const by = header.dataset.sort, body = section.querySelector("tbody");
    const rows = all("tr", body).sort((one, two) =>
      value(one, by) - value(two, by) || Number(one.dataset.region) - Number(two.dataset.region));
    body.append(...rows);
    all("th[data-sort]", section).forEach((each) => each.removeAttribute("aria-sort"));
    header.setAttribute("aria-sort", by === "count" ? "descending" : "ascending");
  };

  const choosePlace = (section, number) => {
    all("[data-region]", section).forEach((place) => {
      place.classList.toggle("chosen", place.dataset.region === number);
    });
  };

  sections.forEach((section) => {
    all("th[data-sort]", section).forEach((header) => {
      const button = document.createElement("button");
      button.type = "button";
      button.append(...header.childNodes);
      header.append(button);
      button.addEventListener("click", () => sort(section, header));
    });
    all(".area, tbody tr", section).forEach((place) => {
      place.addEventListener("click", () => choosePlace(section, place.dataset.region));
    });
  });
  measure.addEventListener("change", () => { show(); tell(); });
  other.addEventListener("change", () => { compare(); tell(); });
  choose.hidden = false;
  show();
})();
