// Draws the charts from the numbers in the page. Without it, or without a canvas, the tables beside the charts stay open.
(() => {
  "use strict";
  const numbers = JSON.parse(document.getElementById("chart-numbers").textContent);
  const dark = matchMedia("(prefers-color-scheme: dark)");
  const colour = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();
  const drawn = [];

  function options(chart) {
    const grid = colour("--rule");
    const across = chart.across;
    const value = { beginAtZero: true, stacked: chart.stacked, grid: { color: grid, drawBorder: false }, ticks: { precision: 0, maxTicksLimit: 7 } };
    const name = { stacked: chart.stacked, grid: { display: false, drawBorder: false }, ticks: { autoSkip: false } };
    return {
      animation: false,
      responsive: true,
      maintainAspectRatio: false,
      indexAxis: across ? "y" : "x",
      scales: across ? { x: value, y: name } : { x: name, y: value },
      plugins: { legend: { display: chart.sets.length > 1, position: "bottom", labels: { boxWidth: 12, boxHeight: 12 } } }
    };
  }

  // A label as lines that are no wider than `width`: cut between words, and anywhere in scripts that have none.
  function lines(label, width, pen) {
    const parts = label.match(/[\u3000-\u9fff\uff00-\uffef]|[^\s\u3000-\u9fff\uff00-\uffef]+\s*|\s+/gu) || [label];
    const found = [""];
    for (const part of parts) {
      const last = found[found.length - 1];
      if (last && pen.measureText(last + part.trimEnd()).width > width) found.push(part);
      else found[found.length - 1] = last + part;
    }
    return found.map((line) => line.trimEnd());
  }

  function draw(canvas) {
    const chart = numbers[canvas.dataset.chart];
    const holder = canvas.parentElement;
    Chart.defaults.font.family = getComputedStyle(document.body).fontFamily;
    Chart.defaults.color = colour("--soft");
    const pen = canvas.getContext("2d");
    pen.font = `12px ${Chart.defaults.font.family}`;
    const labels = chart.across ? chart.labels.map((label) => lines(label, holder.clientWidth * 0.36, pen)) : chart.labels;
    if (chart.across) holder.style.height = `${labels.reduce((sum, label) => sum + 14 + 16 * label.length, 0) + 70}px`;
    const datasets = chart.sets.map((set) => ({
      label: set.label,
      data: set.data,
      backgroundColor: colour(set.colour),
      borderRadius: 3,
      maxBarThickness: 26
    }));
    return new Chart(canvas, { type: "bar", data: { labels, datasets }, options: options(chart) });
  }

  function drawAll() {
    while (drawn.length) drawn.pop().destroy();
    for (const canvas of document.querySelectorAll("canvas[data-chart]")) {
      canvas.parentElement.hidden = false;
      drawn.push(draw(canvas));
    }
  }

  drawAll();
  for (const table of document.querySelectorAll(".chart details")) table.open = false;
  dark.addEventListener("change", drawAll);
  // Paper is white whatever the screen is.
  addEventListener("beforeprint", () => { document.documentElement.dataset.paper = ""; drawAll(); });
  addEventListener("afterprint", () => { delete document.documentElement.dataset.paper; drawAll(); });
})();
