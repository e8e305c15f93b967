"""From what a query asks for to hits in their order, in bands."""
