"""English words that carry grammar rather than subject.

The longer the list, the better long questions rank: "what are the effects of…" should be about the
effects. "Use" and its forms are not among them: "acceptable use" is a subject. A query made of nothing
else is not lost, it is looked up in the unstemmed words instead.
"""

_ENGLISH = """
    a about above across actually after afterwards again against all almost alone along already also
    although always am among amongst an and another any anybody anyhow anyone anything anyway anywhere
    apart are aren around as aside at away back be became because become becomes becoming been before
    beforehand behind being below beside besides best better between beyond both but by came can cannot
    certain certainly clearly come comes concerning consider considering could couldn currently d did
    didn do does doesn doing don done down during each eg either else elsewhere enough entirely especially
    et etc even ever every everybody everyone everything everywhere ex except far few followed following
    follows for former formerly found from further furthermore gave get gets getting give given gives go
    goes going gone got had hadn happens hardly has hasn have haven having he hence her here hereafter
    hereby herein hers herself hi him himself his how howbeit however i ie if in inasmuch indeed instead
    into inward is isn it its itself just keep keeps kept know known knows last lately later latter
    latterly least less lest let like likely ll made mainly make makes many may maybe me meanwhile merely
    might more moreover most mostly much must my myself namely near nearly necessary need neither never
    nevertheless next no nobody none nonetheless noone nor normally not nothing now nowhere obviously of
    off often oh ok okay old on once one ones only onto or other others otherwise ought our ours ourselves
    out over overall own particular particularly per perhaps please possible presumably probably quite
    rather re really reasonably regarding regardless regards relatively respectively s said same saw say
    saying says second secondly see seem seemed seeming seems seen self selves sensible several shall she
    should shouldn show showed shown shows since so some somebody somehow someone something sometime
    sometimes somewhat somewhere soon specified specify specifying still such sure t take taken tell
    tends than that the their theirs them themselves then thence there thereafter thereby therefore
    therein thereupon these they this those though through throughout thru thus to together too took
    toward towards tried tries truly try trying twice under unless unlikely until unto up upon us
    usually various ve very via viz was wasn way we well went were weren what
    whatever when whence whenever where whereafter whereas whereby wherein whereupon wherever whether
    which while whither who whoever whole whom whose why will with within without won would wouldn yes
    yet you your yours yourself yourselves
"""

ENGLISH = frozenset(_ENGLISH.split())
