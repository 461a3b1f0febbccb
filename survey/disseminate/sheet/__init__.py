"""A unit on a sheet of paper: one page of HTML and SVG without scripts, for print, weak lines and the public."""
