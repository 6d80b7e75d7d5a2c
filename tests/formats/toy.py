"""A format as another one would be added: one request a line, `GET http://…`, with the line ends that the file had."""

from dataclasses import dataclass

from runner.formats.format import CERTAIN, NO, Format
from runner.formats.postman.v2_request import parse_request
from runner.model.collection import Collection, Item
from runner.model.origin import Origin
from runner.rules.url import url_text


@dataclass(frozen=True, slots=True, kw_only=True)
class ToyOrigin(Origin):
    newline: str


def sniff(given):
    return CERTAIN if given.text.startswith("toy") else NO


def load(given):
    newline = "\r\n" if "\r\n" in given.text else "\n"
    _, *lines = given.text.split(newline)
    requests = [parse_request({"method": line.split()[0], "url": line.split()[1]}) for line in lines if line]
    items = tuple(Item(id=str(n), name=f"r{n}", request=request) for n, request in enumerate(requests))
    return Collection(id="toy", name="Toys", items=items), ToyOrigin(format="toy", newline=newline)


def dump(collection, origin, exported_at):
    lines = [f"{item.request.method} {url_text(item.request.url)}" for item in collection.items]
    return "".join(line + origin.newline for line in ("toy", *lines))


FORMAT = Format(title="a toy", sniff=sniff, load=load, dump=dump)
