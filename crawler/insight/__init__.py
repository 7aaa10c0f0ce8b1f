"""Questions asked of what is kept."""
