(function () {
  "use strict";
  var DIGITS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
  var SHOWN = 12;
  var SVG = "http://www.w3.org/2000/svg";

  function unpacked(column) {
    if (column.a) return column.a;
    if (column.t !== undefined) return column.t.split("\n");
    var found = [];
    for (var at = 0; at < column.c.length; at += column.w) {
      var place = 0;
      for (var digit = 0; digit < column.w; digit++) place = place * 64 + DIGITS.indexOf(column.c[at + digit]);
      found.push(column.d[place]);
    }
    return found;
  }
  function plain(text) {
    return text.normalize("NFKC").toLocaleLowerCase().trim();
  }
  function add(parent, name, text, css) {
    var made = document.createElement(name);
    if (text) made.textContent = text;
    if (css) made.className = css;
    parent.appendChild(made);
    return made;
  }

  document.querySelectorAll(".search").forEach(function (box, number) {
    var data = JSON.parse(box.querySelector("script").textContent);
    var pool = data.pool.map(unpacked);
    var ids = pool[0];
    var names = data.names.map(function (place) { return pool[place]; });
    var keys = ids.map(function (id, at) {
      return [id].concat(names.map(function (column) { return column[at]; })).map(plain);
    });

    function said(cell, at) {
      if (typeof cell === "string") return cell;
      if (typeof cell === "number") return pool[cell][at];
      if (Array.isArray(cell)) return cell.map(function (part) { return said(part, at); }).join("");
      return said(cell.of[Number(pool[cell.by][at])], at);
    }
    function rank(at, wanted) {
      var best = 9;
      keys[at].forEach(function (key, place) {
        var here = key === wanted ? 0 : key.indexOf(wanted) === 0 ? 2 : key.indexOf(wanted) > 0 ? 4 : 9;
        best = Math.min(best, here + (place ? 1 : 0));
      });
      return best;
    }
    function matches(wanted) {
      var found = [];
      keys.forEach(function (_, at) {
        var how = rank(at, wanted);
        if (how < 9) found.push([how, at]);
      });
      return found.sort(function (a, b) { return a[0] - b[0] || a[1] - b[1]; });
    }
    function badge(parent, tier) {
      var hue = Object.prototype.hasOwnProperty.call(data.hues, tier) ? data.hues[tier] : "";
      return add(parent, "span", tier, "badge" + (/^hue-[a-z0-9]+$/.test(hue) ? " " + hue : ""));
    }

    var label = add(box, "label", data.label);
    var field = add(box, "input");
    field.type = "search";
    field.id = "search" + number;
    label.htmlFor = field.id;
    field.autocomplete = "off";
    field.spellcheck = false;
    add(box, "p", data.note, "note");
    var count = add(box, "p", "", "count");
    count.setAttribute("role", "status");
    var listed = add(box, "ul", "", "matches");
    var sheet = add(box, "div", "", "record");
    sheet.tabIndex = -1;

    function name(at) {
      return ids[at] + names.slice(0, 1).map(function (column) { return column[at] && column[at] !== "\u2013" ? " \u00b7 " + column[at] : ""; }).join("");
    }
    function picture(at) {
      var bars = pool[data.picture.heights][at];
      var figure = add(sheet, "figure", "", "year");
      var svg = document.createElementNS(SVG, "svg");
      svg.setAttribute("viewBox", "0 0 " + bars.length * 20 + " 68");
      svg.setAttribute("role", "img");
      svg.setAttribute("aria-label", said(data.picture.label, at));
      data.picture.heads.forEach(function (head, place) {
        var height = DIGITS.indexOf(bars[place]);
        var bar = document.createElementNS(SVG, "rect");
        bar.setAttribute("x", String(place * 20 + 3));
        bar.setAttribute("width", "14");
        bar.setAttribute("y", String(66 - Math.max(height, 1)));
        bar.setAttribute("height", String(Math.max(height, 1)));
        var title = document.createElementNS(SVG, "title");
        title.textContent = head;
        bar.appendChild(title);
        svg.appendChild(bar);
      });
      figure.appendChild(svg);
      var ends = add(figure, "div", "", "ends");
      add(ends, "span", data.picture.heads[0]);
      add(ends, "span", data.picture.heads[data.picture.heads.length - 1]);
      add(figure, "figcaption", said(data.picture.label, at));
    }
    function show(at, focus) {
      sheet.textContent = "";
      var head = add(sheet, "h2", data.title.replace("{id}", function () { return name(at); }) + " ");
      badge(head, said(data.badge, at));
      data.says.forEach(function (cell) {
        var text = said(cell, at);
        if (text) add(sheet, "p", text, "says");
      });
      var figures = add(sheet, "dl", "", "figures");
      data.figures.forEach(function (figure) {
        var text = said(figure[1], at);
        if (!text || text === "\u2013") return;
        var pair = add(figures, "div");
        add(pair, "dt", figure[0]);
        add(pair, "dd", text, text.length > 9 ? "long" : "");
      });
      picture(at);
      var scroll = add(add(sheet, "figure", "", "table"), "div", "", "scroll");
      var table = add(scroll, "table");
      add(table, "caption", data.table.caption);
      var row = add(add(table, "thead"), "tr");
      data.table.heads.forEach(function (text) { add(row, "th", text).scope = "col"; });
      var body = add(table, "tbody");
      data.table.rows.forEach(function (cells) {
        var line = add(body, "tr");
        cells.forEach(function (cell, place) {
          var text = said(cell, at);
          if (place === 0) {
            add(line, "th", text).scope = "row";
            return;
          }
          var badged = place === 1 && text;
          var box = add(line, "td", badged ? "" : text || "\u2013", !text ? "none" : place === 3 ? "n" : place > 3 ? "l" : "");
          box.setAttribute("data-head", data.table.heads[place]);
          if (badged) badge(box, text);
        });
      });
      if (focus) sheet.focus();
      history.replaceState(null, "", "#c=" + encodeURIComponent(ids[at]));
    }
    function look() {
      var wanted = plain(field.value);
      listed.textContent = "";
      count.textContent = "";
      if (!wanted) return [];
      var found = matches(wanted);
      count.textContent = found.length ? data.found.replace("{n}", found.length.toLocaleString("en")) : data.none;
      found.slice(0, SHOWN).forEach(function (match) {
        var button = add(add(listed, "li"), "button", name(match[1]) + " ");
        button.type = "button";
        badge(button, said(data.badge, match[1]));
        button.addEventListener("click", function () { show(match[1], true); });
      });
      return found;
    }
    function named() {
      var wanted = "";
      try { wanted = decodeURIComponent((location.hash.match(/^#c=(.*)$/) || ["", ""])[1]); } catch (error) { wanted = ""; }
      var at = wanted ? ids.indexOf(wanted) : -1;
      if (at >= 0) {
        field.value = wanted;
        look();
        show(at, false);
      }
    }
    field.addEventListener("input", function () {
      var found = look();
      if (found.length && (found[0][0] === 0 || found.length === 1)) show(found[0][1], false);
    });
    field.addEventListener("keydown", function (event) {
      if (event.key === "Enter") {
        var found = look();
        if (found.length) show(found[0][1], true);
      }
    });
    window.addEventListener("hashchange", named);
    named();
  });
})();
