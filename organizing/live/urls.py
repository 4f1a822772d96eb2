from django.urls import path

from organizing.live.views import acting, door, keeping, reading

app_name = "live"

_one = "committees/<slug:committee_slug>/meetings/<slug:slug>/live/"

urlpatterns = [
    path(_one, reading.page, name="page"),
    path(f"{_one}now/", reading.now, name="now"),
    path(f"{_one}screen/", reading.screen, name="screen"),
    path(f"{_one}screen/now/", reading.screen_now, name="screen_now"),
    path(f"{_one}open/", acting.open_meeting, name="open"),
    path(f"{_one}end/", acting.end, name="end"),
    path(f"{_one}come/", acting.come, name="come"),
    path(f"{_one}leave/", acting.leave, name="leave"),
    path(f"{_one}ask/", acting.ask, name="ask"),
    path(f"{_one}withdraw/", acting.withdraw, name="withdraw"),
    path(f"{_one}lead/", acting.lead, name="lead"),
    path(f"{_one}limit/", acting.limit, name="limit"),
    path(f"{_one}present/", keeping.present, name="present"),
    path(f"{_one}tick/", keeping.tick, name="tick"),
    path(f"{_one}duties/", keeping.duties, name="duties"),
    path(f"{_one}door/", door.door, name="door"),
    path(f"{_one}door/now/", door.door_now, name="door_now"),
    path(f"{_one}door/through/", door.through, name="through"),
    path(f"{_one}desk/", door.desk, name="desk"),
    path(f"{_one}desk/now/", door.desk_now, name="desk_now"),
]
