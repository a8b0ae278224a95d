// What goes wrong on the way to MariaDB and in it: classed right, worded for a person, nothing half done.
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import { expectDone, expectError, expectFailed, neverAborted } from '../../connectors/conformance/tools.ts';
import type { WriteOperation } from '../../connectors/contract.ts';
import { makeAuthority } from '../harness/certificates.ts';
import type { MysqlServer } from '../harness/mysql.ts';
import { startMariadb } from '../harness/mysql.ts';
import { startProxy } from '../harness/proxy.ts';
import { connectTo, mariadbForTests } from './mysql-place.ts';
import { readAll, waitFor, write } from './requests.ts';

const { server, connect, database } = mariadbForTests({ settings: ['--max-allowed-packet=1M'] });

/** InnoDB shows its transactions anew only when nobody has asked for 0.1 s. */
const askingAnew = 150;

describe('what goes wrong', () => {
  test.each([
    ['a wrong password', { password: 'wrong' }, 'logged-out'],
    ['no password', { password: '' }, 'logged-out'],
    ['an unknown user', { user: 'nobody' }, 'logged-out'],
    ['an unknown database', { more: { database: 'nothing' } }, 'not-found'],
    ['a port where nobody listens', { more: { port: 1 } }, 'unavailable'],
    ['a host that does not exist', { more: { host: 'nowhere.invalid', tls: 'off' } }, 'unavailable'],
    ['a server without TLS', { more: { tls: 'require' } }, 'invalid-config'],
  ] as const)('%s is classed right and gives nothing secret away', async (_, options, code) => {
    const connection = await connect(options);
    const error = await expectError(connection.test(neverAborted()), code);
    expect(`${error.message} ${error.remedy}`).not.toContain(server().password);
  });

  test('a right that is missing names what to grant', async () => {
    const { table, ref } = await database("CREATE TABLE tt (id int PRIMARY KEY, v text); INSERT INTO tt VALUES (1, 'a')");
    await server().sql(`CREATE USER limited IDENTIFIED BY 'l'; GRANT SELECT ON place.${table} TO limited`);
    const limited = await connect({ user: 'limited', password: 'l' });
    const error = await expectError(write(limited, ref(), [{ id: 1, kind: 'update', key: ['1'], set: { v: 'b' } }]), 'no-access');
    expect(error.remedy).toContain('Grant');
    expect(await limited.datasets(neverAborted())).toEqual([{ name: table, kind: 'table' }]);
    const pages = await readAll(limited, ref(), ['v']);
    // Whoever may not see the transactions of others is promised nothing about them.
    expect(pages.at(-1)?.end).toMatchObject({ complete: true });
    expect(pages.at(-1)?.end?.settled).toBeUndefined();
    const report = await limited.test(neverAborted());
    expect(report.checks?.map(({ name, isOk }) => `${name} ${isOk}`)).toEqual([
      'reach true',
      'sign-in true',
      'list true',
      'read true',
      'write false',
      'clock true',
    ]);
    expect(report.details.join('\n')).toContain(`GRANT SELECT, INSERT, UPDATE, DELETE ON \`place\`.\`${table}\` TO 'limited'@'%';`);
    await server().sql(`REVOKE SELECT ON place.${table} FROM limited; GRANT INSERT ON place.${table} TO limited`);
    await expectError(readAll(limited, ref(), ['v']), 'no-access');
  });

  test('a column that is dropped in mid-life is named, and so is a table without transactions', async () => {
    const { connection, ref, sql } = await database('CREATE TABLE tt (id int PRIMARY KEY, v text)');
    await readAll(connection, ref(), ['v']);
    await sql('ALTER TABLE tt DROP COLUMN v');
    await expectError(readAll(connection, ref(), ['v']), 'schema-changed', '"v"');
    await expectError(write(connection, ref(), [{ id: 1, kind: 'create', set: { id: 1, v: 'x' } }]), 'schema-changed', '"v"');
    const plain = await database('CREATE TABLE tt (id int PRIMARY KEY, v text) ENGINE=MyISAM; INSERT INTO tt VALUES (1, 1)');
    await expectError(write(plain.connection, plain.ref(), [{ id: 1, kind: 'delete', key: ['1'], set: {} }]), 'unsupported', 'MyISAM');
    expect(await plain.sql('SELECT id FROM tt')).toHaveLength(1);
    expect((await readAll(plain.connection, plain.ref(), ['v'])).flatMap(({ rows }) => rows)).toEqual([['1']]);
  });

  test('a unique violation, a missing parent and a rule of the table fail their rows alone, in the words of the server', async () => {
    const { connection, ref } = await database(
      `CREATE TABLE tt_parent (id int PRIMARY KEY); INSERT INTO tt_parent VALUES (1);
       CREATE TABLE tt (id int PRIMARY KEY, v varchar(9) NOT NULL UNIQUE, parent int REFERENCES tt_parent (id), n int CHECK (n > 0));
       INSERT INTO tt VALUES (1, 'a', 1, 1)`,
    );
    const results = await write(connection, ref(), [
      { id: 1, kind: 'create', set: { id: 2, v: 'a' } },
      { id: 2, kind: 'create', set: { id: 3, v: 'b', parent: 9 } },
      { id: 3, kind: 'create', set: { id: 4, v: 'c', n: -1 } },
      { id: 4, kind: 'create', set: { id: 5, v: null } },
      { id: 5, kind: 'create', set: { id: 6, v: 'd', parent: 1, n: 1 } },
    ]);
    const words = (id: number) => expectFailed(results.get(id)).message;
    expect(words(1)).toMatch(/key 2.*Duplicate entry 'a'/);
    expect(words(2)).toContain('foreign key');
    expect(words(3)).toContain('CONSTRAINT');
    expect(expectFailed(results.get(4)).column).toBe('v');
    expectDone(results.get(5));
  });

  test('triggers and cascades are told before a write, and what a trigger makes of a value is read back', async () => {
    const { connection, ref, table, sql } = await database(
      `CREATE TABLE tt (id int PRIMARY KEY, v varchar(9), twice int AS (id * 2) STORED) COMMENT 'x';
       CREATE TRIGGER tt_up BEFORE INSERT ON tt FOR EACH ROW SET NEW.v = UPPER(NEW.v);
       CREATE TABLE tt_child (id int PRIMARY KEY, parent int, FOREIGN KEY (parent) REFERENCES tt (id) ON DELETE CASCADE);
       CREATE VIEW tt_view AS SELECT * FROM tt`,
    );
    const schema = await connection.describe(table, neverAborted());
    expect(schema.sideEffects).toEqual([
      `Triggers of ${table} run: ${table}_up.`,
      `A row that is deleted from ${table} takes rows of ${table}_child with it.`,
    ]);
    expect(schema.columns).toEqual([
      { name: 'id', nativeType: 'int(11)', nullable: false },
      { name: 'v', nativeType: 'varchar(9)', nullable: true, maxLength: 9 },
      { name: 'twice', nativeType: 'int(11)', nullable: true, generated: true },
    ]);
    expect(schema).toMatchObject({ primaryKey: ['id'], rows: 0 });
    expect(schema.detected[0]).toMatch(/^MariaDB \d/);
    const results = await write(connection, ref(), [{ id: 1, kind: 'create', set: { id: 1, v: 'a' } }]);
    expect(expectDone(results.get(1)).row).toEqual([1, 'A']);
    await expectError(
      write(connection, ref({ dataset: `${table}_view` }), [{ id: 1, kind: 'delete', key: ['1'], set: {} }]),
      'unsupported',
      'view',
    );
    await sql('DROP TABLE tt_child');
  });

  test('a statement that takes too long is ended, and an abort ends it on the server', async () => {
    const { connection, ref, sql } = await database(
      'CREATE TABLE tt (id int PRIMARY KEY, v text); INSERT INTO tt VALUES (1, 1), (2, 2); CREATE VIEW tt_slow AS SELECT id, SLEEP(20) AS v FROM tt',
    );
    const hasty = await connect({ more: { statementTimeout: 1 } });
    await expectError(hasty.readKeys(ref({ dataset: `${ref().dataset}_slow` }), [['1']], ['v'], neverAborted()), 'unavailable', 'longer');
    const controller = new AbortController();
    const reading = (async () => {
      const request = { ref: ref({ where: 'SLEEP(20) = 0' }), columns: ['v'], signal: controller.signal };
      for await (const _ of connection.read(request));
    })();
    const sleeping = async () =>
      (await sql("SELECT 1 FROM information_schema.PROCESSLIST WHERE STATE = 'User sleep' AND ID <> CONNECTION_ID()")).length > 0;
    await waitFor(sleeping);
    controller.abort();
    await expectError(reading, 'cancelled');
    await waitFor(async () => !(await sleeping()));
  });

  test('a filter is one condition and nothing else', async () => {
    const { connection, ref } = await database("CREATE TABLE tt (id int PRIMARY KEY, v text); INSERT INTO tt VALUES (1, '?'), (2, '#')");
    const read = async (where: string) => (await readAll(connection, ref({ where }), ['v'])).flatMap(({ keys }) => keys.flat());
    expect(await read("v = '#' AND `id` > 0")).toEqual(['2']);
    for (const where of ["1=1 # '", '1=1 -- ', "v = '\\' OR 1=1'", 'id = 1; DROP TABLE x', '1) OR (1', 'nothing = 1', '/*!1=1*/', '']) {
      await expectError(readAll(connection, ref({ where }), ['v']), 'invalid-config', 'filter');
    }
  });

  test('a row that others hold is waited for, a deadlock is undone and done again', async () => {
    const { connection, ref, sql, table } = await database(
      "CREATE TABLE tt (id int PRIMARY KEY, v varchar(9)); INSERT INTO tt VALUES (1, 'a'), (2, 'b')",
    );
    const other = await server().connect('place');
    await other.query(`START TRANSACTION; UPDATE ${table} SET v = 'theirs' WHERE id = 2`);
    const writing = write(connection, ref(), [
      { id: 1, kind: 'update', key: ['1'], set: { v: 'x' } },
      { id: 2, kind: 'update', key: ['2'], set: { v: 'y' }, expects: ([, v]) => v === 'b' },
    ]);
    await waitFor(
      async () => (await sql("SELECT 1 FROM information_schema.INNODB_TRX WHERE trx_state = 'LOCK WAIT'")).length > 0,
      askingAnew,
    );
    // Both now wait for each other; the server ends the one that has done less, and whoever is ended, nothing is lost.
    await other.query(`UPDATE ${table} SET v = 'theirs too' WHERE id = 1; COMMIT`).catch(() => other.query('ROLLBACK'));
    await other.end();
    const results = await writing;
    const now = await sql('SELECT v FROM tt ORDER BY id');
    if (now[1]?.['v'] === 'theirs') expect(results.get(2)?.status).toBe('moved');
    else expect(now).toEqual([{ v: 'x' }, { v: 'y' }]);
    expectDone(results.get(1));
  });

  test('the time before which everything is settled waits for transactions that are still open', async () => {
    const { connection, ref, table } = await database("CREATE TABLE tt (id int PRIMARY KEY, v varchar(9)); INSERT INTO tt VALUES (1, 'a')");
    const settled = async () => (await readAll(connection, ref(), ['v'])).at(-1)?.end?.settled ?? 0;
    const open = await server().connect('place');
    await open.query(`START TRANSACTION; UPDATE ${table} SET v = 'b'`);
    await sleep(askingAnew);
    const [[row]] = (await open.query(
      'SELECT UNIX_TIMESTAMP(MIN(trx_started)) AS began FROM information_schema.INNODB_TRX',
    )) as unknown as [[{ began: string }]];
    const before = await settled();
    expect(before).toBeLessThan((Number(row.began) + 1) * 1000);
    await open.query('COMMIT; DO SLEEP(1.1)');
    await open.end();
    expect(await settled()).toBeGreaterThan(before);
  });

  test('a request larger than the server takes is cut, and a row that is too large alone is named', async () => {
    const { connection, ref, sql } = await database('CREATE TABLE tt (id int PRIMARY KEY, v longtext)');
    const operation = (id: number, bytes: number): WriteOperation => ({ id, kind: 'create', set: { id, v: 'x'.repeat(bytes) } });
    const results = await write(connection, ref(), [
      operation(1, 400_000),
      operation(2, 400_000),
      operation(3, 1_100_000),
      operation(4, 400_000),
    ]);
    const error = expectFailed(results.get(3));
    expect(`${error.code}: ${error.remedy}`).toContain('too-large: Raise max_allowed_packet');
    for (const id of [1, 2, 4]) expectDone(results.get(id));
    expect(await sql('SELECT id FROM tt')).toEqual([{ id: '1' }, { id: '2' }, { id: '4' }]);
  });

  test('where the answer to a commit is lost, the session is over before anybody looks', async () => {
    const { ref, sql } = await database('CREATE TABLE tt (id int PRIMARY KEY, v text)');
    await using way = await startProxy(server().port);
    const connection = await connect({ more: { port: way.port } });
    const operation = (id: number): WriteOperation => ({ id, kind: 'create', set: { id, v: 'x' } });
    for (const [id, how, rows] of [
      [1, 'delivered', 1],
      [2, 'swallowed', 1],
    ] as const) {
      way.cutAfter('\u0003COMMIT', how);
      await expectError(write(connection, ref(), [operation(id)]), 'unavailable');
      expect(way.cuts()).toBe(id);
      expect(await sql('SELECT id FROM tt')).toHaveLength(rows);
    }
    // What is asked for again finds its row, or writes it.
    for (const id of [1, 2]) expectDone((await write(connection, ref(), [operation(id)])).get(id));
    expect(await sql('SELECT id FROM tt')).toHaveLength(2);
  });

  test('a server that dies in the middle of a read or a request leaves nothing half done', async () => {
    await using mortal = await startMariadb();
    await mortal.sql("CREATE TABLE t (id int PRIMARY KEY, v varchar(900)); INSERT INTO t SELECT seq, REPEAT('a', 900) FROM seq_1_to_20000");
    const connection = await connectTo(mortal);
    const ref = { dataset: 't', key: ['id'] };
    const reading = (async () => {
      for await (const _ of connection.read({ ref, columns: ['v'], signal: neverAborted() })) await mortal.kill();
    })();
    await expectError(reading, 'unavailable');
    await mortal.start();
    let killed: Promise<void> | undefined;
    const operations = Array.from(
      { length: 2000 },
      (_, at): WriteOperation => ({
        id: at,
        kind: 'update',
        key: [String(at + 1)],
        set: { v: 'b' },
        expects: () => {
          killed ??= mortal.kill();
          return true;
        },
      }),
    );
    await expectError(connection.write({ ref, columns: ['id', 'v'], operations, signal: neverAborted() }), 'unavailable');
    await killed;
    await mortal.start();
    expect(await mortal.sql("SELECT COUNT(*) AS n FROM t WHERE v = 'b'")).toEqual([{ n: '0' }]);
  });
});

describe('TLS', () => {
  test('a certificate is checked, unless the connection says it need not be', async () => {
    const { folder } = server();
    const authority = await makeAuthority(folder);
    const start = async (options?: Parameters<typeof authority.sign>[0]) => {
      const { key, cert } = await authority.sign(options);
      const settings = ['--ssl-cert=FOLDER/server.crt', '--ssl-key=FOLDER/server.key'];
      return startMariadb({ settings, files: { 'server.crt': cert, 'server.key': key } });
    };
    const check = async (on: MysqlServer, more: Record<string, unknown>) =>
      (await connectTo({ ...on, folder }, { more })).test(neverAborted());
    await using safe = await start();
    expect((await check(safe, { tls: 'verify', ca: 'ca.pem' })).checks?.[0]?.says).toContain('encrypted (TLS');
    expect((await check(safe, { tls: 'require' })).checks?.[0]?.says).toContain('encrypted (TLS');
    await expectError(check(safe, { tls: 'verify' }), 'no-access', 'certificate');
    await using over = await start({ days: -1 });
    await expectError(check(over, { tls: 'verify', ca: 'ca.pem' }), 'no-access', 'certificate', 'expired');
    await using wrong = await start({ name: 'elsewhere.example' });
    await expectError(check(wrong, { tls: 'verify', ca: 'ca.pem' }), 'no-access', 'certificate', 'elsewhere.example');
  });
});
