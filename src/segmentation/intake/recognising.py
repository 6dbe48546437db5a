"""Words that cells hold in place of a customer or an order: nothing, a walk-in, a total, a cancellation."""

# what says only that there is no value, in lower case
PLACEHOLDERS: tuple[str, ...] = (
    *("n/a", "#n/a", "na", "#na", "<na>", "n.a.", "null", "#null!", "<null>", "(null)", "none", "(none)"),
    *("nan", "-nan", "nat", "nil", "\\n", "undefined", "unknown", "(blank)", "(empty)", "empty", "blank"),
    *("#ref!", "#value!", "#name?", "#div/0!", "-", "--", "---", "–", "—", "——", "_", "?", "??", ".", "/"),
    *(
        "无",
        "空",
        "空白",
        "(空)",
        "（空）",
        "(空白)",
        "（空白）",
        "暂无",
        "没有",
        "未知",
        "未填",
        "未填写",
        "不详",
    ),
    *("desconhecido", "desconocido", "unbekannt", "inconnu", "s/n", "k.a.", "k. a.", "n.v."),
)

# accounts under which many people buy, and rows that sum others up, as patterns of the whole id in lower case
WALK_INS = (
    "0+|9{4,}|guest.*|walk.?ins?( customer)?|cash( customer| sales?)?|retail( customers?| sales?)?|anonymous"
    "|counter( sales?)?|over the counter|one.?time customer|misc(ellaneous)?|various|others?|default( customer)?"
    "|.*(散客|零售|现金|匿名|游客|路人|门市|临时客户|其他客户|其它客户|普通客户|默认客户).*|其他|其它"
    "|consumidor( final)?|p[uú]blico( en)? general|mostrador|varios|balc[aã]o|cliente (padr[aã]o|final|contado)"
    "|laufkunden?|barverkauf|diverse( kunden)?|barkunde|comptoir|divers|client (comptoir|de passage|divers)"
)
TOTALS = (
    "(grand|sub|sub-|sub |overall )?totals?( .*)?|.* totals?|sum|.*(合计|总计|小计|总和|汇总|共计)[:：]?"
    "|(sub)?total( geral| general)?|suma|soma|summe|gesamt(summe)?|zwischensumme|insgesamt|totale|total g[eé]n[eé]ral"
)

# headings, as `headings.plain` gives them, of columns that may say that an order does not count
STATUS = r".*(status|statut|situacao|stato|zustand|状态)|(order|payment|financial|sales?|invoice|line)state"
STATE = r"state|estado"
# where an address stands, a state is part of it
ADDRESS = r".*(city|town|zip|postal|postcode|country|province|cidade|ciudad|pais|cep|城市|邮编|国家|省份).*"
CANCELLED = r".*(cancel|void|storn|annul|anulad|作废|取消|关闭).*"
REFUNDED = r".*(refund|returned|chargeback|reembols|erstatt|rembours|devol|退款|退货|退回).*"
PAID = (
    r"(is|amount|total|net)?paid(amount|total|at|on|date|status)?|amountpaid|.*(实付|已付|已收|付款金额|支付金额).*"
    r"|bezahlt|paye|pago|pagado"
)
DISCOUNT = r".*(discount|rebate|rabatt|nachlass|remise|descuento|desconto|sconto|折扣|优惠|减免|立减|让利).*"
