-- Acts that change a register or a rule are recorded too.
alter table record drop constraint record_stage_check;
alter table record add constraint record_stage_check check (stage between 1 and 5) not valid;
alter table record validate constraint record_stage_check;
