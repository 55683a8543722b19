"""What a device is called in the list of who is logged in: enough to tell one's own, no more."""

_SYSTEMS = (
    ("HarmonyOS", "鸿蒙手机"),
    ("Android", "安卓手机"),
    ("iPhone", "苹果手机"),
    ("iPad", "平板电脑"),
    ("Windows", "视窗电脑"),
    ("Mac OS", "苹果电脑"),
    ("Linux", "电脑"),
)
_BROWSERS = (
    ("MicroMessenger", "微信"),
    ("QQBrowser", "腾讯浏览器"),
    ("Edg/", "微软浏览器"),
    ("Firefox/", "火狐浏览器"),
    ("Chrome/", "谷歌浏览器"),
    ("Safari/", "苹果浏览器"),
)


def device_of(user_agent: str) -> str:
    """视窗电脑 · 谷歌浏览器; 程序 where it is no browser that we know."""
    system = next((words for sign, words in _SYSTEMS if sign in user_agent), "")
    browser = next((words for sign, words in _BROWSERS if sign in user_agent), "")
    return " · ".join(filter(None, (system, browser))) or "程序"
