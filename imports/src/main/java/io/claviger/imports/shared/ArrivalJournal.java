package io.claviger.imports.shared;

import io.claviger.domain.accounts.User;
import io.claviger.domain.audit.AuditTarget;
import io.claviger.domain.budgets.BudgetHolder;
import io.claviger.persistence.budgets.BudgetOpenings;
import io.claviger.persistence.shared.Database;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * Records imported things, such as users and services, in table {@code arrivals}, under their ids
 * in the source databases. The table's primary key ensures that a thing is imported only once, even
 * by two concurrent imports.
 */
public final class ArrivalJournal {
  private final JdbcClient jdbc;
  private final BudgetOpenings openings;

  public ArrivalJournal(Database database) {
    this.jdbc = database.jdbc();
    this.openings = new BudgetOpenings(database);
  }

  /**
   * Waits until no other import writes. Other imports then wait until this transaction ends. Takes
   * an advisory lock, because a table lock would block backups.
   */
  void begin() {
    Object unused =
        jdbc.sql("select pg_advisory_xact_lock(hashtextextended('claviger import', 0))::text")
            .query(String.class)
            .optional();
  }

  /** Returns an identifier of this database, which no other database has. */
  String database() {
    return DatabaseIdentity.of(jdbc);
  }

  /**
   * Returns the position after the last thing that a run has created; 0 if the run has created
   * nothing. If {@link #begin} was called before, no other import can take this position until the
   * transaction ends.
   */
  int nextOf(String source, UUID run) {
    return jdbc.sql(
            "select coalesce(max(made) + 1, 0) from arrivals where source = :source and run = :run")
        .param("source", source)
        .param("run", run)
        .query(Integer.class)
        .single();
  }

  record Key(ImportedKind kind, String id) {}

  /**
   * A thing from an earlier import.
   *
   * @param id the thing's id in Claviger; empty if it has none or no longer exists
   */
  record Earlier(Optional<UUID> id) {}

  /** Finds the things that were imported from the source earlier. */
  Map<Key, Earlier> find(String source, Collection<Key> keys) {
    List<Key> asked = List.copyOf(keys);
    String present =
        UndoableRows.byKind().entrySet().stream()
            .map(
                e ->
                    "when '%s' then exists (select from %s t where t.%s = a.object_id%s and %s)"
                        .formatted(
                            e.getKey().wireName(),
                            e.getValue().table(),
                            e.getValue().id(),
                            e.getValue()
                                .with()
                                .map(column -> " and t." + column + " = a.with_id")
                                .orElse(""),
                            e.getValue().isPresent()))
            .collect(Collectors.joining("\n"));
    Map<Key, Earlier> found = new HashMap<>();
    jdbc.sql(
            """
            select a.kind, a.name, case when case a.kind
            %s
            else true end then a.object_id end as id
            from unnest(cast(:kinds as text[]), cast(:names as text[])) as k (kind, name)
            join arrivals a on a.source = :source and a.kind = k.kind and a.name = k.name
            """
                .formatted(present))
        .param("source", source)
        .param("kinds", UnnestedColumns.of(asked, k -> k.kind().wireName()))
        .param("names", UnnestedColumns.of(asked, Key::id))
        .query(
            row -> {
              Object unused =
                  found.put(
                      new Key(kind(row.getString("kind")), row.getString("name")),
                      new Earlier(Optional.ofNullable(row.getObject("id", UUID.class))));
            });
    return found;
  }

  private static ImportedKind kind(String wireName) {
    return Arrays.stream(ImportedKind.values())
        .filter(k -> k.wireName().equals(wireName))
        .findFirst()
        .orElseThrow();
  }

  /**
   * A thing that a run has created.
   *
   * @param made the thing's position among all things of the run, in the order of creation
   */
  record MadeRow(Key key, Incoming.Made.New what, int made) {}

  /** Records the things that a run has created, with the present versions of their rows. */
  void record(String source, UUID run, List<MadeRow> rows) {
    Database.update(
        jdbc.sql(
                """
                insert into arrivals (
                  source, kind, name, object_id, run, made, with_id, version, ref, owner_id)
                select :source, k.kind, k.name, k.id, :run, k.made, k.with_id, 0, k.ref, k.owner
                from unnest(
                  cast(:kinds as text[]), cast(:names as text[]), cast(:ids as uuid[]),
                  cast(:made as bigint[]), cast(:with as uuid[]), cast(:refs as text[]),
                  cast(:owners as uuid[])) as k (kind, name, id, made, with_id, ref, owner)
                """)
            .param("source", source)
            .param("run", run)
            .param("kinds", UnnestedColumns.of(rows, r -> r.key().kind().wireName()))
            .param("names", UnnestedColumns.of(rows, r -> r.key().id()))
            .param("ids", UnnestedColumns.of(rows, r -> r.what().id()))
            .param("made", UnnestedColumns.of(rows, MadeRow::made))
            .param("with", UnnestedColumns.of(rows, r -> r.what().with()))
            .param("refs", UnnestedColumns.of(rows, r -> r.what().target().ref()))
            .param("owners", UnnestedColumns.of(rows, r -> r.what().target().owner())));
    rows.stream().map(r -> r.key().kind()).distinct().forEach(kind -> stamp(kind, run, rows));
    UndoableRows.WHOLES.forEach((part, whole) -> stampWholes(part, whole, run, rows));
  }

  /**
   * Records the new versions of things that earlier batches or runs created, and to which this
   * batch has added a part. Each added part changed the version of its thing.
   */
  private void stampWholes(ImportedKind part, ImportedKind whole, UUID run, List<MadeRow> rows) {
    if (rows.stream().anyMatch(r -> r.key().kind() == part)) {
      Database.update(
          jdbc.sql(
                  """
                  update arrivals a set version = p.version
                  from arrivals p
                  where p.run = :run and p.made = any(cast(:made as bigint[])) and p.kind = :part
                    and a.kind = :whole and a.object_id = p.object_id
                    and a.version = p.version - 1
                  """)
              .param("run", run)
              .param("made", UnnestedColumns.of(rows, MadeRow::made))
              .param("part", part.wireName())
              .param("whole", whole.wireName()));
    }
  }

  private void stamp(ImportedKind kind, UUID run, List<MadeRow> rows) {
    UndoableRows made = UndoableRows.of(kind);
    Database.update(
        jdbc.sql(
                """
                update arrivals a set version = %s
                from %s t
                where a.run = :run and a.made = any(cast(:made as bigint[]))
                  and a.kind = :kind and t.%s = a.object_id%s
                """
                    .formatted(
                        made.version(), made.table(), made.id(), sameWith(made, "a.with_id")))
            .param("run", run)
            .param("kind", kind.wireName())
            .param("made", UnnestedColumns.of(rows, MadeRow::made)));
  }

  private static String sameWith(UndoableRows made, String with) {
    return made.with().map(column -> " and t." + column + " = " + with).orElse("");
  }

  /**
   * A thing that an earlier run has created.
   *
   * @param ref the thing's name in Claviger at its creation
   */
  record Undoable(Key key, UUID id, Optional<UUID> with, String ref, Optional<User.Id> owner) {
    AuditTarget target() {
      return new AuditTarget(UndoableRows.of(key.kind()).targetType(), Optional.of(id), ref, owner);
    }
  }

  /** Returns the things that a run has created and that were not undone, last first. */
  List<Undoable> madeBy(String source, UUID run) {
    return jdbc.sql(
            """
            select kind, name, object_id, with_id, ref, owner_id
            from arrivals
            where source = :source and run = :run
            order by made desc
            """)
        .param("source", source)
        .param("run", run)
        .query(
            (row, n) ->
                new Undoable(
                    new Key(kind(row.getString("kind")), row.getString("name")),
                    row.getObject("object_id", UUID.class),
                    Optional.ofNullable(row.getObject("with_id", UUID.class)),
                    row.getString("ref"),
                    Optional.ofNullable(row.getObject("owner_id", UUID.class)).map(User.Id::new)))
        .list();
  }

  /**
   * Locks things of one kind. Until the transaction ends, nobody can change the things or create a
   * reference to them. Returns whether each thing was changed or removed since the run created it,
   * and whether something refers to it.
   */
  Map<Key, State> lock(String source, ImportedKind kind, List<Undoable> things) {
    UndoableRows made = UndoableRows.of(kind);
    Map<Key, Boolean> unchanged = new HashMap<>();
    jdbc.sql(
            """
            select g.name, coalesce(%s = a.version, false) as unchanged
            from unnest(
              cast(:names as text[]), cast(:ids as uuid[]), cast(:with as uuid[]))
              as g (name, id, with_id)
            join arrivals a on a.source = :source and a.kind = :kind and a.name = g.name
            join %s t on t.%s = g.id%s
            where %s
            order by g.id, g.with_id
            for update of t
            """
                .formatted(
                    made.version(),
                    made.table(),
                    made.id(),
                    sameWith(made, "g.with_id"),
                    made.isPresent()))
        .param("source", source)
        .param("kind", kind.wireName())
        .param("names", UnnestedColumns.of(things, t -> t.key().id()))
        .param("ids", UnnestedColumns.of(things, Undoable::id))
        .param("with", UnnestedColumns.of(things, Undoable::with))
        .query(
            row -> {
              Object unused =
                  unchanged.put(new Key(kind, row.getString("name")), row.getBoolean("unchanged"));
            });
    Set<UUID> used = made.with().isPresent() ? Set.of() : used(made, things);
    Map<Key, State> states = new HashMap<>();
    for (Undoable thing : things) {
      Optional<Boolean> same = Optional.ofNullable(unchanged.get(thing.key()));
      State state =
          same.isEmpty()
              ? State.GONE
              : !same.get()
                  ? State.CHANGED
                  : used.contains(thing.id()) ? State.IN_USE : State.AS_MADE;
      states.put(thing.key(), state);
    }
    return states;
  }

  enum State {
    AS_MADE,
    CHANGED,
    /** Another thing in Claviger refers to the imported thing. */
    IN_USE,
    GONE
  }

  /**
   * Returns the things to which something refers. The foreign keys come from the database's
   * catalogue, so that tables of later versions of Claviger count too. Foreign keys that become
   * null on deletion are ignored, because they only record who did something.
   */
  private Set<UUID> used(UndoableRows made, List<Undoable> things) {
    record Reference(String table, String column) {}
    List<Reference> references =
        jdbc.sql(
                """
                select distinct cast(c.conrelid as regclass)::text as of_table,
                  quote_ident(a.attname) as of_column
                from pg_constraint c
                join pg_attribute k
                  on k.attrelid = c.confrelid and k.attname = :id
                join pg_attribute a
                  on a.attrelid = c.conrelid
                  and a.attnum = c.conkey[array_position(c.confkey, k.attnum)]
                where c.contype = 'f' and c.confrelid = cast(:table as regclass)
                  and c.confdeltype <> 'n'
                """)
            .param("id", made.referred())
            .param("table", made.table())
            .query((row, n) -> new Reference(row.getString(1), row.getString(2)))
            .list();
    Set<UUID> used = new HashSet<>();
    for (Reference reference : references) {
      if (!UndoableRows.NOTES.contains(reference.table())) {
        used.addAll(
            jdbc.sql(
                    """
                    select distinct t.%s
                    from %s t
                    join %s r on r.%s = t.%s
                    where t.%s = any(cast(:ids as uuid[]))
                    """
                        .formatted(
                            made.id(),
                            made.table(),
                            reference.table(),
                            reference.column(),
                            made.referred(),
                            made.id()))
                .param("ids", UnnestedColumns.of(things, Undoable::id))
                .query(UUID.class)
                .list());
      }
    }
    return used;
  }

  /** Removes things of one kind. The things must be locked. */
  void remove(ImportedKind kind, List<Undoable> things) {
    Database.require(
        things.size(),
        jdbc.sql(UndoableRows.of(kind).removal())
            .param("names", UnnestedColumns.of(things, t -> t.key().id()))
            .param("ids", UnnestedColumns.of(things, Undoable::id))
            .param("with", UnnestedColumns.of(things, Undoable::with))
            .update());
  }

  /**
   * Removes the given things from the journal, so that another run can import them again. Also
   * takes back the amounts that were charged to their budgets when they were imported. If these
   * amounts stayed charged, another run could not charge the amounts that have been spent in the
   * source until that run.
   *
   * @param program the name of the system from which the things came
   */
  void forget(String program, String source, List<Undoable> things) {
    openings.close(
        things.stream()
            .flatMap(t -> UndoableRows.holder(t.key().kind(), t.id(), t.with()).stream())
            .map(BudgetHolder::account)
            .toList(),
        program);
    Database.update(
        jdbc.sql(
                """
                delete from arrivals a
                using unnest(cast(:kinds as text[]), cast(:names as text[])) as k (kind, name)
                where a.source = :source and a.kind = k.kind and a.name = k.name
                """)
            .param("source", source)
            .param("kinds", UnnestedColumns.of(things, t -> t.key().kind().wireName()))
            .param("names", UnnestedColumns.of(things, t -> t.key().id())));
    UndoableRows.WHOLES.forEach((part, whole) -> forgetParts(source, part, whole, things));
  }

  /**
   * Removes the parts of the given things from the journal. A part from another run is deleted with
   * its thing, and can then be imported again.
   */
  private void forgetParts(
      String source, ImportedKind part, ImportedKind whole, List<Undoable> things) {
    List<Undoable> wholes = things.stream().filter(t -> t.key().kind() == whole).toList();
    if (!wholes.isEmpty()) {
      Database.update(
          jdbc.sql(
                  """
                  delete from arrivals
                  where source = :source and kind = :part
                    and object_id = any(cast(:ids as uuid[]))
                  """)
              .param("source", source)
              .param("part", part.wireName())
              .param("ids", UnnestedColumns.of(wholes, Undoable::id)));
    }
  }
}
