"""Forenames that stand for one another: British short forms, and spellings of names from other alphabets."""

from __future__ import annotations

_TABLE = """
abigail abby abi gail; abraham abe bram ibrahim; adam; adrian ade; aidan aiden; alan allan allen alun al; albert al bert bertie;
alexander alex alec alasdair alastair alistair sandy xander sasha lex; alexandra alex sandra sandy; alfred alf alfie fred;
alison ali; amanda mandy; andrew andy drew andre andrzej andrei; angela angie ange; ann anne anna annie hannah nan; anthony antony
tony ant anton antonio; archibald archie; arnold arnie; arthur art artie; barbara barb babs; barnaby barney; barry baz bazza
barrington; benjamin ben benny benji; bernard bernie; bradley brad; brandon; brendan bren; brian bryan brain; bruce; callum calum
cal; cameron cam; carl karl carol; carol caroline carrie carole; catherine katherine kathryn catharine cathy kathy kate katie kath
cat kit; charles charlie chas chuck chaz charley; charlotte lottie charlie; christine christina chris chrissie tina kirsty;
christopher chris kit topher kris krzysztof; clifford cliff; clive; colin col; connor conor; craig; cyril; dale; damian damien
daniel dan danny danny; darren daz dazza; david dave davy davey dai dafydd; dean; deborah debra debbie deb debs; declan dec;
dennis denis den denny; derek derrick del; dominic dom; donald don donny; dorothy dot dotty; douglas doug dougie; duncan; dylan;
edward ed eddie eddy ted teddy ned edmund; edwin ed eddie; eleanor ellie nell nora elinor; elizabeth elisabeth liz lizzie beth
betty eliza lisa libby bess; elliot elliott eliot; emily em emma emmie; emma em; eric erik; ernest ernie; ethan; eugene gene;
evan; ewan euan ewen; francis frank frankie fran; frances fran frankie; frederick fred freddie freddy frederic; gareth gaz;
garth; gary garry gaz gazza; gavin gav; geoffrey jeffrey geoff jeff; george georgie; gerald gerry jerry gerard; gilbert gil bert;
giles; glen glenn; glyn glynn; gordon; graham graeme grahame; gregory greg gregor; guy; harold harry hal; harriet hattie; harry
henry harry hal hank; herbert bert herb; howard howie; hugh huw hughie; ian iain; isaac zac ike; ivan; jack john jackie; jacob
jake; jacqueline jackie jacqui; james jim jimmy jamie jem jay; jane janet jan janey; janet jan; jason jay jase; jennifer jenny
jen; jeremy jerry jez jem; jessica jess jessie; joan joanie; joanna joanne jo; joel; john jon johnny jonny jack jonnie jan juan;
jonathan jon jonny jonathon johnathan jonathen john; jordan jord; joseph joe joey josef yusuf; joshua josh; judith judy jude;
julian jules; julie julia jules; justin; karen caz; keith; kelly kel; kelvin kel; kenneth ken kenny; kevin kev; kieran kieron;
kyle; lance; laura laurie; lawrence laurence larry laurie lol loz; lee leigh; leonard len lenny leo; leslie lesley les; lewis
louis lou louie lew; liam william; linda lynda lyn lynn lin; lloyd; louise lou; lucas luke luc; luke lucas; malcolm malc mal;
marcus mark marc; margaret maggie meg peggy marge mags; maria mary marie; mark marc marcus; martin martyn marty; mary molly polly
mathew matthew matt matty mateusz; maurice morris mo; maxwell max maximilian; melanie mel; melvin melvyn mel; michael mick mike
micky mickey mikey mitch michal mikhail; miles myles; mitchell mitch; mohammed mohammad mohamed muhammad muhammed mohamad mohamud
mahomed mohd md mo moh; morgan; nancy nan; nathan nate nathaniel nat; neil neal niall nigel; neville nev; nicholas nick nicky
nicolas nico nik nicolai; nicola nicky nikki; nigel nige; noel; norman norm; oliver ollie olly; oscar; owen owain; pamela pam;
patricia pat patsy trish tricia; patrick pat paddy padraig; paul paulie pawel; peter pete piotr pyotr; philip phillip phil pip;
rachel rachael rach; ralph ralf; randolph randy; raymond ray; rebecca becky becca bex; reginald reg reggie; rhys reece rees reese
richard rick ricky dick dickie rich richie ritchie; robert rob bob bobby robbie robby bert rab robin; robin rob; roderick rod
roddy; rodney rod; roger rodge; roland roly; ronald ron ronnie ronny; rory; ross; roy; rupert; russell russ; ryan; samuel sam
sammy; samantha sam; sandra sandy; sarah sara sally; scott scot scotty; sean shaun shawn; sebastian seb; sharon shaz shazza;
shane; sidney sydney sid syd; simon si; spencer; stanley stan; stephen steven steve stevie stefan stephan ste; stewart stuart stu
stew; susan sue susie suzanne suzie; terence terrence terry tel; theodore theo ted; theresa teresa terry tess; thomas tom tommy
thom tomasz; timothy tim timmy; tobias toby; todd; trevor trev; tristan; tyler ty; valerie val; vernon vern; victor vic viktor;
victoria vicky vicki tori; vincent vince vinny vinnie; walter wally walt; warren; wayne; wendy; wilfred wilf; william will bill
billy willy willie liam wil; yvonne; zachary zac zach zack;
abdul abdel abd abdallah abdullah; ahmed ahmad ahmet; ali aly; amir ameer emir; bilal bilaal; hamza hamzah; hassan hasan hussan
hussain hussein husain hossain hussayn; imran; ismail ismael esmail; khalid khaled; mustafa mustapha moustafa; omar umar omer;
rashid rasheed; sayed syed said saeed; tariq tarik; usman osman uthman; yusuf yousef yusef youssef yousuf joseph; zain zayn;
aleksander oleksandr aleksandr alexandr alexander; dmitri dmitry dimitri; sergei sergey serhiy; vladimir volodymyr wlodzimierz;
yuri yuriy jurij
"""
_GROUPS = [frozenset(group.split()) for group in _TABLE.replace("\n", " ").split(";")]


def _by_name() -> dict[str, frozenset[int]]:
    found: dict[str, set[int]] = {}
    for number, group in enumerate(_GROUPS):
        for name in group:
            found.setdefault(name, set()).add(number)
    return {name: frozenset(numbers) for name, numbers in found.items()}


_NUMBERS = _by_name()


def is_forename(name: str) -> bool:
    """Whether the table knows this folded word as a forename."""
    return name in _NUMBERS


def stand_for_one_another(one: str, other: str) -> bool:
    """Whether two folded forenames are forms of one: bill and william, mohamed and muhammad."""
    return not _NUMBERS.get(one, frozenset()).isdisjoint(_NUMBERS.get(other, frozenset()))


def forms_of(name: str) -> frozenset[str]:
    """All forms that may stand for a folded forename, itself among them."""
    return frozenset({name}).union(*(_GROUPS[number] for number in _NUMBERS.get(name, ())))
