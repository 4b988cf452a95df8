"""Forenames with weights, and the everyday form that starts with another letter.

Belongs here: how a forename's first letter is drawn and what it becomes when somebody is called by a short name.
Does not belong here: errors of typing (recording_errors.py). Names never leave this module: only first letters do.
"""

import numpy as np

from synthetic_extracts.draws import pick

# name, weight, everyday form ("" when it starts with the same letter or there is none). Weights are chosen, in rough
# proportion to names given in England and Wales 1960-2002.
MALE = """David 34,Michael 28,Paul 26,John 26,Andrew 24 Drew,Mark 23,James 26,Christopher 22 Kit,Stephen 17,
Robert 18 Bob,
Richard 13 Dick,Anthony 13 Tony,Daniel 20,Matthew 18,Lee 13,Simon 10,Thomas 14,Kevin 10,Martin 9,Gary 10,Ian 9,
Steven 10,Peter 11,Alan 8,Philip 8 Pip,Darren 11,Jason 11,Wayne 7,Craig 9,Adam 11,Ryan 11,Jamie 9,Scott 9,
Benjamin 8,Joseph 9,William 9 Bill,Edward 5 Ted,Alexander 7 Sandy,Jonathan 8,Nicholas 7,Samuel 8,Luke 9,Jack 8,
Joshua 8,Ashley 6,Liam 8,Aaron 7,Carl 6,Dean 7,Stuart 6,Neil 6,Barry 4,Nigel 3,Graham 4,Keith 4,Terence 4 Tel,
Raymond 4,Colin 4,Sean 6,Shaun 6,Nathan 7,Kieran 5,Callum 5,Connor 5,Jake 5,Kyle 4,Jordan 6,Albert 2 Bert,
George 5,Henry 2,Frederick 2,Leonard 2,Reginald 1,Ronald 2,Dominic 2 Nick,Patrick 4 Rick,Gerard 2,Vincent 2,
Leon 3,Marcus 2,Gavin 4,Damien 2,Karl 3,Clive 1,Trevor 3,Roger 2,Geoffrey 2,Russell 3,Elliott 2,Zak 1,Oliver 4,
Harry 3,Charles 4,Brian 4,Dale 2,Duncan 1,Eric 1 Rick,Francis 2,Glen 3,Hugh 1,Ivan 1,Julian 2,Kenneth 4,
Maurice 1,Noel 1,Owen 2,Perry 1,Quentin 1,Rhys 2,Toby 2,Tyrone 2,Victor 1"""
FEMALE = """Susan 14,Karen 14,Sarah 22,Julie 13,Joanne 15,Nicola 14,Tracey 12,Claire 16,Emma 20,Lisa 15,Michelle 15,
Samantha 14,Rebecca 15 Becky,Laura 14,Victoria 10 Tori,Elizabeth 10 Liz,Amanda 9 Mandy,Alison 7,Jacqueline 8,
Deborah 9,Donna 8,Angela 8,Helen 8 Nell,Louise 9,Kelly 11,Rachel 10,Gemma 10,Katherine 7,Catherine 7 Kate,
Natalie 8,Natasha 5 Tash,Charlotte 8,Amy 9,Hayley 7,Stacey 6,Leanne 6,Kerry 6,Zoe 5,Danielle 6,Jennifer 8,
Jessica 8,Lauren 7,Hannah 7,Katie 7,Kirsty 5,Lucy 6,Margaret 4 Peggy,Mary 5 Polly,Patricia 6 Trish,Christine 6,
Christina 3 Tina,Antonia 2 Toni,Alexandra 4 Sandra,Eleanor 2 Nell,Isabella 1 Bella,Maria 4,Teresa 4,Tina 4,
Dawn 5,Paula 5,Wendy 4,Linda 5,Barbara 3,Carol 5,Janet 4,Jane 5,Anne 5,Ann 3,Sandra 5,Sharon 7,Diane 4,
Lorraine 4,Lindsay 3,Melanie 4,Melissa 3,Naomi 2,Olivia 2,Paige 2,Chloe 4,Bethany 3,Abigail 3,Shannon 3,Jodie 4,
Jade 5,Vanessa 2,Veronica 1 Ronnie,Yvonne 3,Frances 2,Georgina 3,Holly 4,Heather 3,Ellen 2 Nell,Rosemary 1,
Ruth 2,Theresa 2,Ursula 1,Imogen 1,Penelope 1"""
ASIAN_AND_OTHER = """Mohammed 30 Ali,Mohammad 10,Muhammad 8 Bilal,Ali 7,Ahmed 6,Abdul 6 Khalid,Imran 5,Asif 4,Khalid 3,
Syed 5,Sajid 3,Tariq 3,Usman 3,Omar 3,Hassan 4,Hussain 4,Ibrahim 3,Ismail 2,Rajesh 3 Jay,Sanjay 3,Amit 2,Vijay 2,
Harpreet 3 Preet,Gurpreet 3,Jaswinder 3,Balvinder 2,Manjit 2,Ravi 2,Sunil 2,Nadeem 2,Zahid 2,Waseem 2,Yusuf 2,
Farhan 2,Kamran 2,Faisal 3,Naveed 2,Piotr 6 Peter,Krzysztof 4 Chris,Tomasz 4,Andrzej 2,Marcin 3,Pawel 3,
Grzegorz 2,Lukasz 2,Dariusz 2,Ion 2,Vasile 1,Emmanuel 4,Samuel 3,Kwame 2,Olu 2,Chidi 1,Winston 2,Delroy 3,
Leroy 2,Errol 1,Tyrone 2,Jermaine 3,Dwayne 2,Fatima 3,Ayesha 2,Nasreen 1,Priya 1,Anita 2,Agnieszka 2,
Katarzyna 2 Kasia,Grace 2"""
# First letters of surnames in England and Wales, per mille (chosen, rounded).
SURNAME_LETTERS = dict(
    zip(
        "ABCDEFGHIJKLMNOPQRSTUVWXYZ",
        (33, 98, 79, 48, 22, 38, 49, 88, 6, 44, 27, 47, 92, 19, 18, 58, 1, 56, 88, 42, 2, 7, 74, 1, 8, 4),
        strict=True,
    )
)
ASIAN_SURNAME_LETTERS = dict(
    zip(
        "ABCDEFGHIJKLMNOPQRSTUVWXYZ",
        (135, 75, 55, 30, 12, 22, 35, 85, 30, 30, 100, 20, 105, 28, 25, 45, 8, 45, 120, 15, 8, 8, 18, 4, 14, 12),
        strict=True,
    )
)


def _first_letters(listing: str) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    weights, formal, everyday = [], [], []
    for entry in listing.split(","):
        name, weight, *short = entry.split()
        weights.append(float(weight))
        formal.append(ord(name[0]) - 65)
        everyday.append(ord(short[0][0]) - 65 if short else -1)
    return np.array(weights), np.array(formal), np.array(everyday)


def draw_initials(
    rng: np.random.Generator, is_male: np.ndarray, other_tradition: np.ndarray
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Letter codes 0-25 of forename, everyday form (-1: none with another letter) and surname.

    other_tradition: people whose forenames follow South Asian, African or East European lists.
    """
    size = len(is_male)
    formal, everyday = np.empty(size, dtype=np.int64), np.empty(size, dtype=np.int64)
    for rows, listing in (
        (is_male & ~other_tradition, MALE),
        (~is_male & ~other_tradition, FEMALE),
        (other_tradition, ASIAN_AND_OTHER),
    ):
        weights, first, short = _first_letters(listing)
        index = pick(rng, weights, int(rows.sum()))
        formal[rows], everyday[rows] = first[index], short[index]
    everyday = np.where(everyday == formal, -1, everyday)
    surname = pick(rng, list(SURNAME_LETTERS.values()), size)
    surname = np.where(other_tradition, pick(rng, list(ASIAN_SURNAME_LETTERS.values()), size), surname)
    return formal, everyday, surname
