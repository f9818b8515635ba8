"""One module per chart: a table in, a Chart out."""
