// Draws how many stood open at the end of each week, from the table that holds the figures: bars from zero, stacked.
window.addEventListener("DOMContentLoaded", () => {
  for (const place of document.querySelectorAll(".chart[data-trend]")) {
    const table = document.getElementById(place.dataset.trend);
    if (!table || !window.echarts) continue;
    const heads = [...table.tHead.rows[0].cells].slice(1).map((cell) => cell.textContent);
    const rows = [...table.tBodies[0].rows];
    place.hidden = false;
    place.style.height = "16rem";
    const ink = getComputedStyle(document.documentElement);
    const colour = (name) => ink.getPropertyValue(name).trim();
    const chart = echarts.init(place, null, { renderer: "svg" });
    chart.setOption({
      animation: false,
      textStyle: { fontFamily: ink.fontFamily, fontSize: 14, color: colour("--ink") },
      color: [colour("--bad"), "#d9b57c"],
      tooltip: { trigger: "axis", axisPointer: { type: "shadow" } },
      legend: { top: 0, left: 0, data: heads },
      grid: { left: 8, right: 16, top: 36, bottom: 4, containLabel: true },
      xAxis: { type: "category", data: rows.map((row) => row.cells[0].textContent), axisTick: { show: false } },
      yAxis: { type: "value", min: 0, minInterval: 1, splitLine: { lineStyle: { color: colour("--line") } } },
      series: heads.map((head, index) => ({
        name: head,
        type: "bar",
        stack: "open",
        barMaxWidth: 36,
        data: rows.map((row) => Number(row.cells[index + 1].textContent)),
      })),
    });
    window.addEventListener("resize", () => chart.resize());
  }
});
