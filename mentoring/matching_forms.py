"""What the programme team fills in or presses where a cohort is matched."""

from django import forms

from pairings.weights import MOST, WEIGHTS

_KEY = {"min_value": 1, "max_value": 2**31 - 1}


class WeightsForm(forms.Form):
    """How much of what counts; a field for each of `WEIGHTS`."""

    use_required_attribute = False

    def __init__(self, data=None, *, weights):
        super().__init__(data, label_suffix="")
        for weight in WEIGHTS:
            self.fields[weight.name] = forms.IntegerField(
                label=weight.label,
                help_text=weight.hint,
                min_value=0,
                max_value=MOST,
                initial=weights.get(weight.name, weight.default),
                error_messages=dict.fromkeys(("required", "invalid", "min_value", "max_value"), weight.fix),
            )
            self.fields[weight.name].suggested = weight.default


class ChoiceForm(forms.Form):
    """What is to hold when a cohort is matched again: these two together, never, or neither of it any more."""

    PIN, NEVER, FREE = "pin", "never", "free"

    what = forms.ChoiceField(choices=[(PIN, PIN), (NEVER, NEVER), (FREE, FREE)])
    mentee = forms.IntegerField(**_KEY)
    offer = forms.IntegerField(**_KEY)


class ProposalForm(forms.Form):
    """Which proposal was chosen."""

    proposal = forms.IntegerField(**_KEY)
