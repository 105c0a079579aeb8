package io.claviger.domain.formats;

import io.claviger.domain.objects.ObjectAction;
import io.claviger.domain.objects.ObjectKind;
import io.claviger.domain.policy.Operation;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * An operation of a provider's API on the objects that it stores.
 *
 * @param operation its method and path. In the path, {@code {id}} stands for an object that the
 *     ledger knows. Any other placeholder names something inside that object
 * @param kind the kind of the object that is made, named or listed
 * @param answered where answers state ids
 * @param prefix what stands before each id in answers, such as {@code files/}; paths have it too
 * @param query the query parameters that pass, in addition to those of the API standard
 * @param details where answers state more about the object that is new
 * @param listed whether lists of the kind have the object
 * @param batch the requests in the body of which a batch is made; empty for any other operation
 * @param addresses the members of answers that state an address of the provider's. It works with
 *     the key alone, so callers get the gateway's own in its place
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

  /** An id that can be passed on in a path without any other reading of it. */
  static final Pattern PLAIN = Pattern.compile("[A-Za-z0-9_-]{1,128}");

  /** What an operation does. */
  public enum Effect {
    /** Makes an object, whose id the answer states. */
    CREATE,
    /**
     * Receives a file in several requests. The answer to the first one hands out the address for
     * the others, and the answer to the last one states the object that was made.
     */
    UPLOAD,
    /** Answers with something that is not stored, and may leave objects behind. */
    LEAVE,
    /** Lists all objects of the kind in the account. */
    LIST,
    /** Answers with the object that the path names, which it may have changed. */
    READ,
    /** Answers with something else about the object that the path names. */
    USE,
    /** Changes the object that the path names, and answers with something else. */
    ALTER,
    /** Answers with the object that the path names, which can't be used any more. */
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

  /** What the caller has to be permitted to do with the object that the path names. */
  public ObjectAction action() {
    return switch (effect) {
      case ALTER, FINISH, DELETE -> ObjectAction.DELETE;
      case READ -> operation.method().equals("GET") ? ObjectAction.READ : ObjectAction.DELETE;
      case CREATE, UPLOAD, LEAVE, LIST, USE -> ObjectAction.READ;
    };
  }

  /** Whether answers state the id of the object that is made or named. */
  public boolean statesSelf() {
    return creates() || effect == Effect.READ || effect == Effect.FINISH;
  }

  /**
   * Returns what is left of an operation that makes an object where that one is not stored: the
   * objects of these kinds that come to be with it. Empty if there are none.
   */
  public Optional<ObjectOperation> leaving(Set<ObjectKind> kinds) {
    List<AnsweredId> further =
        answered.stream()
            .filter(each -> each.role() == AnsweredId.Role.FURTHER && kinds.contains(each.kind()))
            .toList();
    return further.isEmpty()
        ? Optional.empty()
        : Optional.of(
            new ObjectOperation(
                operation,
                kind,
                Effect.LEAVE,
                further,
                prefix,
                query,
                ObjectDetails.NONE,
                listed,
                Optional.empty(),
                Set.of()));
  }

  /** Whether requests carry a file, which may be larger than other bodies. */
  public boolean uploads() {
    String path = operation.path();
    return operation.method().equals("POST") && (path.endsWith("files") || path.endsWith("/parts"));
  }

  /** Whether an answer states objects that are recorded, or the one that was asked for. */
  public boolean statesObjects() {
    return !answered.isEmpty();
  }

  /** Whether its body names a model, which reads what is stored and is paid for that. */
  public boolean asksForModel() {
    return kind == ObjectKind.CACHES && effect == Effect.CREATE;
  }

  /**
   * Whether what its body names can be read in what comes of it: in the store, container or file of
   * which it becomes a part, or in the answers to each of the requests in a file.
   */
  public boolean copiesWhatItNames() {
    return switch (kind) {
      case VECTOR_STORES, CONTAINERS -> effect == Effect.CREATE || effect == Effect.ALTER;
      case FILES -> effect == Effect.FINISH;
      case BATCHES -> makesBatch() && batch.isEmpty();
      default -> false;
    };
  }

  /** Whether it makes a batch, of a file that was uploaded before or of what is in the body. */
  public boolean makesBatch() {
    return kind == ObjectKind.BATCHES && effect == Effect.CREATE;
  }

  /** Whether it deletes a batch, whose use nobody can state any more then. */
  public boolean deletesBatch() {
    return kind == ObjectKind.BATCHES && effect == Effect.DELETE;
  }

  /** Whether an object is made whose id the answer states, or the last of several answers. */
  public boolean creates() {
    return effect == Effect.CREATE || effect == Effect.UPLOAD;
  }

  /** Whether the path names an object. */
  public boolean namesObject() {
    return operation.path().contains(OBJECT);
  }

  /**
   * Returns the ids in a path of this operation: first that of the object, then those of what is
   * inside it. They are the segments that are sent. Empty if one is spelled in a way that is not
   * plain, such as a percent-encoded one, or one with a colon, which could be read as two.
   */
  public Optional<List<String>> idsIn(String path) {
    return operation
        .placeholdersIn(path)
        .filter(ids -> ids.stream().allMatch(id -> PLAIN.matcher(id).matches()));
  }
}
