package io.claviger.gateway.usage;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.claviger.domain.Amounts;
import io.claviger.domain.formats.ProviderApi;
import io.claviger.domain.formats.UsagePlaces;
import io.claviger.domain.formats.UsagePlaces.Meaning;
import io.claviger.domain.standards.WireFormat;
import io.claviger.domain.usage.FeeKind;
import io.claviger.domain.usage.FeesUsed;
import io.claviger.domain.usage.ServiceTier;
import io.claviger.domain.usage.TokenUsage;
import io.claviger.gateway.wire.ByteBlocks;
import io.claviger.gateway.wire.ByteSearch;
import io.netty.buffer.ByteBuf;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Reads facts from an answer while it is forwarded: the stated tokens and images, the answering
 * model, and whether the last event of a stream has been forwarded. Only values at the {@link
 * UsagePlaces} of the answer's format are used. {@link StatedTokens} adds up the counts.
 *
 * <p>Clients often close the connection after the last event, before the HTTP message ends.
 */
final class TokenCounts {
  private enum Line {
    /** At the beginning of a line of server-sent events. */
    START,
    FIELD,
    /** Directly after the colon of a field whose value is needed. */
    COLON,
    DATA,
    EVENT,
    OTHER
  }

  private static final byte[] DATA = "data".getBytes(US_ASCII);
  private static final byte[] EVENT = "event".getBytes(US_ASCII);
  private static final byte[] DONE = "[DONE]".getBytes(US_ASCII);
  private static final Pattern COUNT = Pattern.compile("[0-9]{1,18}");
  private static final byte[] NOTHING = {};
  private static final byte[] LINE_END = {'\n'};

  /** Until the provider has chosen a tier, answers name this value as their tier. */
  private static final byte[] AUTO = "auto".getBytes(US_ASCII);

  private static final byte[] UNSPECIFIED = "unspecified".getBytes(US_ASCII);
  private static final byte[] TRAFFIC_UNSPECIFIED = "TRAFFIC_TYPE_UNSPECIFIED".getBytes(US_ASCII);
  private static final byte[][] USUAL_MODES = {
    "standard".getBytes(US_ASCII), "global".getBytes(US_ASCII), "not_available".getBytes(US_ASCII)
  };
  private static final byte[] IMAGE_GENERATED = "image_generation.completed".getBytes(US_ASCII);
  private static final byte[] RUN = "server_tool_use".getBytes(US_ASCII);
  private static final byte[] REMOTE_RUN = "mcp_tool_use".getBytes(US_ASCII);
  private static final byte[] IMAGE_EDITED = "image_edit.completed".getBytes(US_ASCII);

  private final UsagePlaces places;
  private final Statements statements = new Statements();
  private final PlaceScanner scanner;
  private final StatedTokens tokens = new StatedTokens();

  /**
   * Counts quantities that have fees; null until the answer states such a quantity. Most answers
   * state none.
   */
  private @Nullable StatedFees fees;

  private AnswerFraming framing = AnswerFraming.NONE;

  /** Reads Amazon's frames; null if the answer does not consist of such frames. */
  private @Nullable EventFrames frames;

  private long pieces;
  private long piecesWhenStated;

  /** The number of frames that have begun; 0 if the answer has no frames. */
  private long framesBegun;

  private long framesWhenStated;
  private boolean statesOutput;
  private boolean isSpoken;

  /** The number of runs of the provider's own tools that have begun, according to the answer. */
  private long runs;

  /** The number of times that the answer has stated the output tokens. */
  private long outputStatements;

  private boolean statedAtLast;
  private boolean preliminary;

  private long images;
  private long streamedImages;
  private boolean hasImage;
  private boolean hasStreamedImage;
  private byte[] model = NOTHING;
  private byte[] tier = NOTHING;

  /** The mode and the country of the call, which affect the price in the same way as the tier. */
  private byte[] mode = NOTHING;

  private byte[] country = NOTHING;

  private byte[] errorCode = NOTHING;

  /** What the provider charges for the call, in nano-dollars; empty if the answer does not say. */
  private OptionalLong cost = OptionalLong.empty();

  /**
   * What the provider charges for the call, in nano-dollars, if a member states it in ticks;
   * otherwise empty.
   */
  private OptionalLong costInTicks = OptionalLong.empty();

  private OptionalLong upstreamCost = OptionalLong.empty();
  private boolean usesOwnKey;

  private boolean isLastDocument;
  private boolean hasLastType;
  private boolean inLastEvent;
  private boolean hasLastPassed;

  private Line line = Line.START;
  private boolean afterReturn;
  private Line field = Line.OTHER;

  /** The name of a field or event, or the beginning of data that might be {@code [DONE]}. */
  private final byte[] word = new byte[32];

  private int length;

  private TokenCounts(UsagePlaces places) {
    this.places = places;
    this.scanner = new PlaceScanner(places, statements);
  }

  /**
   * @param path the path below the service's endpoint
   */
  static TokenCounts of(WireFormat format, String path) {
    return new TokenCounts(format.api().usagePlaces(path));
  }

  /**
   * Returns an object that reads counts at the given places instead of the usual places of an
   * answer's format.
   */
  static TokenCounts at(UsagePlaces places) {
    return new TokenCounts(places);
  }

  /** Begins the answer. Forgets everything that was read before. */
  void begin(AnswerFraming of) {
    framing = of;
    frames = of == AnswerFraming.FRAMES ? new EventFrames(new Framed()) : null;
  }

  /** Records a number or name from a header of the answer. */
  void header(Meaning meaning, String value) {
    if (!meaning.isNumber()) {
      byte[] text = value.getBytes(US_ASCII);
      statements.text(meaning, text, text.length > PlaceScanner.LONGEST ? -1 : text.length);
    } else if (COUNT.matcher(value).matches()) {
      statements.number(meaning, Math.min(Long.parseLong(value), Integer.MAX_VALUE));
    }
  }

  /**
   * @param part a part of the answer's body; this method does not change it
   */
  void scan(ByteBuf part) {
    if (framing != AnswerFraming.NONE) {
      ByteBlocks.read(part, this::scan);
    }
  }

  private void scan(byte[] bytes, int from, int to) {
    switch (framing) {
      case EVENTS -> events(bytes, from, to);
      case LINES -> lines(bytes, from, to);
      case FRAMES -> Objects.requireNonNull(frames).read(bytes, from, to);
      default -> scanner.read(bytes, from, to);
    }
  }

  /**
   * Returns the tokens that the answer has stated so far, of all models together.
   *
   * @param makesImages whether the operation creates images, which are then counted
   */
  TokenUsage usage(boolean makesImages) {
    TokenUsage all = ownUsage(makesImages);
    for (TokenUsage more : tokens.others().orElse(Map.of()).values()) {
      all = all.plus(more);
    }
    return all;
  }

  /**
   * Returns the tokens that the answer has stated so far for the answering model. The tokens of the
   * models in {@link #others} are not included.
   *
   * @param makesImages whether the operation creates images, which are then counted
   */
  TokenUsage ownUsage(boolean makesImages) {
    // Mistral's total also includes the tokens of recordings, which Mistral bills per second
    // instead.
    boolean countsTotal = fees == null || !fees.replaceTokens();
    TokenUsage usage = tokens.usage(makesImages ? madeImages() : 0, countsTotal);
    return fees != null && fees.areIncomplete() ? usage.estimatedCall() : usage;
  }

  /**
   * Returns what the provider itself charges for the call, in nano-dollars; empty if the answer
   * does not say. If the answer states two amounts, returns the larger one.
   */
  OptionalLong billedCost() {
    return costInTicks.orElse(-1) > cost.orElse(-1) ? costInTicks : cost;
  }

  /**
   * Returns what the call costs in all, in nano-dollars. The cost is what the provider charges,
   * and, if the account uses its own key for the model's provider, what the model's provider
   * charges the account. Empty if the answer does not say.
   */
  OptionalLong cost() {
    OptionalLong billed = billedCost();
    return usesOwnKey && billed.isPresent() && upstreamCost.isPresent()
        ? OptionalLong.of(Amounts.sum(billed.getAsLong(), upstreamCost.getAsLong()))
        : usesOwnKey ? OptionalLong.empty() : billed;
  }

  /** Returns the tokens of other models, keyed by the models' names; see {@link StatedTokens}. */
  Optional<Map<String, TokenUsage>> others() {
    return tokens.others();
  }

  /** Records that the request permits the provider to cache input for an hour or longer. */
  void cacheForAnHour() {
    tokens.cacheForAnHour();
  }

  private long madeImages() {
    return streamedImages > 0 ? streamedImages : images;
  }

  /**
   * Whether the answer has stated the call's usage, and no text has followed the statement. A usage
   * of zero does not count as stated, nor do the numbers that Anthropic states at the beginning of
   * a stream. A stream that broke off might have stated only part of the usage, because some
   * providers state a running sum in every event.
   *
   * @param usage the current result of {@link #usage}
   */
  boolean isStated(TokenUsage usage) {
    return statedAtLast
        && unstatedPieces() == 0
        && (!usage.isNothing() || (fees != null && fees.replaceTokens()));
  }

  /**
   * Returns the stated service tier; if the answer states several tiers, the last one. A mode or
   * country counts as a tier too, because it changes the usual rates by a factor.
   */
  Optional<ServiceTier> tier(ProviderApi api) {
    ServiceTier stated = tier(api, tier);
    if (mode.length + country.length > 0 && stated.equals(ServiceTier.STANDARD)) {
      ServiceTier ofMode = tier(api, mode);
      return Optional.of(country.length == 0 ? ofMode : ofMode.in(tier(api, country)));
    }
    return tier.length == 0 ? Optional.empty() : Optional.of(stated);
  }

  private static ServiceTier tier(ProviderApi api, byte[] name) {
    return name.length == 0
        ? ServiceTier.STANDARD
        : ServiceTier.of(api.tierCalled(new String(name, US_ASCII)));
  }

  /**
   * Returns the quantities for which the provider charges fees.
   *
   * @param path the path of the operation; empty to count only what the answer states
   * @param model the answering model
   * @param images the number of images that the operation has generated
   * @param answers the number of requested answers
   */
  FeesUsed fees(ProviderApi api, String path, String model, long images, long answers) {
    long stated = fees == null ? 0 : fees.searches();
    long searches = api.billedSearches(path, model, stated, answers);
    return fees == null && searches == 0 && images == 0
        ? FeesUsed.NONE
        : fees().used(api.isGrounded() ? FeeKind.GROUNDING : FeeKind.WEB_SEARCH, searches, images);
  }

  /**
   * Returns the known memory sizes of the containers that the answer names.
   *
   * @param known the known memory sizes, keyed by the ids of containers
   */
  List<String> memories(Map<String, String> known) {
    return fees == null || known.isEmpty() ? List.of() : fees.memories(known);
  }

  /** Returns the number in {@link StatedFees#searchesWithFinds}. */
  long searchesWithFinds() {
    return fees == null ? 0 : fees.searchesWithFinds();
  }

  /** Returns the number in {@link StatedFees#otherRuns}. */
  OptionalLong otherRuns() {
    return fees == null ? OptionalLong.empty() : fees.otherRuns();
  }

  private StatedFees fees() {
    StatedFees known = fees == null ? new StatedFees() : fees;
    fees = known;
    return known;
  }

  /**
   * Returns the model in the answer; if the answer names several models, the last one. If a model
   * has answered in place of a model that declined, returns the model that has answered. The name
   * has at most {@value PlaceScanner#LONGEST} characters, all of them visible ASCII. Empty if the
   * answer names no model, or if the text can't be a name.
   */
  Optional<String> answeredModel() {
    Optional<String> fallback = tokens.fallback();
    return fallback.isPresent() || model.length == 0
        ? fallback
        : Optional.of(new String(model, US_ASCII));
  }

  /** Returns the code of the error in the answer; empty if the answer states none. */
  String errorCode() {
    return new String(errorCode, US_ASCII);
  }

  /** Whether the answer is a stream of events, of lines or of frames. */
  boolean isOfEvents() {
    return framing.compareTo(AnswerFraming.DOCUMENT) > 0;
  }

  /** Whether the caller has received all events of a stream. */
  boolean hasLastEventPassed() {
    return hasLastPassed;
  }

  /**
   * Returns the number of pieces of text that have been forwarded in a stream; 0 if no piece has
   * followed the last statement of the output tokens. Providers send approximately one token per
   * piece. Most providers state the output tokens only at the end, some also at the beginning. If
   * it is unknown where frames contain the model's text, each frame counts as a piece.
   */
  long unstatedPieces() {
    if (pieces == 0) {
      return framesBegun == framesWhenStated ? 0 : framesBegun;
    }
    return pieces == piecesWhenStated ? 0 : pieces;
  }

  /**
   * The number of forwarded pieces of text; if it is unknown where the text is, the number of
   * frames.
   */
  long pieces() {
    return pieces == 0 ? framesBegun : pieces;
  }

  /** Whether the answer has contained pieces of speech. */
  boolean isSpoken() {
    return isSpoken;
  }

  /**
   * The number of times that the answer has stated its output tokens, including statements at the
   * beginning and between pieces.
   */
  long outputStatements() {
    return outputStatements;
  }

  /** The number of runs of the provider's own tools that have begun, according to the answer. */
  long runs() {
    return runs;
  }

  private void lines(byte[] bytes, int from, int to) {
    int i = from;
    while (i < to) {
      int end = ByteSearch.endOfLine(bytes, i, to);
      scanner.read(bytes, i, end);
      if (end == to) {
        return;
      }
      if (bytes[end] == '\n') {
        hasLastPassed |= isLastDocument;
        isLastDocument = false;
        scanner.reset();
      }
      i = end + 1;
    }
  }

  private void events(byte[] bytes, int from, int to) {
    int i = from;
    while (i < to) {
      switch (line) {
        case START -> i = beginLine(bytes, i);
        case FIELD -> field(bytes[i++]);
        case COLON -> {
          line = field;
          i += bytes[i] == ' ' ? 1 : 0;
        }
        case DATA, EVENT, OTHER -> i = value(bytes, i, to);
      }
    }
  }

  private int beginLine(byte[] bytes, int at) {
    byte next = bytes[at];
    boolean secondHalf = afterReturn && next == '\n';
    afterReturn = false;
    if (secondHalf) {
      return at + 1;
    }
    if (next == '\n' || next == '\r') {
      afterReturn = next == '\r';
      endEvent();
      return at + 1;
    }
    line = Line.FIELD;
    length = 0;
    return at;
  }

  private void endEvent() {
    hasLastPassed |= inLastEvent || isLastDocument;
    inLastEvent = false;
    isLastDocument = false;
    scanner.reset();
  }

  private void field(byte next) {
    if (next == '\n' || next == '\r') {
      endLine(next);
    } else if (next != ':') {
      keep(next);
    } else if (isWord(DATA)) {
      beginValue(Line.DATA);
      scanner.read(LINE_END, 0, 1);
    } else if (isWord(EVENT)) {
      beginValue(Line.EVENT);
    } else {
      line = Line.OTHER;
    }
  }

  private void beginValue(Line of) {
    line = Line.COLON;
    field = of;
    length = 0;
  }

  private void keep(byte next) {
    if (length < word.length) {
      word[length++] = next;
    } else {
      line = Line.OTHER; // The name is longer than any name that matters.
    }
  }

  private int value(byte[] bytes, int from, int to) {
    int end = ByteSearch.endOfLine(bytes, from, to);
    if (line == Line.DATA) {
      scanner.read(bytes, from, end);
    }
    if (line != Line.OTHER) {
      int kept = Math.min(end - from, word.length - length);
      System.arraycopy(bytes, from, word, length, kept);
      length += kept;
    }
    if (end == to) {
      return to;
    }
    inLastEvent |= line == Line.DATA && isDone();
    inLastEvent |= line == Line.EVENT && places.isLast(word, length);
    endLine(bytes[end]);
    return end + 1;
  }

  private void endLine(byte next) {
    afterReturn = next == '\r';
    line = Line.START;
  }

  /** Whether the data is {@code [DONE]}, which marks the end of the documents. */
  private boolean isDone() {
    return length >= DONE.length && Arrays.equals(word, 0, DONE.length, DONE, 0, DONE.length);
  }

  private boolean isWord(byte[] expected) {
    return Arrays.equals(word, 0, length, expected, 0, expected.length);
  }

  /** Reads the JSON document in each event. */
  private final class Framed implements EventFrames.Listener {
    @Override
    public void begin(byte[] type, int size) {
      framesBegun++;
      scanner.reset();
      inLastEvent = places.isLast(type, size);
    }

    @Override
    public void read(byte[] bytes, int from, int to) {
      scanner.read(bytes, from, to);
    }

    @Override
    public void end() {
      endEvent();
    }
  }

  private final class Statements implements PlaceScanner.Listener {
    @Override
    public void begun(Meaning meaning) {
      switch (meaning) {
        case PIECE -> {
          pieces++;
          // A document of a stream can contain a piece of text and the number of output tokens up
          // to and including this piece. The number can precede or follow the piece.
          piecesWhenStated = statesOutput ? pieces : piecesWhenStated;
        }
        case SPEECH -> isSpoken = true;
        case IMAGE -> hasImage = true;
        case WHOLE_IMAGE -> images++;
        case IMAGES -> hasImage = false;
        case PRELIMINARY -> preliminary = true;
        case DOCUMENT -> {
          statesOutput = false;
          preliminary = false;
          hasStreamedImage = false;
          hasLastType = false;
          tokens.beginDocument();
          if (fees != null) {
            fees.beginDocument();
          }
        }
        case ITEM, ITEMS -> fees().begin(meaning);
        case ITEM_RESULT -> fees().result();
        case MAPS -> fees().useMaps();
        default -> tokens.begin(meaning);
      }
    }

    @Override
    public void ended(Meaning meaning) {
      switch (meaning) {
        case IMAGES -> images += hasImage ? 1 : 0;
        case PRELIMINARY -> preliminary = false;
        case DOCUMENT -> {
          streamedImages += hasStreamedImage ? 1 : 0;
          isLastDocument |= hasLastType;
        }
        case ITEM, ITEMS -> fees().end(meaning);
        default -> tokens.end(meaning);
      }
    }

    @Override
    public void number(Meaning meaning, long number) {
      if (meaning == Meaning.COST) {
        cost = OptionalLong.of(number);
        return;
      }
      if (meaning == Meaning.COST_IN_TICKS) {
        costInTicks = OptionalLong.of(number);
        return;
      }
      if (meaning == Meaning.UPSTREAM_COST) {
        upstreamCost = OptionalLong.of(number);
        return;
      }
      if (meaning.isOfFees()) {
        if (number > 0 || fees != null || meaning.isKnownByZero()) {
          fees().state(meaning, number);
        }
        statedAtLast |= meaning.replacesTokens();
        return;
      }
      if (meaning.isOutput()) {
        piecesWhenStated = pieces;
        framesWhenStated = framesBegun;
        statesOutput = true;
        outputStatements++;
      }
      statedAtLast = !preliminary;
      tokens.state(meaning, number);
    }

    @Override
    public void text(Meaning meaning, byte[] text, int size) {
      if (size == 0 && (meaning == Meaning.MODEL || meaning == Meaning.TIER)) {
        return; // In the last event of Azure's content filter, the model and the tier are empty.
      }
      if (meaning == Meaning.MODEL) {
        model(text, size);
      } else if (meaning == Meaning.TYPE) {
        hasLastType = size >= 0 && places.isLast(text, size);
        hasStreamedImage = isType(IMAGE_GENERATED, text, size) || isType(IMAGE_EDITED, text, size);
      } else if (meaning == Meaning.PART_TYPE) {
        runs += isType(RUN, text, size) || isType(REMOTE_RUN, text, size) ? 1 : 0;
      } else if (meaning == Meaning.TIER) {
        tier(text, size);
      } else if (meaning == Meaning.ERROR_CODE) {
        errorCode = Arrays.copyOf(text, Math.max(0, size));
      } else if (meaning == Meaning.MODE) {
        mode = mode(mode, text, size);
      } else if (meaning == Meaning.COUNTRY) {
        country = mode(country, text, size);
      } else if (meaning.isOfFees()) {
        fees().text(meaning, text, size);
      } else if (meaning == Meaning.LIFETIME) {
        tokens.lifetime(text, size);
      } else if (meaning == Meaning.ITERATION_TYPE || meaning == Meaning.ITERATION_MODEL) {
        tokens.iteration(meaning, text, size);
      } else {
        tokens.modality(text, size);
      }
    }

    /** Returns the last mode or country that was stated and is not the usual one. */
    private byte[] mode(byte[] before, byte[] text, int size) {
      boolean isUsual = Stream.of(USUAL_MODES).anyMatch(each -> isType(each, text, size));
      boolean isKnown = isUsual || size <= 0 || isType(before, text, size);
      return isKnown ? before : Arrays.copyOf(text, size);
    }

    @Override
    public void identity(Meaning meaning, long hash) {
      fees().identity(meaning, hash);
    }

    /** Remembers the tier, which each event of a stream can repeat. */
    private void tier(byte[] text, int size) {
      int kept = Math.max(0, size);
      if (!isType(AUTO, text, size)
          && !isType(UNSPECIFIED, text, size)
          && !isType(TRAFFIC_UNSPECIFIED, text, size)
          && !Arrays.equals(tier, 0, tier.length, text, 0, kept)) {
        tier = Arrays.copyOf(text, kept);
      }
    }

    @Override
    public void literal(Meaning meaning, boolean isTrue) {
      if (meaning == Meaning.OWN_KEY) {
        usesOwnKey = isTrue;
      } else {
        hasLastType = isTrue;
      }
    }

    private void model(byte[] text, int size) {
      // The name is kept because every event of a stream repeats it.
      int kept = Math.max(0, size);
      if (!Arrays.equals(model, 0, model.length, text, 0, kept)) {
        model = Arrays.copyOf(text, kept);
      }
    }
  }

  private static boolean isType(byte[] expected, byte[] text, int size) {
    return size >= 0 && Arrays.equals(expected, 0, expected.length, text, 0, size);
  }
}
