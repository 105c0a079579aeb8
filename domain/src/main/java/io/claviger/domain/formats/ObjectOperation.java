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
 *     that is recorded in the ledger. Any other placeholder stands for something in the object,
 *     such as one of its items
 * @param kind the kind of the object that the operation creates, names or lists
 * @param answered the members with ids of objects in answers
 * @param prefix the text before each id in answers and in paths, such as {@code files/}
 * @param query the query parameters that are forwarded in addition to those of the API standard
 * @param details in answers, the members with details of a new object
 * @param listed whether the provider's list of objects of this kind includes the object
 * @param batch the form of a body with a batch's requests; empty if the operation has no such body
 * @param addresses in answers, the members with an address at the provider. Callers get an address
 *     of the gateway instead, because the provider's address works only with the key
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
   * An id that can be a path segment without any other meaning. LiteLLM encodes several ids into
   * one with Base64, so its ids are long and can contain equals signs.
   */
  static final Pattern PLAIN = Pattern.compile("[A-Za-z0-9_=-]{1," + ObjectName.LONGEST + "}");

  /** The roles of what the provider keeps even if it does not store the operation's own object. */
  private static final Set<Role> REMAINING = EnumSet.of(Role.FURTHER, Role.LASTING_PART);

  /** What an operation does, and what it answers. */
  public enum Effect {
    /** The operation creates an object. The answer states the object's id. */
    CREATE,
    /**
     * The operation receives a file in several requests. The first answer states the address to
     * which the other requests are sent. The last answer states the new object.
     */
    UPLOAD,
    /**
     * The operation answers with data that is not stored. The operation might create other objects
     * at the provider.
     */
    LEAVE,
    /** The operation lists all objects of its kind in the account. */
    LIST,
    /** The operation answers with the object that the path names, and might change the object. */
    READ,
    /**
     * The operation answers with data about the object that the path names, but not with the object
     * itself.
     */
    USE,
    /**
     * The operation adds something to the object that the path names, such as a file or an item,
     * and changes nothing else. The answer does not contain the object itself.
     */
    ADD,
    /**
     * The operation changes the object that the path names in another way, and does not answer with
     * the object itself.
     */
    ALTER,
    /**
     * The operation answers with the object that the path names. After this operation, the object
     * can't be used any more.
     */
    FINISH,
    /** The operation deletes the object that the path names. */
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

  /**
   * Returns the action that the operation takes on the object in the path. The caller needs
   * permission for this action.
   */
  public ObjectAction action() {
    return switch (effect) {
      case ADD -> ObjectAction.ADD;
      case ALTER, FINISH, DELETE -> ObjectAction.DELETE;
      case READ -> operation.method().equals("GET") ? ObjectAction.READ : ObjectAction.DELETE;
      case CREATE, UPLOAD, LEAVE, LIST, USE -> ObjectAction.READ;
    };
  }

  /**
   * Whether answers state the id of the object that the operation creates, or that is named in the
   * path.
   */
  public boolean statesSelf() {
    return creates() || effect == Effect.READ || effect == Effect.FINISH;
  }

  /**
   * Returns this operation for calls whose own object is not stored, and therefore not recorded.
   * The returned operation creates only what the provider keeps nevertheless: additional objects,
   * and lasting parts of the object. Empty if the operation creates no such objects of the given
   * kinds.
   */
  public Optional<ObjectOperation> leaving(Set<ObjectKind> kinds) {
    List<AnsweredId> further =
        answered.stream()
            .filter(each -> REMAINING.contains(each.role()) && kinds.contains(each.kind()))
            .toList();
    // A lasting part is recorded as a part of its object, so that nobody tries to delete the part
    // alone.
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
   * Whether the operation ends the object in the path and creates a new object from it. The answer
   * then states the id of the new object.
   */
  public boolean replaces() {
    return effect == Effect.FINISH
        && answered.stream().anyMatch(each -> each.role() == Role.FURTHER);
  }

  /**
   * Whether the operation adds a file to the object in the path. The answer to such an operation
   * states the file's size.
   */
  public boolean addsFile() {
    return effect == Effect.ADD && !details.bytes().isEmpty();
  }

  /**
   * Whether the answer states an object that this operation has created or filled, and that
   * therefore has to be recorded.
   */
  public boolean makes() {
    return creates() || replaces() || addsFile();
  }

  /** Whether the operation deletes a part of the object in the path. */
  public boolean deletesPart() {
    return effect == Effect.ALTER && operation.method().equals("DELETE");
  }

  /** Whether the operation ends the object in the path, or a part of it. */
  public boolean ends() {
    return effect == Effect.DELETE || effect == Effect.FINISH || deletesPart();
  }

  /** Whether requests contain a file, which may be larger than other bodies. */
  public boolean uploads() {
    String path = operation.path();
    return operation.method().equals("POST") && (path.endsWith("files") || path.endsWith("/parts"));
  }

  /**
   * Whether an answer states the ids of objects that have to be recorded, or the id of the
   * requested object.
   */
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
   * Whether the result of the operation reveals content of the objects that the body names. The
   * result is true if the named object becomes part of a store, container or file, or is a file
   * with the requests of a batch. It is also true if the named object becomes part of a cache,
   * because later calls that use the cache can have tools that print its content.
   */
  public boolean copiesWhatItNames() {
    return switch (kind) {
      case VECTOR_STORES, CONTAINERS ->
          effect == Effect.CREATE || effect == Effect.ADD || effect == Effect.ALTER;
      case FILES -> effect == Effect.FINISH;
      case CACHES -> effect == Effect.CREATE;
      case BATCHES -> makesBatch() && batch.isEmpty();
      default -> false;
    };
  }

  /**
   * Whether a later call can continue with the objects that the body names. A tool of the later
   * call would copy the files among these objects into the tool's container, where callers could
   * read the files.
   */
  public boolean keepsWhatItNames() {
    return switch (kind) {
      case RESPONSES ->
          effect == Effect.CREATE
              && answered.stream().anyMatch(id -> id.kind() == ObjectKind.CONTAINERS);
      case CONVERSATIONS ->
          effect == Effect.CREATE || effect == Effect.ADD || effect == Effect.ALTER;
      default -> false;
    };
  }

  /** Whether the operation creates a batch, from an uploaded file or from requests in the body. */
  public boolean makesBatch() {
    return kind == ObjectKind.BATCHES && effect == Effect.CREATE;
  }

  /**
   * Whether the operation can delete the results of a batch, together with the batch or as a file.
   * Once the results are deleted, the provider no longer states the batch's usage.
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
   * Returns the ids in a path of this operation: first the object's id, then the ids of things in
   * the object. The ids are the path's segments, exactly as they are sent. The result is empty if
   * an id is not plain. For example, the id might be percent-encoded, or might contain a colon, so
   * that it could be read as two ids.
   */
  public Optional<List<String>> idsIn(String path) {
    return operation
        .placeholdersIn(path)
        .filter(ids -> ids.stream().allMatch(id -> PLAIN.matcher(id).matches()));
  }
}
