package io.claviger.gateway.model;

import io.claviger.domain.Amounts;
import io.claviger.domain.formats.ObeyedCaps;
import io.claviger.domain.formats.ObeyedCaps.Fact;
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
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Computes the requested use of a whole body from what {@link JsonUseScan} found in it. The last
 * result is kept, because a call needs the same result several times.
 */
final class WholeBodyUse implements BodyUse {
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

  /** The name, in error messages, of the member with a separate limit on reasoning. */
  private static final String AND_REASONING = " plus thinking_budget";

  /**
   * The number of images that Imagen creates for each prompt unless the request states a number.
   */
  private static final long IMAGES_OF_PROMPT = 4;

  private final AskedUse found;
  private final String named;
  private final UsageModel model;
  private final long bytes;
  private final RequestedTools tools;
  private final RequestContent content;
  private volatile @Nullable Answer last;

  /**
   * @param found everything that the body contains
   * @param named the model's name; empty if the model is unknown
   * @param bytes the size of the whole body, in bytes
   */
  WholeBodyUse(
      AskedUse found, String named, long bytes, RequestedTools tools, RequestContent content) {
    this.found = found;
    this.named = named;
    this.model = called(named);
    this.bytes = bytes;
    this.tools = tools;
    this.content = content;
  }

  @Override
  public Optional<RequestedUse> at(ObeyedCaps caps, boolean exact) {
    boolean demanded = exact && found.maxima.size() > 1;
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
   * @param caps the settings that the provider is known to obey, such as a maximum of output tokens
   * @param exact whether different maxima of output tokens in the body make the use unclear
   * @return empty if parsers might understand the body differently, or if Claviger can't count what
   *     the body requests
   */
  private Optional<RequestedUse> use(ObeyedCaps caps, boolean exact) {
    boolean boundsCalls = found.api.boundsToolCalls(found.path, caps);
    UseFields obeyed = found.api.useFields(found.path, caps);
    boolean text = found.kind == OperationKind.TEXT;
    boolean searchesFiles =
        text && caps.have(Fact.SEARCHES_FILES) && (found.goesOn || content.hasFiles());
    boolean usesUnasked = searchesFiles || (text && usesToolsUnasked());
    boolean elsewhere = found.refers || content.refersElsewhere() || tools.areUsed() || usesUnasked;
    boolean isPrediction = found.kind.makesImagesOfPrompts(found.path);
    long each = found.answers > 0 ? found.answers : isPrediction ? IMAGES_OF_PROMPT : 1;
    long all = each * Math.max(1, isPrediction ? found.elements : found.prompts);
    long rounds =
        found.kind == OperationKind.INPUT ? readings(elsewhere) : tools.rounds(boundsCalls);
    if (text && elsewhere) {
      // Each prompt may fill the context, and the model gives as many answers to each prompt as
      // the body requests.
      all = each;
      rounds *= Math.max(1, found.prompts);
    }
    boolean bounded = isBounded(obeyed.output());
    Set<UsageModel> instead = substitutes();
    Set<UsageModel> further = othersThan(instead);
    boolean unclear =
        (bounded && exact && !areMaximaAlike())
            || found.parents > 1
            || found.maxima.size() > AskedUse.MOST_MAXIMA
            || (!caps.have(Fact.TAKES_NO_OUTPUT) && hasZeroMaximum())
            || (tools.areUsed() && found.api.keepsTools(found.path))
            || found.isSubstituteRepeated
            || further.size() > RequestedUse.MOST_OTHERS;
    if (unclear || all > RequestedUse.MOST || rounds > RequestedUse.MOST) {
      return Optional.empty();
    }
    boolean statesOutput =
        text
            && !found.writesBeyond
            && found.api.boundsOutput(named)
            && (found.substitutes.isEmpty()
                || found.substitutes.stream()
                    .allMatch(other -> found.api.boundsOutput(other.name())));
    boolean reasonsBeyond = statesOutput && mayReasonBeyond(caps) && !isNewerBounded(obeyed);
    int searches =
        caps.have(Fact.SEARCHES_BY_RESULTS) ? RequestedFees.searchesFor(found.results) : 1;
    FeesUsed ofOffered =
        tools.fees(content.offersTools(), boundsCalls, caps.have(Fact.CODE_BY_SESSION));
    FeesUsed ofTools =
        (found.api.fetchesFreely(caps) ? RequestedFees.withoutFetches(ofOffered) : ofOffered)
            .plus(searchesFiles ? RequestedFees.ofFileSearches() : FeesUsed.NONE);
    FeesUsed ofFiles =
        text && caps.have(Fact.READS_PAGES) && !found.readsFilesFreely
            ? RequestedFees.ofFiles(content.files())
            : FeesUsed.NONE;
    FeesUsed ofRead =
        tools.makeImages() && found.api.chargesReadingForImages(found.path, caps)
            ? RequestedFees.ofImagesToRead(ofTools, found.refers || content.refersElsewhere())
            : FeesUsed.NONE;
    FeesUsed fees =
        RequestedFees.withSearchesAs(
                searches, fees(all, ofTools.plus(tools.actions()).plus(ofRead)))
            .plus(text ? ofRecordings() : FeesUsed.NONE)
            .plus(ofFiles);
    return Optional.of(
        new RequestedUse(
            model,
            found.kind,
            readBytes(),
            new RequestedUse.Reading(
                elsewhere,
                (int) rounds,
                tools.areUnbounded(boundsCalls) || content.offersTools() || usesUnasked),
            new RequestedUse.Writing(
                statesOutput && bounded ? stated(reasonsBeyond) : OptionalLong.empty(),
                statesOutput ? Optional.of(outputField(obeyed, reasonsBeyond)) : Optional.empty(),
                (int) all,
                found.streams),
            further,
            instead,
            mayUsePriority() ? found.tiers.allWith(ServiceTier.PRIORITY) : found.tiers.all(),
            fees,
            unstated(
                text ? unstated(ofTools, caps) : ofRanking(),
                searches,
                text ? all : 1,
                caps.have(Fact.STATES_COST) && !found.paysElsewhere && !fees.isNone(),
                ofFiles.count(FeeKind.PAGE))));
  }

  @Override
  public UsageModel model() {
    return model;
  }

  @Override
  public BodyUse named(String other) {
    return other.equals(named) ? this : new WholeBodyUse(found, other, bytes, tools, content);
  }

  @Override
  public Set<String> containers() {
    return tools.containers();
  }

  private record Answer(ObeyedCaps caps, boolean exact, Optional<RequestedUse> use) {}

  /** Whether one of the requested models might reason beyond the output maximum of the body. */
  private boolean mayReasonBeyond(ObeyedCaps caps) {
    return !found.api.boundsReasoning(found.path, named, caps)
        || (!found.substitutes.isEmpty()
            && found.substitutes.stream()
                .anyMatch(other -> !found.api.boundsReasoning(found.path, other.name(), caps)));
  }

  /** Whether one of the requested models can get a faster tier that the body does not name. */
  private boolean mayUsePriority() {
    return found.api.mayUsePriority(named)
        || (!found.substitutes.isEmpty()
            && found.substitutes.stream()
                .anyMatch(other -> found.api.mayUsePriority(other.name())));
  }

  /** Returns the members that the body has to state to limit the output, for error messages. */
  private String outputField(UseFields obeyed, boolean reasonsBeyond) {
    boolean isOff = !found.isReasoningUnclear && found.reasoning.orElse(1) == 0;
    return reasonsBeyond && !isOff ? obeyed.outputField() + AND_REASONING : obeyed.outputField();
  }

  /**
   * Returns one use of each tool, except for tools whose number of uses is stated in the answers.
   * OpenRouter states only searches separately from the runs of its other tools, and DeepSeek
   * states searches and pages. Besides searches, at most two tools have a fee: the tool for images,
   * and the cheaper tool that fetches pages.
   */
  private FeesUsed unstated(FeesUsed ofTools, ObeyedCaps caps) {
    if (ofTools.isNone()) {
      return ofTools;
    }
    if (caps.have(Fact.SEARCHES_BY_RESULTS) || caps.have(Fact.CHARGES_FETCHES)) {
      boolean fetches = ofTools.counts().containsKey(FeePiece.FETCH);
      return tools.makeImages()
          ? FeesUsed.of(FeeKind.IMAGE, 1)
          : fetches ? FeesUsed.of(FeePiece.FETCH, 1) : FeesUsed.NONE;
    }
    Optional<Set<String>> stated = found.api.statedFees(found.path, caps);
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
      FeesUsed ofTools, int searches, long all, boolean isCostStated, long filePages) {
    long characters = isWholeSpoken() ? found.spokenLength : bytes;
    long spokenTokens =
        found.kind == OperationKind.MEDIA && isSpeech(found.path)
            ? Asked.tokensOf(characters, found.speed == 0 ? Asked.USUAL_SPEED : found.speed)
            : 0;
    boolean isNothing =
        !found.cachesForAnHour
            && spokenTokens == 0
            && ofTools.isNone()
            && searches == 1
            && all == 1
            && !isCostStated
            && filePages == 0;
    return isNothing
        ? Asked.NOTHING
        : new Asked(
            found.cachesForAnHour, spokenTokens, ofTools, searches, all, isCostStated, filePages);
  }

  /** Whether the number of characters in all texts that are spoken is known, and is not 0. */
  private boolean isWholeSpoken() {
    return found.spoken > 0 && !found.refers;
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
  private Set<UsageModel> substitutes() {
    if (found.substitutes.isEmpty() && !found.choosesFreely) {
      return Set.of();
    }
    Set<UsageModel> instead = new HashSet<>(found.substitutes);
    instead.removeAll(found.others);
    boolean unused =
        found.inPath.isEmpty() && found.model.isEmpty() && instead.remove(called(found.named()));
    unused = found.choosesFreely && model.isKnown() && instead.add(model);
    return instead;
  }

  private Set<UsageModel> othersThan(Set<UsageModel> instead) {
    if (instead.isEmpty() && !found.others.contains(model)) {
      return found.others;
    }
    Set<UsageModel> rest = new HashSet<>(found.others);
    boolean unused = rest.remove(model);
    unused = rest.addAll(instead);
    return rest;
  }

  /** Whether one of the given members in the body contains a maximum of output tokens. */
  private boolean isBounded(Set<String> members) {
    for (AskedUse.OutputMaximum each : found.maxima) {
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
    for (AskedUse.OutputMaximum each : found.maxima) {
      if (each.tokens().orElse(1) == 0) {
        return true;
      }
    }
    return false;
  }

  /** Whether all output maxima in the body are equal. */
  private boolean areMaximaAlike() {
    for (AskedUse.OutputMaximum each : found.maxima) {
      if (!each.tokens().equals(found.maxima.getFirst().tokens())) {
        return false;
      }
    }
    return true;
  }

  private FeesUsed ofRanking() {
    return found.fields.ranks() ? RequestedFees.ofRanking(pairs()) : FeesUsed.NONE;
  }

  private FeesUsed fees(long all, FeesUsed ofTools) {
    return switch (found.kind) {
      case NOTHING, VERDICTS -> FeesUsed.NONE;
      case TEXT -> RequestedFees.times(ofTools.plus(searchesUnasked()), all);
      case INPUT -> ofRanking();
      case IMAGES -> FeesUsed.of(found.images().piece(), all);
      case MEDIA -> ofMedia();
    };
  }

  /**
   * Whether a requested model might use tools without a limit even if the request offers no tools.
   */
  private boolean usesToolsUnasked() {
    return found.api.usesToolsUnasked(found.path, named)
        || useToolsUnasked(found.others)
        || useToolsUnasked(found.substitutes);
  }

  private boolean useToolsUnasked(Set<UsageModel> further) {
    return !further.isEmpty()
        && further.stream().anyMatch(other -> found.api.usesToolsUnasked(found.path, other.name()));
  }

  /** Returns the maximum number of web searches that a requested model might make on its own. */
  private FeesUsed searchesUnasked() {
    long most = found.api.searchesUnasked(found.path, model.name());
    for (UsageModel other : found.others) {
      most = Math.max(most, found.api.searchesUnasked(found.path, other.name()));
    }
    for (UsageModel other : found.substitutes) {
      most = Math.max(most, found.api.searchesUnasked(found.path, other.name()));
    }
    return FeesUsed.of(FeeKind.WEB_SEARCH, most);
  }

  private FeesUsed ofMedia() {
    if (OperationKind.readsPages(found.path)) {
      return RequestedFees.ofDocument(
          found.pageLists == 1 && !found.pagesUnclear ? found.pages : 0, found.annotates);
    }
    if (isSpeech(found.path)) {
      return FeesUsed.of(FeeKind.CHARACTER, isWholeSpoken() ? found.spoken : bytes);
    }
    // Usually, the JSON contains only the recording's URL. If the JSON contains the recording
    // itself, the recording is in Base64, so the body is longer than the recording.
    return RequestedFees.ofRecordingElsewhere().plus(RequestedFees.ofRecording(bytes));
  }

  /** Returns an upper bound for the length of the recordings in a chat. */
  private FeesUsed ofRecordings() {
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
   * Returns the largest output that the body permits; empty if a maximum in the body means no
   * limit. If there are several maxima, the largest maximum counts, because the provider might use
   * any of them. Predicted text is added, because the provider charges its unused parts as output.
   *
   * @param reasonsBeyond whether reasoning is output beyond these maxima
   */
  private OptionalLong stated(boolean reasonsBeyond) {
    long most = 0;
    for (AskedUse.OutputMaximum each : found.maxima) {
      if (each.tokens().isEmpty()) {
        return OptionalLong.empty();
      }
      most = Math.max(most, each.tokens().getAsLong());
    }
    most = Math.max(most, found.mostOfSubstitutes);
    if (reasonsBeyond) {
      if (found.reasoning.isEmpty() || found.isReasoningUnclear) {
        return OptionalLong.empty();
      }
      most = Amounts.sum(most, found.reasoning.getAsLong());
    }
    return OptionalLong.of(found.predicts ? most + bytes : most);
  }

  /** Returns how many times input from outside of the body can fill the model's whole context. */
  private long readings(boolean elsewhere) {
    return elsewhere ? Math.max(1, found.fields.ranks() ? pairs() : found.elements) : 1;
  }

  /**
   * Returns how many bytes the provider has to read. To rank a text, a model reads the text
   * together with the rest of the body, but without the other texts to rank.
   */
  private long readBytes() {
    if (found.kind != OperationKind.INPUT) {
      return bytes;
    }
    return found.fields.ranks()
        ? found.rankedBytes + pairs() * (bytes - found.rankedBytes + ADDED_TO_RANK)
        : bytes + found.elements * ADDED_TO_VECTOR;
  }

  private long pairs() {
    return Math.max(1, found.elements + found.rankedBytes / PART_OF_RANKED);
  }
}
