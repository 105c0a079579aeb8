package io.claviger.domain.spending;

import io.claviger.domain.usage.FeeKind;
import io.claviger.domain.usage.FeesUsed;
import io.claviger.domain.usage.TokenUsage;

/** Estimates what a call has used if the answer does not state all of it. */
public final class UnstatedUse {
  /** Compressed speech has about 16 kB and 20 tokens a second. */
  private static final long BYTES_OF_A_SPOKEN_TOKEN = 800;

  /** Recordings have about 10 tokens a second. */
  private static final long BYTES_OF_A_HEARD_TOKEN = 1_600;

  /** The tokens of a square image of medium quality. */
  private static final long TOKENS_OF_AN_IMAGE = 1_056;

  /** A search ranks a hundred texts, of about 500 bytes. */
  private static final long BYTES_OF_A_SEARCH = 50_000;

  private static final String SPEECH = "audio/speech";

  private UnstatedUse() {}

  /**
   * @param path the path of the operation, below the service
   * @param stated the use that the provider stated, with the number of images that were made
   * @param bytesIn the size of the request's body
   * @param bytesOut the size of the answer's body
   * @param pieces how many pieces of text passed, about a token each; 0 if none passed after the
   *     output was last stated
   */
  public static TokenUsage of(
      OperationKind kind,
      String path,
      TokenUsage stated,
      long bytesIn,
      long bytesOut,
      long pieces) {
    return switch (kind) {
      case NOTHING -> TokenUsage.NONE;
      case TEXT, INPUT -> stated.orEstimated(bytesIn, pieces);
      case MEDIA ->
          path.endsWith(SPEECH)
              ? stated.orTokens(
                  TokenUsage.ofBytes(bytesIn), tokens(bytesOut, BYTES_OF_A_SPOKEN_TOKEN))
              : stated.orTokens(
                  tokens(bytesIn, BYTES_OF_A_HEARD_TOKEN), TokenUsage.ofBytes(bytesOut));
      case IMAGES ->
          stated.orTokens(
              TokenUsage.ofBytes(bytesIn),
              Amounts.product(stated.parts().images(), TOKENS_OF_AN_IMAGE));
    };
  }

  /**
   * Returns stated fees with an estimate of what the operation is charged by, if the answer does
   * not state that. Text that is spoken has no more characters than bytes. A recording is as long
   * as one of its size can be, because its format is not known. What a request asks for bounds the
   * number later.
   *
   * @param bytesIn the size of the request's body
   */
  public static FeesUsed fees(OperationKind kind, String path, FeesUsed stated, long bytesIn) {
    if (kind == OperationKind.INPUT && path.endsWith("rerank")) {
      return orElse(stated, FeeKind.SEARCH, 1 + bytesIn / BYTES_OF_A_SEARCH);
    }
    if (kind != OperationKind.MEDIA) {
      return stated;
    }
    if (OperationKind.readsPages(path)) {
      return orElse(stated, FeeKind.PAGE, 1);
    }
    return path.endsWith(SPEECH)
        ? orElse(stated, FeeKind.CHARACTER, bytesIn)
        : orElse(
            stated,
            FeeKind.AUDIO_MINUTE,
            RequestedFees.ofRecording(Math.max(1, bytesIn)).count(FeeKind.AUDIO_MINUTE));
  }

  private static FeesUsed orElse(FeesUsed stated, FeeKind what, long count) {
    return stated.count(what) > 0 ? stated : stated.plus(FeesUsed.of(what, count));
  }

  private static long tokens(long bytes, long each) {
    return Math.ceilDiv(bytes, each);
  }
}
