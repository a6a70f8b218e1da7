"""Words of English that have a capital and name nobody, and words that tell what a name names."""

from __future__ import annotations

_NEVER = """
    I OK Okay Monday Tuesday Wednesday Thursday Friday Saturday Sunday Mondays Tuesdays Wednesdays Thursdays Fridays
    Saturdays Sundays January February March July August September October November December Christmas Easter
    Ramadan Eid God Lord English British Welsh Scottish Irish American European French German Polish Spanish Italian
    Chinese Indian African Asian Arabic Interviewer Interviewee Interview Participant Moderator Respondent
    Researcher Facilitator Speaker Transcript Mr Mrs Ms Miss Dr Prof Professor Sir NHS GP GPs TV UK USA EU AM PM CV
    ID PC DVD CD IT HR DNA PDF COVID Covid Internet Google Facebook WhatsApp Zoom Skype Mum Mam Dad Nan Gran Grandad
    Mummy Daddy
"""
_AT_STARTS = """
    Yeah Yes No Oh Um Er Erm Hmm Mm Mhm Ah Well So And But Or Then Now How What When Where Why Who Which Because If
    The This That These Those There Here It He She We You They My His Her Our Your Their Sorry Thanks Thank Hello Hi
    Hang Perhaps Maybe Anyway Actually Basically Obviously Definitely Absolutely Exactly Probably Right Good Great
    Sure Please Although Though However Also Just Not Do Did Does Is Are Was Were Have Has Had Can Could Will Would
    Should May Might Must Every Everybody Everyone Everything Some Somebody Someone Something Any Anybody Nobody
    Nothing Another Other Most Many Few All Both Each Next Last First Second Third Once Twice Three Four Five Ten
    Let Lots Before After During Since Until While Like Unless Whatever Whenever Anything Yours Mine Only Even Still
    With Without From For At In On By To Of Up Out Off Over Under About Between Through Against Compare See Note
"""
_INSTITUTIONS = """
    University College School Academy Hospital Infirmary Clinic Surgery Hospice Trust Council Centre Center Church
    Chapel Mosque Temple Prison Company Ltd Limited Foundation Institute Department Ministry Agency Service Services
    Society Association Club Library Museum Bank Police Court Charity Practice Ward
"""
_PLACES = "Street Road Lane Avenue Close Drive Square Park Island River Lake Bay Valley County Village Town City"

NO_NAMES = frozenset(_NEVER.split())
"""Words that name nobody, wherever they stand."""

NO_NAMES_AT_STARTS = frozenset(_AT_STARTS.split())
"""Words that name nobody where a sentence begins; Will and May may be names elsewhere."""

OF_INSTITUTIONS = frozenset(_INSTITUTIONS.split())
"""Words of the names of institutions."""

OF_PLACES = frozenset(_PLACES.split())
"""Words of the names of places."""
