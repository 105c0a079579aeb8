package io.claviger.domain.formats;

import io.claviger.domain.formats.ObjectOperation.Effect;
import io.claviger.domain.objects.ObjectKind;
import io.claviger.domain.policy.Operation;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * The operations of a format on stored objects, as a table. They can be called only where their
 * kind is lent, or with the caller's own key.
 */
public final class ObjectOperations {
  /** The table of a format that lends no objects. */
  public static final ObjectOperations NONE = new ObjectOperations(List.of());

  private final List<ObjectOperation> all;
  private final Set<ObjectKind> kinds;

  private ObjectOperations(List<ObjectOperation> all) {
    this.all = List.copyOf(all);
    Set<ObjectKind> found = EnumSet.noneOf(ObjectKind.class);
    all.forEach(each -> found.add(each.kind()));
    this.kinds = Collections.unmodifiableSet(found);
  }

  public static Table table() {
    return new Table();
  }

  public List<ObjectOperation> all() {
    return all;
  }

  /** The kinds of objects that a service of this format can lend. */
  public Set<ObjectKind> kinds() {
    return kinds;
  }

  /**
   * Returns the operation that a request calls.
   *
   * @param path below the service, without a leading slash and without a query
   */
  public Optional<ObjectOperation> find(String method, String path) {
    for (ObjectOperation each : all) {
      if (each.matches(method, path)) {
        return Optional.of(each);
      }
    }
    return Optional.empty();
  }

  /** A table in the making, written from top to bottom. */
  public static final class Table {
    private final List<ObjectOperation> rows = new ArrayList<>();
    private ObjectKind kind = ObjectKind.OTHER;
    private ObjectDetails details = ObjectDetails.NONE;
    private List<AnsweredId> self = List.of();
    private String prefix = "";
    private boolean listed;

    private Table() {}

    /**
     * Begins the operations of a kind.
     *
     * @param places the places at which answers state the id of an object
     */
    public Table of(ObjectKind next, ObjectDetails stated, String... places) {
      kind = next;
      details = stated;
      listed = true;
      self = Arrays.stream(places).map(place -> AnsweredId.self(next, place)).toList();
      prefix = "";
      return this;
    }

    /** Says what stands before each id of this kind in answers. */
    public Table prefixed(String beforeIds) {
      prefix = beforeIds;
      return this;
    }

    /** The objects that follow are not in the lists of their kind. */
    public Table unlisted() {
      listed = false;
      return this;
    }

    /** The answers of the operations that follow state these details of a new object. */
    public Table stating(ObjectDetails other) {
      details = other;
      return this;
    }

    public Table create(String operation, AnsweredId... further) {
      return add(operation, Effect.CREATE, "", further);
    }

    /** Adds an operation that is not about stored objects, but may leave further ones behind. */
    public Table leave(String operation, AnsweredId... further) {
      return add(operation, Effect.LEAVE, "", further);
    }

    /** Adds an operation that receives a file in several requests. */
    public Table upload(String operation) {
      return add(operation, Effect.UPLOAD, "");
    }

    /**
     * @param query the names of query parameters, separated by spaces
     */
    public Table list(String operation, String query) {
      return add(operation, Effect.LIST, query);
    }

    public Table read(String operation, String query, AnsweredId... further) {
      return add(operation, Effect.READ, query, further);
    }

    /** Adds an operation whose answer states only the ids of further objects. */
    public Table use(String operation, String query, AnsweredId... further) {
      return add(operation, Effect.USE, query, further);
    }

    /** Adds an operation that changes the object, and whose answer states only further ones. */
    public Table alter(String operation, String query, AnsweredId... further) {
      return add(operation, Effect.ALTER, query, further);
    }

    /** Adds an operation after which the object can't be used any more. */
    public Table finish(String operation, AnsweredId... further) {
      return add(operation, Effect.FINISH, "", further);
    }

    public Table delete(String operation) {
      return add(operation, Effect.DELETE, "");
    }

    private Table add(String operation, Effect effect, String query, AnsweredId... further) {
      boolean statesSelf =
          effect == Effect.CREATE
              || effect == Effect.UPLOAD
              || effect == Effect.READ
              || effect == Effect.FINISH;
      rows.add(
          new ObjectOperation(
              new Operation(operation),
              kind,
              effect,
              Stream.concat(statesSelf ? self.stream() : Stream.empty(), Arrays.stream(further))
                  .toList(),
              prefix,
              query.isEmpty() ? List.of() : List.of(query.split(" ")),
              details,
              listed));
      return this;
    }

    public ObjectOperations end() {
      return new ObjectOperations(rows);
    }
  }
}
