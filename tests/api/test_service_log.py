"""An error that nobody expected is logged by kind and place, never in its own words."""

import logging
import sys

from api.cli.log import WithoutErrorWords


def test_an_error_s_words_stay_out_of_the_log() -> None:
    typed = "9901" + "01198003151248x"
    try:
        int(typed)
    except ValueError:
        told = WithoutErrorWords().format(
            logging.LogRecord("x", logging.ERROR, "", 0, "出错", None, sys.exc_info())
        )
    assert "ValueError" in told
    assert "test_service_log.py" in told
    assert typed not in told
