-- Copyright: (c) 2026, the singlestore.flow authors
-- GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
-- SPDX-License-Identifier: GPL-3.0-or-later

-- A state file as the emulator of version 1.0.0 left it.

BEGIN TRANSACTION;
CREATE TABLE connection (
	instance TEXT NOT NULL,
	side TEXT NOT NULL,
	settings JSON NOT NULL,
	status TEXT NOT NULL,
	PRIMARY KEY (instance, side)
);
INSERT INTO "connection" VALUES('shop','source','{"host": "source.demo", "port": "3306", "uid": "flow", "pwd": "flow-demo", "type": "rds.mysqlc", "pwd2": "flow-demo"}','Y');
INSERT INTO "connection" VALUES('shop','destination','{"host": "destination.demo", "port": "3306", "uid": "flow", "pwd": "flow-demo", "type": "rds.sstorem", "pwd2": "flow-demo"}','Y');
CREATE TABLE instance (
	name TEXT NOT NULL,
	product_id TEXT NOT NULL,
	PRIMARY KEY (name)
);
INSERT INTO "instance" VALUES('shop','IDB-TCEC3-8ZDDF-0PMPN-MZS815-F9D62-KJCA4R');
CREATE TABLE licence (
	instance TEXT NOT NULL,
	"key" TEXT NOT NULL,
	saved_on DATE NOT NULL,
	PRIMARY KEY (instance)
);
INSERT INTO "licence" VALUES('shop','AAAA-BBBB-CCCC-DDDD','2026-11-24');
CREATE TABLE operation (
	number INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
	instance TEXT NOT NULL,
	operation TEXT NOT NULL,
	"trigger" TEXT NOT NULL,
	state TEXT NOT NULL,
	message TEXT NOT NULL
);
INSERT INTO "operation" VALUES(1,'shop','full','request','done','2 tables done.');
CREATE TABLE result (
	number INTEGER NOT NULL,
	position INTEGER NOT NULL,
	value JSON NOT NULL,
	PRIMARY KEY (number, position)
);
INSERT INTO "result" VALUES(1,0,'{"database": "mydb", "schema": "classicmodels", "table": "orders", "rows": 400, "inserted": 400, "updated": 0, "deleted": 0, "columns_added": [], "columns_dropped": [], "columns_changed": [], "error": null}');
INSERT INTO "result" VALUES(1,1,'{"database": "mydb", "schema": "classicmodels", "table": "payments", "rows": 300, "inserted": 300, "updated": 0, "deleted": 0, "columns_added": [], "columns_dropped": [], "columns_changed": [], "error": null}');
CREATE TABLE schedule (
	instance TEXT NOT NULL,
	type TEXT NOT NULL,
	duration TEXT,
	"offset" TEXT NOT NULL,
	week_flags TEXT,
	saved_at DATETIME NOT NULL,
	next_due DATETIME,
	PRIMARY KEY (instance)
);
INSERT INTO "schedule" VALUES('shop','weekly','14h46m','0d00h00m','NYNNNNN','2040-05-06 07:08:09.011534','2040-05-07 14:46:00.000000');
CREATE TABLE selection (
	instance TEXT NOT NULL,
	"database" TEXT NOT NULL,
	schema TEXT NOT NULL,
	"table" TEXT NOT NULL,
	loaded BOOLEAN NOT NULL,
	PRIMARY KEY (instance, "database", schema, "table")
);
INSERT INTO "selection" VALUES('shop','mydb','classicmodels','orders',1);
INSERT INTO "selection" VALUES('shop','mydb','classicmodels','payments',1);
INSERT INTO "selection" VALUES('shop','mydb','classicmodels','offices',0);
CREATE TABLE setting (
	name TEXT NOT NULL,
	value JSON NOT NULL,
	PRIMARY KEY (name)
);
INSERT INTO "setting" VALUES('licences','{"AAAA-BBBB-CCCC-DDDD": {"expires_on": "2050-12-31", "units": 3}}');
INSERT INTO "setting" VALUES('keys','{"0a1b2c3d": null}');
INSERT INTO "setting" VALUES('hosts','{"source.demo": {"url": "sqlite:///$FOLDER/source.db", "user": "flow", "password": "flow-demo"}, "destination.demo": {"url": "sqlite:///$FOLDER/destination.db", "user": "flow", "password": "flow-demo"}, "elsewhere": {"url": "sqlite:////nowhere/elsewhere.db", "user": "u", "password": "p"}}');
INSERT INTO "setting" VALUES('clock',424358833.018061);
CREATE INDEX ix_schedule_next_due ON schedule (next_due);
CREATE INDEX ix_operation_state ON operation (state);
DELETE FROM "sqlite_sequence";
INSERT INTO "sqlite_sequence" VALUES('operation',1);
COMMIT;
