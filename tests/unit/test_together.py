"""What the name of a file says about the things it may be a part of."""

import pytest

from spmigrate import together
from spmigrate.together import Membership


@pytest.mark.parametrize(
    ("folder", "name", "belongs"),
    [
        ("maps", "Roads.shp", Membership("shapefile", "roads")),
        ("maps", "ROADS.SHP.XML", Membership("shapefile", "roads")),
        ("maps", "A28.2019.dbf", Membership("shapefile", "a28.2019")),
        ("maps", "roads.xml", None),
        ("maps", "roads.docx", None),
        ("maps", "shp", None),
        ("plans", "Border.DWG", Membership("drawings")),
        ("notes", "Open Notebook.onetoc2", Membership("notebook")),
        ("maps/Roads.GDB", "a00000001.gdbtable", Membership("geodatabase")),
        ("maps/Roads.gdb/deeper", "a.txt", None),
    ],
)
def test_names_say_what_a_file_is_a_part_of(folder: str, name: str, belongs: Membership | None) -> None:
    assert together.membership(folder, name) == belongs
