from subprocess import Popen

# As Spark starts it, with the Java that it speaks to
class JavaGateway:
    proc: Popen[bytes]
    def shutdown(self) -> None: ...
