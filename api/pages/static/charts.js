// Draws a chart above the table that holds its figures: bars from zero, one pair a region. One that is folded away is drawn when
// it is unfolded: before that it has no width.
window.addEventListener("DOMContentLoaded", () => {
  for (const place of document.querySelectorAll(".chart[data-chart]")) {
    const table = document.getElementById(place.dataset.chart);
    if (!table || !window.echarts) continue;
    const folded = place.closest("details:not([open])");
    if (folded) folded.addEventListener("toggle", () => draw(place, table), { once: true });
    else draw(place, table);
  }
});

const draw = (place, table) => {
  const heads = [...table.tHead.rows[0].cells].slice(1).map((cell) => cell.textContent);
  const rows = [...table.tBodies[0].rows].slice(0, 15).reverse();
  place.hidden = false;
  place.style.height = `${rows.length * Number(place.dataset.row || 34) + 56}px`;
  const ink = getComputedStyle(document.documentElement);
  const colour = (name) => ink.getPropertyValue(name).trim();
  const chart = echarts.init(place, null, { renderer: "svg" });
  chart.setOption({
    animation: false,
    textStyle: { fontFamily: ink.fontFamily, fontSize: 14, color: colour("--ink") },
    color: ["#a9c4cb", colour("--accent")],
    tooltip: { trigger: "axis", axisPointer: { type: "shadow" } },
    legend: { top: 0, left: 0, data: heads },
    grid: { left: 8, right: 48, top: 32, bottom: 4, containLabel: true },
    xAxis: { type: "value", min: 0, max: place.dataset.most ? ({ max }) => Math.max(max, Number(place.dataset.most)) : null, minInterval: 1, axisLabel: { fontSize: 13 }, splitLine: { lineStyle: { color: colour("--line") } } },
    yAxis: {
      type: "category",
      data: rows.map((row) => row.cells[0].textContent),
      axisTick: { show: false },
      axisLabel: { fontSize: 14, color: colour("--ink"), width: 110, overflow: "break" },
    },
    series: heads.map((head, index) => ({
      name: head,
      type: "bar",
      barMaxWidth: 11,
      barGap: "10%",
      label: { show: true, position: "right", fontSize: 13, color: colour("--soft") },
      data: rows.map((row) => Number(row.cells[index + 1].textContent)),
    })),
  });
  window.addEventListener("resize", () => chart.resize());
};
