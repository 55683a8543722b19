// Draws the way of a figure and the fan to its last day, from the table that holds the figures; the target is a line across.
window.addEventListener("DOMContentLoaded", () => {
  for (const place of document.querySelectorAll(".chart[data-fan]")) {
    const table = document.getElementById(place.dataset.fan);
    if (!table || !window.echarts) continue;
    const rows = [...table.tBodies[0].rows].map((row) => ({
      on: row.dataset.on,
      figures: [...row.cells].slice(1).map((cell) => (cell.textContent.trim() === "—" ? null : Number(cell.textContent))),
    }));
    const column = (at) => rows.filter((row) => row.figures[at] !== null).map((row) => [row.on, row.figures[at]]);
    const [done, low, mid, high] = [0, 1, 2, 3].map(column);
    const spread = high.map(([on, figure], at) => [on, figure - low[at][1]]);
    const goal = Number(place.dataset.goal);
    place.hidden = false;
    place.style.height = "18rem";
    const ink = getComputedStyle(document.documentElement);
    const colour = (name) => ink.getPropertyValue(name).trim();
    const day = (value) => `${new Date(value).getFullYear()}年${new Date(value).getMonth() + 1}月${new Date(value).getDate()}日`;
    const roundUp = (figure) => {
      const step = 10 ** Math.max(0, Math.floor(Math.log10(Math.max(figure, 1))) - 1) * 5;
      return Math.ceil(figure / step) * step;
    };
    const band = { type: "line", stack: "fan", symbol: "none", lineStyle: { opacity: 0 }, silent: true };
    const chart = echarts.init(place, null, { renderer: "svg" });
    chart.setOption({
      animation: false,
      textStyle: { fontFamily: ink.fontFamily, fontSize: 14, color: colour("--ink") },
      tooltip: {
        trigger: "axis",
        formatter: (points) => {
          const row = rows.find((each) => new Date(each.on).getTime() === points[0].axisValue);
          if (!row) return "";
          const [was, least, middle, most] = row.figures;
          return was === null ? `${day(row.on)}<br>预计${least}—${most}，居中${middle}` : `${day(row.on)}<br>${was}`;
        },
      },
      legend: { top: 0, left: 0, data: ["已完成", "预计（居中）", "预计范围"] },
      grid: { left: 8, right: 24, top: 40, bottom: 4, containLabel: true },
      xAxis: {
        type: "time",
        splitNumber: 4,
        axisLabel: { fontSize: 13, hideOverlap: true, formatter: (value) => `${new Date(value).getMonth() + 1}月${new Date(value).getDate()}日` },
      },
      yAxis: { type: "value", min: 0, max: ({ max }) => roundUp(1.05 * Math.max(max, goal || 0)), minInterval: 1, axisLabel: { fontSize: 13 }, splitLine: { lineStyle: { color: colour("--line") } } },
      series: [
        { ...band, name: "least", data: low },
        { ...band, name: "预计范围", data: spread, areaStyle: { color: colour("--accent"), opacity: 0.22 }, itemStyle: { color: colour("--accent"), opacity: 0.3 } },
        { name: "预计（居中）", type: "line", symbol: "none", data: mid, lineStyle: { type: "dashed", color: colour("--accent") }, itemStyle: { color: colour("--accent") } },
        {
          name: "已完成", type: "line", symbol: "circle", symbolSize: 6, data: done, lineStyle: { width: 3, color: colour("--ink") }, itemStyle: { color: colour("--ink") },
          markLine: goal ? { silent: true, symbol: "none", lineStyle: { color: colour("--bad") }, label: { formatter: `任务数${goal}`, position: "insideStartTop", color: colour("--bad") }, data: [{ yAxis: goal }] } : undefined,
        },
      ],
    });
    window.addEventListener("resize", () => chart.resize());
  }
});
