"""The report as one HTML file that needs nothing else: figures, plots and every question."""
