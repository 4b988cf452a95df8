from typing import Any

from py4j.java_gateway import JavaGateway
from pyspark import SparkConf

def launch_gateway(conf: SparkConf, popen_kwargs: dict[str, Any]) -> JavaGateway: ...
