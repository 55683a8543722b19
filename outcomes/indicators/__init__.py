"""指标: what a task may count, each declared once; page, API, workbook and docs/indicators.md are made of it."""
