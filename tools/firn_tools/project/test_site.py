"""What has to stay true of this site: `pytest` runs it on this computer and in a device."""

FOLDER = "."  # with config.json, beside this file


def test_the_start_page_is_served(firn_site):
    site = firn_site(FOLDER)
    answer = site.get("/")
    assert answer.status_code == 200
    assert "<h1>@NAME@</h1>" in answer.text
    assert site.get("/style.css").status_code == 200


def test_the_light_can_be_switched(firn_site):
    site = firn_site(FOLDER)
    assert "The light is off" in site.get("/light").text
    form = {"Content-Type": "application/x-www-form-urlencoded"}
    answer = site.post("/light", form, "on=1")
    assert (answer.status_code, answer.headers["Location"]) == (303, "/light")
    assert "The light is on" in site.get("/light").text
    assert site.get("/api/status").json["light"] is True


def test_it_works_on_a_device(firn_device):
    device = firn_device(FOLDER)
    assert device.get("/").status_code == 200
    assert "The light is off" in device.get("/light").text
    form = {"Content-Type": "application/x-www-form-urlencoded"}
    assert device.post("/light", form, "on=1").status_code == 303
    assert device.get("/api/status").json["light"] is True
    assert "Traceback" not in device.console
