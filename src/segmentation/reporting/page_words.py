"""The page's own words, around what the notebook says, in each language."""

LANGUAGE_CODES = {"en": "en", "zh": "zh-Hans"}
WORDS = {
    "en": {
        "skip": "Skip to the content",
        "pages": "Pages of this report",
        "contents": "On this page",
        "show_code": "Show code",
        "hide_code": "Hide code",
        "settings": "Settings of this page",
        "key": "Run",
        "key_meaning": "The same key means the same settings, data, notebooks and code, and the same page.",
        "failed": "This page is not complete: its notebook stopped before the end.",
        "see_error": "See where it stopped.",
        "stopped": "The notebook stopped here",
        "traceback": "Technical details",
        "messages": "Messages",
        "figure": "Figure",
        "refused": "A figure was left out: it contains {what}.",
    },
    "zh": {
        "skip": "跳到正文",
        "pages": "本报告各页",
        "contents": "本页内容",
        "show_code": "显示代码",
        "hide_code": "隐藏代码",
        "settings": "本页参数",
        "key": "运行",
        "key_meaning": "相同的编号表示参数、数据、笔记本和代码都相同，页面也相同。",
        "failed": "本页不完整：笔记本没有执行到最后。",
        "see_error": "查看停止之处。",
        "stopped": "笔记本在此停止",
        "traceback": "技术细节",
        "messages": "消息",
        "figure": "图",
        "refused": "有一张图没有显示：其中含有 {what}。",
    },
}
