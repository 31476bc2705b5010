"""What an operator sees of a running server: its log, its metrics, and traces where they are asked for."""
