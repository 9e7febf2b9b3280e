ByJ<\ Â€ZsBgN&ÂÃ³yÀv·´ÁŠgzAûíp?+
ÂÊN@ËQ·Aç~¶A]rc?ÙþAL"BÀˆë@