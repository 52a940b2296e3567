"""Words on which a letter's writer is asked to look again: plain phrases in three languages.

What each list looks for: an opinion on guilt; words against those who were hurt, the police or
the court; what is said to have happened in the case. A star stands for any ending. Accents,
capitals and apostrophes make no difference. All lists are looked up in every letter, because
people mix their languages.

Their limits: phrases know no meaning. "I felt guilty that I had not called" is found and harmless;
"the other one began it" says what it should not and is not found. So nothing here ever keeps a
letter back: counsel reads every one.
"""

from collections.abc import Mapping
from typing import Final

GUILT: Final[Mapping[str, str]] = {
    "en": """
        innocent; innocence; not guilty; is guilty; was guilty; guilty of; his guilt; her guilt
        their guilt; did not do it; didn't do it; did not do this; didn't do this
        did not do anything wrong; didn't do anything wrong; did nothing wrong
        has done nothing wrong; never did anything wrong; would never do this
        would never do such a thing; would never do something like that
        would never do something like this; could never do this; could never do such a thing
        could not have done; couldn't have done; he did it; she did it; they did it
        it was not him; it wasn't him; it was not her; it wasn't her; commit* this crime
        commit* the crime; commit* a crime; commit* that crime; not capable of this
        not capable of such; falsely accused; wrongly accused; wrongfully accused
        false accusation*; false charge*; wrongfully charged; charges are false
    """,
    "es": """
        inocente*; inocencia; es culpable; no es culpable; fue culpable; culpable de
        su culpabilidad; no lo hizo; no hizo eso; no hizo esto; no hizo nada malo
        nunca hizo nada malo; sí lo hizo; no fue él; no fue ella; él no fue; ella no fue
        no cometió; cometió el delito; cometió un delito; cometió ese delito; cometió este delito
        jamás haría eso; nunca haría eso; jamás haría algo así; nunca haría algo así
        sería incapaz de; es incapaz de hacer; no es capaz de hacer eso; acusad* falsamente
        falsamente acusad*; injustamente acusad*; acusad* injustamente; falsa acusación
        acusación falsa; acusaciones falsas; falsas acusaciones; cargos falsos
    """,
    "ht": """
        inosan*; koupab; li pa fè sa; li pa t fè sa; li pa te fè sa; li pa fè anyen
        li pa t fè anyen; li pa te fè anyen; li pa fè anyen mal; se pa li ki fè; se pa li ki te fè
        se li ki fè sa; se li ki te fè sa; li pa t ap janm fè sa; li pa ta janm fè sa
        li pa ka fè yon bagay konsa; li pa t ap fè yon bagay konsa; li pa komèt; li pa t komèt
        li komèt krim; komèt krim sa a; akize l san rezon; akize l pou granmesi; yo akize l mal
        fo akizasyon; akizasyon sa yo pa vre
    """,
}

AGAINST: Final[Mapping[str, str]] = {
    "en": """
        liar*; she lied; he lied; they lied; lied about; is lying; are lying; lying about
        telling lies; made it up; made this up; made that up; making it up; deserved this
        had it coming; asked for it; her own fault; his own fault; it was her fault
        it was his fault; it's her fault; it's his fault; provoked; set him up; set her up
        set them up; framed him; framed her; framed by; planted evidence; planted on him
        dirty cop*; bad cop*; crooked; corrupt; corruption; racist*; police brutality
        abuse of power; the victim; so-called victim; alleged victim; the alleged victim*
        the accuser*; snitch*; unfair judge; unfair prosecutor; out to get him; out to get her
        after his money
    """,
    "es": """
        mentiros*; mintió; mintieron; ella miente; él miente; mienten; está mintiendo
        están mintiendo; puras mentiras; se lo inventó; lo inventó todo; inventó todo
        inventaron todo; se lo merecía; se lo merece; se lo buscó; ella lo provocó; él la provocó
        lo provocaron; la provocaron; fue culpa de ella; fue culpa de él; le tendieron una trampa
        le pusieron una trampa; corrupt*; corrupción; racista*; abuso policial
        abuso de la policía; abuso de poder; brutalidad policial; la víctima; las víctimas
        la supuesta víctima; la presunta víctima; soplón; soplona; juez injusto; fiscal injusto
    """,
    "ht": """
        mantè; mantèz; yo bay manti; ap bay manti; bay manti sou; li fè manti; yo fè manti
        envante sa; envante istwa; li merite sa; li te merite sa; se fòt li; se te fòt li
        li chache sa; li pwovoke l; yo pwovoke l; yo pran l nan pèlen; tann li pèlen; tann li pyèj
        kòwonpi; kowonpi; koripsyon; kòripsyon; rasis; move polis; abi polis; polis yo abize
        viktim nan; viktim yo; swadizan viktim; jij la pa jis; komisè a pa jis; denonsyatè
    """,
}

FACTS: Final[Mapping[str, str]] = {
    "en": """
        the night of the; night of the arrest; day of the arrest; the incident; the arrest
        his arrest; her arrest; their arrest; was arrested; got arrested; the charge; the charges
        these charges; this charge; charged with; accused of; the crime; this crime; the offense
        the alleged; allegedly; his case; her case; this case; the evidence; the gun; a gun
        the weapon; the knife; sold drugs; selling drugs; drug deal*; the robbery
        the shooting; the assault; the burglary; he stole; she stole; stole the; stolen
        eyewitness*; a witness to; i was there when it; i saw what happened; what really happened
        what happened that night; what happened that day; the police report; probation violation
    """,
    "es": """
        la noche de los hechos; el día de los hechos; los hechos; el incidente; el arresto
        su arresto; la noche del arresto; el día del arresto; lo arrestaron; la arrestaron
        fue arrestad*; los cargos; estos cargos; esos cargos; acusado de; acusada de; el delito
        este delito; el crimen; este crimen; su caso; el caso de él; el caso de ella; la evidencia
        las pruebas en; la pistola; una pistola; el arma; un arma; el cuchillo; vender drogas
        vendía drogas; el robo; el asalto; el tiroteo; robó; testigo de los hechos
        fui testigo de lo; yo vi lo que pasó; lo que de verdad pasó; lo que pasó esa noche
        lo que pasó ese día; el reporte de la policía
    """,
    "ht": """
        jou yo te arete l; jou yo arete l; nwit yo te arete l; nwit yo arete l; yo te arete l
        yo arete l; yo te arete li; yo arete li; arestasyon; ensidan an; chaj yo; chaj sa yo
        akizasyon an; akizasyon yo; yo akize l; yo akize li; krim nan; krim sa a; zak sa a
        ka li a; ka sa a; ka l la; prèv yo; zam nan; yon zam; revòlvè a; kouto a; vann dwòg
        vòl la; li te vòlè; li vòlè; temwen nan; mwen te la lè sa rive
        mwen te wè sa ki te pase; sa ki te pase vre; rapò polis; rapò lapolis
    """,
}

LISTS: Final[Mapping[str, Mapping[str, str]]] = {
    "guilt": GUILT,
    "against": AGAINST,
    "facts": FACTS,
}
"""By the code of the caution; in it by language; phrases divided by semicolons and line ends."""
