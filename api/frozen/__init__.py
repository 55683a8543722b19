"""冻结的报表: figures and the people behind them as one moment knew them, sealed, printed and handed out unchanged."""
