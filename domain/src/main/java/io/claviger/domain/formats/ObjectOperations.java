package io.claviger.domain.formats;

import io.claviger.domain.formats.ObjectOperation.Effect;
import io.claviger.domain.objects.ObjectKind;
import io.claviger.domain.objects.ObjectName;
import io.claviger.domain.policy.Operation;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The operations of a format on stored objects, as a table. Each operation is about one kind of
 * objects. An operation on stored objects can be called only with the caller's own key, or if the
 * service lends storage of this kind of objects.
 */
public final class ObjectOperations {
  private static final String OBJECT = "{id}";
  private static final String ANY_VERSION = "**/";

  /** The table of a format whose services can't lend storage. */
  public static final ObjectOperations NONE = new ObjectOperations(List.of(), Map.of(), Map.of());

  private final List<ObjectOperation> all;

  /**
   * The operations of the table, grouped by HTTP method. Without the groups, finding the operation
   * of a call would take longer, and the operation has to be found several times for each call.
   */
  private final Map<String, Paths> byMethod;

  private final Set<ObjectKind> kinds;

  /**
   * The prefixes of ids, keyed by the path of the ids' collection. Only collections whose ids have
   * a special prefix are in this map.
   */
  private final Map<String, String> idBeginnings;

  /**
   * Facts about the parts that the provider keeps when it deletes the objects to which the parts
   * belong. The map's keys are the paths of these objects' collections.
   */
  private final Map<String, Outliving> outliving;

  /**
   * @param parts the path of the list of an object's parts
   * @param deleted the provider's name for the type of a deleted object
   */
  private record Outliving(String parts, String deleted) {}

  private ObjectOperations(
      List<ObjectOperation> all,
      Map<String, String> idBeginnings,
      Map<String, Outliving> outliving) {
    this.outliving = Map.copyOf(outliving);
    this.all = List.copyOf(all);
    this.byMethod =
        all.stream()
            .collect(
                Collectors.groupingBy(
                    each -> each.operation().method(),
                    Collectors.collectingAndThen(Collectors.toList(), Paths::of)));
    this.idBeginnings = Map.copyOf(idBeginnings);
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
   * @param path the path below the service, without a leading slash and without a query
   */
  public Optional<ObjectOperation> find(String method, String path) {
    Paths paths = byMethod.get(method);
    return paths == null ? Optional.empty() : paths.find(method, path);
  }

  /**
   * Returns the ways to remove an object, in the order in which they should be tried. There can be
   * several ways, because an id does not always show in which collection the object is. Empty if no
   * operation of the API removes the object, or if the id can't be written into a path.
   *
   * @param whole the id of the object of which this object is a part; empty if this object is not a
   *     part
   * @param version the API version, with a slash at its end, for paths that can begin with any
   *     version; empty if there is none
   */
  public List<ObjectRemoval> removals(ObjectName name, Optional<String> whole, String version) {
    if (!isPlain(name.id()) || whole.filter(id -> !isPlain(id)).isPresent()) {
      return List.of();
    }
    return whole.isPresent() ? ofParts(name, whole.get(), version) : ofCollections(name, version);
  }

  /**
   * Returns the kind of the part that this operation deletes, as recorded in the ledger. Empty if
   * the operation deletes no part, or a part that is not recorded in the ledger.
   */
  public Optional<ObjectKind> deletedPart(ObjectOperation operation) {
    String path = operation.operation().path();
    return operation.deletesPart()
        ? parts(path.substring(0, path.lastIndexOf('/'))).findFirst()
        : Optional.empty();
  }

  /** Returns the operation that lists objects of a kind; empty if there is none. */
  Optional<ObjectOperation> list(ObjectKind kind) {
    return all.stream()
        .filter(each -> each.kind() == kind && each.effect() == Effect.LIST)
        .findFirst();
  }

  /**
   * Returns the prefix of the ids in a list; empty if the list contains all objects of the kind.
   */
  public Optional<String> idBeginning(ObjectOperation list) {
    return Optional.ofNullable(idBeginnings.get(list.operation().path()));
  }

  /**
   * Whether, judging by the object's id, the object is in the provider's list of objects of this
   * kind; false if there is no such list.
   */
  public boolean isListed(ObjectName name) {
    return list(name.kind())
        .filter(each -> isNamedLike(each.operation().path(), name.id()))
        .isPresent();
  }

  /** Whether an id can be written into a path without changing the meaning of the path. */
  public static boolean isPlain(String id) {
    return ObjectOperation.PLAIN.matcher(id).matches();
  }

  private List<ObjectRemoval> ofParts(ObjectName name, String whole, String version) {
    List<ObjectRemoval> ways = new ArrayList<>();
    for (ObjectOperation each : all) {
      String path = each.operation().path();
      int last = path.lastIndexOf('/');
      if (each.operation().method().equals("DELETE")
          && path.indexOf('{') != path.lastIndexOf('{')
          && parts(path.substring(0, last)).anyMatch(kind -> kind == name.kind())) {
        ObjectRemoval.Request delete =
            request(
                each, path.substring(0, last).replace(OBJECT, whole) + "/" + name.id(), version);
        ways.add(new ObjectRemoval(Optional.empty(), Optional.of(delete), Optional.empty()));
      }
    }
    return List.copyOf(ways);
  }

  /**
   * If the operation deletes an object whose parts the provider would keep, returns the answer that
   * the provider would send to the deletion. Claviger itself sends this answer, because such an
   * object must not be deleted before its parts. Empty for any other operation.
   */
  public Optional<String> answerOfDeletion(ObjectOperation operation, String id) {
    String path = operation.operation().path();
    return operation.effect() != Effect.DELETE || !path.endsWith("/" + OBJECT)
        ? Optional.empty()
        : Optional.ofNullable(outliving.get(path.substring(0, path.length() - OBJECT.length() - 1)))
            .map(
                of ->
                    "{\"id\":%s,\"object\":%s,\"deleted\":true}"
                        .formatted(JsonText.quoted(id), JsonText.quoted(of.deleted())));
  }

  /**
   * Returns the kinds of the parts whose ids are in the answers of operations with the given path.
   */
  private Stream<ObjectKind> parts(String path) {
    return all.stream()
        .filter(each -> each.operation().path().equals(path))
        .flatMap(each -> each.answered().stream())
        .filter(id -> id.role() == AnsweredId.Role.PART)
        .map(AnsweredId::kind);
  }

  private List<ObjectRemoval> ofCollections(ObjectName name, String version) {
    Set<String> collections = new LinkedHashSet<>();
    for (ObjectOperation each : all) {
      String path = each.operation().path();
      if (each.kind() == name.kind() && path.contains("/" + OBJECT)) {
        collections.add(path.substring(0, path.indexOf("/" + OBJECT)));
      }
    }
    List<String> inOrder = new ArrayList<>(collections);
    inOrder.sort(Comparator.comparing(collection -> !isNamedLike(collection, name.id())));
    List<ObjectRemoval> ways = new ArrayList<>();
    for (String collection : inOrder) {
      String object = collection + "/" + OBJECT;
      Optional<ObjectRemoval.Request> cancel =
          find("POST", object + "/cancel", name, version)
              .or(() -> find("POST", object + ":cancel", name, version));
      Optional<ObjectRemoval.Request> delete = find("DELETE", object, name, version);
      if (cancel.isPresent() || delete.isPresent()) {
        Optional<ObjectList> parts =
            Optional.ofNullable(outliving.get(collection))
                .map(of -> of.parts().replace(OBJECT, name.id()))
                .map(path -> new ObjectList(path, ModelListShape.ofParts(path)));
        ways.add(new ObjectRemoval(cancel, delete, parts));
      }
    }
    return List.copyOf(ways);
  }

  /** Whether an id has the prefix of the ids in the given collection. */
  private boolean isNamedLike(String collection, String id) {
    String beginning = idBeginnings.get(collection);
    return beginning == null
        ? idBeginnings.values().stream().noneMatch(id::startsWith)
        : id.startsWith(beginning);
  }

  private Optional<ObjectRemoval.Request> find(
      String method, String path, ObjectName name, String version) {
    return all.stream()
        .filter(each -> each.kind() == name.kind())
        .filter(each -> each.operation().value().equals(method + " " + path))
        .findFirst()
        .map(each -> request(each, path.replace(OBJECT, name.id()), version));
  }

  private static ObjectRemoval.Request request(
      ObjectOperation operation, String path, String version) {
    return new ObjectRemoval.Request(
        operation.operation().method(),
        path.startsWith(ANY_VERSION) ? version + path.substring(ANY_VERSION.length()) : path);
  }

  /**
   * The operations of one HTTP method, grouped by the first segment of their paths. The operations
   * are grouped in this way because most calls match no operation in the table.
   *
   * @param byFirst for each first segment, the operations whose paths can begin with this segment,
   *     in the order of the table
   * @param anywhere the operations whose paths can begin with a segment that is not in {@code
   *     byFirst}
   */
  private record Paths(Map<String, List<ObjectOperation>> byFirst, List<ObjectOperation> anywhere) {
    static Paths of(List<ObjectOperation> all) {
      Map<String, List<ObjectOperation>> byFirst = new HashMap<>();
      for (ObjectOperation each : all) {
        String first = first(each.operation().path());
        if (!isOpen(first)) {
          byFirst.put(first, some(all, other -> isOpen(other) || other.equals(first)));
        }
      }
      return new Paths(byFirst, some(all, Paths::isOpen));
    }

    private static List<ObjectOperation> some(List<ObjectOperation> all, Predicate<String> first) {
      return all.stream().filter(each -> first.test(first(each.operation().path()))).toList();
    }

    /** Whether the first segment is a placeholder, for example for an API version. */
    private static boolean isOpen(String first) {
      return first.startsWith("{") || first.startsWith("*");
    }

    private static String first(String path) {
      for (int at = 0; at < path.length(); at++) {
        if (path.charAt(at) == '/' || path.charAt(at) == ':') {
          return path.substring(0, at);
        }
      }
      return path;
    }

    Optional<ObjectOperation> find(String method, String path) {
      for (ObjectOperation each : byFirst.getOrDefault(first(path), anywhere)) {
        if (each.matches(method, path)) {
          return Optional.of(each);
        }
      }
      return Optional.empty();
    }
  }

  /** A builder of a table. The table's rows are added from top to bottom. */
  public static final class Table {
    private final List<ObjectOperation> rows = new ArrayList<>();
    private final Map<String, String> idBeginnings = new HashMap<>();
    private final Map<String, Outliving> outliving = new HashMap<>();
    private ObjectKind kind = ObjectKind.OTHER;
    private ObjectDetails details = ObjectDetails.NONE;
    private List<AnsweredId> self = List.of();
    private String prefix = "";
    private boolean listed;
    private Optional<InlineBatch> batch = Optional.empty();
    private Set<String> addresses = Set.of();

    private Table() {}

    /**
     * Begins a section of the table: operations on objects of one kind.
     *
     * @param places the places where an answer states the id of an object
     */
    public Table of(ObjectKind next, ObjectDetails stated, String... places) {
      kind = next;
      details = stated;
      listed = true;
      self = Arrays.stream(places).map(place -> AnsweredId.self(next, place)).toList();
      prefix = "";
      addresses = Set.of();
      return this;
    }

    /**
     * Sets the text that precedes each id in answers, for all operations that are added afterwards.
     */
    public Table prefixed(String beforeIds) {
      prefix = beforeIds;
      self = self.stream().map(each -> each.prefixed(beforeIds)).toList();
      return this;
    }

    /**
     * Sets the prefix of a collection's ids. The prefix is necessary if the ids of other
     * collections with the same kind of objects begin differently.
     */
    public Table idsBegin(String collection, String beginning) {
      idBeginnings.put(collection, beginning);
      return this;
    }

    /**
     * States that the provider keeps the parts of an object when the object is deleted.
     *
     * @param parts the path of the list of an object's parts. A part is deleted at this path,
     *     followed by a slash and the part's id
     * @param deleted the provider's name for the type of a deleted object
     */
    public Table partsOutlive(String collection, String parts, String deleted) {
      outliving.put(collection, new Outliving(parts, deleted));
      return this;
    }

    /**
     * States, for all operations that are added afterwards, that the provider's lists do not
     * contain the operations' objects.
     */
    public Table unlisted() {
      listed = false;
      return this;
    }

    /**
     * For all operations that are added afterwards, sets which members of answers contain details
     * of a new object.
     */
    public Table stating(ObjectDetails other) {
      details = other;
      return this;
    }

    public Table create(String operation, AnsweredId... further) {
      return add(operation, Effect.CREATE, "", further);
    }

    /** Adds an operation that creates a batch from the requests in its body. */
    public Table createBatch(String operation, InlineBatch requests) {
      batch = Optional.of(requests);
      Table self = add(operation, Effect.CREATE, "");
      batch = Optional.empty();
      return self;
    }

    /**
     * For all operations that are added afterwards, sets which members of answers contain addresses
     * at the provider.
     */
    public Table addressing(String... members) {
      addresses = Set.of(members);
      return this;
    }

    /**
     * Adds an operation that is not about stored objects, but can create objects as a side effect.
     */
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

    /** Adds an operation whose answer states only the ids of additional objects. */
    public Table use(String operation, String query, AnsweredId... further) {
      return add(operation, Effect.USE, query, further);
    }

    /**
     * Adds an operation that only adds something to the object, and whose answer states only the
     * ids of additional objects.
     */
    public Table extend(String operation, String query, AnsweredId... further) {
      return add(operation, Effect.ADD, query, further);
    }

    /**
     * Adds an operation that changes the object, and whose answer states only the ids of additional
     * objects.
     */
    public Table alter(String operation, String query, AnsweredId... further) {
      return add(operation, Effect.ALTER, query, further);
    }

    /** Adds an operation after which the object can no longer be used. */
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
              listed,
              batch,
              effect == Effect.USE ? Set.of() : addresses));
      return this;
    }

    public ObjectOperations end() {
      return new ObjectOperations(rows, idBeginnings, outliving);
    }
  }
}
