"""What people type about workplaces: everybody (public), and those who keep the directory (keeping)."""
