package io.claviger.gateway.model;

import io.claviger.domain.formats.KnownMembers;
import io.claviger.domain.formats.ProviderApi;
import io.claviger.domain.spending.RequestedFees;
import io.claviger.domain.spending.RequestedUse;
import io.claviger.domain.spending.UseBounds;
import io.claviger.domain.usage.FeeKind;
import io.claviger.domain.usage.FeePiece;
import io.claviger.domain.usage.FeesUsed;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Finds out which tools of a request run on the provider's servers. The provider feeds the results
 * of these tools to the model as more input. A tool of unknown kind counts as a tool on the
 * provider's servers.
 */
final class RequestedTools {
  /** The depth of a tool, in an array that is a top-level member. */
  static final int ELEMENT = 3;

  private static final String QUALITY = "searchcontextsize";

  /** The prefix of the types of OpenAI's earlier tool for web searches. */
  private static final String PREVIEW_OF_SEARCH = "web_search_preview";

  /**
   * The quality of searches with OpenAI's earlier tool. For some models, such a search costs more
   * than a search with the present tool.
   */
  private static final String PREVIEW = "preview";

  /** The sizes of the search context that providers know. */
  private static final Set<String> SIZES = Set.of("low", "medium", "high");

  /**
   * The name, in lower case and without underscores, of the member that states the memory of a
   * container.
   */
  static final String MEMORY = "memorylimit";

  /** The maximum number of different amounts of memory that one tool may state. */
  private static final int MOST_MEMORY = 8;

  /** The maximum number of containers that tools may name. */
  private static final int MOST_CONTAINERS = 64;

  /**
   * One piece of each kind for which tools are charged. The qualities of these pieces are not
   * known.
   */
  private static final Set<FeePiece> OF_ANY_TOOL =
      FeeKind.OF_TOOLS.stream()
          .map(what -> new FeePiece(what, ""))
          .collect(Collectors.toUnmodifiableSet());

  /** The members of a tool that describe its container. */
  private static final Set<String> CONTAINERS = Set.of("container", "environment");

  private final ProviderApi api;

  /** Whether a tool may have its own cap {@code max_uses}, which the provider obeys. */
  private final boolean boundsUses;

  private int innerDepth;
  private boolean elementServers;
  private boolean elementUsesUnclear;
  private long elementUses = -1;
  private @Nullable Set<FeePiece> elementFees;

  /** The stated size of the search context; null if it is left out or stated as null. */
  private @Nullable String elementSize;

  /** The number of members of the current tool that state a size, in any spelling. */
  private int elementSizes;

  private boolean isPreview;
  private boolean inContainer;

  /** Whether the current member names one of the provider's tools. */
  private boolean inSystemTool;

  /** The amounts of memory that the current tool states for its container. */
  private Set<String> elementMemory = Set.of();

  /**
   * The number of members of the current tool that describe a container or its memory, in any
   * spelling.
   */
  private int elementContainers;

  private int elementMemories;

  /** The ids of the containers that tools name. */
  private Set<String> named = Set.of();

  /** The last member that might mark the current tool as one of the provider's own tools. */
  private String marks = "";

  private boolean used;
  private boolean makesImages;

  /**
   * Whether nothing limits the number of tool calls, apart from a possible cap for all tools
   * together.
   */
  private boolean unbounded;

  /**
   * Whether the provider might do anything, such as calling the model again without a tool call.
   */
  private boolean allowsAnything;

  /** Whether the provider may use tools of unknown types. */
  private boolean isOfAny;

  private long uses;
  private long calls = -1;
  private boolean callsUnclear;

  /**
   * For each fee, the number of those tools that can cause the fee and have no cap of their own.
   */
  private Map<FeePiece, Integer> uncapped = Map.of();

  /** The fees for the actions that callers take when a model uses a tool that callers run. */
  private Set<FeePiece> ofActions = Set.of();

  /** The amounts of memory that tools in the messages state for their containers. */
  private Set<String> memoryElsewhere = Set.of();

  /** The fees for capped tools if the provider charges all code runs in a container together. */
  private FeesUsed capped = FeesUsed.NONE;

  /** The fees for capped tools if the provider charges each code run. */
  private FeesUsed cappedEach = FeesUsed.NONE;

  /**
   * @param path the path after the name of the service or project
   */
  RequestedTools(ProviderApi api, String path) {
    this.api = api;
    this.boundsUses = api.boundsToolUses(path);
  }

  /**
   * Returns the meaning of a member's value.
   *
   * @param folded the member's name in lower case and without underscores
   * @param depth the depth of the object around the member
   */
  UseMeaning name(ScannedText name, String folded, int depth) {
    if (innerDepth != 0 && depth == innerDepth + 1) {
      if (folded.equals("type")) {
        return UseMeaning.INNER_TOOL_TYPE;
      }
      if (folded.equals("tools")) {
        return UseMeaning.UNBOUNDED;
      }
    }
    boolean ofTool = depth == ELEMENT;
    if (ofTool) {
      inContainer = CONTAINERS.contains(folded);
      elementContainers += inContainer ? 1 : 0;
      inSystemTool = folded.equals("systemtool");
    } else if (inSystemTool && depth == ELEMENT + 1 && name.toString().equals("name")) {
      return UseMeaning.TOOL_TYPE;
    } else if (inContainer && depth == ELEMENT + 1 && folded.equals(MEMORY)) {
      elementMemories += name.toString().equals("memory_limit") ? 1 : 2;
      return UseMeaning.TOOL_MEMORY;
    } else if (inContainer && depth == ELEMENT + 1 && name.toString().equals("container_id")) {
      return UseMeaning.TOOL_CONTAINER;
    }
    if (ofTool && folded.equals("type")) {
      return UseMeaning.TOOL_TYPE;
    }
    if (ofTool && folded.equals("maxuses")) {
      return name.toString().equals("max_uses") ? UseMeaning.TOOL_USES : UseMeaning.OTHER_TOOL;
    }
    if (ofTool && folded.equals("tools")) {
      return UseMeaning.INNER_TOOLS;
    }
    if (ofTool && folded.equals(QUALITY)) {
      elementServers = true;
      // The provider might accept the member although it is spelled differently.
      elementSizes += name.toString().equals("search_context_size") ? 1 : 2;
      return UseMeaning.TOOL_QUALITY;
    }
    if (folded.contains("model") || KnownMembers.CHOICES.contains(folded)) {
      return UseMeaning.OTHER_MODEL;
    }
    if (!ofTool || api.isOfCallersTools(folded)) {
      return UseMeaning.NOTHING;
    }
    // Unless the value is false or null, the member marks a tool as one of the provider's.
    marks = folded;
    return name.toString().equals("container") ? UseMeaning.TOOL_CONTAINER : UseMeaning.OTHER_TOOL;
  }

  /**
   * Called at the beginning of the array of tools inside a group of tools.
   *
   * @param depth the depth inside the array
   */
  void innerOpened(int depth, boolean array) {
    innerDepth = array ? depth : 0;
  }

  /**
   * @param depth the depth inside the array or object
   */
  void opened(int depth, boolean array) {
    if (depth == ELEMENT) {
      elementServers = false;
      elementUsesUnclear = false;
      elementUses = -1;
      elementFees = null;
      elementSize = null;
      elementSizes = 0;
      isPreview = false;
      inContainer = false;
      inSystemTool = false;
      elementMemory = Set.of();
      elementContainers = 0;
      elementMemories = 0;
    } else if (depth == ELEMENT - 1 && !array) {
      allowUnbounded(); // every API has an array here
    }
  }

  /**
   * @param depth the depth inside the ending array or object
   */
  void closed(int depth) {
    innerDepth = depth == innerDepth ? 0 : innerDepth;
    if (depth != ELEMENT || !elementServers) {
      return;
    }
    used = true;
    Map<FeePiece, Integer> pieces = pieces();
    if (!boundsUses || elementUses < 0 || elementUsesUnclear) {
      unbounded = true;
      uncapped = uncapped.isEmpty() ? new HashMap<>(4) : uncapped;
      for (FeePiece piece : pieces.keySet()) {
        Integer unused = uncapped.merge(piece, 1, Integer::sum);
      }
    } else {
      uses = Math.min(uses + elementUses, RequestedUse.MOST);
      OptionalLong most = OptionalLong.of(elementUses);
      capped = capped.plus(RequestedFees.ofTools(pieces, most, true));
      cappedEach = cappedEach.plus(RequestedFees.ofTools(pieces, most, false));
    }
  }

  /** The fees that the provider may charge for one use of the tool. */
  private Map<FeePiece, Integer> pieces() {
    Set<FeePiece> fees = elementFees == null ? OF_ANY_TOOL : elementFees;
    return fees.stream()
        .flatMap(
            piece ->
                switch (piece.what()) {
                  case WEB_SEARCH -> Stream.of(piece.isCountedApart() ? piece : search());
                  case CODE_INTERPRETER -> memories();
                  default -> Stream.of(piece);
                })
        .collect(Collectors.toUnmodifiableMap(piece -> piece, piece -> 1));
  }

  /** Returns a search with the tool. A size that is not clearly stated can be any size. */
  private FeePiece search() {
    String size = elementSize == null ? "" : elementSize.toLowerCase(Locale.ROOT);
    if (elementSizes > 1 || (elementSize != null && !SIZES.contains(size))) {
      return FeePiece.dearest(FeeKind.WEB_SEARCH);
    }
    boolean both = isPreview && !size.isEmpty();
    return new FeePiece(FeeKind.WEB_SEARCH, (isPreview ? PREVIEW : "") + (both ? "/" : "") + size);
  }

  /**
   * The containers that the tool might use. Several containers are possible unless the tool clearly
   * states one amount of memory.
   */
  private Stream<FeePiece> memories() {
    boolean isClear = elementMemories == 1 && elementContainers == 1 && !elementMemory.isEmpty();
    return isClear ? ofMemory(elementMemory) : ofMemory(union(elementMemory, Set.of("")));
  }

  private static Stream<FeePiece> ofMemory(Set<String> memory) {
    return memory.stream().map(FeePiece::container).distinct();
  }

  private static <T> Set<T> union(Set<T> one, Set<T> other) {
    Set<T> both = new HashSet<>(one);
    both.addAll(other);
    return both;
  }

  void type(String type) {
    Optional<Set<String>> fees = api.feesOfTool(type);
    if (!api.isCallersTool(type)) {
      elementServers = true;
      isPreview |= type.startsWith(PREVIEW_OF_SEARCH);
      addFees(fees);
      makesImages |=
          fees.isPresent() && pieces(fees.get()).contains(new FeePiece(FeeKind.IMAGE, ""));
    } else if (fees.isPresent()) {
      ofActions = union(ofActions, pieces(fees.get()));
    }
  }

  /** Called if the last member marks the tool as one of the provider's own tools. */
  void elementIsServers() {
    elementServers = true;
    if (!api.hasTypesOfTools()) {
      addFees(api.feesOfTool(marks));
    }
  }

  private void addFees(Optional<Set<String>> names) {
    Set<FeePiece> of = names.isEmpty() ? OF_ANY_TOOL : pieces(names.get());
    elementFees = elementFees == null ? of : union(elementFees, of);
  }

  /**
   * @param names the names of {@link ProviderApi#feesOfTool}
   */
  private static Set<FeePiece> pieces(Set<String> names) {
    return names.stream()
        .map(name -> name.split(" ", 2))
        .map(words -> new FeePiece(FeeKind.named(words[0]), words.length > 1 ? words[1] : ""))
        .collect(Collectors.toUnmodifiableSet());
  }

  void quality(String stated) {
    elementSize = stated;
  }

  /** Called if the size is stated, but as something other than a text, such as a number. */
  void unclearQuality() {
    elementSize = "";
  }

  void memory(String stated) {
    elementMemory = with(stated, elementMemory, MOST_MEMORY);
  }

  /** Adds a text to a set, unless the set already has too many texts to be used. */
  private static Set<String> with(String added, Set<String> some, int most) {
    return some.size() > most ? some : union(some, Set.of(added));
  }

  /** Called with the id of the container that the current tool names. */
  void container(String id) {
    named = with(id, named, MOST_CONTAINERS);
  }

  /** Whether tools name more containers than can be looked up. */
  boolean nameTooManyContainers() {
    return named.size() > MOST_CONTAINERS;
  }

  /** The ids of the containers that tools name. */
  Set<String> containers() {
    return named;
  }

  /** Called with the memory size of the container, as a tool in the messages states it. */
  void memoryElsewhere(String stated) {
    memoryElsewhere = with(stated, memoryElsewhere, MOST_MEMORY);
  }

  /** Whether a tool states more amounts of memory than can be counted. */
  boolean hasTooMuchMemory() {
    return Math.max(elementMemory.size(), memoryElsewhere.size()) > MOST_MEMORY;
  }

  void innerType(String type) {
    if (!type.equals("function") && !type.equals("custom")) {
      allowUnbounded();
    }
  }

  /** Called with the maximum number of uses of this tool; empty if the value is not a number. */
  void uses(OptionalLong number) {
    elementUsesUnclear |= number.isEmpty() || elementUses >= 0;
    elementUses = Math.max(elementUses, number.orElse(-1));
  }

  /**
   * Called with the maximum number of uses of all tools together; empty if the value is not a
   * number.
   */
  void calls(OptionalLong number) {
    callsUnclear |= number.isEmpty() || calls >= 0;
    calls = Math.max(calls, number.orElse(-1));
  }

  /**
   * Records that the provider might use tools of any kind. Only a cap for all tools together limits
   * how often the provider uses these tools.
   */
  void allowUnbounded() {
    used = true;
    unbounded = true;
    isOfAny = true;
  }

  /** Records that the provider might do anything, and that no cap for tools limits what it does. */
  void allowAnything() {
    allowUnbounded();
    allowsAnything = true;
  }

  boolean areUsed() {
    return used;
  }

  /** Whether the body names a tool that is known to make images. */
  boolean makeImages() {
    return makesImages;
  }

  /**
   * @param boundsCalls whether the provider obeys a maximum for the uses of all tools together
   */
  boolean areUnbounded(boolean boundsCalls) {
    return allowsAnything || (unbounded && !isCapped(boundsCalls));
  }

  private boolean isCapped(boolean boundsCalls) {
    return boundsCalls && calls >= 0 && calls < RequestedUse.MOST && !callsUnclear;
  }

  /**
   * The maximum fees for the actions that callers take when a model uses a tool that callers run.
   */
  FeesUsed actions() {
    FeesUsed all = FeesUsed.NONE;
    for (FeePiece action : ofActions) {
      all = all.plus(FeesUsed.of(action, UseBounds.ASSUMED_ROUNDS));
    }
    return all;
  }

  /**
   * Returns the highest possible fees for all tools together.
   *
   * @param ofAny whether the provider may use tools of unknown types
   * @param boundsCalls whether the provider obeys a maximum for the uses of all tools together
   * @param codeBySession whether the provider charges all code runs in a container only once
   */
  FeesUsed fees(boolean ofAny, boolean boundsCalls, boolean codeBySession) {
    if (!used && !ofAny) {
      return FeesUsed.NONE;
    }
    OptionalLong most = isCapped(boundsCalls) ? OptionalLong.of(calls) : OptionalLong.empty();
    FeesUsed all =
        RequestedFees.ofTools(uncapped, most, codeBySession)
            .plus(codeBySession ? capped : cappedEach);
    if (!ofAny && !isOfAny) {
      return all;
    }
    Map<FeePiece, Integer> any =
        Stream.concat(OF_ANY_TOOL.stream(), ofMemory(memoryElsewhere))
            .distinct()
            .collect(Collectors.toUnmodifiableMap(piece -> piece, piece -> 1));
    OptionalLong mostOfAny = ofAny || allowsAnything ? OptionalLong.empty() : most;
    return all.plus(RequestedFees.ofTools(any, mostOfAny, codeBySession));
  }

  /**
   * Returns how many times the provider might read the input.
   *
   * @param boundsCalls whether the provider obeys a maximum for the uses of all tools together
   */
  int rounds(boolean boundsCalls) {
    long most = isCapped(boundsCalls) ? calls : uses;
    return used ? (int) Math.min(1 + most, RequestedUse.MOST) : 1;
  }
}
