(function () {
  "use strict";
  var root = document.documentElement;
  var code = document.getElementById("code");
  if (code) {
    code.addEventListener("click", function () {
      var shown = root.classList.toggle("show-code");
      code.setAttribute("aria-pressed", String(shown));
      code.textContent = code.getAttribute(shown ? "data-hide" : "data-show");
    });
  }
  var contents = document.querySelector(".contents");
  if (contents && matchMedia("(max-width:60rem)").matches) contents.open = false;
  var current = document.querySelector(".pages [aria-current]");
  if (current) {
    var strip = current.closest("ul");
    strip.scrollLeft = current.offsetLeft - strip.offsetLeft - 20;
  }

  function text(row, at) {
    var cell = row.cells[at];
    return cell ? cell.textContent.trim() : "";
  }
  function empty(s) {
    return s === "" || s === "–";
  }
  function number(s) {
    var m = s.replace(/[,\s]/g, "").replace("\u2212", "-").match(/^([+-]?)[^\w.+-]*(\d*\.?\d+)[^\d]{0,3}$/);
    return m ? Number(m[1] + m[2]) : NaN;
  }
  function order(rows, at, down, figures) {
    var numeric = figures || rows.every(function (r) { var s = text(r, at); return empty(s) || !isNaN(number(s)); });
    function value(s) {
      var n = number(s);
      return numeric ? (isNaN(n) ? Infinity : n) : s;
    }
    return rows.slice().sort(function (a, b) {
      var x = text(a, at), y = text(b, at);
      if (empty(x) || empty(y)) return empty(x) - empty(y);
      x = value(x); y = value(y);
      var before = numeric ? (x === y ? 0 : x < y ? -1 : 1) : x.localeCompare(y, root.lang, { numeric: true });
      return down ? -before : before;
    });
  }
  document.querySelectorAll("main table").forEach(function (table) {
    var body = table.tBodies[0];
    if (!table.tHead || !body || body.rows.length < 3 || table.querySelector("[rowspan],[colspan]")) return;
    var figure = table.closest("figure.table");
    if (figure && figure.classList.contains("excerpt")) return;
    var original = Array.prototype.slice.call(body.rows);
    var first = original.length - body.querySelectorAll("tr.held").length;
    function put(rows) {
      rows.forEach(function (r, place) {
        r.classList.toggle("held", place >= first);
        body.appendChild(r);
      });
    }
    var all = figure && figure.querySelector(".all");
    if (all) {
      var show = document.createElement("button");
      show.type = "button";
      show.textContent = all.textContent;
      show.addEventListener("click", function () {
        table.classList.add("every");
        all.remove();
      });
      all.replaceChildren(show);
    }
    var heads = Array.prototype.slice.call(table.tHead.rows[0].cells);
    heads.forEach(function (head, at) {
      head.setAttribute("aria-sort", "none");
      head.tabIndex = 0;
      function act() {
        var before = head.getAttribute("aria-sort");
        var first = head.classList.contains("n") ? "descending" : "ascending";
        var second = first === "ascending" ? "descending" : "ascending";
        var next = before === "none" ? first : before === first ? second : "none";
        heads.forEach(function (h) { h.setAttribute("aria-sort", "none"); });
        head.setAttribute("aria-sort", next);
        put(next === "none" ? original : order(original, at, next === "descending", head.classList.contains("n")));
      }
      head.addEventListener("click", act);
      head.addEventListener("keydown", function (e) {
        if (e.key === "Enter" || e.key === " ") { e.preventDefault(); act(); }
      });
    });
  });
})();
