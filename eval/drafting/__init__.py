"""Candidates for gold questions: proposed from articles, filtered, and looked through by people."""
