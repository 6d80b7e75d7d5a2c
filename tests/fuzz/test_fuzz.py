"""A short round of scripts/fuzz.py, so that it and the rules it checks stay alive; and what it once found."""

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
CORPUS = Path(__file__).parent / "corpus"


def fuzz(*arguments):
    return subprocess.run([sys.executable, ROOT / "scripts" / "fuzz.py", *arguments], capture_output=True, text=True)


def test_new_inputs_of_every_target_end_in_a_result_or_an_error_of_one_line(tmp_path):
    done = fuzz("--runs", "300", "--seed", "7", "--out", str(tmp_path))
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith("response: ")
    assert done.stdout.count(" 0 broken") == len(done.stdout.splitlines())
    assert list(tmp_path.iterdir()) == []


def test_a_broken_rule_is_told_with_the_smallest_input_and_how_to_repeat_it(tmp_path):
    code = (
        "import sys; sys.path[:0] = ['scripts', '.']\n"
        "import fuzz\n"
        "from fuzzing.target import Target\n"
        "def check(data):\n"
        "    assert b'x' not in data\n"
        "    return 'fine'\n"
        "fuzz.TARGETS['text'] = Target(check, lambda: [b'abcxdef' * 9], lambda data, others, chance: data)\n"
        f"sys.argv = ['fuzz', '--target', 'text', '--runs', '3', '--out', {str(tmp_path)!r}]\n"
        "fuzz.CORPUS = fuzz.CORPUS / 'none'\n"
        "fuzz.main()\n"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 1, done.stderr
    (found,) = tmp_path.iterdir()
    assert found.read_bytes() == b"x"
    assert f"scripts/fuzz --replay {found}" in done.stderr


def test_the_corpus_stays_small():
    assert sum(path.stat().st_size for path in CORPUS.iterdir()) < 300_000
