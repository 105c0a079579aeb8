package io.claviger.persistence.audit;

import io.claviger.application.audit.port.AuditChainStore;
import io.claviger.application.audit.port.TimeSpan;
import io.claviger.domain.audit.ChainHead;
import io.claviger.domain.audit.ChainLink;
import io.claviger.domain.audit.EventTexts;
import io.claviger.domain.keys.SealedValue;
import io.claviger.persistence.shared.Database;
import io.claviger.persistence.shared.Parameters;
import io.claviger.persistence.shared.Row;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.springframework.jdbc.core.RowMapper;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * Implements {@link AuditChainStore} with the tables {@code audit_chain} and {@code
 * audit_unsealed}.
 */
public final class JdbcAuditChain implements AuditChainStore {
  private static final HexFormat HEX = HexFormat.of();

  /**
   * Claviger's events contain no nulls in arrays. Nulls in an array are read as a character that no
   * event contains.
   */
  private static final String EVENT_COLUMNS =
      EventTexts.COLUMNS.stream()
          .map(column -> "e." + column)
          .collect(
              Collectors.joining(
                  ", ",
                  """
                  e.id, e.at, e.count,
                  array_replace(e.fields, null, chr(1)) as fields,
                  array_replace(e.terms, null, chr(1)) as terms,
                  """,
                  ""));

  private static final RowMapper<EventTexts> EVENT = Row.mapper(row -> event(row));

  private static final RowMapper<ChainLink> LINK = Row.mapper(row -> link(row));

  private final Database database;
  private final JdbcClient jdbc;

  public JdbcAuditChain(Database database) {
    this.database = database;
    this.jdbc = database.jdbc();
  }

  /**
   * Makes the database server end this node's session if the session hangs during its turn at
   * extending the chain. Other programs' sessions have no such limit.
   */
  private void boundTurn() {
    String unused =
        jdbc.sql(
                """
                select set_config('idle_in_transaction_session_timeout', '30s', true)
                  || set_config('lock_timeout', '30s', true)
                """)
            .query(String.class)
            .single();
  }

  @Override
  public boolean tryLock() {
    boundTurn();
    boolean mine =
        jdbc.sql("select one_row from audit_turn for update skip locked")
            .query(Boolean.class)
            .optional()
            .isPresent();
    if (mine) {
      askOlderNodesToWait();
    }
    return mine;
  }

  @Override
  public boolean anyNoted() {
    return jdbc.sql(
            "select exists (select from audit_unsealed) or exists (select from audit_older)")
        .query(Boolean.class)
        .single();
  }

  @Override
  public void lock() {
    boundTurn();
    boolean unused =
        jdbc.sql("select one_row from audit_turn for update").query(Boolean.class).single();
    askOlderNodesToWait();
  }

  /**
   * A session that locked the row for taking turns also holds a lock on the table. If such a
   * session itself waits for another session, this method returns the other session instead, which
   * might hold the next number. The query reads only once which sessions block each session. If the
   * query read the blocking sessions twice, and a session began to wait in between, the query would
   * return both that session and the session that blocks it.
   */
  @Override
  public List<TurnHolder> turnHolders() {
    return jdbc.sql(
            """
            with recursive holding (pid) as materialized (
              select distinct l.pid
              from pg_locks l
              where l.relation = 'audit_turn'::regclass and l.granted
                and l.database = (select oid from pg_database where datname = current_database())
                and l.mode not in ('AccessShareLock') and l.pid <> pg_backend_pid()
            ),
            concerned (pid, awaited) as (
              select h.pid, array_remove(pg_blocking_pids(h.pid), 0)
              from holding h
              union
              select b.pid, array_remove(pg_blocking_pids(b.pid), 0)
              from concerned c, unnest(c.awaited) as b (pid)
            )
            select c.pid, coalesce(a.usename, '') as role,
              coalesce(a.application_name, '') as program,
              coalesce(host(a.client_addr), '') as address, a.xact_start
            from concerned c
            left join pg_stat_activity a on a.pid = c.pid
            where c.awaited = '{}'
            order by a.xact_start, c.pid
            limit 10
            """)
        .query(
            Row.mapper(
                row ->
                    new TurnHolder(
                        row.number("pid"),
                        row.text("role"),
                        row.text("program"),
                        row.text("address"),
                        row.optionalInstant("xact_start"))))
        .list();
  }

  /**
   * Nodes of older versions do not know the table {@code audit_turn}, and take turns by this
   * advisory lock. This node continues even without the lock, because any session of the database
   * can hold the lock. If two nodes insert links with the same numbers, one of the inserts fails.
   */
  private void askOlderNodesToWait() {
    boolean unused =
        jdbc.sql(
                """
                select pg_try_advisory_xact_lock(
                  hashtextextended('claviger audit chain ' || current_schema(), 0))
                """)
            .query(Boolean.class)
            .single();
  }

  @Override
  public Optional<ChainLink> last() {
    return jdbc.sql(
            """
            select c.number, c.event_id, c.event_at, c.content_hash, c.hash,
              p.hash as previous_hash
            from audit_chain c
            left join audit_chain p on p.number = c.number - 1
            order by c.number desc
            limit 1
            """)
        .query(LINK)
        .optional();
  }

  @Override
  public void waiting(int most, Predicate<EventTexts> taker) {
    JdbcClient.StatementSpec waiting =
        database
            .parts()
            .sql(
                "select "
                    + EVENT_COLUMNS
                    + """

                from (
                  select distinct event_id, at
                  from audit_unsealed
                  where at between :beginning and :end
                  order by at, event_id
                  limit :most) u
                join audit_events e on e.id = u.event_id and e.at = u.at
                where not exists (select from audit_chain c where c.event_id = u.event_id)
                order by e.at, e.id
                """)
            .param("beginning", Parameters.at(JdbcAuditEvents.BEGINNING))
            .param("end", Parameters.at(JdbcAuditEvents.END))
            .param("most", most);
    database.readUntil(waiting, EVENT, taker);
  }

  @Override
  public Waiting countWaiting() {
    return jdbc.sql(
            """
            select count(*) as events, greatest(min(noted_at), '2000-01-01Z') as oldest
            from audit_unsealed
            """)
        .query(
            Row.mapper(
                row -> {
                  long events = row.bigNumber("events");
                  return new Waiting(
                      events, events == 0 ? Optional.empty() : row.optionalInstant("oldest"));
                }))
        .single();
  }

  /**
   * Also looks at links with later numbers: the session that inserts an event chooses the event's
   * time, so the times do not have to increase with the links' numbers.
   */
  @Override
  public Optional<Instant> oldestAfter(long number) {
    return jdbc.sql(
            """
            select min(event_at) as oldest
            from (
              select event_at from audit_chain where number > :number order by number limit 2000) c
            """)
        .param("number", number)
        .query(Row.mapper(row -> row.optionalInstant("oldest")))
        .single();
  }

  @Override
  public void append(List<ChainLink> links) {
    int rows =
        jdbc.sql(
                """
                insert into audit_chain (number, event_id, event_at, content_hash, hash)
                select *
                from unnest(
                  cast(:numbers as bigint[]), cast(:events as uuid[]),
                  cast(:ats as timestamptz[]), cast(:contents as bytea[]),
                  cast(:hashes as bytea[]))
                """)
            .param("numbers", Parameters.longs(links, ChainLink::number))
            .param("events", Parameters.texts(links, l -> l.event().toString()))
            .param("ats", Parameters.texts(links, l -> l.at().toString()))
            .param(
                "contents",
                links.stream().map(l -> HEX.parseHex(l.contentHash())).toArray(byte[][]::new))
            .param("hashes", links.stream().map(l -> HEX.parseHex(l.hash())).toArray(byte[][]::new))
            .update();
    Database.require(links.size(), rows);
  }

  @Override
  public int noteOlder(int most) {
    return jdbc.sql("select note_older_events(:most)")
        .param("most", most)
        .query(Integer.class)
        .single();
  }

  @Override
  public int removeStrayNotes() {
    return jdbc.sql("select remove_stray_notes()").query(Integer.class).single();
  }

  @Override
  public void links(long afterNumber, int most, Predicate<StoredLink> taker) {
    JdbcClient.StatementSpec links =
        database
            .parts()
            .sql(
                """
            select c.number, c.event_id, c.event_at, c.content_hash, c.hash,
              coalesce(lag(c.hash) over (order by c.number),
                (select p.hash from audit_chain p where p.number = c.number - 1))
                as previous_hash,
            """
                    + EVENT_COLUMNS
                    + """

                from audit_chain c
                left join lateral (
                  select * from audit_events o where o.id = c.event_id and o.at = c.event_at limit 1) e
                  on true
                where c.number > :after and c.number <= :to
                order by c.number
                """)
            .param("after", afterNumber)
            .param("to", end(afterNumber, most));
    database.readUntil(
        links,
        Row.mapper(
            row ->
                new StoredLink(
                    link(row), row.has("id") ? Optional.of(event(row)) : Optional.empty())),
        taker);
  }

  @Override
  public long read(long afterNumber, int most, Consumer<List<Supplier<StoredLink>>> taker) {
    long last = end(afterNumber, most);
    if (last == 0) {
      return afterNumber;
    }
    CopiedPieces pieces = new CopiedPieces(taker);
    database.copy(CopiedLink.query(afterNumber, last), pieces::add);
    pieces.end();
    return last;
  }

  /** Divides the copied rows into lists of about 8 MiB each. */
  private static final class CopiedPieces {
    private static final int BYTES = 8 << 20;

    private final Consumer<List<Supplier<StoredLink>>> taker;
    private List<Supplier<StoredLink>> piece = new ArrayList<>();
    private long bytes;

    CopiedPieces(Consumer<List<Supplier<StoredLink>>> taker) {
      this.taker = taker;
    }

    void add(byte[] row) {
      piece.add(() -> CopiedLink.read(row));
      bytes += row.length;
      if (bytes >= BYTES) {
        end();
      }
    }

    void end() {
      taker.accept(piece);
      piece = new ArrayList<>();
      bytes = 0;
    }
  }

  /**
   * Returns the number of a page's last link. Some numbers are missing if somebody deleted links
   * directly in the database.
   */
  private long end(long after, int most) {
    return jdbc.sql(
            """
            select coalesce(max(number), 0)
            from (
              select number from audit_chain where number > :after order by number limit :most) c
            """)
        .param("after", after)
        .param("most", most)
        .query(Long.class)
        .single();
  }

  /**
   * For a bounded span, {@code offset 0} makes PostgreSQL search the index by time. Without {@code
   * offset 0}, PostgreSQL might read all links before the span to find the first number, and all
   * links after the span to find the last number.
   */
  @Override
  public Optional<Range> range(TimeSpan span) {
    return jdbc.sql(
            """
            select min(l.number) as first, max(l.number) as last
            from (
              select number
              from audit_chain
              where event_at >= coalesce(cast(:since as timestamptz), '-infinity')
                and event_at < coalesce(cast(:until as timestamptz), 'infinity')
              %s) l
            """
                .formatted(span.equals(TimeSpan.ALWAYS) ? "" : "offset 0"))
        .param("since", Parameters.at(span.since()))
        .param("until", Parameters.at(span.until()))
        .query(
            Row.mapper(
                row ->
                    row.optionalBigNumber("first").isEmpty()
                        ? Optional.<Range>empty()
                        : Optional.of(new Range(row.bigNumber("first"), row.bigNumber("last")))))
        .single();
  }

  @Override
  public Unlinked countUnlinked() {
    return jdbc.sql(
            """
            select
              count(*) filter (
                where c.number is null and u.event_id is null and o.one_row is null) as unnoted,
              count(*) filter (where c.number is not null) as duplicates
            from audit_events e
            left join audit_chain c on c.event_id = e.id
            left join (
              select distinct event_id, at
              from audit_unsealed
              where at between :beginning and :end) u
              on u.event_id = e.id and u.at = e.at
            left join audit_older o on true
            where c.event_at is distinct from e.at
            """)
        .param("beginning", Parameters.at(JdbcAuditEvents.BEGINNING))
        .param("end", Parameters.at(JdbcAuditEvents.END))
        .query(
            Row.mapper(row -> new Unlinked(row.bigNumber("unnoted"), row.bigNumber("duplicates"))))
        .single();
  }

  @Override
  public List<Duplicate> duplicates(int most) {
    return jdbc.sql(
            """
            select e.id, e.at, c.number, c.event_at
            from audit_events e
            join audit_chain c on c.event_id = e.id and c.event_at <> e.at
            order by e.at, e.id
            limit :most
            """)
        .param("most", most)
        .query(
            Row.mapper(
                row ->
                    new Duplicate(
                        row.uuid("id"),
                        row.instant("at"),
                        row.bigNumber("number"),
                        row.instant("event_at"))))
        .list();
  }

  @Override
  public Optional<ChainHead> head() {
    return jdbc.sql("select number, hash, at, public_key, signature from audit_head")
        .query(
            Row.mapper(
                row ->
                    new ChainHead(
                        row.bigNumber("number"),
                        HEX.formatHex(row.bytes("hash")),
                        row.instant("at"),
                        Base64.getEncoder().encodeToString(row.bytes("public_key")),
                        row.text("signature"))))
        .optional();
  }

  @Override
  public void putHead(ChainHead head) {
    Database.update(
        jdbc.sql(
                """
                insert into audit_head (number, hash, at, public_key, signature)
                values (:number, :hash, :at, :public_key, :signature)
                on conflict (one_row) do update
                set number = excluded.number, hash = excluded.hash, at = excluded.at,
                  public_key = excluded.public_key, signature = excluded.signature
                """)
            .param("number", head.number())
            .param("hash", HEX.parseHex(head.hash()))
            .param("at", Parameters.at(head.at()))
            .param("public_key", Base64.getDecoder().decode(head.publicKey()))
            .param("signature", head.signature()));
  }

  @Override
  public List<StoredKey> keys(Optional<Instant> until) {
    return jdbc.sql(
            """
            select id, public_key, key_sealed, created_at
            from audit_keys
            where created_at <= coalesce(cast(:until as timestamptz), 'infinity')
            order by created_at desc, id
            limit 100
            """)
        .param("until", Parameters.at(until))
        .query(
            Row.mapper(
                row ->
                    new StoredKey(
                        row.text("id"),
                        Base64.getEncoder().encodeToString(row.bytes("public_key")),
                        new SealedValue(row.bytes("key_sealed")),
                        row.instant("created_at"))))
        .list();
  }

  @Override
  public void insertKey(StoredKey key, Instant now) {
    Database.update(
        jdbc.sql(
                """
                insert into audit_keys (id, public_key, key_sealed, created_at)
                values (:id, :public_key, :value, :now)
                """)
            .param("id", key.id())
            .param("public_key", Base64.getDecoder().decode(key.publicKey()))
            .param("value", key.value().bytes())
            .param("now", Parameters.at(now)));
  }

  /**
   * Reads a link from its own columns and {@code previous_hash}, which is null for the first link.
   */
  static ChainLink link(Row row) throws SQLException {
    return new ChainLink(
        row.bigNumber("number"),
        row.uuid("event_id"),
        row.instant("event_at"),
        row.optionalBytes("previous_hash").map(HEX::formatHex).orElse(ChainLink.BEGINNING),
        HEX.formatHex(row.bytes("content_hash")),
        HEX.formatHex(row.bytes("hash")));
  }

  private static EventTexts event(Row row) throws SQLException {
    List<Optional<String>> columns = new ArrayList<>(EventTexts.COLUMNS.size());
    for (String column : EventTexts.COLUMNS) {
      columns.add(row.optionalText(column));
    }
    return new EventTexts(
        row.uuid("id"),
        row.instant("at"),
        columns,
        texts(row, "fields"),
        texts(row, "terms"),
        row.number("count"));
  }

  /** Arrays of arrays occur only if somebody inserted them directly into the database. */
  static List<String> texts(Row row, String column) throws SQLException {
    try {
      return row.texts(column);
    } catch (ClassCastException e) {
      return CopiedLink.NO_LIST;
    }
  }
}
