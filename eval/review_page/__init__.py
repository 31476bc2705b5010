"""Looking through candidates in a browser: one HTML file, whose decisions are saved as JSON lines."""
