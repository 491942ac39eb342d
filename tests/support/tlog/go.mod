module cbss.invalid/tlog

go 1.20

require golang.org/x/mod v0.17.0
