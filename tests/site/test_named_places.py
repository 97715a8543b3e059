"""C6: a school, a village or a street is found by its name, from where the name begins."""

import pytest

from plugins.identifying import places


def found(text: str) -> list[str]:
    told = []
    for said, start, end in places.find(text):
        assert text[start:end] == said
        told.append(said)
    return told


PLACES = {
    "在示例小学读书": ["示例小学"],
    "他就读于例城第三小学。": ["例城第三小学"],
    "去年他们在例城示范中学": ["例城示范中学"],
    "他从例县一中毕业": [],
    "他在例县一中。": ["例县一中"],
    "来自例家沟": ["例家沟"],
    "例家沟的孩子": ["例家沟"],
    "她,例家沟村人,": ["例家沟村"],
    "家家户户": [],
    "镇安村": ["镇安村"],
    "住在例家沟村": ["例家沟村"],
    "来自示例村。": ["示例村"],
    "小时候在示例镇": ["示例镇"],
    "住示例路12号": ["住示例路12号"],
    "住在示例小区3号楼": ["示例小区3号楼", "示例小区"],
    "家在示例街": ["示例街"],
    "一所学校": [],
    "乡村学校": [],
    "希望小学": [],
    "这所小学": [],
    "大家庄": [],
    "国家庄": [],
    "住在村": [],
    "每天在学校里": [],
    "来自石家庄": [],
    "来自石家庄的示例小学": ["示例小学"],
    "示例小学不在石家庄": ["示例小学"],
    "来自景德镇": [],
    "示例省中学": [],
    "示例省例城中学": ["示例省例城中学"],
    "例城小学,示例小学": ["例城小学", "示例小学"],
    "没有这样的地方": [],
    "She attends Example Primary School.": ["Example Primary School"],
    "at School No. 5 she": ["School No. 5"],
    "The Primary School": [],
    "The Example School": ["The Example School"],
    "SOS Village": [],
    "from Sample Village": ["Sample Village"],
    "the village of Sampleton": ["village of Sampleton"],
    "at 12 Sample Street": ["12 Sample Street"],
    "lives on Sample Road.": ["lives on Sample Road"],
    "12 High Street": [],
    "他在Example School读书": ["Example School"],
    "住在Sample Village附近": ["Sample Village"],
    "到12 Sample Street旁边": ["12 Sample Street"],
    "she lives on Sample Road旁": ["lives on Sample Road"],
    "Example Schools": [],
    "Sample Village-like": [],
    "nothing of that kind": [],
}


@pytest.mark.parametrize("text", PLACES)
def test_a_place_is_found_by_its_name(text: str) -> None:
    """What any such place is called names none; the words before the name are no part of it."""
    assert found(text) == PLACES[text]
