"""What the project's claims of speed rest on; figures and how they came about are in README.md."""
