"""导出: a register or a return as a file: asked for, written in a stream, kept sealed, fetched, gone after a week."""
