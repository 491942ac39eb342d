-- What is due to be deleted is found by its end; the service itself still deletes nothing.
create index error_report_by_end on error_report (decided_at) where state in (3, 4);
create index correction_notice_by_report on correction_notice (report_id);
create index decision_by_instant on decision (recorded_at);
