// What servers need so that their changes can be followed.

/** PostgreSQL. */
export const logical = ['wal_level = logical', "max_slot_wal_keep_size = '2GB'", 'max_replication_slots = 40', 'max_wal_senders = 40'];

/** MariaDB. */
export const binaryLogged = ['--log-bin=FOLDER/bin', '--binlog-format=ROW', '--server-id=1', '--sync-binlog=0'];
