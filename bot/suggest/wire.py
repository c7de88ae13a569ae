"""The one place that calls a model's server. Importing it imports openai, half a second and 25 MB: that is done late.

openai's own client builds requests, keeps connections and speaks TLS. Three things it leaves to us: an answer is given
up at a megabyte while it is being read, also one that says it is an error; it isn't decompressed, because a kilobyte
may unfold to that; and no redirection is followed, because it could carry a journal to somebody else.
"""

from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass
from email.utils import parsedate_to_datetime
from typing import Any

import httpx2
import openai

__all__ = ["LARGEST", "Answered", "TooLarge", "Wire"]

LARGEST = 1_000_000
"""Bytes of an answer that are read; one that can be used has about a thousand."""

_SPARE = 1.0
"""Seconds that openai waits longer for each read than whoever asks for the whole, who is to notice first."""

_NO_KEY = "none"
"""For a server that needs no key: openai's client takes no empty one."""


class TooLarge(Exception):
    """An answer has more than LARGEST bytes, or is compressed though nobody asked for that; it was given up."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Answered:
    """An answer over HTTP. *retry_after* is for how many seconds the server wants to be left alone, if it says so."""

    status: int
    body: bytes
    retry_after: float | None = None


class _Bounded(httpx2.AsyncByteStream):
    """A body of at most LARGEST bytes. Raises TooLarge while it is read."""

    def __init__(self, stream: httpx2.AsyncByteStream) -> None:
        self._stream = stream

    async def __aiter__(self) -> AsyncIterator[bytes]:
        left = LARGEST
        async for part in self._stream:
            left -= len(part)
            if left < 0:
                raise TooLarge
            yield part

    async def aclose(self) -> None:
        await self._stream.aclose()


async def _bound(response: httpx2.Response) -> None:
    """Bounds *response* before anything of its body is read."""
    if response.headers.get("content-encoding", "identity") != "identity":
        raise TooLarge
    assert isinstance(response.stream, httpx2.AsyncByteStream)
    response.stream = _Bounded(response.stream)


class Wire:
    """The connections to one server. Without *base_url* it is OpenAI's own."""

    def __init__(self, *, api_key: str, base_url: str, timeout: float) -> None:
        self._client = openai.AsyncOpenAI(
            api_key=api_key or _NO_KEY,
            base_url=base_url or None,
            timeout=timeout + _SPARE,
            max_retries=0,
            default_headers={"Accept-Encoding": "identity"},
            http_client=openai.DefaultAsyncHttpxClient(
                timeout=timeout + _SPARE, follow_redirects=False, event_hooks={"response": [_bound]}
            ),
        )

    async def ask(self, request: Mapping[str, Any]) -> Answered:
        """What the server answers to the chat completion *request*, whatever its status. Raises ConnectionError if it
        isn't there or leaves in the middle, TimeoutError if nothing comes for a while, and TooLarge."""
        create: Any = self._client.chat.completions.with_raw_response.create  # knows no key "schema"
        try:
            raw = await create(**request)
        except openai.APIStatusError as error:
            answer = error.response
            return Answered(status=answer.status_code, body=answer.content, retry_after=_retry_after(answer.headers))
        except openai.APITimeoutError as error:
            raise TimeoutError from error
        except TooLarge:
            raise
        except Exception as error:  # TypeErrors and errors of pools and sockets have come out of it as well
            raise ConnectionError from error
        return Answered(status=raw.status_code, body=raw.content)

    async def close(self) -> None:
        """Closes the connections."""
        await self._client.close()


def _retry_after(headers: Mapping[str, str]) -> float | None:
    """The seconds in Retry-After; a date there counts from the server's own Date."""
    told = headers.get("retry-after", "")
    try:
        return max(0.0, float(told))
    except ValueError:
        pass
    try:
        return max(0.0, (parsedate_to_datetime(told) - parsedate_to_datetime(headers.get("date", ""))).total_seconds())
    except (ValueError, TypeError):
        return None
