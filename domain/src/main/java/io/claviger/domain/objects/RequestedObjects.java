package io.claviger.domain.objects;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * All that a request has to do with objects at the provider.
 *
 * @param references the objects to which it refers
 * @param items the stored items whose content it repeats; without their ids they refer to nothing
 * @param made the kinds of objects that the provider would make for it
 * @param unclear whether readers may understand a reference differently
 * @param unknownTool the type of a tool of which nobody knows what it uses, empty if it states
 *     none; that of a router if there is one
 */
public record RequestedObjects(
    List<ObjectReference> references,
    List<ObjectReference> items,
    Set<ObjectKind> made,
    boolean unclear,
    Optional<String> unknownTool) {
  /** The most references of one request. */
  public static final int MOST = 1_000;

  /** The place of a reference to the response with which a request goes on. */
  public static final String PREVIOUS_RESPONSE = "previous_response_id";

  /** The place of a reference to a stored item. */
  public static final String ITEM = "input[].id";

  public static final RequestedObjects NONE =
      new RequestedObjects(List.of(), List.of(), Set.of(), false);

  /** The place of the type of a tool. */
  private static final String TOOL = "tools[].type";

  public RequestedObjects {
    references = List.copyOf(references);
    items = List.copyOf(items);
    made = Set.copyOf(made);
  }

  /** What a request without tools, or with tools that are known, has to do with objects. */
  public RequestedObjects(
      List<ObjectReference> references,
      List<ObjectReference> items,
      Set<ObjectKind> made,
      boolean unclear) {
    this(references, items, made, unclear, Optional.empty());
  }

  /** Whether it needs no object, whatever its tools may do. */
  public boolean namesNothing() {
    return references.isEmpty() && items.isEmpty() && made.isEmpty() && !unclear;
  }

  /**
   * Returns why the request can't be sent, whatever objects the caller has; empty if all that it
   * refers to is of kinds that are lent. Then {@link #toCheck} says which objects the caller has to
   * have.
   */
  public Optional<ObjectRefusal> refusal(Isolation isolation) {
    if (unclear) {
      return refused(ObjectRefusal.Reason.UNCLEAR, new ObjectReference(ObjectKind.OTHER, "", ""));
    }
    if (references.size() > MOST || items.size() > MOST) {
      return refused(ObjectRefusal.Reason.TOO_MANY, new ObjectReference(ObjectKind.OTHER, "", ""));
    }
    for (ObjectReference each : references) {
      if (!isolation.lends(each.kind())) {
        return refused(reason(each), each);
      }
    }
    if (hasUnknownTool(isolation.knownToolsOnly())) {
      return refused(
          ObjectRefusal.Reason.UNKNOWN_TOOL,
          new ObjectReference(ObjectKind.OTHER, unknownTool.orElse(""), TOOL));
    }
    if (made.isEmpty()) {
      return Optional.empty();
    }
    return made.stream()
        .sorted()
        .filter(kind -> !isolation.lends(kind))
        .findFirst()
        .flatMap(kind -> refused(ObjectRefusal.Reason.NOT_LENT, new ObjectReference(kind, "", "")));
  }

  /**
   * Whether a tool might use anything in the account.
   *
   * @param knownToolsOnly whether that holds for all tools that are not known. For those that a
   *     router runs it always does.
   */
  public boolean hasUnknownTool(boolean knownToolsOnly) {
    return unknownTool.filter(type -> knownToolsOnly || isOfRouter(type)).isPresent();
  }

  /**
   * Whether the type of a tool begins with the name of whoever runs it, such as {@code
   * openrouter:web_search}. A provider that nobody knows may forward requests to a router.
   */
  public static boolean isOfRouter(String type) {
    return type.indexOf(':') >= 0;
  }

  /** The objects that the caller has to have, once {@link #refusal} has refused nothing. */
  public List<ObjectReference> toCheck(Isolation isolation) {
    return isolation.lends(ObjectKind.RESPONSES)
        ? Stream.concat(references.stream(), items.stream()).toList()
        : references;
  }

  /**
   * Whether the request uses a container. Tools copy the files to which it refers into that one,
   * where they can be read like all else.
   */
  public boolean fillsContainer() {
    return made.contains(ObjectKind.CONTAINERS)
        || references.stream().anyMatch(each -> each.kind() == ObjectKind.CONTAINERS);
  }

  /** The reason that is stated if the caller may not use the object. */
  public static ObjectRefusal.Reason reason(ObjectReference reference) {
    return switch (reference.place()) {
      case PREVIOUS_RESPONSE -> ObjectRefusal.Reason.PREVIOUS_RESPONSE;
      case ITEM -> ObjectRefusal.Reason.ITEM;
      default -> ObjectRefusal.Reason.NOT_FOUND;
    };
  }

  private static Optional<ObjectRefusal> refused(
      ObjectRefusal.Reason reason, ObjectReference reference) {
    return Optional.of(new ObjectRefusal(reason, reference));
  }
}
