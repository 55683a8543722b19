"""The national system's workbooks (务工月监测), as counties export them: layout, columns, reading."""
