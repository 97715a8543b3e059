"""C7: the label of what AI made is read wherever it stands, and written in one form alone."""

import json

import pytest

from plugins.hidden_data import ai_label

FIELDS = (
    *("Label", "ContentProducer", "ProduceID", "ReservedCode1"),
    *("ContentPropagator", "PropagateID", "ReservedCode2"),
)
EMPTY = dict.fromkeys(FIELDS, "")
BEFORE = (
    b'<x:xmpmeta xmlns:x="adobe:ns:meta/">'
    b'<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">'
    b'<rdf:Description rdf:about="" xmlns:TC260="http://www.tc260.org.cn/ns/AIGC/1.0/">'
    b"<TC260:AIGC>"
)
AFTER = b"</TC260:AIGC></rdf:Description></rdf:RDF></x:xmpmeta>"


def test_a_label_is_written_in_one_form() -> None:
    """GB 45438-2025: its seven fields in their order, without blanks, escaped for XML."""
    label = {"ProduceID": "a&b 示例", "Label": "2", "Secret": "x"}
    told = (
        "{&quot;Label&quot;:&quot;2&quot;,&quot;ContentProducer&quot;:&quot;&quot;,"
        "&quot;ProduceID&quot;:&quot;a&amp;b 示例&quot;,&quot;ReservedCode1&quot;:&quot;&quot;,"
        "&quot;ContentPropagator&quot;:&quot;&quot;,&quot;PropagateID&quot;:&quot;&quot;,"
        "&quot;ReservedCode2&quot;:&quot;&quot;}"
    )
    assert ai_label.packet(label) == BEFORE + told.encode() + AFTER


def test_what_was_written_is_read_again() -> None:
    """A packet that holds a label and nothing else; one byte more is hidden data."""
    label = EMPTY | {"Label": "1", "ContentProducer": "示例 00-1"}
    packet = ai_label.packet(label)
    assert ai_label.of_packet(packet) == label
    assert ai_label.of_packet(packet + b" ") is None
    assert ai_label.of_packet(b" " + packet) is None
    assert ai_label.of_packet(packet.replace(b"00-1", b"00&1")) is None
    assert ai_label.of_packet(b"trainedAlgorithmicMedia") is None
    assert ai_label.of_packet(b"") is None


FOUND: dict[str, tuple[bytes, dict[str, str] | None]] = {
    "alone": (b'{"Label":"1"}', {"Label": "1"}),
    "perhaps": (b'xx {"Label": "2"} yy', {"Label": "2"}),
    "suspected": (b'{"Label":"3"}', {"Label": "3"}),
    "another number": (b'{"Label":"4"}', None),
    "none": (b'{"Label":""}', None),
    "a number": (b'{"Label":1}', None),
    "several numbers": (b'{"Label":"12"}', None),
    "within another": (b'{"AIGC":{"Label":"1","ProduceID":"a"}}', {"Label": "1", "ProduceID": "a"}),
    "escaped for XML": (b"{&quot;Label&quot;:&quot;1&quot;}", {"Label": "1"}),
    "escaped for a string": (b'{\\"Label\\":\\"1\\"}', {"Label": "1"}),
    "no JSON and then one": (b'{"Label"}{"Label":"1"}', {"Label": "1"}),
    "no label and then one": (b'{"Label":"9"}{"Label":"1"}', {"Label": "1"}),
    "no JSON": (b'{"Label"}', None),
    "among bytes": (b'\xff\xfe{"Label":"1"}\xff', {"Label": "1"}),
    "small": (b'{"label":"1"}', None),
    "a producer": (b'{"Label":"1","ContentProducer":"A.b:c/d"}', {"ContentProducer": "A.b:c/d"}),
    "somebody": (b'{"Label":"1","ContentProducer":"<b>"}', {"ContentProducer": ""}),
    "a list": (b'{"Label":"1","ContentProducer":["a"]}', {"ContentProducer": ""}),
    "nothing else": (b'{"Label":"1","Secret":"x"}', {}),
    "long": (json.dumps({"Label": "1", "ProduceID": "a" * 256}).encode(), {"ProduceID": "a" * 256}),
    "too long": (json.dumps({"Label": "1", "ProduceID": "a" * 257}).encode(), {"ProduceID": ""}),
    "Chinese": ('{"Label":"1","ProduceID":"示例"}'.encode(), {"ProduceID": "示例"}),
    "IPTC's word": (b"digitalsourcetype/trainedAlgorithmicMedia", {"Label": "1"}),
    "IPTC's other word": (b"compositeWithTrainedAlgorithmicMedia", {"Label": "1"}),
    "a label before IPTC's word": (b'{"Label":"2"} trainedAlgorithmicMedia', {"Label": "2"}),
    "another word of IPTC": (b"digitalCapture", None),
    "": (b"", None),
}


@pytest.mark.parametrize("name", FOUND)
def test_a_label_is_found_wherever_a_program_has_put_it(name: str) -> None:
    """With its seven fields, each a number or a code: whatever else stands there is not kept."""
    data, fields = FOUND[name]
    wanted = None if fields is None else EMPTY | {"Label": "1"} | fields
    assert ai_label.found_in(data) == wanted


def test_what_the_organisation_declares_is_made_by_ai() -> None:
    """Without a producer, whom nobody knows."""
    assert EMPTY | {"Label": "1"} == ai_label.DECLARED
    assert ai_label.of_packet(ai_label.packet(ai_label.DECLARED)) == ai_label.DECLARED
