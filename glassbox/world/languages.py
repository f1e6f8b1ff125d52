"""One text in many languages, written for this course, to weigh tokenizers with.

`PARAGRAPHS` is one market notice of Port Ellery in sixteen languages. It says the same thing in each,
so the number of tokens it takes is a price for a meaning and not for a number of letters. For
training text in two languages see `glassbox.world.bilingual`.
"""

from dataclasses import dataclass


@dataclass(frozen=True)
class Paragraph:
    """One text of the parallel set.

    `code` is the BCP 47 language tag, `direction` is "ltr" or "rtl" for the page that shows it.
    """

    code: str
    language: str
    own_name: str
    script: str
    direction: str
    text: str


PARAGRAPHS = (
    Paragraph(
        "en", "English", "English", "Latin", "ltr",
        "The Port Ellery fish market opens on Saturday at six in the morning. This week there is "
        "fresh herring, smoked eel and mussels from the north bay. A kilogram of herring costs "
        "four crowns. Please bring your own basket, keep dogs on a lead, and do not feed the "
        "gulls. If the wind is strong, the market moves to the old rope hall.",
    ),
    Paragraph(
        "es", "Spanish", "Español", "Latin", "ltr",
        "El mercado de pescado de Port Ellery abre el sábado a las seis de la mañana. Esta semana "
        "hay arenque fresco, anguila ahumada y mejillones de la bahía norte. Un kilo de arenque "
        "cuesta cuatro coronas. Por favor, traiga su propia cesta, lleve a los perros con correa y "
        "no dé de comer a las gaviotas. Si hace mucho viento, el mercado se trasladará a la "
        "antigua cordelería.",
    ),
    Paragraph(
        "fr", "French", "Français", "Latin", "ltr",
        "Le marché aux poissons de Port Ellery ouvre samedi à six heures du matin. Cette semaine, "
        "on y trouve du hareng frais, de l'anguille fumée et des moules de la baie du nord. Le "
        "kilo de hareng coûte quatre couronnes. Merci d'apporter votre panier, de tenir les chiens "
        "en laisse et de ne pas nourrir les mouettes. En cas de vent fort, le marché se tiendra "
        "dans l'ancienne corderie.",
    ),
    Paragraph(
        "de", "German", "Deutsch", "Latin", "ltr",
        "Der Fischmarkt von Port Ellery öffnet am Samstag um sechs Uhr morgens. Diese Woche gibt "
        "es frischen Hering, geräucherten Aal und Miesmuscheln aus der Nordbucht. Ein Kilo Hering "
        "kostet vier Kronen. Bitte bringen Sie einen eigenen Korb mit, führen Sie Hunde an der "
        "Leine und füttern Sie die Möwen nicht. Bei starkem Wind zieht der Markt in die alte "
        "Seilerhalle um.",
    ),
    Paragraph(
        "fi", "Finnish", "Suomi", "Latin", "ltr",
        "Port Elleryn kalatori avataan lauantaina kello kuusi aamulla. Tällä viikolla tarjolla on "
        "tuoretta silliä, savustettua ankeriasta ja sinisimpukoita pohjoislahdelta. Kilo silliä "
        "maksaa neljä kruunua. Ota mukaan oma kori, pidä koirat kytkettyinä äläkä ruoki lokkeja. "
        "Jos tuulee kovaa, tori siirtyy vanhaan köysihalliin.",
    ),
    Paragraph(
        "tr", "Turkish", "Türkçe", "Latin", "ltr",
        "Port Ellery balık pazarı cumartesi günü sabah saat altıda açılıyor. Bu hafta taze ringa, "
        "tütsülenmiş yılan balığı ve kuzey koyundan midye var. Ringanın kilosu dört kron. Lütfen "
        "kendi sepetinizi getirin, köpeklerinizi tasmayla gezdirin ve martılara yem vermeyin. "
        "Rüzgâr sert eserse pazar eski halat atölyesine taşınacak.",
    ),
    Paragraph(
        "sw", "Swahili", "Kiswahili", "Latin", "ltr",
        "Soko la samaki la Port Ellery litafunguliwa Jumamosi saa kumi na mbili asubuhi. Wiki hii "
        "kuna heringi wabichi, mikunga waliokaushwa kwa moshi na kome kutoka ghuba ya kaskazini. "
        "Kilo moja ya heringi inauzwa kwa kroni nne. Tafadhali njoo na kikapu chako mwenyewe, "
        "mfunge mbwa wako kamba, na usiwalishe shakwe. Upepo ukiwa mkali, soko litahamia kwenye "
        "ukumbi wa zamani wa kamba.",
    ),
    Paragraph(
        "vi", "Vietnamese", "Tiếng Việt", "Latin", "ltr",
        "Chợ cá Port Ellery mở cửa vào thứ Bảy lúc sáu giờ sáng. Tuần này có cá trích tươi, lươn "
        "hun khói và vẹm từ vịnh phía bắc. Mỗi ki-lô-gam cá trích giá bốn curon. Xin quý khách "
        "mang theo giỏ, xích chó lại và đừng cho mòng biển ăn. Nếu gió mạnh, chợ sẽ chuyển vào "
        "xưởng bện thừng cũ.",
    ),
    Paragraph(
        "el", "Greek", "Ελληνικά", "Greek", "ltr",
        "Η ψαραγορά του Πορτ Έλερι ανοίγει το Σάββατο στις έξι το πρωί. Αυτή την εβδομάδα υπάρχουν "
        "φρέσκιες ρέγγες, καπνιστό χέλι και μύδια από τον βόρειο κόλπο. Ένα κιλό ρέγγες κοστίζει "
        "τέσσερις κορόνες. Παρακαλούμε φέρτε το δικό σας καλάθι, κρατάτε τους σκύλους με λουρί και "
        "μην ταΐζετε τους γλάρους. Αν φυσάει δυνατά, η αγορά μεταφέρεται στο παλιό σχοινοποιείο.",
    ),
    Paragraph(
        "ru", "Russian", "Русский", "Cyrillic", "ltr",
        "Рыбный рынок Порт-Эллери открывается в субботу в шесть часов утра. На этой неделе в "
        "продаже свежая сельдь, копчёный угорь и мидии из северной бухты. Килограмм сельди стоит "
        "четыре кроны. Пожалуйста, приходите со своей корзиной, держите собак на поводке и не "
        "кормите чаек. При сильном ветре рынок переедет в старый канатный цех.",
    ),
    Paragraph(
        "ar", "Arabic", "العربية", "Arabic", "rtl",
        "يفتح سوق السمك في بورت إليري أبوابه يوم السبت في الساعة السادسة صباحًا. يتوفر هذا الأسبوع "
        "سمك الرنجة الطازج والأنقليس المدخن وبلح البحر من الخليج الشمالي. يبلغ سعر كيلوغرام الرنجة "
        "أربع كرونات. يُرجى إحضار سلة خاصة بكم، وإبقاء الكلاب مقيدة، وعدم إطعام النوارس. وإذا "
        "اشتدت الرياح، ينتقل السوق إلى قاعة الحبال القديمة.",
    ),
    Paragraph(
        "hi", "Hindi", "हिन्दी", "Devanagari", "ltr",
        "पोर्ट एलरी का मछली बाज़ार शनिवार को सुबह छह बजे खुलेगा। इस हफ़्ते ताज़ा हेरिंग, धुएँ में पकी ईल और "
        "उत्तरी खाड़ी की सीपियाँ मिलेंगी। एक किलो हेरिंग का दाम चार क्राउन है। कृपया अपनी टोकरी साथ लाएँ, "
        "कुत्तों को पट्टे से बाँधकर रखें और समुद्री चिड़ियों को दाना न डालें। अगर हवा तेज़ हुई तो बाज़ार रस्सी "
        "वाले पुराने हॉल में लगेगा।",
    ),
    Paragraph(
        "th", "Thai", "ไทย", "Thai", "ltr",
        "ตลาดปลาพอร์ตเอลเลอรีเปิดวันเสาร์เวลาหกโมงเช้า สัปดาห์นี้มีปลาเฮอร์ริงสด ปลาไหลรมควัน "
        "และหอยแมลงภู่จากอ่าวเหนือ ปลาเฮอร์ริงกิโลกรัมละสี่คราวน์ โปรดนำตะกร้ามาเอง ใส่สายจูงให้สุนัข "
        "และอย่าให้อาหารนกนางนวล หากลมแรง ตลาดจะย้ายไปที่โรงทำเชือกเก่า",
    ),
    Paragraph(
        "ja", "Japanese", "日本語", "Japanese", "ltr",
        "ポート・エレリーの魚市場は土曜日の午前六時に開きます。今週は新鮮なニシン、ウナギの燻製、"
        "北の湾でとれたムール貝があります。ニシンは一キロ四クラウンです。かごはご自分でお持ちになり、"
        "犬はリードにつなぎ、カモメには餌をやらないでください。風が強いときは、市場は古い縄工場に移ります。",
    ),
    Paragraph(
        "ko", "Korean", "한국어", "Hangul", "ltr",
        "포트 엘러리 수산시장은 토요일 오전 여섯 시에 문을 엽니다. 이번 주에는 싱싱한 청어와 훈제 장어, "
        "북쪽 만에서 잡은 홍합이 나옵니다. 청어는 킬로그램당 네 크라운입니다. 장바구니는 직접 가져오시고, "
        "개는 목줄을 매 주시고, 갈매기에게 먹이를 주지 마세요. 바람이 세게 불면 시장은 옛 밧줄 공장으로 "
        "옮깁니다.",
    ),
    Paragraph(
        "zh", "Chinese", "中文", "Han", "ltr",
        "埃勒里港的鱼市星期六早上六点开市。本周有新鲜鲱鱼、熏鳗鱼和北湾的贻贝。鲱鱼每公斤四克朗。"
        "请自备篮子，拴好您的狗，不要喂海鸥。如遇大风，鱼市将移到旧制绳厂。",
    ),
)  # fmt: skip


def paragraph(code: str) -> Paragraph:
    """Return the market notice in the language with this tag.

    >>> paragraph("zh").language
    'Chinese'
    """
    for each in PARAGRAPHS:
        if each.code == code:
            return each
    codes = ", ".join(each.code for each in PARAGRAPHS)
    raise ValueError(f"there is no paragraph in {code!r}; the languages are {codes}")
