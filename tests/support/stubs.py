"""Generated stubs that answer as they are told."""


class Stub:
    """A generated stub: answers as it is told, and remembers what it was asked."""

    def __init__(self, **answers):
        self.asked = []
        self._answers = answers

    def __getattr__(self, method):
        async def call(request):
            self.asked.append(request)
            answer = self._answers[method]
            if isinstance(answer, Exception):
                raise answer
            return answer

        return call
