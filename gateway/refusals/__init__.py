"""From what Envoy refuses to the audit trail: its log is read line by line, and a line is done with
only when the trail has it. Reading a line twice makes the same record, which the trail keeps once.
"""
