package io.claviger.domain.formats;

import io.claviger.domain.formats.AnsweredId.Role;
import io.claviger.domain.objects.ObjectAction;
import io.claviger.domain.objects.ObjectKind;
import io.claviger.domain.objects.ObjectName;
import io.claviger.domain.policy.Operation;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * An operation of a provider's API on objects that the provider stores.
 *
 * @param operation the operation's method and path. In the path, {@code {id}} stands for an object
 *     that is recorded in the ledger. Any other placeholder stands for something inside of the
 *     object
 * @param kind the kind of the object that the operation creates, names or lists
 * @param answered where answers state ids
 * @param prefix the text before each id in answers and in paths, such as {@code files/}
 * @param query the forwarded query parameters, in addition to those of the API standard
 * @param details the members of answers with more details of a new object
 * @param listed whether the provider's list of objects of this kind includes the object
 * @param batch the form of a body with a batch's requests; empty if the operation has no such body
 * @param addresses the members of answers with an address at the provider. Such an address works
 *     only with the key, so callers get an address of the gateway instead
 */
public record ObjectOperation(
    Operation operation,
    ObjectKind kind,
    Effect effect,
    List<AnsweredId> answered,
    String prefix,
    List<String> query,
    ObjectDetails details,
    boolean listed,
    Optional<InlineBatch> batch,
    Set<String> addresses) {
  private static final String OBJECT = "{id}";

  /**
   * An id that can be a path segment without any other meaning. LiteLLM puts several ids into one,
   * in Base64, so its ids are long and may contain equals signs.
   */
  static final Pattern PLAIN = Pattern.compile("[A-Za-z0-9_=-]{1," + ObjectName.LONGEST + "}");

  /** The roles of objects that remain even if the operation's own object is not stored. */
  private static final Set<Role> REMAINING = EnumSet.of(Role.FURTHER, Role.LASTING_PART);

  /** The effect of an operation. */
  public enum Effect {
    /** Creates an object. The answer states the object's id. */
    CREATE,
    /**
     * Receives a file in several requests. The first answer states the address for the further
     * requests. The last answer states the new object.
     */
    UPLOAD,
    /** Answers with data that is not stored. May create other objects at the provider. */
    LEAVE,
    /** Lists all objects of the operation's kind in the account. */
    LIST,
    /** Answers with the object that the path names. The operation might also change the object. */
    READ,
    /** Answers with other data about the object that the path names. */
    USE,
    /** Changes the object that the path names, and answers with other data. */
    ALTER,
    /** Answers with the object that the path names. The object can no longer be used afterwards. */
    FINISH,
    /** Deletes the object that the path names. */
    DELETE
  }

  public ObjectOperation {
    answered = List.copyOf(answered);
    query = List.copyOf(query);
    addresses = Set.copyOf(addresses);
  }

  public boolean matches(String method, String path) {
    return operation.matches(method, path);
  }

  /** The action on the object in the path. The caller needs permission for this action. */
  public ObjectAction action() {
    return switch (effect) {
      case ALTER, FINISH, DELETE -> ObjectAction.DELETE;
      case READ -> operation.method().equals("GET") ? ObjectAction.READ : ObjectAction.DELETE;
      case CREATE, UPLOAD, LEAVE, LIST, USE -> ObjectAction.READ;
    };
  }

  /** Whether answers state the id of the created or named object. */
  public boolean statesSelf() {
    return creates() || effect == Effect.READ || effect == Effect.FINISH;
  }

  /**
   * Returns this operation for calls whose own object is not recorded. The returned operation
   * creates only objects that remain without the own object: additional objects, and lasting parts.
   * Empty if the operation creates no such objects of the given kinds.
   */
  public Optional<ObjectOperation> leaving(Set<ObjectKind> kinds) {
    List<AnsweredId> further =
        answered.stream()
            .filter(each -> REMAINING.contains(each.role()) && kinds.contains(each.kind()))
            .toList();
    // A lasting part is recorded as a part of the object, so that nobody tries to delete it alone.
    boolean hasParts = further.stream().anyMatch(each -> each.role() == Role.LASTING_PART);
    List<AnsweredId> stated =
        answered.stream()
            .filter(each -> further.contains(each) || (hasParts && each.role() == Role.SELF))
            .toList();
    return further.isEmpty()
        ? Optional.empty()
        : Optional.of(
            new ObjectOperation(
                operation,
                kind,
                Effect.LEAVE,
                stated,
                prefix,
                query,
                ObjectDetails.NONE,
                listed,
                Optional.empty(),
                Set.of()));
  }

  /**
   * Whether the operation ends the object in the path and creates another object from it, whose id
   * the answer states.
   */
  public boolean replaces() {
    return effect == Effect.FINISH
        && answered.stream().anyMatch(each -> each.role() == Role.FURTHER);
  }

  /**
   * Whether the operation puts a file into the object in the path. The answer states the file's
   * size.
   */
  public boolean addsFile() {
    return effect == Effect.ALTER && !details.bytes().isEmpty();
  }

  /**
   * Whether the answer states an object that this operation has created or filled, and that
   * therefore has to be recorded.
   */
  public boolean makes() {
    return creates() || replaces() || addsFile();
  }

  /** Whether the operation deletes something inside of the object in the path. */
  public boolean deletesPart() {
    return effect == Effect.ALTER && operation.method().equals("DELETE");
  }

  /** Whether requests contain a file, which may be larger than other bodies. */
  public boolean uploads() {
    String path = operation.path();
    return operation.method().equals("POST") && (path.endsWith("files") || path.endsWith("/parts"));
  }

  /** Whether an answer states ids of objects to record, or of the requested object. */
  public boolean statesObjects() {
    return !answered.isEmpty();
  }

  /**
   * Whether the body names a model that reads the stored content. The call is charged for this
   * model.
   */
  public boolean asksForModel() {
    return kind == ObjectKind.CACHES && effect == Effect.CREATE;
  }

  /**
   * Whether the result of the operation reveals content of the objects that the body names. An
   * operation reveals content if the named object becomes part of a store, container or file, or is
   * a file with requests that the batch answers.
   */
  public boolean copiesWhatItNames() {
    return switch (kind) {
      case VECTOR_STORES, CONTAINERS -> effect == Effect.CREATE || effect == Effect.ALTER;
      case FILES -> effect == Effect.FINISH;
      case BATCHES -> makesBatch() && batch.isEmpty();
      default -> false;
    };
  }

  /**
   * Whether a later call can continue with the objects that the body names. A tool of the later
   * call copies the files among these objects into its container, where they can be read.
   */
  public boolean keepsWhatItNames() {
    return switch (kind) {
      case RESPONSES ->
          effect == Effect.CREATE
              && answered.stream().anyMatch(id -> id.kind() == ObjectKind.CONTAINERS);
      case CONVERSATIONS -> effect == Effect.CREATE || effect == Effect.ALTER;
      default -> false;
    };
  }

  /** Whether the operation creates a batch, from an uploaded file or from requests in the body. */
  public boolean makesBatch() {
    return kind == ObjectKind.BATCHES && effect == Effect.CREATE;
  }

  /**
   * Whether the operation may delete the results of a batch: with the batch, or as a file. After
   * the deletion, the provider no longer states the batch's usage.
   */
  public boolean mayDeleteResults() {
    return effect == Effect.DELETE && (kind == ObjectKind.BATCHES || kind == ObjectKind.FILES);
  }

  /**
   * Whether the operation creates an object whose id is in the answer or, if there are several
   * answers, in the last answer.
   */
  public boolean creates() {
    return effect == Effect.CREATE || effect == Effect.UPLOAD;
  }

  /** Whether the path names an object. */
  public boolean namesObject() {
    return operation.path().contains(OBJECT);
  }

  /**
   * Returns the ids in a path of this operation: first the object's id, then the ids of things
   * inside of the object. The ids are the path's segments, exactly as they are sent. The result is
   * empty if an id is not plain, for example percent-encoded or with a colon, which could be read
   * as two ids.
   */
  public Optional<List<String>> idsIn(String path) {
    return operation
        .placeholdersIn(path)
        .filter(ids -> ids.stream().allMatch(id -> PLAIN.matcher(id).matches()));
  }
}
