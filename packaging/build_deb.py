"""The Debian package of a source tree: Hallgate with its libraries below /usr/lib/hallgate.

    python packaging/build_deb.py --out dist [--source FOLDER] [--release]

The libraries are those of the tree's requirements.lock, by their hashes, from wherever pip is told
to find them (PIP_NO_INDEX=1 PIP_FIND_LINKS=FOLDER for a folder of wheels). Needs dpkg-deb, and the
Python of the distribution for which the package is.
"""

from __future__ import annotations

import argparse
import gzip
import hashlib
import json
import os
import shutil
import subprocess
import sys
import tempfile
import tomllib
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Final

HERE: Final = Path(__file__).parent
DEBIAN: Final = HERE / "debian"
HOME: Final = "usr/lib/hallgate"
SCRIPTS: Final = ("preinst", "postinst", "prerm", "postrm")
MAINTAINER: Final = os.environ.get("DEBEMAIL", "Hallgate <hallgate@localhost>")
_OWNER: Final = 0o755


def main() -> int:
    parser = argparse.ArgumentParser(
        "build_deb", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--source", type=Path, default=HERE.parent, metavar="FOLDER")
    parser.add_argument("--out", type=Path, default=Path("dist"), metavar="FOLDER")
    parser.add_argument("--python", default="/usr/bin/python3", help="the distribution's")
    parser.add_argument("--release", action="store_true", help="its version is the release's own")
    parser.add_argument("--commit", default="", help="of a tree that is no checkout")
    chosen = parser.parse_args()
    source = chosen.source.resolve()
    with tempfile.TemporaryDirectory(prefix="hallgate-deb-") as folder:
        stage = Path(folder) / "stage"
        stage.mkdir(mode=_OWNER)
        version = version_of(source, release=chosen.release)
        install(source, stage, chosen.python, chosen.commit or commit_of(source))
        configuration(source, stage)
        papers(source, stage, version)
        control(stage, version, chosen.python)
        link_python(stage / HOME / "bin" / "python3")
        print(packed(stage, chosen.out.resolve(), version))
    return 0


def say(*command: str | Path, **more: str) -> str:
    """What it prints; its complaints end the build."""
    run = subprocess.run(
        command, env=os.environ | more, capture_output=True, text=True, check=False
    )
    if run.returncode:
        sys.exit(f"{command[0]} failed:\n{run.stdout}{run.stderr}")
    return run.stdout.strip()


# --- what is in it -------------------------------------------------------------------------------


def version_of(source: Path, *, release: bool) -> str:
    """Of what is no release: later than the release before it, in the order of the commits."""
    number = tomllib.loads((source / "pyproject.toml").read_text())["project"]["version"]
    return f"{number}-1" if release else f"{number}+{commit_time(source):%Y%m%d%H%M%S}-1"


def commit_of(source: Path) -> str:
    return say("git", "-C", source, "rev-parse", "--short=12", "HEAD")


def commit_time(source: Path) -> datetime:
    return datetime.fromisoformat(say("git", "-C", source, "log", "-1", "--format=%cI"))


def install(source: Path, stage: Path, python: str, commit: str) -> None:
    """An environment of the distribution's Python that has nothing but us in it."""
    home = stage / HOME
    home.parent.mkdir(parents=True)
    say(python, "-m", "venv", "--without-pip", "--symlinks", home)
    pip = [sys.executable, "-m", "pip", "--quiet", "--disable-pip-version-check"]
    into = [*pip, f"--python={home / 'bin/python3'}", "install", "--no-compile"]
    locked = ["--require-hashes", "--no-deps", "--no-build-isolation"]
    say(*into, *locked, "--requirement", source / "requirements.lock")
    with tempfile.TemporaryDirectory() as wheels:
        say(*pip, "wheel", "--no-deps", "--no-build-isolation", "--wheel-dir", wheels, source)
        say(*into, "--no-deps", "--no-index", *Path(wheels).glob("*.whl"))
    site = packages(home)
    (site / "gateway" / "commit.txt").write_text(f"{commit}\n")
    _made_relative(home, python)
    _without_what_nobody_runs(home, site)


def packages(home: Path) -> Path:
    (site,) = home.glob("lib/python3.*/site-packages")
    return site


def _made_relative(home: Path, python: str) -> None:
    """Nothing in it names the folder in which it was built."""
    for program in (home / "bin").iterdir():
        program.unlink()
    real = Path(python).resolve()
    (home / "bin" / "python3").symlink_to(real)
    script = home / "bin" / "hallgate"
    script.write_text(
        f"#!/{HOME}/bin/python3\nimport sys\n\nfrom gateway.cli import main\n\nsys.exit(main())\n"
    )
    script.chmod(_OWNER)
    (home / "pyvenv.cfg").write_text(
        f"home = {real.parent}\ninclude-system-site-packages = false\n"
    )
    (home / "lib64").unlink(missing_ok=True)
    shutil.rmtree(home / "include", ignore_errors=True)


def _without_what_nobody_runs(home: Path, site: Path) -> None:
    for cache in home.rglob("__pycache__"):
        shutil.rmtree(cache)
    for only_built in ("pip", "setuptools", "wheel", "hatchling", "editables"):
        for each in (*site.glob(only_built), *site.glob(f"{only_built}-*.dist-info")):
            shutil.rmtree(each)
    for record in (*site.glob("*.dist-info/RECORD"), *site.glob("*.dist-info/direct_url.json")):
        record.unlink()
    for foreign in (*site.rglob(".gitignore"), *site.rglob(".gitattributes")):
        foreign.unlink()
    for file in home.rglob("*"):
        if file.is_file() and not file.is_symlink():
            file.chmod(_OWNER if file.parent == home / "bin" else 0o644)


def configuration(source: Path, stage: Path) -> None:
    """What operations people edit, below /etc/hallgate; the program brings its own defaults too."""
    etc = stage / "etc/hallgate"
    ignored = shutil.ignore_patterns("var", "gateway.yaml", "__pycache__")
    shutil.copytree(source / "conf", etc / "conf", ignore=ignored)
    shutil.copy(DEBIAN / "gateway.yaml", etc / "gateway.yaml")
    shutil.copy(DEBIAN / "environment", etc / "environment")
    units = stage / "usr/lib/systemd/system"
    units.mkdir(parents=True)
    for unit in sorted((HERE / "systemd").glob("*.service")):
        shutil.copy(unit, units)
    for name, folder in (("hallgate", "usr/bin"), ("merge-conf", HOME), ("secrets.sh", HOME)):
        place = stage / folder / name
        place.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(DEBIAN / name, place)
        place.chmod(0o644 if place.suffix else _OWNER)


def papers(source: Path, stage: Path, version: str) -> None:
    """What Debian's policy wants to be told, and the documents."""
    about = stage / "usr/share/doc/hallgate"
    about.mkdir(parents=True)
    shutil.copy(DEBIAN / "copyright", about / "copyright")
    told = commit_time(source).strftime("%a, %d %b %Y %H:%M:%S %z")
    entry = f"hallgate ({version}) stable; urgency=medium\n\n  * See README and CHANGELOG.\n\n"
    _packed(f"{entry} -- {MAINTAINER}  {told}\n", about / "changelog.Debian.gz")
    _packed((source / "CHANGELOG.md").read_text(), about / "changelog.gz")
    _packed((source / "README.md").read_text(), about / "README.md.gz")
    shutil.copytree(source / "docs", about / "docs", ignore=shutil.ignore_patterns("decisions"))
    overrides = stage / "usr/share/lintian/overrides/hallgate"
    overrides.parent.mkdir(parents=True)
    shutil.copy(DEBIAN / "lintian-overrides", overrides)
    home = stage / HOME
    manual = stage / "usr/share/man/man1/hallgate.1.gz"
    manual.parent.mkdir(parents=True)
    _packed(man_page(home), manual)
    completion = _run_staged(home, "complete")
    if completion:
        place = stage / "usr/share/bash-completion/completions/hallgate"
        place.parent.mkdir(parents=True)
        place.write_text(completion + "\n")


def _packed(text: str, into: Path) -> None:
    with into.open("wb") as file, gzip.GzipFile("", "wb", 9, file, mtime=0) as packing:
        packing.write(text.encode())


_PROGRAMS: Final = {
    "complete": "from gateway.cli import VERBS, main\n"
    "'completion' in VERBS and main(['completion', 'bash'])",
    "verbs": "import json; from gateway.cli import VERBS\n"
    "print(json.dumps({name: verb.help for name, verb in VERBS.items()}))",
}


def _run_staged(home: Path, what: str) -> str:
    python = [home / "bin" / "python3", "-P", "-B", "-c", _PROGRAMS[what]]
    return say(*python, PYTHONPATH=str(packages(home)), PYTHONDONTWRITEBYTECODE="1")


def man_page(home: Path) -> str:
    """The verbs; each tells the rest by --help."""
    verbs = json.loads(_run_staged(home, "verbs"))
    lines = (DEBIAN / "hallgate.1").read_text().rstrip()
    told = "\n".join(f".TP\n.B {name}\n{_roff(help)}" for name, help in verbs.items())
    return f"{lines}\n.SH VERBS\n{told}\n"


def _roff(text: str) -> str:
    return text.replace("\\", "\\e").replace("-", "\\-").replace("'", "\\(aq")


# --- the package ---------------------------------------------------------------------------------


def control(stage: Path, version: str, python: str) -> None:
    place = stage / "DEBIAN"
    place.mkdir(mode=_OWNER)
    minor = int(say(python, "-c", "import sys; print(sys.version_info[1])"))
    fields = (
        (DEBIAN / "control")
        .read_text()
        .format(
            version=version,
            architecture=say("dpkg", "--print-architecture"),
            maintainer=MAINTAINER,
            python=f"python3.{minor}, python3 (>= 3.{minor}~), python3 (<< 3.{minor + 1}~)",
            size=sum(f.stat().st_size for f in stage.rglob("*") if f.is_file()) // 1024,
        )
    )
    (place / "control").write_text(fields)
    conffiles = sorted(_files_below(stage, "etc"))
    (place / "conffiles").write_text("".join(f"/{name}\n" for name in conffiles))
    for name in SCRIPTS:
        script = place / name
        script.write_text((DEBIAN / name).read_text().replace("@VERSION@", version))
        script.chmod(_OWNER)
    sums = [
        f"{hashlib.md5((stage / name).read_bytes()).hexdigest()}  {name}\n"
        for name in sorted(_files_below(stage, "usr"))
    ]
    (place / "md5sums").write_text("".join(sums))


def _files_below(stage: Path, folder: str) -> Iterator[str]:
    for file in (stage / folder).rglob("*"):
        if file.is_file() and not file.is_symlink():
            yield str(file.relative_to(stage))


def link_python(link: Path) -> None:
    """As the policy wants links within /usr; until now it had to work here."""
    real = link.readlink()
    link.unlink()
    link.symlink_to(Path("../../../bin") / real.name)


def packed(stage: Path, out: Path, version: str) -> Path:
    out.mkdir(parents=True, exist_ok=True)
    for each in stage.rglob("*"):
        if each.is_dir() and not each.is_symlink():
            each.chmod(_OWNER)
        elif each.is_file() and not each.is_symlink() and not each.stat().st_mode & 0o100:
            each.chmod(0o644)
    file = out / f"hallgate_{version}_{say('dpkg', '--print-architecture')}.deb"
    say("dpkg-deb", "--root-owner-group", "-Zxz", "-z1", "--build", stage, file)
    return file


if __name__ == "__main__":
    sys.exit(main())
