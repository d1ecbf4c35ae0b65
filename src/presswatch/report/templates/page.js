// The page reads without this. It opens a cell's sentence in place, filters claims, follows a credit, prints all.
(function () {
  "use strict";
  var matrix = document.querySelector("table.matrix");

  function open(link) {
    var body = link.closest("tbody"), old = body.querySelector("tr.opened");
    var shown = body.querySelector("a[aria-expanded=true]");
    if (old) old.remove();
    if (shown) shown.setAttribute("aria-expanded", "false");
    if (shown === link) return;
    var card = document.getElementById(link.hash.slice(1)).cloneNode(true);
    card.removeAttribute("id");
    card.removeAttribute("tabindex");
    var row = body.insertRow(), cell = row.insertCell();
    row.className = "opened";
    cell.colSpan = body.rows[0].cells.length;
    cell.append(card);
    link.setAttribute("aria-expanded", "true");
    live.textContent = card.textContent;
  }

  var filters = {
    "All": function () { return true; },
    "Where they differ": function (body) { return body.querySelector("td.differs"); },
    "Left out by somebody": function (body) { return body.querySelector("td.silent"); },
  };

  function filter(button) {
    button.parentNode.querySelectorAll("button").forEach(function (other) {
      other.setAttribute("aria-pressed", String(other === button));
    });
    var count = 0;
    for (var body of matrix.tBodies) {
      body.hidden = !filters[button.textContent](body);
      count += !body.hidden;
    }
    live.textContent = count + " of " + matrix.tBodies.length + " claims shown";
  }

  var live = document.createElement("p");
  live.className = "hidden";
  live.setAttribute("role", "status");

  if (matrix) {
    matrix.closest("section").append(live);
    matrix.querySelectorAll("td a").forEach(function (link) {
      link.setAttribute("role", "button");
      link.setAttribute("aria-expanded", "false");
      link.addEventListener("click", function (event) { event.preventDefault(); open(link); });
      link.addEventListener("keydown", function (event) {
        if (event.key === " " || (event.key === "Escape" && link.getAttribute("aria-expanded") === "true")) {
          event.preventDefault();
          open(link);
        }
      });
    });
    var bar = document.createElement("p");
    bar.className = "filters";
    bar.setAttribute("role", "group");
    bar.setAttribute("aria-label", "Claims shown");
    var choices = Object.keys(filters).filter(function (name) {
      return Array.prototype.some.call(matrix.tBodies, filters[name]);
    });
    choices.forEach(function (name, place) {
      var button = document.createElement("button");
      button.type = "button";
      button.textContent = name;
      button.setAttribute("aria-pressed", String(place === 0));
      button.addEventListener("click", function () { filter(button); });
      bar.append(button);
    });
    if (choices.length > 1) matrix.parentNode.before(bar);
  }

  document.querySelectorAll("tr.credit").forEach(function (row) {
    var arc = document.querySelector('[data-edge="' + row.id + '"]');
    if (!arc) return;
    [row, arc].forEach(function (one) {
      ["mouseenter", "focusin"].forEach(function (name) {
        one.addEventListener(name, function () { row.classList.add("on"); arc.classList.add("on"); });
      });
      ["mouseleave", "focusout"].forEach(function (name) {
        one.addEventListener(name, function () { row.classList.remove("on"); arc.classList.remove("on"); });
      });
    });
  });

  addEventListener("beforeprint", function () {
    document.querySelectorAll("details").forEach(function (one) { one.open = true; });
    if (matrix) for (var body of matrix.tBodies) body.hidden = false;
  });
})();
