"""How names are folded, found and compared, in the spellings of three languages and others."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.identification.rules.spelling import core, folded, keys, likeness, sounds

SAME = [
    ("Müller", "Mueller"),
    ("Müller", "MULLER"),
    ("Großmann", "Grossmann"),
    ("Lefèvre", "Lefevre"),
    ("Œdipe", "Oedipe"),
    ("Van den Broeck", "Vandenbroeck"),
    ("Van den Broeck", "Broeck"),
    ("D'Hondt", "Dhondt"),
    ("D\u2019Hondt", "D Hondt"),
    ("El Idrissi", "Elidrissi"),
    ("Thijs", "Thys"),
    ("IJsebaert", "Ysebaert"),
    ("Ĳsebaert", "IJsebaert"),
    ("Cuypers", "Kuypers"),
    ("Hendrickx", "Hendriks"),
    ("Desmedt", "De Smet"),
    ("Dubois", "Du Bois"),
    ("Philippe", "Filip"),
    ("Peeters", "Peters"),
    ("Janssens", "Jansen"),
    ("Y\u0131lmaz", "Yilmaz"),
    ("Łukasz", "Lukasz"),
]
LETTERS = [
    ("Ħaber", "HABER"),
    ("Għigo", "GHIGO"),
    ("Ǿrsted", "ORSTED"),
    ("\u00d8\u0301rsted", "ORSTED"),
    ("Ǽrø", "AERO"),
    ("Ŧavgi", "TAVGI"),
    ("Ǥaup", "GAUP"),
    ("ĠĦƵ", "GHZ"),
    ("Ʒǯ", "ZZ"),
    ("Ɨɨ", "II"),
    ("Ðor", "DOR"),
    ("ĸa", "KA"),
    ("\u0149", "N"),
    ("Co\u0140l", "COLL"),
    ("Ga\u02bfbān", "GABAN"),
    ("D\u00b4Hondt", "DHONDT"),
    ("Zwem\u00adbad", "ZWEMBAD"),
    ("Zwem\u200bbad", "ZWEMBAD"),
]
DIN_91379 = (
    "ÀÁÂÃÄÅÆÇÈÉÊËÌÍÎÏÐÑÒÓÔÕÖØÙÚÛÜÝÞßàáâãäåæçèéêëìíîïðñòóôõöøùúûüýþÿĀāĂăĄąĆćĈĉĊċČčĎďĐđĒēĔĕĖėĘęĚěĜĝĞğ"
    "ĠġĢģĤĥĦħĨĩĪīĬĭĮįİıĲĳĴĵĶķĸĹĺĻļĽľĿŀŁłŃńŅņŇňŉŊŋŌōŎŏŐőŒœŔŕŖŗŘřŚśŜŝŞşŠšŢţŤťŦŧŨũŪūŬŭŮůŰűŲųŴŵŶŷŸŹźŻż"
    "ŽžƇƈƏƗƠơƯưƵƶƷǍǎǏǐǑǒǓǔǕǖǗǘǙǚǛǜǞǟǢǣǤǥǦǧǨǩǪǫǬǭǮǯǰǴǵǸǹǺǻǼǽǾǿȒȓȘșȚțȞȟȧȨȩȪȫȬȭȮȯȰȱȲȳəɨʒ"
)
"""Its letters of one code point below U+1E00."""
TYPOS = [("Goossens", "Goosens"), ("Maes", "Mars"), ("Wouters", "Wuoters"), ("Claes", "Claesq")]
OTHERS = [("Peeters", "Janssens"), ("Maes", "Claes"), ("Dubois", "Dupont"), ("De Smet", "De Vos")]


@pytest.mark.parametrize(("one", "other"), SAME)
def test_names_that_sound_the_same_are_found_and_likely(one, other):
    first, second = folded(one), folded(other)

    assert keys(first) & keys(second)
    assert likeness(first, second) >= 0.8


@pytest.mark.parametrize(("name", "letters"), LETTERS)
def test_letters_that_do_not_come_apart_are_written_out(name, letters):
    assert folded(name) == letters


@pytest.mark.parametrize("letter", [*DIN_91379, *map(chr, range(0x1E00, 0x1E9F))])
def test_every_letter_of_european_names_counts_between_two_others(letter):
    found = folded(f"B{letter}B")

    assert found.isalpha()
    assert len(found) > 2


@pytest.mark.parametrize(("right", "wrong"), TYPOS)
def test_a_name_with_one_wrong_letter_is_found(right, wrong):
    assert keys(folded(right)) & keys(folded(wrong))
    assert likeness(folded(right), folded(wrong)) >= 0.72


@pytest.mark.parametrize(("one", "other"), OTHERS)
def test_other_names_are_less_likely(one, other):
    assert likeness(folded(one), folded(other)) < 0.8


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("VAN DEN BROECK", ["BROECK"]),
        ("DE", ["DE"]),
        ("VAN DE", ["VAN", "DE"]),
        ("DE SMET PEETERS", ["SMET", "PEETERS"]),
    ],
)
def test_particles_are_no_part_of_the_core_unless_there_is_nothing_else(name, words):
    assert core(name) == words


@given(st.text(max_size=80))
def test_any_text_folds_to_words_of_letters(text):
    name = folded(text)

    assert set(name) <= set("ABCDEFGHIJKLMNOPQRSTUVWXYZ ")
    assert name == " ".join(name.split())
    assert folded(name) == name


@given(st.text(min_size=1, max_size=48), st.text(min_size=1, max_size=48))
def test_likeness_is_a_share_and_the_same_both_ways(one, other):
    first, second = folded(one), folded(other)
    if first and second:
        assert 0 <= likeness(first, second) <= 1
        assert likeness(first, second) == likeness(second, first)
        assert likeness(first, first) == 1
        assert sounds(first) <= keys(first)
