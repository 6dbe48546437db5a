"""The headings under which exports have what orders, customers and payments consist of, in people's languages.

Headings stand as `plain` gives them: without case, accents, blanks, punctuation and units.
"""

import re
import unicodedata

# a unit beside a name that makes its numbers other than they stand
SCALE = re.compile(r"\(([百千万亿]+元?|k|m|mio|'?000s?|thousands?|millions?)\)")


def plain(heading: str) -> str:
    """A heading without case, accents, blanks, width, punctuation, unit or the number of a repeated name.

    >>> plain("Customer ID"), plain("金额（元）"), plain("Amount (2)"), plain("N° de Pédido"), plain("Qté")
    ('customerid', '金额', 'amount', 'ndepedido', 'qte')
    """
    text = unicodedata.normalize("NFKC", heading).casefold()
    text = re.sub(r"[\u0300-\u036f]", "", unicodedata.normalize("NFD", text))
    return re.sub(r"[\W_]+", "", re.sub(r"[(\[](元|件|rmb|cny|usd|gbp|eur|utc|\d+)[)\]]|[$£€¥]", "", text))


def _groups(*groups: str) -> tuple[tuple[str, ...], ...]:
    return tuple(tuple(group.split()) for group in groups)


# role -> groups of headings, better groups first
NAMES: dict[str, tuple[tuple[str, ...], ...]] = {
    "customer_id": _groups(
        "customerid customerno customernumber customercode customerkey custid custno custcode custkey "
        "clientid "
        "clientno clientcode clientnumber accountid accountno buyerid buyeruserid buyerusername memberid "
        "userid "
        "householdid partnerid soldto soldtoparty kunnr debtorid debtorno shopperid "
        "会员编号 会员id 客户编号 客户id 客户号 客户代码 客户编码 用户id 用户编号 买家id 会员卡号 "
        "买家会员名 买家昵称 "
        "下单帐号 下单账号 购货单位编码 购货单位代码 往来单位编号 往来单位编码 "
        "codigodocliente codigocliente codcliente idcliente iddocliente clienteid numerodocliente "
        "iddecliente codigodecliente numerodecliente numerocliente numcliente nrocliente "
        "kundennummer kundennr kundenid kundencode kdnr debitor debitornr debitorennummer auftraggeber "
        "codeclient idclient numeroclient numclient noclient nclient numerodeclient referenceclient "
        "refclient",
        "customer client account buyer 客户 会员 买家 购货单位 往来单位 购买方 cliente comprador kunde "
        "kaufer acheteur",
        "customername customerfullname clientname accountname company companyname contactname buyername "
        "客户名称 客户姓名 客户简称 客户全称 公司名称 企业名称 单位名称 购货单位名称 往来单位名称 "
        "nomecliente nomedocliente razaosocial nombrecliente nombredelcliente nombredecliente razonsocial "
        "kundenname firma nomclient nomduclient raisonsociale",
        "email customeremail buyeremail billingemail emailbilling emailaddress 买家手机号 客户手机 手机号",
    ),
    "order_id": _groups(
        "orderid orderno ordernumber ordernum ordercode orderkey orderref orderreference amazonorderid "
        "saleid "
        "salesorderno salesordernumber salesorder salesdocument vbeln invoiceno invoiceid invoicenumber "
        "invoicenum "
        "receiptno receiptid receiptnumber basketid documentno billno "
        "订单编号 订单号 订单id 主订单编号 销售订单编号 销售订单号 销售单号 单据编号 单据号 单号 发票号 "
        "发票号码 交易号 "
        "小票号 "
        "numerodopedido numeropedido idpedido codigodopedido notafiscal numerodepedido numpedido nropedido "
        "numerofactura numerodefactura bestellnummer bestellnr auftragsnummer auftragsnr rechnungsnummer "
        "rechnungsnr belegnummer belegnr verkaufsbeleg numerocommande numerodecommande nocommande ncommande "
        "idcommande numerofacture numerodefacture nofacture nfacture",
        "transactionid transactionno transactionnumber documentnumber",
        "order invoice transaction 订单 发票 pedido factura fatura bestellung auftrag rechnung commande "
        "facture",
    ),
    "date": _groups(
        "orderdate orderedat orderedon ordertime orderdatetime dateordered dateorder orderpurchasetimestamp "
        "purchasedate invoicedate transactiondate transactiontimestamp saledate salesdate billingdate "
        "documentdate "
        "订单日期 下单日期 下单时间 订单时间 订单创建时间 订单提交时间 成交日期 成交时间 订单成交时间 "
        "交易日期 交易时间 "
        "销售日期 开票日期 发票日期 单据日期 录单日期 业务日期 "
        "datadopedido datapedido datadavenda datavenda datadacompra datacompra datadeemissao dataemissao "
        "fechadepedido fechapedido fechadelpedido fechadeventa fechaventa fechadefactura fechafactura "
        "fechadecompra fechacompra bestelldatum auftragsdatum rechnungsdatum belegdatum kaufdatum "
        "verkaufsdatum "
        "datedecommande datecommande datedefacture datefacture datedefacturation datedevente datevente "
        "datedachat dateachat",
        "date datetime timestamp datekey 日期 时间 data fecha datum datahora fechayhora fechahora dateheure",
        "createdat createdate createddate createtime creationdate createdon 创建时间 创建日期",
        "paidat paidondate 付款时间 支付时间 订单付款时间 买家付款时间 支付完成时间",
    ),
    "amount": _groups(
        "amount orderamount salesamount salesvalue netamount netvalue netsales nrevenue netrevenue linetotal "
        "lineamount itemtotal itemamount extendedprice extendedamount ordertotal ordertotalamount "
        "totalamount "
        "amounttotal totalprice soldfor revenue dollarvalue invoiceamount invoicetotal netwr "
        "金额 订单金额 销售金额 成交金额 交易金额 开票金额 销售额 成交额 销售收入 实付金额 支付金额 "
        "实收金额 应付金额 应收金额 "
        "结算金额 折后金额 含税金额 销售订单金额 合计金额 总金额 价税合计 本币价税合计 行金额 "
        "买家实际支付金额 "
        "用户实付金额 商家实收金额 订单实付金额 订单应付金额 "
        "valor valortotal valordopedido valorpedido valordavenda valorvenda valorliquido valorpago "
        "totaldopedido totaldavenda faturamento receita montante importe importetotal importeneto monto "
        "montototal totalventa totalpedido totalfactura ingresos betrag umsatz nettobetrag bruttobetrag "
        "gesamtbetrag nettowert nettoumsatz rechnungsbetrag auftragswert bestellwert gesamtpreis montant "
        "montantht montantttc montanttotal montantnet chiffredaffaires ca caht totalht totalttc",
        "sales total value turnover 合计 总计 venta ventas summe",
    ),
    "quantity": _groups(
        "quantity qty units lineitemquantity orderqty orderquantity qtyordered salesquantity "
        "quantitypurchased "
        "数量 销售数量 商品数量 订购数量 购买数量 实发数量 件数 "
        "quantidade qtd qtde cantidad menge anzahl stuckzahl quantite qte"
    ),
    "price": _groups(
        "unitprice price lineitemprice unitamount netprice salesprice sellingprice "
        "单价 销售单价 商品单价 含税单价 价格 销售价 "
        "precounitario preco preciounitario precio einzelpreis stuckpreis preis prixunitaire prix "
        "prixunitaireht"
    ),
    "profit": _groups(
        "profit grossprofit margin grossmargin 利润 毛利 毛利额 毛利润 lucro margem beneficio ganancia "
        "margen "
        "gewinn deckungsbeitrag rohertrag marge margebrute"
    ),
    "cost": _groups(
        "cost totalcost costamount totalproductcost 成本 成本金额 总成本 custo custototal costo costototal "
        "coste "
        "costetotal kosten gesamtkosten cout couttotal"
    ),
    "product": _groups(
        "stockcode productid productcode productkey sku itemid itemcode itemnumber lineitemsku matnr "
        "material "
        "产品编号 产品编码 产品代码 产品id 商品编号 商品编码 商品id 物料编码 存货编码 "
        "codigodoproduto codigoproduto idproduto codigoproducto codigodeproducto idproducto artikelnummer "
        "artikelnr codearticle codeproduit referenceproduit referencearticle",
        "product item lineitemname productname itemname itemtitle productservice 产品 商品 产品名称 商品名称 "
        "存货名称 宝贝标题 选购商品 produto producto artikel produkt produit article",
    ),
    "product_group": _groups(
        "productgroup productcategory category categoryname productcategoryname itemcategory "
        "品类 商品类目 类目 商品类别 产品类别 商品分类 产品分类 存货分类 "
        "categoria categoriadoproduto categoriaproducto warengruppe produktgruppe categorieproduit"
    ),
    "account_manager": _groups(
        "accountmanager salesperson salesrep salesrepresentative 客户经理 业务员 销售人员 负责人 销售员 "
        "销售代表 经手人 "
        "vendedor verkaufer vertreter kundenbetreuer commercial vendeur"
    ),
    "branch": _groups(
        "branch office 分公司 归属部门 负责人主属部门 所属部门 门店 sucursal filial niederlassung filiale "
        "agence",
        "region 大区 部门",
    ),
    "parent_account": _groups(
        "parentaccount parentaccountid parentid parentcustomer 上级客户 母公司 集团客户"
    ),
    "currency": _groups(
        "currency currencycode ordercurrency transactioncurrency documentcurrency sddocumentcurrency waerk "
        "币种 币别 货币 moeda moneda divisa wahrung waehrung devise monnaie"
    ),
    # known in exports of known systems only; elsewhere such a column is a question
    "status": (),
    "cancelled": (),
    "refunded": (),
    "paid": (),
}

# the table of customers: role -> groups of headings; any other column is an attribute under its own name
CUSTOMER_NAMES: dict[str, tuple[tuple[str, ...], ...]] = {
    "customer_id": NAMES["customer_id"],
    "customer_name": (
        *_groups("name fullname customername clientname accountname 客户名称 客户姓名 姓名 名称 客户全称"),
        NAMES["customer_id"][2],
        *_groups("简称 客户简称"),
    ),
    "valid_from": _groups("validfrom effectivefrom effectivedate 生效日期 生效日 有效期起 起效日期 起始日期"),
    "registered_on": _groups(
        "registeredon registrationdate registeredat signupdate joinedon joindate membersince "
        "注册日期 注册时间 入会日期 开户日期 建档日期"
    ),
    "referred_by": _groups("referredby referrer referrerid 推荐人 介绍人 推荐客户"),
    "opted_out": _groups("optedout optout unsubscribed donotcontact 退订 免打扰 拒绝营销"),
    "account_manager": NAMES["account_manager"],
    "branch": NAMES["branch"][:1],
    "industry": _groups("industry sector industrytype 行业 所属行业 客户行业 行业类别"),
    "size": _groups("size companysize firmsize 规模 企业规模 公司规模 客户规模 人员规模"),
    "region": _groups("region area province 地区 区域 省份 所在地区 所属区域 大区"),
    "sex": _groups("sex gender 性别"),
    "age": _groups("age agegroup ageband 年龄 年龄段 年龄组"),
    "birth_year": _groups(
        "birthyear yearofbirth birthdate dateofbirth birthday 出生年份 出生日期 出生年 生日"
    ),
    "job": _groups("job occupation profession 职业 职务 工作"),
    "education": _groups("education educationlevel 学历 教育程度 文化程度"),
}
# the table of payments
PAYMENT_NAMES: dict[str, tuple[tuple[str, ...], ...]] = {
    "customer_id": NAMES["customer_id"],
    "invoice_id": _groups(
        "invoiceid invoiceno invoicenumber invoicenum invoiceref invoice billno billnumber documentno documentnumber "
        "发票号 发票号码 发票编号 账单号 账单编号 应收单号 单据编号 单据号 rechnungsnummer rechnungsnr numerofactura "
        "numerofacture"
    ),
    "issued_on": _groups(
        "issuedon issuedate invoicedate invoicedon billdate billingdate documentdate postingdate "
        "开票日期 发票日期 账单日期 出账日期 应收日期 单据日期 rechnungsdatum fechafactura datefacture",
        "date 日期",
    ),
    "due_on": _groups(
        "dueon duedate due paymentdue paymentduedate netduedate 到期日 到期日期 应付日期 付款期限 约定付款日 "
        "应收到期日 faelligkeit faelligkeitsdatum fechavencimiento dateecheance echeance"
    ),
    "amount": _groups(
        "amount invoiceamount totalamount invoicetotal billamount amountdue 金额 发票金额 开票金额 应收金额 账单金额 "
        "价税合计 betrag rechnungsbetrag importe montant",
        "total 合计",
    ),
    "paid_on": _groups(
        "paidon paidat paiddate datepaid paymentdate settleddate settledon settlementdate cleareddate clearingdate "
        "付款日期 收款日期 回款日期 到账日期 结清日期 核销日期 zahlungsdatum fechapago datepaiement"
    ),
    "paid_amount": _groups(
        "paidamount amountpaid paid payment paymentamount settledamount amountreceived "
        "已付金额 付款金额 收款金额 回款金额 已收金额 实收金额 核销金额"
    ),
    "disputed": _groups("disputed dispute isdisputed indispute 争议 有争议 是否争议"),
    "currency": NAMES["currency"],
}

# column of a file of overrides -> names under which people have it
OVERRIDE_NAMES: dict[str, tuple[str, ...]] = {
    "customer_id": ("customer_id", "customer", "客户编号", "客户号", "客户id"),
    "tier": ("tier", "等级", "级别"),
    "who": ("who", "by", "设定人", "批准人", "负责人"),
    "why": ("why", "reason", "原因", "理由"),
    "until": ("until", "valid_until", "有效期至", "截止日期"),
}
