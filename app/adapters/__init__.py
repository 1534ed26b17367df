"""What the ports stand for on a real machine: files, databases, engines, queues."""
