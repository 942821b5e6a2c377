"""HTML for property tests: tag soup as a careless program writes it, and payloads that once ran somewhere."""

from hypothesis import strategies as st

_OPENING = (
    [
        f"<{tag}>"
        for tag in [
            "p",
            "h1",
            "h2",
            "h3",
            "ul",
            "ol",
            "li",
            "blockquote",
            "strong",
            "b",
            "em",
            "i",
            "u",
            "span",
            "div",
            "table",
            "thead",
            "tbody",
            "tr",
            "td",
            "th",
        ]
    ]
    + ["<br>", "<hr>", "<ins>", "<del>", "<script>", "<style>", "<title>", "<o:p>", "<caption>", "<!-- c -->"]
    + [
        '<a href="https://example.org/?a=1&b">',
        '<a href="/x">',
        '<a href="javascript:x">',
        '<td colspan="3">',
    ]
    + ['<b style="font-weight:normal">', '<span style="font-weight:700">', "<![if x]>", "<svg>", "<template>"]
)
_CLOSING = [
    f"</{tag}>"
    for tag in [
        "p",
        "h1",
        "h2",
        "ul",
        "ol",
        "li",
        "blockquote",
        "strong",
        "b",
        "em",
        "span",
        "div",
        "table",
        "tr",
        "td",
        "th",
        "a",
        "ins",
        "del",
        "script",
        "style",
        "title",
    ]
]
_WORDS = st.one_of(
    st.sampled_from(
        ["one", "two three", " four ", "five. ", "\n", " ", "&nbsp;", "&lt;", "<", "&", '"', "- six", "7. x"]
    ),
    st.text(max_size=4),
)

soups = st.lists(st.one_of(st.sampled_from(_OPENING + _CLOSING), _WORDS, _WORDS), max_size=30).map("".join)

HOSTILE = [
    "<script>alert(1)</script>",
    "<scr\x00ipt>alert(1)</scr\x00ipt>",
    "<scr<script>ipt>alert(1)</scr</script>ipt>",
    "<img src=x onerror=alert(1)>",
    "<svg onload=alert(1)><a xlink:href='javascript:alert(1)'><text>x</text></a></svg>",
    "<math><mtext><table><mglyph><style><!--</style><img title='--&gt;&lt;img src=1 onerror=alert(1)&gt;'>",
    "<svg></p><style><a id='</style><img src=1 onerror=alert(1)>'>",
    "<noscript><p title='</noscript><img src=x onerror=alert(1)>'>",
    "<a href='javascript:alert(1)'>x</a>",
    "<a href='&#106;avascript:alert(1)'>x</a>",
    "<a href='jav&#x0A;ascript:alert(1)'>x</a>",
    "<a href='\x01javascript:alert(1)'>x</a>",
    "<a href=//evil.example>x</a>",
    "<a href='https://example.org/\"onmouseover=alert(1) x=\"'>x</a>",
    "<a href='https://example.org/&quot;&gt;&lt;img src=x onerror=alert(1)&gt;'>x</a>",
    "<p hx-get=/accounts/sign-out/ hx-trigger=load>x</p>",
    "<p data-hx-post=/x data-hx-trigger=load>x</p>",
    "<li hx-on:click='alert(1)' class=x id=y style='position:fixed'>x</li>",
    "<form action=/x><button formaction=javascript:alert(1)>x</button><input autofocus onfocus=alert(1)></form>",
    "<iframe srcdoc='<script>alert(1)</script>'></iframe>",
    "<object data=javascript:alert(1)></object><embed src=javascript:alert(1)>",
    "<base href=https://evil.example/><link rel=stylesheet href=//evil.example><meta http-equiv=refresh content=0>",
    "<style>*{background:url(javascript:alert(1))}</style>",
    "<div style=\"background:url('javascript:alert(1)')\">x</div>",
    "<table background=javascript:alert(1)><td background=javascript:alert(1) colspan='2\" onclick=\"x'>x</table>",
    "<template><script>alert(1)</script></template>",
    "<textarea><img src=x onerror=alert(1)></textarea>",
    "<xmp><img src=x onerror=alert(1)></xmp><plaintext><img src=x onerror=alert(1)>",
    "<!--><img src=x onerror=alert(1)>-->",
    "<!--!><img src=x onerror=alert(1)>--!>",
    "<![CDATA[<img src=x onerror=alert(1)>]]>",
    "<?xml version='1.0'?><img src=x onerror=alert(1)>",
    "<p>&lt;script&gt;alert(1)&lt;/script&gt;</p>",
    "<p>&amp;lt;img src=x onerror=alert(1)&amp;gt;</p>",
    "<ins onclick=alert(1) cite=javascript:alert(1)>x</ins><del datetime='\"><script>alert(1)</script>'>y</del>",
    "<a href='/x' ping=https://evil.example target=_top rel=opener>x</a>",
    "<p\x0conclick=alert(1)>x</p><p/onclick=alert(1)>x</p>",
    "<strong><p onclick=alert(1)>x</strong>",
    "\ud83d<script>alert(1)</script>\udc00",
]
