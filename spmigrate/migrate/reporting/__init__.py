"""What waves say of themselves to people: plans in time, and the board of all of them. Values in, topics out."""
