package io.claviger.gateway.model;

import io.claviger.domain.Amounts;
import io.claviger.domain.formats.ModelPath;
import io.claviger.domain.formats.ObeyedCaps;
import io.claviger.domain.formats.ObeyedCaps.Fact;
import io.claviger.domain.formats.ProviderApi;
import io.claviger.domain.formats.UseFields;
import io.claviger.domain.spending.BodyUse;
import io.claviger.domain.spending.OperationKind;
import io.claviger.domain.spending.RequestedFees;
import io.claviger.domain.spending.RequestedUse;
import io.claviger.domain.spending.UnstatedUse.Asked;
import io.claviger.domain.usage.FeeKind;
import io.claviger.domain.usage.FeePiece;
import io.claviger.domain.usage.FeesUsed;
import io.claviger.domain.usage.ServiceTier;
import io.claviger.domain.usage.UsageModel;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** What {@link JsonUseScan} finds in a body, and the totals computed from it. */
final class AskedUse {
  /**
   * The maximum number of tokens that a provider adds to each text before it computes an embedding.
   */
  private static final int ADDED_TO_VECTOR = 16;

  /**
   * The maximum number of tokens that a provider adds to each text as an instruction for ranking.
   */
  private static final int ADDED_TO_RANK = 100;

  /**
   * The smallest size, in bytes, of the parts into which some providers split a text before they
   * rank it.
   */
  private static final int PART_OF_RANKED = 500;

  /** The maximum number of different output maxima that are remembered. */
  private static final int MOST_MAXIMA = 8;

  /** The name, in error messages, of the member with a separate limit on reasoning. */
  private static final String AND_REASONING = " plus thinking_budget";

  /**
   * The maximum number of other models that are remembered: two more than allowed, because the
   * called model can be among them and is left out later, and because one model too many makes the
   * use unclear.
   */
  private static final int MOST_REMEMBERED = RequestedUse.MOST_OTHERS + 2;

  /**
   * The number of images that Imagen creates for each prompt unless the request states a number.
   */
  private static final long IMAGES_OF_PROMPT = 4;

  private final ProviderApi api;
  private final String path;
  private final UseFields fields;
  private final OperationKind kind;
  private final Optional<String> inPath;

  Optional<String> model = Optional.empty();
  private Set<UsageModel> others = Set.of();

  /**
   * The substitutes: models that may answer in place of the called model, in the order of the body.
   */
  private Set<UsageModel> substitutes = Set.of();

  private boolean isSubstituteRepeated;

  /** Whether the answer might come from a model that the body does not name. */
  boolean choosesFreely;

  /**
   * The largest maximum of output tokens that the body states for one of the {@link #substitutes}.
   */
  private long mostOfSubstitutes;

  /** Whether a top-level member refers to content outside of the body. */
  boolean refers;

  /** Whether the body continues an earlier response. */
  boolean goesOn;

  boolean streams;

  /** Whether the body contains a predicted part of the answer. */
  boolean predicts;

  /**
   * Whether the model might write more than the output maximum. The body might let the model start
   * further agents. The body might also choose a mode of reasoning of which no document says that
   * the maximum limits all of its output.
   */
  boolean writesBeyond;

  /** The number of objects in the body that contain a maximum of output tokens. */
  int parents;

  /** The different output maxima in the body, each with its member. */
  private List<OutputMaximum> maxima = List.of();

  /**
   * A maximum of output tokens in a body.
   *
   * @param member the name of the member; empty if the member belongs to another API, but some
   *     servers of this API understand it too
   * @param tokens the maximum; empty if the value means no limit
   */
  private record OutputMaximum(String member, OptionalLong tokens) {}

  /**
   * The maximum number of reasoning tokens that the body permits; empty if the body does not say.
   */
  private OptionalLong reasoning = OptionalLong.empty();

  /** Whether parsers might understand the body's members about reasoning differently. */
  boolean isReasoningUnclear;

  /**
   * The maximum number of results that the body permits for a web search; 0 if the body does not
   * say.
   */
  private long results;

  /** The number of answers per prompt that the body requests; 0 if the body does not say. */
  long answers;

  long prompts;

  /** The number of elements in top-level arrays, not counting numbers. */
  long elements;

  long rankedBytes;

  /**
   * An upper bound on the number of characters that the provider has to speak; negative if the
   * characters can't be counted.
   */
  long spoken;

  /** The number of Latin letters that take as long to speak as the characters of the text. */
  long spokenLength;

  /**
   * The slowest speed of speech in the body, in percent of normal speed; 0 if the body names no
   * speed.
   */
  private long speed;

  boolean cachesForAnHour;

  /**
   * Whether the request might choose an engine that another account pays, so that the cost in the
   * answer lacks the engine's fees.
   */
  boolean paysElsewhere;

  /** Whether the request chooses a way to read files that has no fee for pages. */
  boolean readsFilesFreely;

  /**
   * The number of lists of page numbers in the body, and the number of pages in all these lists.
   */
  int pageLists;

  long pages;

  /**
   * Whether a list of pages contains something other than plain numbers, such as a range of pages.
   */
  boolean pagesUnclear;

  /** Whether the body also requests annotations for the pages of a document. */
  boolean annotates;

  String quality = "";
  String size = "";

  /** The number of members that name a quality or a size of images, in any spelling. */
  int qualities;

  int sizes;

  final AskedTiers tiers;

  AskedUse(
      ProviderApi api, String path, UseFields fields, OperationKind kind, Optional<String> inPath) {
    this.api = api;
    this.path = path;
    this.fields = fields;
    this.kind = kind;
    this.inPath = inPath;
    this.streams = fields.streamsUnlessSaid();
    this.tiers = new AskedTiers(api);
  }

  /**
   * Adds a maximum of output tokens.
   *
   * @param member the name of the JSON member that states the maximum; empty if the API has no such
   *     member
   * @param tokens the maximum; empty if the value means no limit. A maximum of 0 makes the use
   *     unclear, unless the provider is known to write nothing in that case
   */
  void addMaximum(String member, OptionalLong tokens) {
    OutputMaximum added = new OutputMaximum(member, tokens);
    if (maxima.isEmpty()) {
      maxima = List.of(added);
    } else if (maxima.size() <= MOST_MAXIMA) {
      maxima = Stream.concat(maxima.stream(), Stream.of(added)).toList();
    }
  }

  /**
   * Adds a maximum number of results of a web search. If the body contains several such maxima, the
   * largest one counts.
   */
  void addResults(OptionalLong number) {
    results = Math.max(results, number.orElse(Long.MAX_VALUE));
  }

  /**
   * Adds a maximum of reasoning tokens. If the body contains several such maxima, the smallest one
   * counts.
   */
  void boundReasoning(OptionalLong tokens) {
    if (reasoning.isEmpty() || tokens.orElse(Long.MAX_VALUE) < reasoning.getAsLong()) {
      reasoning = tokens;
    }
  }

  /**
   * Adds another model that the body names. Ignores the model in the path.
   *
   * @param named the model's name; a name that no model can have counts as a model without a price
   */
  void addOther(String named) {
    String bare = ModelPath.bare(named);
    boolean again = inPath.isPresent() && ModelPath.bare(inPath.get()).equals(bare);
    if (!again && others.size() < MOST_REMEMBERED) {
      others = others.isEmpty() ? new HashSet<>() : others;
      others.add(UsageModel.called(bare));
    }
  }

  /**
   * Adds a model that may answer in place of the called model.
   *
   * @param named the model's name; a name that no model can have counts as a model without a price
   */
  void addSubstitute(String named) {
    if (substitutes.size() < MOST_REMEMBERED) {
      substitutes = substitutes.isEmpty() ? new LinkedHashSet<>() : substitutes;
      isSubstituteRepeated |= !substitutes.add(UsageModel.called(ModelPath.bare(named)));
    }
  }

  /** Adds a maximum of output tokens that applies only to a substitute. */
  void addMaximumOfSubstitute(long tokens) {
    mostOfSubstitutes = Math.max(mostOfSubstitutes, tokens);
  }

  /**
   * Returns the requested use of the whole body. Must be called only after the end of the body.
   *
   * @param bytes the size of the whole body, in bytes
   */
  BodyUse whole(long bytes, RequestedTools tools, RequestContent content) {
    return new Whole(named(), bytes, tools, content);
  }

  /** Keeps the last result, because a call needs the same result several times. */
  private final class Whole implements BodyUse {
    private final String named;
    private final UsageModel model;
    private final long bytes;
    private final RequestedTools tools;
    private final RequestContent content;
    private volatile @Nullable Answer last;

    /**
     * @param named the model's name; empty if the model is unknown
     */
    Whole(String named, long bytes, RequestedTools tools, RequestContent content) {
      this.named = named;
      this.model = called(named);
      this.bytes = bytes;
      this.tools = tools;
      this.content = content;
    }

    @Override
    public Optional<RequestedUse> at(ObeyedCaps caps, boolean exact) {
      boolean demanded = exact && maxima.size() > 1;
      Answer known = last;
      if (known == null || known.exact() != demanded || !known.caps().equals(caps)) {
        known = new Answer(caps, demanded, use(caps, demanded));
        last = known;
      }
      return known.use();
    }

    /**
     * Returns the requested use of the whole body.
     *
     * @param caps the settings that the provider is known to obey, such as a maximum of output
     *     tokens
     * @param exact whether different maxima of output tokens in the body make the use unclear
     * @return empty if parsers might understand the body differently, or if Claviger can't count
     *     what the body requests
     */
    private Optional<RequestedUse> use(ObeyedCaps caps, boolean exact) {
      boolean boundsCalls = api.boundsToolCalls(path, caps);
      UseFields obeyed = api.useFields(path, caps);
      boolean text = kind == OperationKind.TEXT;
      boolean searchesFiles =
          text && caps.have(Fact.SEARCHES_FILES) && (goesOn || content.hasFiles());
      boolean usesUnasked = searchesFiles || (text && usesToolsUnasked(named));
      boolean elsewhere = refers || content.refersElsewhere() || tools.areUsed() || usesUnasked;
      boolean isPrediction = kind == OperationKind.IMAGES && path.endsWith(":predict");
      long each = answers > 0 ? answers : isPrediction ? IMAGES_OF_PROMPT : 1;
      long all = each * Math.max(1, isPrediction ? elements : prompts);
      long rounds = kind == OperationKind.INPUT ? readings(elsewhere) : tools.rounds(boundsCalls);
      if (text && elsewhere) {
        // Each prompt may fill the context, and the model gives as many answers to each prompt as
        // the body requests.
        all = each;
        rounds *= Math.max(1, prompts);
      }
      boolean bounded = isBounded(obeyed.output());
      Set<UsageModel> instead = substitutesFor(model);
      Set<UsageModel> further = othersThan(model, instead);
      boolean unclear =
          (bounded && exact && !areMaximaAlike())
              || parents > 1
              || maxima.size() > MOST_MAXIMA
              || (!caps.have(Fact.TAKES_NO_OUTPUT) && hasZeroMaximum())
              || (tools.areUsed() && api.keepsTools(path))
              || isSubstituteRepeated
              || further.size() > RequestedUse.MOST_OTHERS;
      if (unclear || all > RequestedUse.MOST || rounds > RequestedUse.MOST) {
        return Optional.empty();
      }
      boolean statesOutput =
          text
              && !writesBeyond
              && api.boundsOutput(named)
              && (substitutes.isEmpty()
                  || substitutes.stream().allMatch(other -> api.boundsOutput(other.name())));
      boolean reasonsBeyond =
          statesOutput && mayReasonBeyond(named, caps) && !isNewerBounded(obeyed);
      int searches = caps.have(Fact.SEARCHES_BY_RESULTS) ? RequestedFees.searchesFor(results) : 1;
      FeesUsed ofOffered =
          tools.fees(content.offersTools(), boundsCalls, caps.have(Fact.CODE_BY_SESSION));
      FeesUsed ofTools =
          (api.fetchesFreely(caps) ? RequestedFees.withoutFetches(ofOffered) : ofOffered)
              .plus(searchesFiles ? RequestedFees.ofFileSearches() : FeesUsed.NONE);
      FeesUsed ofFiles =
          text && caps.have(Fact.READS_PAGES) && !readsFilesFreely
              ? RequestedFees.ofFiles(content.files())
              : FeesUsed.NONE;
      FeesUsed fees =
          RequestedFees.withSearchesAs(
                  searches, fees(model, bytes, all, ofTools.plus(tools.actions())))
              .plus(text ? ofRecordings(bytes, content) : FeesUsed.NONE)
              .plus(ofFiles);
      return Optional.of(
          new RequestedUse(
              model,
              kind,
              readBytes(bytes),
              new RequestedUse.Reading(
                  elsewhere,
                  (int) rounds,
                  tools.areUnbounded(boundsCalls) || content.offersTools() || usesUnasked),
              new RequestedUse.Writing(
                  statesOutput && bounded ? stated(bytes, reasonsBeyond) : OptionalLong.empty(),
                  statesOutput ? Optional.of(outputField(obeyed, reasonsBeyond)) : Optional.empty(),
                  (int) all,
                  streams),
              further,
              instead,
              mayUsePriority(named) ? tiers.allWith(ServiceTier.PRIORITY) : tiers.all(),
              fees,
              unstated(
                  bytes,
                  text ? unstated(tools, ofTools, caps) : ofRanking(),
                  searches,
                  text ? all : 1,
                  caps.have(Fact.STATES_COST) && !paysElsewhere && !fees.isNone(),
                  ofFiles.count(FeeKind.PAGE))));
    }

    @Override
    public UsageModel model() {
      return model;
    }

    @Override
    public BodyUse named(String other) {
      return other.equals(named) ? this : new Whole(other, bytes, tools, content);
    }

    @Override
    public Set<String> containers() {
      return tools.containers();
    }
  }

  private record Answer(ObeyedCaps caps, boolean exact, Optional<RequestedUse> use) {}

  /** Whether one of the requested models might reason beyond the output maximum of the body. */
  private boolean mayReasonBeyond(String named, ObeyedCaps caps) {
    return !api.boundsReasoning(path, named, caps)
        || (!substitutes.isEmpty()
            && substitutes.stream()
                .anyMatch(other -> !api.boundsReasoning(path, other.name(), caps)));
  }

  /** Whether one of the requested models can get a faster tier that the body does not name. */
  private boolean mayUsePriority(String named) {
    return api.mayUsePriority(named)
        || (!substitutes.isEmpty()
            && substitutes.stream().anyMatch(other -> api.mayUsePriority(other.name())));
  }

  /** Returns the members that the body has to state to limit the output, for error messages. */
  private String outputField(UseFields obeyed, boolean reasonsBeyond) {
    boolean isOff = !isReasoningUnclear && reasoning.orElse(1) == 0;
    return reasonsBeyond && !isOff ? obeyed.outputField() + AND_REASONING : obeyed.outputField();
  }

  /** Records a speed of speech in the body. The slowest speed counts. */
  void speakAt(long hundredths) {
    speed = speed == 0 ? Math.max(1, hundredths) : Math.min(speed, Math.max(1, hundredths));
  }

  /**
   * Returns one use of each tool, except for tools whose number of uses is stated in the answers.
   * OpenRouter states only searches separately from the runs of its other tools, and DeepSeek
   * states searches and pages. Besides searches, at most two tools have a fee: the tool for images,
   * and the cheaper tool that fetches pages.
   */
  private FeesUsed unstated(RequestedTools tools, FeesUsed ofTools, ObeyedCaps caps) {
    if (ofTools.isNone()) {
      return ofTools;
    }
    if (caps.have(Fact.SEARCHES_BY_RESULTS) || caps.have(Fact.CHARGES_FETCHES)) {
      boolean fetches = ofTools.counts().containsKey(FeePiece.FETCH);
      return tools.makeImages()
          ? FeesUsed.of(FeeKind.IMAGE, 1)
          : fetches ? FeesUsed.of(FeePiece.FETCH, 1) : FeesUsed.NONE;
    }
    Optional<Set<String>> stated = api.statedFees(path, caps);
    return stated.isEmpty()
        ? FeesUsed.NONE
        : RequestedFees.onceExcept(
            stated.get().stream()
                .map(FeeKind::of)
                .flatMap(Optional::stream)
                .collect(Collectors.toUnmodifiableSet()),
            ofTools);
  }

  /**
   * @param ofTools the use of the tools according to the request; it is charged for those tools
   *     whose use the answer does not state
   * @param searches the number of searches that the provider charges for one web search; it depends
   *     on the number of results of the search
   * @param all the number of requested answers
   * @param isCostStated whether the answer states the cost of the whole call
   * @param filePages the maximum number of pages of files that the provider reads for a fee
   */
  private Asked unstated(
      long bytes, FeesUsed ofTools, int searches, long all, boolean isCostStated, long filePages) {
    long characters = isWholeSpoken() ? spokenLength : bytes;
    long spokenTokens =
        kind == OperationKind.MEDIA && isSpeech(path)
            ? Asked.tokensOf(characters, speed == 0 ? Asked.USUAL_SPEED : speed)
            : 0;
    boolean isNothing =
        !cachesForAnHour
            && spokenTokens == 0
            && ofTools.isNone()
            && searches == 1
            && all == 1
            && !isCostStated
            && filePages == 0;
    return isNothing
        ? Asked.NOTHING
        : new Asked(cachesForAnHour, spokenTokens, ofTools, searches, all, isCostStated, filePages);
  }

  /** Whether the number of characters in all texts that are spoken is known, and is not 0. */
  private boolean isWholeSpoken() {
    return spoken > 0 && !refers;
  }

  private String named() {
    Optional<String> stated = inPath.isPresent() ? inPath : model;
    return stated.isPresent() || substitutes.isEmpty()
        ? stated.orElse("")
        : substitutes.iterator().next().name();
  }

  private static UsageModel called(String named) {
    return named.isEmpty() ? UsageModel.UNKNOWN : UsageModel.called(named);
  }

  /**
   * Returns the models that may answer in place of the called model. If the answer might come from
   * a model that the body does not name, the result also contains the called model, which stands
   * for that model. A model that is also named for a tool is not included, because it might use
   * more as a tool.
   */
  private Set<UsageModel> substitutesFor(UsageModel called) {
    if (substitutes.isEmpty() && !choosesFreely) {
      return Set.of();
    }
    Set<UsageModel> instead = new HashSet<>(substitutes);
    instead.removeAll(others);
    boolean unused = inPath.isEmpty() && model.isEmpty() && instead.remove(called(named()));
    unused = choosesFreely && called.isKnown() && instead.add(called);
    return instead;
  }

  private Set<UsageModel> othersThan(UsageModel called, Set<UsageModel> instead) {
    if (instead.isEmpty() && !others.contains(called)) {
      return others;
    }
    Set<UsageModel> rest = new HashSet<>(others);
    boolean unused = rest.remove(called);
    unused = rest.addAll(instead);
    return rest;
  }

  /** Whether one of the given members in the body contains a maximum of output tokens. */
  private boolean isBounded(Set<String> members) {
    for (OutputMaximum each : maxima) {
      if (each.tokens().isPresent() && members.contains(each.member())) {
        return true;
      }
    }
    return false;
  }

  /**
   * Whether the body has the newer of the two members for the maximum output of a chat. The maximum
   * in the newer member always limits reasoning, too.
   */
  private boolean isNewerBounded(UseFields obeyed) {
    return obeyed.output().contains(ObeyedCaps.NEWER_OUTPUT)
        && isBounded(Set.of(ObeyedCaps.NEWER_OUTPUT));
  }

  /**
   * Whether the body has an output maximum of 0, which some providers might treat as no maximum.
   */
  private boolean hasZeroMaximum() {
    for (OutputMaximum each : maxima) {
      if (each.tokens().orElse(1) == 0) {
        return true;
      }
    }
    return false;
  }

  /** Whether all output maxima in the body are equal. */
  private boolean areMaximaAlike() {
    for (OutputMaximum each : maxima) {
      if (!each.tokens().equals(maxima.getFirst().tokens())) {
        return false;
      }
    }
    return true;
  }

  private FeesUsed ofRanking() {
    return fields.ranks() ? RequestedFees.ofRanking(pairs()) : FeesUsed.NONE;
  }

  private FeesUsed fees(UsageModel called, long bytes, long all, FeesUsed ofTools) {
    return switch (kind) {
      case NOTHING, VERDICTS -> FeesUsed.NONE;
      case TEXT -> RequestedFees.times(ofTools.plus(searchesUnasked(called)), all);
      case INPUT -> ofRanking();
      case IMAGES -> FeesUsed.of(FeePiece.stated(FeeKind.IMAGE, qualityOfImages()), all);
      case MEDIA -> ofMedia(bytes);
    };
  }

  /**
   * Whether a requested model might use tools without a limit even if the request offers no tools.
   */
  private boolean usesToolsUnasked(String named) {
    return api.usesToolsUnasked(path, named)
        || useToolsUnasked(others)
        || useToolsUnasked(substitutes);
  }

  private boolean useToolsUnasked(Set<UsageModel> further) {
    return !further.isEmpty()
        && further.stream().anyMatch(other -> api.usesToolsUnasked(path, other.name()));
  }

  /** Returns the maximum number of web searches that a requested model might make on its own. */
  private FeesUsed searchesUnasked(UsageModel called) {
    long most = api.searchesUnasked(path, called.name());
    for (UsageModel other : others) {
      most = Math.max(most, api.searchesUnasked(path, other.name()));
    }
    for (UsageModel other : substitutes) {
      most = Math.max(most, api.searchesUnasked(path, other.name()));
    }
    return FeesUsed.of(FeeKind.WEB_SEARCH, most);
  }

  private FeesUsed ofMedia(long bytes) {
    if (OperationKind.readsPages(path)) {
      return RequestedFees.ofDocument(pageLists == 1 && !pagesUnclear ? pages : 0, annotates);
    }
    if (isSpeech(path)) {
      return FeesUsed.of(FeeKind.CHARACTER, isWholeSpoken() ? spoken : bytes);
    }
    // Usually, the JSON contains only the recording's URL. If the JSON contains the recording
    // itself, the recording is in Base64, so the body is longer than the recording.
    return RequestedFees.ofRecordingElsewhere().plus(RequestedFees.ofRecording(bytes));
  }

  /** Returns an upper bound for the length of the recordings in a chat. */
  private static FeesUsed ofRecordings(long bytes, RequestContent content) {
    if (!content.hasRecordings()) {
      return FeesUsed.NONE;
    }
    FeesUsed inside = RequestedFees.ofRecording(bytes);
    return content.hasRecordingsElsewhere()
        ? inside.plus(RequestedFees.ofRecordingElsewhere())
        : inside;
  }

  static boolean isSpeech(String path) {
    return path.endsWith("audio/speech");
  }

  /**
   * The quality and size of the requested images, as price lists name them. The result is unknown
   * unless the body contains exactly one quality and one size.
   */
  private String qualityOfImages() {
    String ofQuality = qualities == 1 && !quality.equals("auto") ? quality : "";
    String ofSize = sizes == 1 && !size.equals("auto") ? size : "";
    return ofQuality.isEmpty() || ofSize.isEmpty() ? ofQuality + ofSize : ofQuality + "/" + ofSize;
  }

  /**
   * Returns the largest output that the body permits; empty if a maximum in the body means no
   * limit. If there are several maxima, the largest maximum counts, because the provider might use
   * any of them. Predicted text is added, because the provider charges its unused parts as output.
   *
   * @param reasonsBeyond whether reasoning is output beyond these maxima
   */
  private OptionalLong stated(long bytes, boolean reasonsBeyond) {
    long most = 0;
    for (OutputMaximum each : maxima) {
      if (each.tokens().isEmpty()) {
        return OptionalLong.empty();
      }
      most = Math.max(most, each.tokens().getAsLong());
    }
    most = Math.max(most, mostOfSubstitutes);
    if (reasonsBeyond) {
      if (reasoning.isEmpty() || isReasoningUnclear) {
        return OptionalLong.empty();
      }
      most = Amounts.sum(most, reasoning.getAsLong());
    }
    return OptionalLong.of(predicts ? most + bytes : most);
  }

  /** Returns how many times input from outside of the body can fill the model's whole context. */
  private long readings(boolean elsewhere) {
    return elsewhere ? Math.max(1, fields.ranks() ? pairs() : elements) : 1;
  }

  /**
   * Returns how many bytes the provider has to read. To rank a text, a model reads the text
   * together with the rest of the body, but without the other texts to rank.
   */
  private long readBytes(long bytes) {
    if (kind != OperationKind.INPUT) {
      return bytes;
    }
    return fields.ranks()
        ? rankedBytes + pairs() * (bytes - rankedBytes + ADDED_TO_RANK)
        : bytes + elements * ADDED_TO_VECTOR;
  }

  private long pairs() {
    return Math.max(1, elements + rankedBytes / PART_OF_RANKED);
  }
}
