package io.claviger.domain.spending;

import io.claviger.domain.usage.FeeKind;
import io.claviger.domain.usage.FeePiece;
import io.claviger.domain.usage.FeesUsed;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** What requests let providers use that has a fee, at most. */
public final class RequestedFees {
  /** The fees of tools that run at the provider. */
  public static final Set<FeeKind> OF_TOOLS =
      Set.of(
          FeeKind.WEB_SEARCH,
          FeeKind.FILE_SEARCH,
          FeeKind.CODE_INTERPRETER,
          FeeKind.COMPUTER_USE,
          FeeKind.GROUNDING,
          FeeKind.IMAGE);

  /** The most pages of a document that providers read in one call. */
  static final long MOST_PAGES = 1_000;

  /** The fewest bytes of a second of recorded speech: 4 kbit/s, less than codecs in use need. */
  private static final long BYTES_OF_A_SECOND = 500;

  /** The texts that one search ranks. */
  private static final long RANKED_BY_A_SEARCH = 100;

  private RequestedFees() {}

  /** A recording of this size. */
  public static FeesUsed ofRecording(long bytes) {
    return FeesUsed.of(
        FeeKind.AUDIO_MINUTE, Amounts.product(Math.ceilDiv(bytes, BYTES_OF_A_SECOND), 1_000));
  }

  /**
   * A document to be read.
   *
   * @param pages how many pages the request names; 0 if it names none
   */
  public static FeesUsed ofDocument(long pages) {
    return FeesUsed.of(FeeKind.PAGE, pages == 0 ? MOST_PAGES : Math.min(pages, MOST_PAGES));
  }

  /**
   * A ranking.
   *
   * @param texts how many texts are ranked, with the parts of long ones
   */
  public static FeesUsed ofRanking(long texts) {
    return FeesUsed.of(FeeKind.SEARCH, Math.ceilDiv(Math.max(1, texts), RANKED_BY_A_SEARCH));
  }

  /**
   * Returns stated uses with the quality that was asked for, where the answer does not state it and
   * the request names one.
   */
  static FeesUsed likeAsked(FeesUsed stated, FeesUsed asked) {
    if (stated.isNone()) {
      return stated;
    }
    FeesUsed like = FeesUsed.NONE;
    for (Map.Entry<FeePiece, Long> each : stated.counts().entrySet()) {
      FeePiece piece = each.getKey();
      FeePiece named = piece.quality().isEmpty() ? named(piece.what(), asked) : piece;
      like = like.plus(FeesUsed.of(named, each.getValue()));
    }
    return like;
  }

  /** Returns one use of each piece. */
  static FeesUsed once(FeesUsed fees) {
    FeesUsed once = FeesUsed.NONE;
    for (FeePiece piece : fees.counts().keySet()) {
      once = once.plus(FeesUsed.of(piece, piece.what().units()));
    }
    return once;
  }

  /** Returns the only piece of a kind; one without a quality if there are several. */
  private static FeePiece named(FeeKind what, FeesUsed asked) {
    Optional<FeePiece> only = Optional.empty();
    for (FeePiece piece : asked.counts().keySet()) {
      if (piece.what() == what) {
        if (only.isPresent()) {
          return new FeePiece(what, "");
        }
        only = Optional.of(piece);
      }
    }
    return only.orElseGet(() -> new FeePiece(what, ""));
  }
}
