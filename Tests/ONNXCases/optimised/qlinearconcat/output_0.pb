ByJ
ÇÄ”˜l]¸tKC