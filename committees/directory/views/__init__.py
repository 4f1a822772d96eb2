"""Pages of the directory: for everybody (public), and for those who keep it (keeping, employers, lists)."""
