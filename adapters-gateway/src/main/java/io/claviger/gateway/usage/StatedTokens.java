package io.claviger.gateway.usage;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.claviger.domain.formats.UsagePlaces.Meaning;
import io.claviger.domain.spending.RequestedUse;
import io.claviger.domain.usage.TokenParts;
import io.claviger.domain.usage.TokenUsage;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Adds up the tokens that an answer states. If an answer states a number repeatedly, the last
 * number counts, because numbers grow during a stream.
 *
 * <p>Cohere states two numbers: the tokens that it used, and the smaller number of tokens that it
 * bills. Used but unbilled tokens of Cohere are counted separately. Cohere bills the tokens of
 * images separately from the other input.
 *
 * <p>Some providers include special tokens in the totals, and others state them separately.
 * Anthropic states tokens read from or written to a cache separately from the input; OpenAI
 * includes both in the input. Gemini states the tokens of thoughts and tool results separately. xAI
 * and Perplexity state the tokens of reasoning separately, and Perplexity also states the tokens of
 * citations separately. Perplexity's total does not include the tokens of citations. If Gemini is
 * called through an API like OpenAI's, its answers often state the tokens of thoughts only as part
 * of the total. If Anthropic lists several iterations, the list counts, because the stated totals
 * omit some iterations. If another model advised the answering model, the tokens of the adviser's
 * iterations count for the adviser. If several models tried to answer, because some of them
 * declined, the tokens of each attempt count for its model.
 *
 * <p>If the answer says how many tokens of audio and images were read from a cache, these tokens
 * count only as cached input.
 */
final class StatedTokens {
  private static final byte[] AUDIO = "AUDIO".getBytes(US_ASCII);
  private static final byte[] FIVE_MINUTES = "5m".getBytes(US_ASCII);
  private static final byte[] AN_HOUR = "1h".getBytes(US_ASCII);
  private static final byte[] ADVICE = "advisor_message".getBytes(US_ASCII);

  /** The attempt of a model that answered because the models before it declined. */
  private static final byte[] FALLBACK = "fallback_message".getBytes(US_ASCII);

  private static final byte[] IMAGE = "IMAGE".getBytes(US_ASCII);

  /** The frames of a video, which cost as much as images. A video's audio is listed as audio. */
  private static final byte[] VIDEO = "VIDEO".getBytes(US_ASCII);

  /** The counts of all iterations, or the stated totals if the answer lists no iterations. */
  private static final class CommonCounts {
    long input;
    long output;
    long cacheRead;
    long written;
    long written5m;
    long written1h;

    void add(CommonCounts more) {
      input += more.input;
      output += more.output;
      cacheRead += more.cacheRead;
      written += more.written;
      written5m += more.written5m;
      written1h += more.written1h;
    }

    /**
     * Returns the number of tokens that were written to a cache and for which the answer does not
     * state how long they are kept.
     */
    long undivided() {
      // If an answer divides the tokens written to a cache into parts, it might state the parts
      // without their sum.
      return Math.max(0, written - written5m - written1h);
    }
  }

  private final CommonCounts total = new CommonCounts();

  /**
   * The sums of the listed iterations; null before the first iteration. Most answers list no
   * iterations.
   */
  private @Nullable CommonCounts iterations;

  private boolean iterated;

  private boolean inIterations;

  /** The counts of the current iteration; null outside of iterations. */
  private @Nullable CommonCounts iteration;

  private boolean isAdvice;
  private boolean isFallback;

  /** The model of the current iteration; empty if the iteration names none. */
  private String ofModel = "";

  /** The tokens that advising models used, keyed by the names of these models. */
  private Map<String, CommonCounts> advisors = Map.of();

  /** The tokens of the models that tried to answer, keyed by the names of these models. */
  private Map<String, CommonCounts> attempts = Map.of();

  /** The last model that answered in place of a model that declined; empty if there is none. */
  private String fallback = "";

  private long prompt;
  private long completion;
  private boolean isCompletionStated;
  private long sum;
  private long cached;
  private long writtenOfInput;
  private long writtenBriefly;
  private long writtenLong;
  private long thoughts;
  private long reasoning;
  private long toolUse;
  private long citations;
  private boolean areCitationsStated;
  private long billedInput;
  private long billedImages;
  private long billedOutput;
  private boolean isBilled;
  private boolean isInAll;

  /**
   * The kind of tokens that the current list divides by modality, such as the tokens of the input.
   */
  private Meaning details = Meaning.OUTPUT_DETAILS;

  private boolean cachesForAnHour;
  private Meaning modality = Meaning.OF_MODALITY;
  private Meaning lifetime = Meaning.OF_LIFETIME;
  private long ofLifetime;
  private long ofModality;
  private long audioInput;
  private long audioOutput;
  private long imageInput;
  private long videoInput;
  private long imageOutput;
  private long cachedAudio;
  private long cachedImages;

  /** Begins another document, even if the previous document is incomplete. */
  void beginDocument() {
    inIterations = false;
  }

  void begin(Meaning group) {
    switch (group) {
      case INPUT_DETAILS -> {
        details = group;
        audioInput = 0;
        imageInput = 0;
        videoInput = 0;
      }
      case OUTPUT_DETAILS -> {
        details = group;
        audioOutput = 0;
        imageOutput = 0;
      }
      case CACHED_DETAILS -> {
        details = group;
        cachedAudio = 0;
        cachedImages = 0;
      }
      case OF_MODALITY -> {
        modality = Meaning.OF_MODALITY;
        ofModality = 0;
      }
      case LIFETIMES -> {
        total.written5m = 0;
        total.written1h = 0;
      }
      case OF_LIFETIME -> {
        lifetime = Meaning.OF_LIFETIME;
        ofLifetime = 0;
      }
      case ITERATIONS -> {
        iterations = new CommonCounts();
        iteration = null;
        inIterations = true;
        advisors = Map.of();
        attempts = Map.of();
        fallback = "";
      }
      case ITERATION -> {
        iteration = new CommonCounts();
        isAdvice = false;
        isFallback = false;
        ofModel = "";
      }
      default -> {}
    }
  }

  void end(Meaning group) {
    if (group == Meaning.ITERATIONS) {
      inIterations = false;
      CommonCounts all = new CommonCounts();
      all.add(Objects.requireNonNull(iterations));
      attempts.values().forEach(all::add);
      iterated = all.input + all.written + all.cacheRead + all.output > 0;
    } else if (group == Meaning.ITERATION) {
      countIteration(Objects.requireNonNull(iterations), Objects.requireNonNull(iteration));
      iteration = null;
    } else if (group == Meaning.OF_MODALITY) {
      switch (modality) {
        case AUDIO_INPUT -> audioInput += ofModality;
        case AUDIO_OUTPUT -> audioOutput += ofModality;
        case IMAGE_INPUT -> imageInput += ofModality;
        case IMAGE_OUTPUT -> imageOutput += ofModality;
        case CACHED_AUDIO -> cachedAudio += ofModality;
        case CACHED_IMAGES -> cachedImages += ofModality;
        default -> {}
      }
    } else if (group == Meaning.OF_LIFETIME) {
      switch (lifetime) {
        case WRITTEN_5M -> total.written5m += ofLifetime;
        case WRITTEN_1H -> total.written1h += ofLifetime;
        default -> {}
      }
    }
  }

  /**
   * Counts an iteration. If there are more models than a request can name, the tokens of the excess
   * models count for the answering model.
   */
  private void countIteration(CommonCounts own, CommonCounts read) {
    if (isAdvice) {
      advisors = counted(advisors, RequestedUse.MOST_OTHERS, own, read);
    } else {
      attempts = counted(attempts, RequestedUse.MOST_OTHERS + 1, own, read);
      fallback = isFallback ? ofModel : fallback;
    }
  }

  private Map<String, CommonCounts> counted(
      Map<String, CommonCounts> before, int most, CommonCounts own, CommonCounts read) {
    boolean isKnown = before.containsKey(ofModel) || before.size() < most;
    if (ofModel.isEmpty() || !isKnown) {
      own.add(read);
      return before;
    }
    Map<String, CommonCounts> counted = before.isEmpty() ? new HashMap<>() : before;
    counted.computeIfAbsent(ofModel, name -> new CommonCounts()).add(read);
    return counted;
  }

  /**
   * Records the kind or the model of the current iteration.
   *
   * @param length the length of the text; -1 if the text is no name
   */
  void iteration(Meaning meaning, byte[] text, int length) {
    if (meaning == Meaning.ITERATION_TYPE) {
      isAdvice = is(ADVICE, text, length);
      isFallback = is(FALLBACK, text, length);
    } else {
      ofModel = length < 0 ? "" : new String(text, 0, length, US_ASCII);
    }
  }

  /**
   * Records that the request permits the provider to cache input for an hour or longer. If the
   * answer does not state how long the cache keeps the input, all cached input counts as cached for
   * an hour.
   */
  void cacheForAnHour() {
    cachesForAnHour = true;
  }

  /**
   * @param length the length of the text; -1 if the text does not state a time
   */
  void lifetime(byte[] text, int length) {
    if (is(AN_HOUR, text, length)) {
      lifetime = Meaning.WRITTEN_1H;
    } else if (is(FIVE_MINUTES, text, length)) {
      lifetime = Meaning.WRITTEN_5M;
    } else {
      lifetime = Meaning.OF_LIFETIME;
    }
  }

  /**
   * @param length the length of the name; -1 if the text is no name
   */
  void modality(byte[] name, int length) {
    if (is(AUDIO, name, length)) {
      modality = ofDetails(Meaning.AUDIO_INPUT, Meaning.CACHED_AUDIO, Meaning.AUDIO_OUTPUT);
    } else if (is(IMAGE, name, length) || is(VIDEO, name, length)) {
      modality = ofDetails(Meaning.IMAGE_INPUT, Meaning.CACHED_IMAGES, Meaning.IMAGE_OUTPUT);
    } else {
      modality = Meaning.OF_MODALITY;
    }
  }

  private Meaning ofDetails(Meaning input, Meaning cachedInput, Meaning output) {
    return switch (details) {
      case INPUT_DETAILS -> input;
      case CACHED_DETAILS -> cachedInput;
      default -> output;
    };
  }

  private static boolean is(byte[] expected, byte[] text, int length) {
    return length == expected.length && Arrays.equals(text, 0, length, expected, 0, length);
  }

  void state(Meaning meaning, long number) {
    if (inIterations) {
      stateInIteration(meaning, number);
      return;
    }
    if (meaning == Meaning.BILLED_INPUT
        || meaning == Meaning.BILLED_IMAGES
        || meaning == Meaning.BILLED_OUTPUT) {
      isBilled = true;
    } else {
      isInAll |= meaning.isOutput() || meaning == Meaning.INPUT || meaning == Meaning.PROMPT;
    }
    switch (meaning) {
      case PROMPT -> prompt = number;
      case COMPLETION -> {
        completion = number;
        isCompletionStated = true;
      }
      case INPUT, FRESH_INPUT -> total.input = number;
      case OUTPUT -> total.output = number;
      case TOTAL -> sum = number;
      case CACHED -> cached = number;
      case CACHE_READ -> total.cacheRead = number;
      case WRITTEN -> total.written = number;
      case WRITTEN_5M -> total.written5m = number;
      case WRITTEN_1H -> total.written1h = number;
      case WRITTEN_FOR -> ofLifetime = number;
      case WRITTEN_OF_INPUT -> writtenOfInput = number;
      case WRITTEN_BRIEFLY_OF_INPUT -> writtenBriefly = number;
      case WRITTEN_LONG_OF_INPUT -> writtenLong = number;
      case TOOL_USE -> toolUse = number;
      case CITATIONS -> {
        citations = number;
        areCitationsStated = true;
      }
      case REASONING -> reasoning = number;
      case THOUGHTS -> thoughts = number;
      case BILLED_INPUT -> billedInput = number;
      case BILLED_IMAGES -> billedImages = number;
      case BILLED_OUTPUT -> billedOutput = number;
      case AUDIO_INPUT -> audioInput = number;
      case AUDIO_OUTPUT -> audioOutput = number;
      case IMAGE_INPUT -> imageInput = number;
      case VIDEO_INPUT -> videoInput = number;
      case IMAGE_OUTPUT -> imageOutput = number;
      case CACHED_AUDIO -> cachedAudio = number;
      case CACHED_IMAGES -> cachedImages = number;
      case MODALITY_TOKENS -> ofModality = number;
      default -> {}
    }
  }

  private void stateInIteration(Meaning meaning, long number) {
    CommonCounts all = iteration == null ? Objects.requireNonNull(iterations) : iteration;
    switch (meaning) {
      case FRESH_INPUT -> all.input += number;
      case CACHE_READ -> all.cacheRead += number;
      case WRITTEN -> all.written += number;
      case WRITTEN_5M -> all.written5m += number;
      case WRITTEN_1H -> all.written1h += number;
      case OUTPUT -> all.output += number;
      default -> {}
    }
  }

  /** Whether several models tried to answer. */
  private boolean haveSeveralTried() {
    return attempts.size() > 1;
  }

  /**
   * Returns the model that answered in place of a model that declined; empty if the answer names no
   * such model.
   */
  Optional<String> fallback() {
    return fallback.isEmpty() ? Optional.empty() : Optional.of(fallback);
  }

  /**
   * Returns the tokens of each advising model, keyed by the model's name. If several models tried
   * to answer, their tokens are included too. Empty if the answer does not state the tokens per
   * model.
   */
  Optional<Map<String, TokenUsage>> others() {
    if (!iterated) {
      return Optional.empty();
    }
    Map<String, TokenUsage> used = new HashMap<>();
    for (Map<String, CommonCounts> models :
        haveSeveralTried() ? List.of(advisors, attempts) : List.of(advisors)) {
      models.forEach(
          (name, all) -> {
            TokenUsage unused = used.merge(name, usage(all, 0), TokenUsage::plus);
          });
    }
    return Optional.of(used);
  }

  private TokenUsage usage(CommonCounts all, long images) {
    return TokenUsage.stated(
        all.input + all.written + all.cacheRead, all.output, parts(all, 0, 0, images, 0));
  }

  /**
   * Returns the stated tokens, without those in {@link #others}.
   *
   * @param images the number of generated images
   * @param countsTotal whether tokens count as output if only the stated total includes them
   */
  TokenUsage usage(long images, boolean countsTotal) {
    if (iterated) {
      CommonCounts own = new CommonCounts();
      own.add(Objects.requireNonNull(iterations));
      if (!haveSeveralTried()) {
        attempts.values().forEach(own::add);
      }
      return usage(own, images);
    }
    long billed = billedInput + billedImages;
    if (isBilled && !isInAll) {
      return TokenUsage.stated(billed, billedOutput, parts(total, cached, 0, images, 0));
    }
    // Some servers state a number under two names, with the value 0 under one of them.
    long input = Math.max(prompt, total.input) + total.written + total.cacheRead + toolUse;
    long output = Math.max(completion, total.output) + thoughts;
    if (isBeside(input, output)) {
      output += reasoning;
    }
    // It is unknown whether the used input includes the images.
    input = billedImages == 0 ? input + citations : Math.max(input + citations, billed);
    if (countsTotal && isCompletionStated && input + output > 0) {
      output += Math.max(0, sum - Math.max(input, cached) - output);
    }
    return TokenUsage.stated(
        input == 0 && output == 0 ? sum : input,
        output,
        parts(
            total,
            cached,
            writtenOfInput(input),
            images,
            isBilled ? Math.max(0, input - billed) : 0));
  }

  /** Whether the stated reasoning tokens have to be added to the other output. */
  private boolean isBeside(long input, long output) {
    return reasoning > output || areCitationsStated || sum == input + output + reasoning;
  }

  /**
   * Returns how many tokens were written to a cache. The result is at most the number of input
   * tokens that were not read from a cache.
   */
  private long writtenOfInput(long input) {
    long read = Math.max(total.cacheRead, cached);
    long written = Math.max(writtenOfInput, writtenBriefly + writtenLong);
    return Math.min(written, Math.max(0, input - read - total.written));
  }

  private TokenParts parts(
      CommonCounts counts, long read, long written, long images, long unbilled) {
    long kept = Math.min(writtenLong, written);
    long brief = Math.min(writtenBriefly, written - kept);
    long undivided = counts.undivided() + written - kept - brief;
    return new TokenParts(
        Math.max(counts.cacheRead, read),
        counts.written5m + brief + (cachesForAnHour ? 0 : undivided),
        counts.written1h + kept + (cachesForAnHour ? undivided : 0),
        Math.max(reasoning, thoughts),
        Math.max(0, audioInput - cachedAudio),
        audioOutput,
        Math.max(imageInput + videoInput - cachedImages, billedImages),
        imageOutput,
        images,
        unbilled);
  }
}
