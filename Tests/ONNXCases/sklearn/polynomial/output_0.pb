BvariableJL„89CPž9C(ë*C5œ!C7ŽVCÖ
C©KCz&CCÊCÞeCJ0%C2pÿB%#CÍ3C›=Cª©Cb©êBÊÐB¼c1C