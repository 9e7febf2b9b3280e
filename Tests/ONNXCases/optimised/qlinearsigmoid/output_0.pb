	ByJ-+-ta
bt4t.c/fZ