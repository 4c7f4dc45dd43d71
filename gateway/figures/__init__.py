"""Reports of figures: what each is, how it comes from the counts, and the forms it is given in."""
