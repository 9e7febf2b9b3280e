ByJ<?LÄÀÞäC“*D®MzCm€«D¬nuÄ!wÞCê§DèY÷ÃmMD…‹FÂmñµCiïC
’Ã›ß…C