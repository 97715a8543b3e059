"""News of a house that is not there, in both languages: enough of it to be searched through."""

from tests.site.tiny_site import TinySite

# Key: the title and the text, first in Chinese and then in English.
TOLD = {
    "roof": (
        "屋顶修好了",
        "示例之家的屋顶漏了一个冬天。木匠用三天时间换掉了腐烂的横梁，孩子们又能在阁楼里读书写字。",
        "The roof is mended",
        "The roof of Example House leaked all winter. A carpenter replaced the rotten beams.",
    ),
    "library": (
        "图书角开放",
        "图书角有1280本书，其中两百本是旧书。借书不用登记，看完放回书架就好。",
        "A corner for books",
        "The corner has 1,280 books. Nobody has to register; running and shouting are allowed.",
    ),
    "kitchen": (
        "厨房里的新炉子",
        "新炉子每小时省下0.8千瓦时的电。厨师说：“豆腐、青菜和米饭，一样也不能少。”",
        "A new stove in the kitchen",
        "The new stove saves electricity. The cooks are baking bread twice a week.",
    ),
    "bicycle": (
        "自行车修理课",
        "修车师傅教大家补胎、调刹车。二十七辆自行车里，有十九辆已经能骑上路了。",
        "Lessons in mending bicycles",
        "A mechanic teaches how to patch tyres and adjust brakes. Nineteen bicycles ride again.",
    ),
    "garden": (
        "菜园的第一次收成",
        "茄子、辣椒和西红柿都熟了。蜗牛吃掉了一半生菜，谁也没有生气。",
        "The first harvest of the garden",
        "Aubergines, peppers and tomatoes are ripe. Snails ate half of the lettuces.",
    ),
    "music": (
        "星期六音乐会",
        "口琴、二胡和一架走了音的钢琴，凑成了一场音乐会。观众席上坐着三只猫。",
        "A concert on Saturday",
        "A harmonica, an erhu and a piano out of tune made a concert for three cats.",
    ),
    "weather": (
        "暴雨之后",
        "7月20日的暴雨淹了地下室，水深35厘米。大家排成一排，用水桶把水传出去。",
        "After the storm",
        "The storm flooded the cellar to 35 centimetres. Everybody carried buckets.",
    ),
    "computer": (
        "电脑教室装好了",
        "教室里装了Wi-Fi和六台电脑，操作系统是Debian Linux。打字比赛的纪录是每分钟61个字。",
        "The computer room is ready",
        "Six computers run Debian Linux. The record in typing is 61 characters a minute.",
    ),
    "painting": (
        "走廊里的壁画",
        "壁画画的是一条会飞的鲸鱼。颜料用掉九罐，走廊的尽头还留着一块空白，等后来的人接着画。",
        "A mural in the corridor",
        "The mural shows a whale that flies. At its end a white space waits for those to come.",
    ),
    "clock": (
        "老座钟又走了",
        "座钟停在四点一刻已经很多年。钟表匠发现，卡住齿轮的是一颗桃核。",
        "The old clock ticks again",
        "For years the clock stood at a quarter past four. A peach stone had stopped the gears.",
    ),
    "bridge": (
        "溪上的小桥",
        "溪水把旧桥冲走了。新桥用竹子搭成，只许一个人一个人地过。",
        "A little bridge across the stream",
        "The stream carried the old bridge away. The new one is made of bamboo.",
    ),
    "letters": (
        "收到一万封信",
        "邮递员送来一万封信，每封信里都夹着一片银杏叶。回信要写到明年春天。",
        "Ten thousand letters",
        "The postman brought ten thousand letters, each with a ginkgo leaf inside.",
    ),
    "accounts": (
        "半年账目",
        "上半年收入380万元，支出379.5万元，余下的五千元留作应急。账目由示例会计师核对。",
        "Accounts of half a year",
        "Income was 3.8 million, spending 3.795 million. An example accountant checked it.",
    ),
    "winter": (
        "过冬的棉被",
        "今年冬天每张床有两条棉被。手套和围巾还缺一些，正在织。",
        "Quilts for the winter",
        "Each bed has two quilts this winter. Gloves and scarves are still being knitted.",
    ),
    "sports": (
        "运动会：接力赛",
        "接力赛跑得最快的是四年级。裁判吹哨吹到没了气。",
        "Sports day: the relay",
        "The fourth year was fastest in the relay. The referee whistled until out of breath.",
    ),
    "museum": (
        "参观海洋馆",
        "水母像会发光的降落伞。讲解员说，章鱼有三颗心脏。",
        "A visit to the aquarium",
        "Jellyfish look like parachutes that glow. An octopus has three hearts.",
    ),
}
ROOMS = 16  # rooms of which there is next to nothing to tell, so that much is not found


def write_news(site: TinySite) -> None:
    """Write them, and the pages that list and search them."""
    for code, (listed, searched) in {"zh": ("新闻", "搜索"), "en": ("News", "Search")}.items():
        for key, title in {"news": listed, "search": searched}.items():
            head = f"title: {title}\ndescription: {title} 1, 2, 3.\n"
            site.write(f"content/pages/{key}.{code}.md", f"---\n{head}---\n")
    for number, (key, (title, text, english_title, english)) in enumerate(TOLD.items(), start=1):
        _write(site, f"{key}.zh", title, text, number)
        _write(site, f"{key}.en", english_title, english, number)
    for room in range(1, ROOMS + 1):
        _write(site, f"room-{room}.zh", f"{room}号房间", f"{room}号房间换了灯泡。", room)
        _write(site, f"room-{room}.en", f"Room {room}", f"Room {room} has a new bulb.", room)


def _write(site: TinySite, name: str, title: str, text: str, number: int) -> None:
    head = f'title: "{title}"\ndescription: "{title} ({number})"\ndate: 2026-01-{number:02}\n'
    head += "figures_differ: a sample, told more freely in English\n"
    site.write(f"content/news/{name}.md", f"---\n{head}---\n\n{text}\n")
