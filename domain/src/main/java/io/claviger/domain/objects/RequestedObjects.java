package io.claviger.domain.objects;

import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * The objects at the provider to which a request refers, and those that it creates.
 *
 * @param references the objects to which the request refers
 * @param items the items that the request contains with their id and their content, and the items
 *     that an approval names. The provider can process such an item without its id. So the request
 *     may contain any such ids, and the gateway removes or replaces those ids that the caller may
 *     not use
 * @param made the kinds of objects that the provider would create for the request
 * @param unclear a reference that stands for the part of the request that different parsers might
 *     understand differently. The reference has no id, except if a text is too long to be an id:
 *     then its id is the beginning of this text. The place of the reference is empty if this place
 *     is not known
 * @param unknownTool the type of a tool of which Claviger does not know how it uses the account; an
 *     empty text if the tool states no type. If there are several such tools and a router runs one
 *     of them, that tool's type is stated
 * @param showsContent whether the request asks for content of the objects to which it refers, such
 *     as texts that a search found
 * @param namesModel whether the body certainly names the model that answers
 * @param makesImages whether a tool of the provider could make images, which some providers store
 *     as files
 */
public record RequestedObjects(
    List<ObjectReference> references,
    List<ObjectReference> items,
    Set<ObjectKind> made,
    Optional<ObjectReference> unclear,
    Optional<String> unknownTool,
    boolean showsContent,
    boolean namesModel,
    boolean makesImages) {
  /** The reference with empty fields that is stated if a refusal concerns no reference. */
  public static final ObjectReference UNNAMED = new ObjectReference(ObjectKind.OTHER, "", "");

  /** The greatest number of references in one request. */
  public static final int MOST = 1_000;

  /** The place of a reference to the response that a request continues. */
  public static final String PREVIOUS_RESPONSE = "previous_response_id";

  /** The place of a reference to the message with which a thread continues. */
  public static final String PREVIOUS_MESSAGE = "previous_message_id";

  /**
   * The member with which a request makes a provider keep an answer in a way that no service lends.
   */
  public static final String STORAGE_OPTIONS = "storage_options";

  /** The place of a reference to a stored item. */
  public static final String ITEM = "input[].id";

  /** The place of a text in a member whose name ends with <i>path</i> or <i>paths</i>. */
  public static final String PATH = "*path";

  public static final RequestedObjects NONE =
      new RequestedObjects(List.of(), List.of(), Set.of(), Optional.empty());

  /** The place of the type of a tool. */
  private static final String TOOL = "tools[].type";

  public RequestedObjects {
    references = List.copyOf(references);
    items = List.copyOf(items);
    made = Set.copyOf(made);
  }

  /** The objects of a request without tools, or with only known tools. */
  public RequestedObjects(
      List<ObjectReference> references,
      List<ObjectReference> items,
      Set<ObjectKind> made,
      Optional<ObjectReference> unclear) {
    this(references, items, made, unclear, Optional.empty(), false, false, false);
  }

  /**
   * Whether the request certainly refers to no object and creates none. Unknown tools are not
   * considered.
   */
  public boolean namesNothing() {
    return references.isEmpty() && items.isEmpty() && made.isEmpty() && unclear.isEmpty();
  }

  /**
   * Returns the reason why the request can't be sent, whichever objects the caller may use. Empty
   * if the request refers only to objects of kinds that are lent or can be shared; even then, the
   * request can be sent only if the caller may use each of the {@link #references}.
   */
  public Optional<ObjectRefusal> refusal(Isolation isolation) {
    if (unclear.isPresent()) {
      return refused(ObjectRefusal.Reason.UNCLEAR, unclear.get());
    }
    if (references.size() > MOST || items.size() > MOST) {
      return refused(ObjectRefusal.Reason.TOO_MANY, UNNAMED);
    }
    for (ObjectReference each : references) {
      if (!isolation.mayName(each.kind())) {
        return refused(reason(each, false), each);
      }
    }
    Optional<ObjectReference> prompt = prompt();
    if (prompt.isPresent() && !namesModel) {
      return refused(ObjectRefusal.Reason.MODEL_MISSING, prompt.get());
    }
    if (hasUnknownTool(isolation.knownToolsOnly())) {
      return refused(
          ObjectRefusal.Reason.UNKNOWN_TOOL,
          new ObjectReference(ObjectKind.OTHER, unknownTool.orElse(""), TOOL));
    }
    Set<ObjectKind> stored = made(isolation);
    if (stored.isEmpty()) {
      return Optional.empty();
    }
    return stored.stream()
        .sorted()
        .filter(kind -> !isolation.lends(kind))
        .findFirst()
        .flatMap(kind -> refused(ObjectRefusal.Reason.NOT_LENT, new ObjectReference(kind, "", "")));
  }

  /** Returns the kinds of objects that the provider would create for the request. */
  private Set<ObjectKind> made(Isolation isolation) {
    if (!makesFiles(isolation)) {
      return made;
    }
    Set<ObjectKind> all = EnumSet.of(ObjectKind.FILES);
    all.addAll(made);
    return all;
  }

  /** Whether the provider would store, as files, the images that its tools make for the request. */
  public boolean makesFiles(Isolation isolation) {
    return makesImages && isolation.imagesAreFiles();
  }

  /**
   * Whether the request is refused because a tool might use objects or connections of the account.
   *
   * @param knownToolsOnly whether all unknown tools are refused; if false, only unknown tools that
   *     a router runs are refused
   */
  public boolean hasUnknownTool(boolean knownToolsOnly) {
    return unknownTool.filter(type -> knownToolsOnly || isOfRouter(type)).isPresent();
  }

  /**
   * Whether a tool's type begins with the name of the router that runs it, as in {@code
   * openrouter:web_search}. The router's name matters because an unknown provider might forward
   * requests to a router.
   */
  public static boolean isOfRouter(String type) {
    return type.indexOf(':') >= 0;
  }

  /** Returns the items that may keep their ids if the caller may use these ids. */
  public List<ObjectReference> keepableItems(Isolation isolation) {
    return isolation.lends(ObjectKind.RESPONSES) ? items : List.of();
  }

  /** Returns the first stored prompt that the request names. */
  private Optional<ObjectReference> prompt() {
    return references.isEmpty()
        ? Optional.empty()
        : references.stream().filter(each -> each.kind() == ObjectKind.PROMPTS).findFirst();
  }

  /**
   * Whether the request might use a container, into which tools copy the files to which the request
   * refers, and in which callers can read everything. A request that names a stored prompt might
   * use a container, too, because the prompt can have such a tool.
   */
  public boolean fillsContainer() {
    return made.contains(ObjectKind.CONTAINERS)
        || prompt().isPresent()
        || references.stream().anyMatch(each -> each.kind() == ObjectKind.CONTAINERS);
  }

  /**
   * Returns the reason that is stated if the request is refused because the caller may not use the
   * object.
   *
   * @param isLent whether storage of the object's kind is lent, so that the caller may use other
   *     objects of this kind
   */
  public static ObjectRefusal.Reason reason(ObjectReference reference, boolean isLent) {
    return switch (reference.place()) {
      case PREVIOUS_RESPONSE -> ObjectRefusal.Reason.PREVIOUS_RESPONSE;
      case ITEM -> isLent ? ObjectRefusal.Reason.NOT_FOUND : ObjectRefusal.Reason.ITEM;
      default -> ObjectRefusal.Reason.NOT_FOUND;
    };
  }

  private static Optional<ObjectRefusal> refused(
      ObjectRefusal.Reason reason, ObjectReference reference) {
    return Optional.of(new ObjectRefusal(reason, reference));
  }
}
