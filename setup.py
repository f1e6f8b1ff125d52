"""What pyproject.toml cannot say: the built figures travel inside the wheel.

`_build/figures` is made by `python make.py figures` and is no part of the source. A wheel takes it
along as `glassbox/course/_figures`, where an installed library looks for it; without it the wheel is
built all the same, and a notebook says what is missing.
"""

import shutil
from pathlib import Path

from setuptools import setup
from setuptools.command.build_py import build_py

BUILD = Path(__file__).resolve().parent / "_build"


class WithFigures(build_py):
    def run(self):
        if self.editable_mode:  # a checkout finds its figures under _build
            return super().run()
        shutil.rmtree(self.build_lib, ignore_errors=True)  # no module of an earlier build
        super().run()
        for file in sorted((BUILD / "figures").rglob("*.js")):
            inside = file.relative_to(BUILD / "figures")
            target = Path(self.build_lib) / "glassbox" / "course" / "_figures" / inside
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(file, target)


setup(
    cmdclass={"build_py": WithFigures},
    options={"build": {"build_base": str(BUILD / "setuptools")}},
)
