"""Pages of visitors, and those of the organizers and stewards who receive them."""
