"""One module per publisher; the only place that touches the network."""
