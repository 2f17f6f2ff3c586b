"""The problems of lcb-mini, in the order of their numbers: a new one goes to the end of ORDER.

Any few problems in a row are a fair sample: difficulties and kinds take turns.
"""

from importlib import import_module

ORDER = (
    # easy, medium, hard
    "quiet_rooms", "ferry_queue", "linked_wheels",
    "bottle_return", "shift_blocks", "ribbon_pieces",
    "backwards_clock", "uphill_trail", "bridge_failures",
    "torn_ticket", "gift_pairs", "bead_ring",
    "word_snake", "knit_pattern", "railing_patterns",
    "checkered_numbers", "tape_calculator", "forklift",
    "elevator_log", "echo_substrings", "tally_thirds",
    "striped_scarf", "cold_chain", "two_couriers",
    "library_fines", "camp_sides", "mirror_strand",
    "stamp_book", "stepping_tax", "workshop_orders",
    "noisy_sensor", "lantern_buttons", "count_frames",
    "torus_walk", "calm_tasting", "digit_products",
    "ski_jury",
)

PROBLEMS = [import_module(f"problems.{name}").PROBLEM for name in ORDER]
