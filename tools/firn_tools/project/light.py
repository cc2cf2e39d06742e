"""The light: its pin, its page and what the start page shows. config.json names the handlers."""

import firn.status
from microdot import redirect
from microdot.utemplate import Template

try:
    from machine import Pin

    pin = Pin("LED", Pin.OUT)
except (ImportError, ValueError, TypeError):
    pin = None  # a laptop, an emulated board, or a board that calls its light otherwise

on = False


def switch(value):
    """Turn the light on (True) or off (False)."""
    global on
    on = value
    if pin:
        pin.value(value)


async def page(request):
    """GET: the page of the light; POST: switch it, by the form's field `on` (1 or 0)."""
    if request.method == "POST":
        switch(request.form.get("on") == "1")
        return redirect("/light", 303)
    headers = {"Content-Type": "text/html; charset=UTF-8", "Cache-Control": "no-store"}
    return await Template("light.html").render_async(on), headers


async def status(request):
    """What the start page shows, as JSON."""
    values = firn.status.values()
    values["light"] = on
    return values, {"Cache-Control": "no-store"}
