package io.claviger.domain.spending;

import io.claviger.domain.Amounts;
import io.claviger.domain.formats.ObeyedCaps;
import io.claviger.domain.usage.FeeKind;
import io.claviger.domain.usage.FeesUsed;
import io.claviger.domain.usage.TokenUsage;
import java.util.Optional;
import java.util.OptionalLong;

/** Estimates the use of a call if the answer does not state all of it. */
public final class UnstatedUse {
  /** The bytes per token of compressed speech: one second has about 16 kB and 20 tokens. */
  private static final long BYTES_OF_A_SPOKEN_TOKEN = 800;

  /**
   * The bytes per token of speech in the largest usual format. One second has 48 kB in this format:
   * 16 bits at 24 kHz.
   */
  private static final long MOST_BYTES_OF_A_SPOKEN_TOKEN = 2_400;

  /** The bytes per token of a recording: one second has about 16 kB and 10 tokens. */
  private static final long BYTES_OF_A_HEARD_TOKEN = 1_600;

  /**
   * The minimum number of bytes that one second of speech has in a transcript: 12, for slow speech
   * in a Latin script or for Chinese.
   */
  private static final long BYTES_OF_A_SECOND_IN_WRITING = 12;

  /** The tokens for a square image of medium quality. */
  private static final long TOKENS_OF_AN_IMAGE = 1_056;

  /** The bytes of all texts that one search ranks: a hundred texts of about 500 bytes each. */
  private static final long BYTES_OF_A_SEARCH = 50_000;

  private static final String SPEECH = "audio/speech";
  private static final String AUDIO = "audio/";

  private UnstatedUse() {}

  /**
   * What a request says about those uses that the answer might not state.
   *
   * @param cachesForAnHour whether the request lets the provider cache a part of the input for an
   *     hour or longer
   * @param spoken the approximate number of audio tokens if the request's text is spoken; 0 if the
   *     text is not spoken, or if the request was not read
   * @param tools what one use of each tool can cause, for those tools of the provider whose number
   *     of uses is not stated in answers; or, if the request ranks documents, the searches for
   *     these documents
   * @param searches the number of searches that the provider charges for each web search
   * @param answers the number of requested answers; some models search the web before each of them
   * @param isCostStated whether the cost that the answer states includes all fees
   * @param pages the maximum number of pages of files that the provider reads for a fee; answers
   *     state this fee only as a part of the cost of the whole call
   */
  public record Asked(
      boolean cachesForAnHour,
      long spoken,
      FeesUsed tools,
      int searches,
      long answers,
      boolean isCostStated,
      long pages) {
    public static final Asked NOTHING = new Asked(false, 0);

    /** Creates the information for a request that uses no tools. */
    public Asked(boolean cachesForAnHour, long spoken) {
      this(cachesForAnHour, spoken, FeesUsed.NONE, 1, 1, false, 0);
    }

    /**
     * The usual speed, in percent. OpenAI's {@code speed} ranges from {@link #SLOWEST} to {@link
     * #FASTEST}.
     */
    public static final long USUAL_SPEED = 100;

    public static final long SLOWEST = 25;
    private static final long FASTEST = 400;

    /** Returns this information, with the number of runs that the answer states for the tools. */
    public Asked ran(OptionalLong runs) {
      if (runs.isEmpty() || tools.isNone()) {
        return this;
      }
      FeesUsed all = tools.withCounts((piece, once) -> runs.getAsLong());
      return new Asked(cachesForAnHour, spoken, all, searches, answers, isCostStated, pages);
    }

    /** Returns the information in a request; {@link #NOTHING} if the request was not read. */
    public static Asked by(Optional<RequestedUse> request) {
      return request.map(RequestedUse::unstated).orElse(NOTHING);
    }

    /**
     * Returns the approximate number of audio tokens of a spoken text. English speech has about 15
     * characters a second: 150 words a minute, each of 6 characters including the space. OpenAI's
     * audio output has about 20 tokens a second. This number follows from OpenAI's prices for
     * {@code gpt-4o-mini-tts}: $12 for a million tokens, and about $0.015 for a minute; so a minute
     * has 1,250 tokens.
     *
     * @param characters the length of the text in Latin characters; an ideograph or a syllable
     *     counts as 3
     * @param speed the speed of the speech, in percent of the usual speed
     */
    public static long tokensOf(long characters, long speed) {
      long slowed =
          Math.ceilDiv(
              Amounts.product(characters, USUAL_SPEED), Math.clamp(speed, SLOWEST, FASTEST));
      return Math.ceilDiv(Amounts.product(slowed, 20), 15);
    }
  }

  /**
   * @param path the path of the operation, without the part that names the service
   * @param stated the use that the provider stated, including the number of images
   * @param bytesIn the size of the request's body
   * @param bytesOut the size of the answer's body
   * @param pieces the number of forwarded pieces of text, each about one token; 0 if no piece was
   *     forwarded after the provider last stated the number of output tokens
   * @param asked the request's statements about those uses that the answer might not state
   */
  public static TokenUsage of(
      OperationKind kind,
      String path,
      TokenUsage stated,
      long bytesIn,
      long bytesOut,
      long pieces,
      Asked asked) {
    return switch (kind) {
      case NOTHING -> TokenUsage.NONE;
      case TEXT, INPUT, VERDICTS -> stated.orEstimated(bytesIn, pieces);
      case MEDIA ->
          path.endsWith(SPEECH)
              ? stated.orTokens(TokenUsage.ofBytes(bytesIn), spoken(bytesOut, asked))
              : stated.orTokens(
                  tokens(bytesIn, BYTES_OF_A_HEARD_TOKEN), TokenUsage.ofBytes(bytesOut));
      case IMAGES ->
          stated.orTokens(
              TokenUsage.ofBytes(bytesIn),
              Amounts.product(stated.parts().images(), TOKENS_OF_AN_IMAGE));
    };
  }

  /**
   * Returns the use, with all tokens counted as images or audio if this follows from the operation.
   * Streams and estimates do not say which tokens are images or audio, although these tokens have
   * prices of their own.
   *
   * @param path the path of the operation, without the part that names the service
   */
  public static TokenUsage withMedia(OperationKind kind, String path, TokenUsage usage) {
    if (kind == OperationKind.IMAGES) {
      return usage.ofImages();
    }
    if (kind != OperationKind.MEDIA || !path.contains(AUDIO)) {
      return usage;
    }
    return path.endsWith(SPEECH) ? usage.ofSpeech() : usage.ofRecording();
  }

  /**
   * Returns the uses that the answer states and that cost a fee. If the operation is charged by
   * pieces of a kind that the answer does not state, their estimated number is added. For a text
   * that is to be spoken, the number of bytes is used, because a text has at most as many
   * characters as bytes. A ranking counts as one search for each hundred documents of the request,
   * or by its bytes if the request was not read. The format of a recording is unknown, so its size
   * determines the maximum length that is assumed. If the transcript implies a longer recording,
   * the length of this longer recording is used, because the body might not contain the recording.
   * A tool counts as used once if answers do not state its uses. A web search counts as several
   * searches if the provider charges more for its results. The caller of this method applies the
   * request's maximum.
   *
   * @param bytesIn the size of the request's body
   * @param bytesOut the size of the answer's body
   * @param asked the request's statements about those uses that the answer might not state
   */
  public static FeesUsed fees(
      OperationKind kind, String path, FeesUsed stated, long bytesIn, long bytesOut, Asked asked) {
    if (kind == OperationKind.INPUT && OperationKind.ranks(path)) {
      long ranked = asked.tools().count(FeeKind.SEARCH);
      return orElse(stated, FeeKind.SEARCH, ranked > 0 ? ranked : 1 + bytesIn / BYTES_OF_A_SEARCH);
    }
    if (kind != OperationKind.MEDIA) {
      return RequestedFees.orMore(
          RequestedFees.withSearchesAs(asked.searches(), stated), asked.tools());
    }
    if (OperationKind.readsPages(path)) {
      return orElse(stated, FeeKind.PAGE, 1);
    }
    return path.endsWith(SPEECH)
        ? orElse(stated, FeeKind.CHARACTER, bytesIn)
        : orElse(
            stated,
            FeeKind.AUDIO_MINUTE,
            Math.max(
                RequestedFees.ofRecording(Math.max(1, bytesIn)).count(FeeKind.AUDIO_MINUTE),
                Amounts.product(tokens(bytesOut, BYTES_OF_A_SECOND_IN_WRITING), 1_000)));
  }

  /**
   * Returns the uses of an operation, with a recording counted at least as the shortest one that
   * the provider charges. Answers state the real length of a shorter recording.
   *
   * @param path the path of the operation, without the part that names the service
   * @param fees the uses that cost a fee
   * @param caps how the provider differs from other providers with the same format
   */
  public static FeesUsed withShortest(
      OperationKind kind, String path, FeesUsed fees, ObeyedCaps caps) {
    boolean isRecording =
        kind == OperationKind.MEDIA && !OperationKind.readsPages(path) && !path.endsWith(SPEECH);
    return isRecording ? RequestedFees.orMore(fees, RequestedFees.leastOfRecording(caps)) : fees;
  }

  /**
   * Returns the audio tokens of speech. The request chooses the format, so a second of speech can
   * have 4 to 48 kB. The result is the larger of two estimates: one from the text, and one from the
   * number of bytes in the format with the most bytes.
   */
  private static long spoken(long bytes, Asked asked) {
    return asked.spoken() == 0
        ? tokens(bytes, BYTES_OF_A_SPOKEN_TOKEN)
        : Math.max(asked.spoken(), tokens(bytes, MOST_BYTES_OF_A_SPOKEN_TOKEN));
  }

  private static FeesUsed orElse(FeesUsed stated, FeeKind what, long count) {
    return stated.count(what) > 0 ? stated : stated.plus(FeesUsed.of(what, count));
  }

  private static long tokens(long bytes, long each) {
    return Math.ceilDiv(bytes, each);
  }
}
