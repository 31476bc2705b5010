"""Measuring: gold questions in, a report with confidence intervals out, and a gate that holds it to the last one."""
