"""Every action as data: menus, shortcuts and the list of keys in the help are made from this one table."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtGui import QKeySequence

from mosovo_planner.domain.roles import Permission

Keys = QKeySequence.StandardKey


@dataclass(frozen=True)
class ActionSpec:
    """One action. ``name`` is the method of the window that does it; ``needs`` hides nothing, it disables with a reason.

    ``workspace`` actions work only while a workspace is open.
    """

    name: str
    menu: str
    text: str
    keys: QKeySequence.StandardKey | str = ""
    tip: str = ""
    workspace: bool = True
    needs: Permission | None = None
    ends_group: bool = False
    icon: str = ""
    checkable: bool = False


VIEWS = (
    ("caseload", "Caseload"),
    ("outstanding", "Outstanding"),
    ("workload", "Workload"),
    ("allocation", "Allocation"),
    ("plan", "Week plan"),
    ("offduty", "Off duty"),
    ("visor", "ViSOR list"),
    ("policy", "Policy"),
    ("performance", "Performance"),
    ("users", "Users and keys"),
    ("audit", "Record of use"),
)
"""The views in the order of the navigation; the first ten are reached by Ctrl and a digit."""
VIEW_NEEDS = {"users": Permission.KEEP_KEYS, "audit": Permission.AUDIT}
"""What a role needs to go to a view; to see the caseload where nothing stands here."""

ACTIONS: tuple[ActionSpec, ...] = (
    ActionSpec("new_workspace", "&File", "&New workspace…", Keys.New, "Make an encrypted workspace", workspace=False),
    ActionSpec("open_workspace", "&File", "&Open workspace…", Keys.Open, "Sign in to a workspace", workspace=False),
    ActionSpec("lock", "&File", "&Lock", "Ctrl+L", "Close the workspace and go to the sign-in page", ends_group=True),
    ActionSpec("import_tracker", "&File", "&Import tracker…", "Ctrl+I", "Read a tracker", needs=Permission.IMPORT),
    ActionSpec("read_logs", "&File", "Read incident lo&gs…", "Ctrl+Shift+I", "What happened off duty", needs=Permission.RECORD),
    ActionSpec("compare_visor", "&File", "Compare with &ViSOR list…", "", "Points to work off", needs=Permission.RECORD),
    ActionSpec("show_imports", "&File", "I&mports…", "", "See imports and undo one", needs=Permission.IMPORT),
    ActionSpec(
        "import_gazetteer", "&File", "Import &gazetteer…", "", "Postcodes: Code-Point Open, NSPL or ONSPD", workspace=False
    ),
    ActionSpec(
        "import_roads", "&File", "Import &roads…", "", "A road network (.osm.pbf) for driving times", workspace=False
    ),
    ActionSpec(
        "import_map_layer", "&File", "Import map la&yer…", "", "Boundaries or main roads (GeoJSON) for the map", workspace=False,
        ends_group=True,
    ),
    ActionSpec("print_paper", "&File", "&Print…", Keys.Print, "Print or save a paper", needs=Permission.PRINT),
    ActionSpec("export_table", "&File", "&Export table…", "Ctrl+E", "Save the list on show", needs=Permission.PRINT),
    ActionSpec(
        "export_calendar", "&File", "Export an officer's roun&ds (.ics)…", "", "A calendar that names nobody who is visited",
        needs=Permission.PRINT, ends_group=True,
    ),
    ActionSpec("show_backups", "&File", "&Backups…", "", "Make, try, remove, bring back", needs=Permission.KEEP_KEYS),
    ActionSpec("show_erasures", "&File", "Erasures…", "", "Certificates of records that were erased", needs=Permission.RETENTION,
               ends_group=True),
    ActionSpec("quit", "&File", "&Quit", Keys.Quit, "Close the window", workspace=False),
    ActionSpec("undo", "&Edit", "&Undo", Keys.Undo, "Take back the last change in this view"),
    ActionSpec("redo", "&Edit", "&Redo", Keys.Redo, "Make the change again", ends_group=True),
    ActionSpec("copy", "&Edit", "&Copy rows", Keys.Copy, "Copy the selected rows, tab-separated"),
    ActionSpec("select_all", "&Edit", "Select &all", Keys.SelectAll, "Select all rows on show", ends_group=True),
    ActionSpec("find", "&Edit", "&Find in this list", Keys.Find, "Go to the search line", ends_group=True),
    ActionSpec("who", "&Edit", "&Who manages him?…", "Ctrl+K", "By name, address, vehicle, birth", needs=Permission.ASK),
    ActionSpec("record_visit", "&Edit", "Record &visit…", "Ctrl+R", "To the chosen offender", needs=Permission.RECORD),
    ActionSpec("add_offender", "&Edit", "A&dd offender…", "Ctrl+D", "Somebody new on the caseload", needs=Permission.RECORD),
    ActionSpec("change_offender", "&Edit", "C&hange offender…", "F2", "The chosen offender's record", needs=Permission.RECORD),
    ActionSpec("restrict_record", "&Edit", "Restric&t record…", "", "Only supervisors and those you name see it",
               needs=Permission.APPROVE),
    ActionSpec("add_manager", "&Edit", "Add offender &manager…", "", "Base, hours, training, absences", needs=Permission.APPROVE,
               ends_group=True),
    *(
        ActionSpec(f"show_{key}", "&View", f"&{number % 10} {title}" if number <= 10 else title,
                   f"Ctrl+{number % 10}" if number <= 10 else "", f"Go to {title}",
                   needs=VIEW_NEEDS.get(key, Permission.VIEW), ends_group=number == len(VIEWS), icon=key, checkable=True)
        for number, (key, title) in enumerate(VIEWS, start=1)
    ),
    ActionSpec("play_year", "&View", "Play a &year…", "", "What ways of working bring, and how many officers are needed",
               needs=Permission.VIEW),
    ActionSpec("refresh", "&View", "&Refresh", "F5", "Read the records again", ends_group=True),
    ActionSpec("help_contents", "&Help", "&Contents", Keys.HelpContents, "Help for this view", workspace=False),
    ActionSpec("show_keys", "&Help", "&Keyboard", "", "All keys", workspace=False, ends_group=True),
    ActionSpec("about", "&Help", "&About MOSOVO Planner", "", "Version and sources", workspace=False),
)  # fmt: skip


def keys_of(spec: ActionSpec) -> list[QKeySequence]:
    """The shortcuts of an action on this platform."""
    if isinstance(spec.keys, QKeySequence.StandardKey):
        return QKeySequence.keyBindings(spec.keys)[:1]
    return [QKeySequence(spec.keys)] if spec.keys else []
