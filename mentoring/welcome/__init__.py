"""Being welcomed: four short steps for a mentee, four for a mentor, and a last look before others see anything."""
