"""What the moment asks for: the order of the six complaint steps, no sentence twice, nothing untold given away."""

from __future__ import annotations

from builders import exercise, state

from coach.content.moves import MoveId as M
from coach.customer.dynamics import opening_state
from coach.customer.moment import best_move, sentence


def test_an_angry_complaint_is_first_received_with_an_apology_and_sympathy() -> None:
    the_exercise = exercise()
    first = best_move(opening_state(the_exercise), the_exercise)
    assert first.move is M.EMPATHISE
    assert first.say == sentence("receive", the_exercise) + the_exercise.case.coaching.empathise[0]
    assert first.why == "feeling_first"


def test_who_has_apologised_is_not_told_to_do_it_again() -> None:
    the_exercise = exercise()
    apologised = opening_state(the_exercise).model_copy(update={"counts": {M.APOLOGISE: 1}})
    assert best_move(apologised, the_exercise).say == the_exercise.case.coaching.empathise[0]


def test_nobody_apologises_where_nothing_went_wrong() -> None:
    enquiry = exercise("anxious_elder", "strange_number_worry")
    assert enquiry.case.call_type == "enquiry"
    assert sentence("receive", enquiry) not in best_move(opening_state(enquiry), enquiry).say


def test_a_complaint_ends_with_another_apology_and_an_enquiry_does_not() -> None:
    complaint, enquiry = exercise(), exercise("anxious_elder", "strange_number_worry")
    assert best_move(state(agreed=True), complaint).say.startswith(sentence("apologise_again", complaint))
    assert sentence("apologise_again", enquiry) not in best_move(state(agreed=True), enquiry).say


def test_a_sentence_said_inside_a_longer_turn_is_not_suggested_again() -> None:
    the_exercise = exercise()
    one, two = the_exercise.case.coaching.empathise[:2]
    after = best_move(state(heat=75), the_exercise, f"您好。给您添麻烦了。{one}")
    assert two in after.say
    assert one not in after.say
