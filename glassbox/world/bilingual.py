"""Notices in English and Chinese, pair by pair, to train tokenizers on.

`notices` generates short notices that say the same thing twice. `corpus` joins them into training
text, English, Chinese or mixed, of any size. Training and held-out notices share no sentence
pattern, and every fifth word of each word list is kept out of training, so a tokenizer that has
merely learned our patterns by heart gains little on the held-out ones.

Left out: real text is richer than any generator. Vocabulary and sentence patterns here are few, so
tokenizers trained on it look better on it than they would on a newspaper. Compare them with each
other on the held-out notices and the paragraphs; do not read their numbers as those of real text.
"""

import random
from collections.abc import Iterator
from dataclasses import dataclass

# Word lists. Every entry is (English, Chinese); things carry their plural and Chinese measure word too.
# fmt: off
FIRST_NAMES = [
    ("Mara", "玛拉"), ("Tobias", "托拜厄斯"), ("Ines", "伊内丝"), ("Edwin", "埃德温"), ("Clara", "克拉拉"),
    ("Ruth", "露丝"), ("Felix", "费利克斯"), ("Nora", "诺拉"), ("Oscar", "奥斯卡"), ("Hester", "赫斯特"),
    ("Jonas", "约纳斯"), ("Wilma", "威尔玛"), ("Peter", "彼得"), ("Agnes", "阿格尼丝"), ("Simon", "西蒙"),
    ("Lydia", "莉迪娅"), ("Martin", "马丁"), ("Greta", "格蕾塔"), ("Hugo", "雨果"), ("Judith", "朱迪丝"),
    ("Samuel", "塞缪尔"), ("Vera", "薇拉"), ("Walter", "沃尔特"), ("Bridget", "布丽吉特"), ("Dennis", "丹尼斯"),
]
LAST_NAMES = [
    ("Quill", "奎尔"), ("Marsh", "马什"), ("Penrose", "彭罗斯"), ("Harrow", "哈罗"), ("Vance", "万斯"),
    ("Tolliver", "托利弗"), ("Brandt", "勃兰特"), ("Sayer", "塞耶"), ("Locke", "洛克"), ("Fenwick", "芬威克"),
    ("Grady", "格雷迪"), ("Dunmore", "邓莫尔"), ("Keats", "济慈"), ("Albury", "奥尔伯里"), ("Rooke", "鲁克"),
    ("Mercer", "默瑟"), ("Stroud", "斯特劳德"), ("Winter", "温特"), ("Corbin", "科尔宾"), ("Hale", "黑尔"),
]
FOODS = [
    ("fresh cod", "新鲜鳕鱼"), ("smoked mackerel", "熏鲭鱼"), ("oysters", "牡蛎"), ("crab meat", "蟹肉"),
    ("sea salt", "海盐"), ("rye flour", "黑麦面粉"), ("oats", "燕麦"), ("honey", "蜂蜜"), ("butter", "黄油"),
    ("goat cheese", "山羊奶酪"), ("onions", "洋葱"), ("potatoes", "土豆"), ("apples", "苹果"), ("pears", "梨"),
    ("plums", "李子"), ("walnuts", "核桃"), ("black tea", "红茶"), ("coffee", "咖啡豆"), ("ginger", "生姜"),
    ("garlic", "大蒜"), ("mushrooms", "蘑菇"), ("white beans", "白豆"), ("barley", "大麦"), ("rice", "大米"),
    ("sugar", "白糖"), ("pepper", "胡椒"), ("dried seaweed", "干海带"), ("shrimp", "虾"), ("charcoal", "木炭"),
    ("wool", "羊毛"), ("soap", "肥皂"), ("candle wax", "蜡"), ("carrots", "胡萝卜"), ("cherries", "樱桃"),
    ("sausages", "香肠"),
]
THINGS = [
    ("lantern", "lanterns", "提灯", "盏"), ("fishing net", "fishing nets", "渔网", "张"), ("oar", "oars", "船桨", "支"),
    ("ladder", "ladders", "梯子", "架"), ("chair", "chairs", "椅子", "把"), ("table", "tables", "桌子", "张"),
    ("kettle", "kettles", "水壶", "把"), ("umbrella", "umbrellas", "雨伞", "把"), ("hat", "hats", "帽子", "顶"),
    ("winter coat", "winter coats", "冬衣", "件"), ("wall clock", "wall clocks", "挂钟", "座"), ("map", "maps", "地图", "张"),
    ("cookbook", "cookbooks", "食谱", "本"), ("key", "keys", "钥匙", "把"), ("bucket", "buckets", "水桶", "只"),
    ("barrel", "barrels", "木桶", "只"), ("sail", "sails", "船帆", "面"), ("anchor", "anchors", "船锚", "只"),
    ("rowing boat", "rowing boats", "划艇", "条"), ("handcart", "handcarts", "手推车", "辆"), ("violin", "violins", "小提琴", "把"),
    ("painting", "paintings", "油画", "幅"), ("mirror", "mirrors", "镜子", "面"), ("blanket", "blankets", "毯子", "条"),
    ("pillow", "pillows", "枕头", "个"), ("bottle", "bottles", "瓶子", "只"), ("plate", "plates", "盘子", "只"),
    ("broom", "brooms", "扫帚", "把"), ("hammer", "hammers", "锤子", "把"), ("compass", "compasses", "罗盘", "只"),
    ("telescope", "telescopes", "望远镜", "架"), ("scarf", "scarves", "围巾", "条"), ("parrot", "parrots", "鹦鹉", "只"),
    ("hen", "hens", "母鸡", "只"), ("bicycle", "bicycles", "自行车", "辆"),
]
PLACES = [
    ("the harbor", "港口"), ("the old mill", "旧磨坊"), ("the north quay", "北码头"), ("the lighthouse", "灯塔"),
    ("the town hall", "镇公所"), ("the school", "学校"), ("the library", "图书馆"), ("the chapel", "小教堂"),
    ("the bakery", "面包店"), ("the post office", "邮局"), ("the tavern", "酒馆"), ("the boatyard", "船坞"),
    ("the stone bridge", "石桥"), ("the main square", "中心广场"), ("the customs house", "海关大楼"),
    ("the hospital", "医院"), ("the train station", "火车站"), ("the ferry landing", "渡口"), ("the park", "公园"),
    ("the theater", "剧院"), ("the pharmacy", "药店"), ("the print shop", "印刷厂"), ("the salt works", "盐场"),
    ("the orchard", "果园"), ("the south gate", "南门"), ("the beach", "海滩"), ("the museum", "博物馆"),
    ("the rose garden", "玫瑰园"), ("the fountain", "喷泉"), ("the water tower", "水塔"), ("the warehouse", "仓库"),
    ("the cinema", "电影院"), ("the cemetery", "墓园"), ("the courthouse", "法院"), ("the swimming pool", "游泳池"),
]
TRADES = [
    ("baker", "面包师"), ("fisher", "渔民"), ("teacher", "教师"), ("doctor", "医生"), ("carpenter", "木匠"),
    ("tailor", "裁缝"), ("painter", "画家"), ("poet", "诗人"), ("sailor", "水手"), ("cook", "厨师"),
    ("gardener", "园丁"), ("judge", "法官"), ("clerk", "文书"), ("nurse", "护士"), ("watchmaker", "钟表匠"),
    ("blacksmith", "铁匠"), ("shoemaker", "鞋匠"), ("musician", "乐师"), ("printer", "印刷工"), ("barber", "理发师"),
    ("lawyer", "律师"), ("weaver", "织工"), ("potter", "陶工"), ("librarian", "图书管理员"), ("photographer", "摄影师"),
]
WEATHER = [
    ("light rain", "小雨"), ("heavy rain", "大雨"), ("thick fog", "浓雾"), ("snow", "大雪"), ("frost", "霜冻"),
    ("a thunderstorm", "雷雨"), ("hail", "冰雹"), ("a cold east wind", "寒冷的东风"), ("a warm south wind", "温暖的南风"),
    ("a very high tide", "大潮"),
]
EVENTS = [
    ("the concert", "音乐会"), ("the school play", "校园剧"), ("the town meeting", "镇民大会"), ("the boat race", "划船比赛"),
    ("the wedding", "婚礼"), ("the auction", "拍卖会"), ("the chess evening", "棋类晚会"), ("the summer dance", "夏季舞会"),
    ("the lecture", "讲座"), ("the parade", "游行"), ("the cooking class", "烹饪课"), ("the flea market", "跳蚤市场"),
    ("the poetry reading", "诗歌朗诵会"), ("the puppet show", "木偶戏"), ("the art exhibition", "画展"),
]
DAYS = [
    ("Monday", "星期一"), ("Tuesday", "星期二"), ("Wednesday", "星期三"), ("Thursday", "星期四"),
    ("Sunday", "星期日"), ("Friday", "星期五"),
]
REASONS = [
    ("the roof leaks", "屋顶漏水"), ("the pipes are frozen", "水管冻住了"), ("the bridge is being repaired", "桥正在修理"),
    ("the ferry is late", "渡船晚点"), ("the baker is ill", "面包师生病了"), ("the key cannot be found", "钥匙找不到了"),
    ("the cellar is under water", "地下室进水了"), ("the horses are tired", "马累了"), ("nobody bought a ticket", "没有人买票"),
    ("the new clock has not arrived", "新钟还没有运到"), ("the children have a holiday", "孩子们放假"),
    ("the paint is still wet", "油漆还没有干"), ("the road is covered with ice", "路面结冰"),
    ("the lamps have no oil", "灯里没有油了"), ("the orchestra missed its train", "乐队误了火车"),
]
REQUESTS = [
    ("please close the door quietly", "请轻轻关门"), ("please pay before noon", "请在中午以前付款"),
    ("please speak slowly", "请慢慢说"), ("children travel free", "儿童免费乘坐"), ("smoking is not allowed", "禁止吸烟"),
    ("please knock twice", "请敲两下门"), ("bring warm clothes", "请带上保暖的衣服"), ("do not touch the ropes", "请勿触碰绳索"),
    ("return the books on time", "请按时还书"), ("wash your hands first", "请先洗手"), ("please write in clear letters", "请写清楚"),
    ("leave bicycles outside", "自行车请停在外面"), ("tickets are sold at the door", "门口售票"),
    ("everybody is welcome", "欢迎大家参加"), ("please do not ring the bell at night", "夜间请勿按铃"),
]
COLORS = [
    ("red", "红色"), ("blue", "蓝色"), ("green", "绿色"), ("black", "黑色"), ("yellow", "黄色"),
    ("white", "白色"), ("brown", "棕色"), ("silver", "银色"),
]
# fmt: on

# Sentence patterns. {n} {m} are numbers, {hour} a time, {a_thing} "a lantern", {one} "一盏"; the rest are the
# lists above, and a second draw from the same list ends in 2.
TRAIN_PATTERNS = [
    ("{food}: {n} crowns a kilogram at {place}.", "{place}的{food}每公斤{n}克朗。"),
    (
        "{name} has lost {a_thing} near {place} and offers {n} crowns to the finder.",
        "{name}在{place}附近丢了{one}{thing}，愿付{n}克朗酬谢拾到的人。",
    ),
    (
        "{name}, a {trade}, is looking for a room near {place} for no more than {n} crowns a month.",
        "{trade}{name}想在{place}附近租一间房，每月不超过{n}克朗。",
    ),
    ("On {day} {place} stays closed because {reason}.", "因为{reason}，{place}{day}关门。"),
    (
        "{event} begins at {hour} on {day} at {place}; {request}.",
        "{event}{day}{hour}在{place}开始，{request}。",
    ),
    (
        "For {day} the weather office expects {weather} and a temperature of {n} degrees.",
        "气象站预计{day}有{weather}，气温{n}度。",
    ),
    (
        "For sale: {n} {things} in good condition, {m} crowns each; ask {name} at {place}.",
        "出售{n}{measure}完好的{thing}，每{measure}{m}克朗，请到{place}找{name}。",
    ),
    ("{name} marries {name2} at {place} on {day}.", "{name}和{name2}{day}在{place}结婚。"),
    (
        "The ship from the islands brought {n} sacks of {food} and {m} sacks of {food2}.",
        "从群岛来的船运来了{n}袋{food}和{m}袋{food2}。",
    ),
    (
        "{name} thanks the {trade} who found the {color} {thing} behind {place}.",
        "{name}感谢那位在{place}后面找到{color}{thing}的{trade}。",
    ),
    (
        "{m} people came to {event}, {n} more than last year.",
        "有{m}人来参加{event}，比去年多{n}人。",
    ),
    ("At {place} {request}, because {reason}.", "在{place}{request}，因为{reason}。"),
    (
        "The {trade} {name} will be away until {day} and asks customers to go to {name2}.",
        "{trade}{name}外出，{day}才回来，请顾客去找{name2}。",
    ),
    (
        "Walk {n} steps from {place} to {place2}, then turn left and ask for {name}.",
        "从{place}走{n}步到{place2}，然后左转，找{name}。",
    ),
    (
        "Take {n} grams of {food}, add a spoon of {food2}, and boil it for {m} minutes.",
        "取{n}克{food}，加一勺{food2}，煮{m}分钟。",
    ),
    (
        "The council pays {n} crowns for a new {thing} at {place}.",
        "镇议会出资{n}克朗，为{place}添置{one}新{thing}。",
    ),
    (
        "Dear {name}, I arrived in Port Ellery on {day}, and there is {weather} here.",
        "亲爱的{name}，我{day}到了埃勒里港，这里有{weather}。",
    ),
    (
        "{name} says that {name2} never paid for the {n} kilograms of {food}.",
        "{name}说，{name2}一直没有付那{n}公斤{food}的钱。",
    ),
    (
        "A {trade} is wanted at {place}: {n} hours a week, {m} crowns an hour.",
        "{place}招聘一名{trade}，每周{n}小时，每小时{m}克朗。",
    ),
    (
        "The {color} house beside {place} belongs to the {trade} {name}.",
        "{place}旁边那座{color}的房子是{trade}{name}的。",
    ),
    (
        "The last ferry leaves at {hour}; {request}.",
        "末班渡船{hour}开出，{request}。",
    ),
    (
        "Anyone who saw a {trade} with a {color} {thing} at {hour} should tell {name}.",
        "谁在{hour}看见过一名拿着{color}{thing}的{trade}，请告诉{name}。",
    ),
    (
        "{event} was moved to {place} because {reason}.",
        "因为{reason}，{event}改在{place}举行。",
    ),
    (
        "{name} has been a {trade} for {n} years and still works at {place}.",
        "{name}当{trade}已经{n}年了，现在还在{place}工作。",
    ),
    (
        "With {weather} on the way, {name} advises keeping {things} indoors.",
        "{weather}就要来了，{name}建议把{thing}放在屋里。",
    ),
    (
        "{place} received {m} letters this week, and {n} of them had no stamp.",
        "{place}本周收到{m}封信，其中{n}封没有贴邮票。",
    ),
    (
        "Exchange wanted: one {thing} for two kilograms of {food}.",
        "求换：用{one}{thing}换两公斤{food}。",
    ),
    (
        "The teacher asked how many {things} {m} crowns will buy if one costs {n}.",
        "老师问：如果{one}{thing}{n}克朗，{m}克朗能买多少{measure}。",
    ),
    (
        "Between {place} and {place2} the street is dark, because {reason}.",
        "{place}和{place2}之间的街道没有灯光，因为{reason}。",
    ),
    (
        "{name} is {m} years old today and invites all neighbors to {place}.",
        "{name}今天满{m}岁，邀请所有邻居到{place}来。",
    ),
]
HELD_OUT_PATTERNS = [
    (
        "A thief took {a_thing} and {n} kilograms of {food} from {place} last night.",
        "昨夜，小偷从{place}偷走了{one}{thing}和{n}公斤{food}。",
    ),
    (
        "When {weather} reached {place}, {name} was still repairing the {thing}.",
        "{weather}到达{place}时，{name}还在修理{thing}。",
    ),
    (
        "Nobody in town bakes better bread than {name}, who once worked as a {trade}.",
        "镇上没有人比当过{trade}的{name}更会烤面包。",
    ),
    (
        "The price of {food} rose from {n} to {m} crowns within a month.",
        "一个月内，{food}的价格从{n}克朗涨到了{m}克朗。",
    ),
    (
        "My grandmother remembers {event} at {place} when {n} guests danced until dawn.",
        "我的祖母记得在{place}的那次{event}，{n}位客人一直跳舞到天亮。",
    ),
    (
        "Our {trade} bought a {color} {thing} from {name} and sold it the same evening.",
        "我们的{trade}从{name}那里买了{one}{color}{thing}，当天晚上就卖掉了。",
    ),
    (
        "If you lose your ticket for {event}, send {n} crowns to {name}.",
        "如果您丢失了{event}的票，请寄{n}克朗给{name}。",
    ),
    (
        "Two brothers quarreled about the {things} that their father left behind at {place}.",
        "两兄弟为父亲留在{place}的{thing}争吵起来。",
    ),
    (
        "Every {day} the {trade} reads the newspaper aloud in front of {place}.",
        "每逢{day}，{trade}都在{place}门前大声读报。",
    ),
    (
        "Without {food} and clean water, the crew could not have survived the {n} days at sea.",
        "要是没有{food}和干净的水，船员们在海上那{n}天就活不下来。",
    ),
]


@dataclass(frozen=True)
class Notice:
    """One short notice that says the same thing twice."""

    english: str
    chinese: str


def notices(n: int, seed: int = 0, split: str = "train") -> list[Notice]:
    """Generate `n` parallel notices; the same seed gives the same notices everywhere.

    >>> notices(1, seed=1, split="held_out")[0].english[-1]
    '.'
    """
    if n < 0:
        raise ValueError(f"n is {n}; ask for 0 notices or more")
    stream = _stream(seed, split)
    return [next(stream) for _ in range(n)]


def corpus(mix: str, n_bytes: int = 200_000, seed: int = 0) -> str:
    """Join training notices, one a line, into about `n_bytes` of UTF-8.

    `mix` is "english", "chinese" or "mixed". Mixed text has half of its bytes in each language, and
    a Chinese character takes three bytes where an English letter takes one. Whole notices are kept,
    so the result is at most a few hundred bytes longer than asked.

    >>> text = corpus("mixed", 10_000)
    >>> 10_000 <= len(text.encode()) < 10_500
    True
    """
    shares = {"english": (1.0, 0.0), "chinese": (0.0, 1.0), "mixed": (0.5, 0.5)}
    if mix not in shares:
        raise ValueError(f"mix is {mix!r}; choose 'english', 'chinese' or 'mixed'")
    wanted = [n_bytes * share for share in shares[mix]]
    written, lines = [0, 0], []
    stream = _stream(seed, "train")
    while any(w < goal for w, goal in zip(written, wanted)):
        notice = next(stream)
        # The language that is further behind gets the notice, so mixed text alternates.
        lag = [(goal - w) for w, goal in zip(written, wanted)]
        which = 0 if lag[0] >= lag[1] else 1
        line = (notice.english, notice.chinese)[which] + "\n"
        written[which] += len(line.encode("utf-8"))
        lines.append(line)
    return "".join(lines)


def _stream(seed: int, split: str) -> Iterator[Notice]:
    if split not in ("train", "held_out"):
        raise ValueError(f"split is {split!r}; choose 'train' or 'held_out'")
    patterns = TRAIN_PATTERNS if split == "train" else HELD_OUT_PATTERNS
    rng = random.Random(f"{split} {seed}")
    while True:
        english, chinese = rng.choice(patterns)
        en, zh = _words(rng, split)
        english = english.format(**en)
        yield Notice(english[0].upper() + english[1:], chinese.format(**zh))


def _words(rng: random.Random, split: str) -> tuple[dict[str, str], dict[str, str]]:
    """Draw one word for every slot that a pattern may have."""
    en, zh = {}, {}
    lists = {
        "food": FOODS, "place": PLACES, "trade": TRADES, "weather": WEATHER, "event": EVENTS,
        "day": DAYS, "reason": REASONS, "request": REQUESTS, "color": COLORS,
    }  # fmt: skip
    for slot, entries in lists.items():
        first, second = rng.sample(_allowed(entries, split), 2)
        (en[slot], zh[slot]), (en[slot + "2"], zh[slot + "2"]) = first, second
    firsts = rng.sample(_allowed(FIRST_NAMES, split), 2)
    lasts = rng.sample(_allowed(LAST_NAMES, split), 2)
    for slot, first, last in zip(("name", "name2"), firsts, lasts):
        en[slot], zh[slot] = f"{first[0]} {last[0]}", f"{first[1]}·{last[1]}"
    one, many, thing, measure = rng.choice(_allowed(THINGS, split))
    en |= {"thing": one, "things": many, "a_thing": ("an " if one[0] in "aeiou" else "a ") + one}
    zh |= {"thing": thing, "measure": measure, "one": "一" + measure}
    hour, minute = rng.randint(6, 22), rng.choice((0, 15, 30, 45))
    for slots in (en, zh):
        slots["hour"] = f"{hour}:{minute:02}"
    en["n"] = zh["n"] = str(rng.randint(2, 30))
    en["m"] = zh["m"] = str(rng.randint(31, 99))
    return en, zh


def _allowed(entries: list[tuple], split: str) -> list[tuple]:
    """Keep every fifth entry of a list out of training."""
    return [e for i, e in enumerate(entries) if split == "held_out" or i % 5 != 4]
