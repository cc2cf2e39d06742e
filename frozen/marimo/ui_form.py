"""Forms: what is in them counts when it is submitted."""

from .ui_element import UIElement


class form(UIElement):
    """``element`` in a form. The value is None until it is submitted, then that of the element.

    ``submit_button_label``, ``clear_button_label`` (str); ``show_clear_button``,
    ``clear_on_submit``, ``bordered`` (bool); ``validate``: a function that is called with what the
    page sends when it is submitted, and gives None, or a message (str) why it does not count.
    """

    _tag = "form"
    _validate = None
    _submit = "Submit"
    _clear = ""
    _bordered = True
    _clear_on_submit = False
    _tooltip = ""

    def __init__(self, element, *, bordered=True, loading=False, submit_button_label="Submit",
                 submit_button_tooltip=None, submit_button_disabled=False, clear_on_submit=False,
                 show_clear_button=False, clear_button_label="Clear", clear_button_tooltip=None,
                 validate=None, label="", on_change=None):  # fmt: skip
        if not isinstance(element, UIElement):
            raise TypeError("expected an element, got %s" % type(element).__name__)
        if submit_button_label != "Submit":
            self._submit = submit_button_label
        if show_clear_button:
            self._clear = clear_button_label
        if not bordered:
            self._bordered = False
        if clear_on_submit:
            self._clear_on_submit = True
        if submit_button_tooltip:
            self._tooltip = submit_button_tooltip
        if validate is not None:
            self._validate = validate
        self._begin(label, on_change, submit_button_disabled or loading)
        # No parent: what changes inside does not change the form.
        self.element = element._copy(None)

    def _convert(self, wire):
        """What the element inside takes, in a tuple; None for none."""
        if wire is None:
            return None
        inner = (self.element._convert(wire),)
        if self._validate is not None:
            message = self._validate(wire)
            if message is not None:
                raise ValueError(str(message))
        return inner

    def _take(self, converted, changed):
        if converted is not None:
            self.element._take(converted[0], [])
        # As it is now: what is inside goes on changing.
        self._value = None if converted is None else self.element._value
        changed.append(self)

    def _wire(self):
        return None if self._value is None else self.element._wire()

    def _args(self):
        args = {"child": self.element._id, "submit": self._submit}
        if self._clear:
            args["clear"] = self._clear
        if not self._bordered:
            args["bordered"] = False
        if self._clear_on_submit:
            args["clear_on_submit"] = True
        if self._tooltip:
            args["tooltip"] = self._tooltip
        return args

    def _inner(self):
        return self.element._html()

    def _copy(self, parent):
        copy = super()._copy(parent)
        copy.element = self.element._copy(None)
        return copy
