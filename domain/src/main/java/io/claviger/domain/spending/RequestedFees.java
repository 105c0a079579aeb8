package io.claviger.domain.spending;

import io.claviger.domain.Amounts;
import io.claviger.domain.prices.Price;
import io.claviger.domain.usage.FeeKind;
import io.claviger.domain.usage.FeePiece;
import io.claviger.domain.usage.FeesUsed;
import java.time.Duration;
import java.util.EnumSet;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

/** What requests let providers use that has a fee, at most. */
public final class RequestedFees {
  /** The most pages of a document that providers read in one call. */
  static final long MOST_PAGES = 1_000;

  /** The fewest bytes of a second of recorded speech: 4 kbit/s, less than codecs in use need. */
  private static final long BYTES_OF_A_SECOND = 500;

  /** The longest recording that is assumed if it is not in the body. */
  private static final Duration LONGEST_RECORDING = Duration.ofHours(12);

  /** The texts that one search ranks. */
  private static final long RANKED_BY_A_SEARCH = 100;

  /** A quality for which no provider charges a fee of its own, so that the fee for any counts. */
  private static final String USUAL = "usual";

  private RequestedFees() {}

  /** A recording of this size. */
  public static FeesUsed ofRecording(long bytes) {
    return FeesUsed.of(
        FeeKind.AUDIO_MINUTE, Amounts.product(Math.ceilDiv(bytes, BYTES_OF_A_SECOND), 1_000));
  }

  /** A recording at an address that the request states. */
  public static FeesUsed ofRecordingElsewhere() {
    return FeesUsed.of(FeeKind.AUDIO_MINUTE, LONGEST_RECORDING.toMillis());
  }

  /**
   * A document to be read.
   *
   * @param pages how many pages the request names; 0 if it names none
   * @param annotated whether the pages are annotated too, which counts them once more
   */
  public static FeesUsed ofDocument(long pages, boolean annotated) {
    long most = pages == 0 ? MOST_PAGES : Math.min(pages, MOST_PAGES);
    FeesUsed read = FeesUsed.of(FeeKind.PAGE, most);
    return annotated
        ? read.plus(FeesUsed.of(FeePiece.stated(FeeKind.PAGE, "annotated"), most))
        : read;
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
   * Uses of tools that run at the provider.
   *
   * @param pieces what each use may be charged as, and how many tools that applies to
   * @param uses empty if the request has no cap for them, so that a number is assumed
   * @param codeBySession whether the container of a tool serves all of its calls in one answer
   */
  public static FeesUsed ofTools(
      Map<FeePiece, Integer> pieces, OptionalLong uses, boolean codeBySession) {
    FeesUsed fees = FeesUsed.NONE;
    for (Map.Entry<FeePiece, Integer> each : pieces.entrySet()) {
      long count = uses.orElse(UseBounds.ASSUMED_ROUNDS);
      boolean isSession = codeBySession && each.getKey().what() == FeeKind.CODE_INTERPRETER;
      fees =
          fees.plus(
              FeesUsed.of(each.getKey(), isSession ? Math.min(each.getValue(), count) : count));
    }
    return fees;
  }

  /** Searches of files in a conversation, which no tool of the request asks for. */
  public static FeesUsed ofFileSearches() {
    return FeesUsed.of(FeeKind.FILE_SEARCH, UseBounds.ASSUMED_ROUNDS);
  }

  /**
   * Whether a price does not say what uses of tools of the provider cost.
   *
   * @param tools the kinds of tools; all of them for a tool of an unknown kind
   * @param isStrict whether each fee has to be known; if not, a tool of an unknown kind needs one
   *     of any kind, and a model that is free needs none
   */
  public static boolean areUnknown(Set<FeeKind> tools, Price price, boolean isStrict) {
    if (tools.isEmpty()) {
      return false;
    }
    Set<FeeKind> lacking = EnumSet.noneOf(FeeKind.class);
    for (FeeKind tool : tools) {
      boolean unused = price.lacks(FeesUsed.of(tool, 1)) && lacking.add(tool);
    }
    boolean isOfAny = tools.equals(FeeKind.OF_TOOLS);
    boolean isNeeded = isStrict || (!price.terms().isFree() && (!isOfAny || lacking.equals(tools)));
    return isNeeded && !lacking.isEmpty();
  }

  /** Returns fees as often as answers are asked for. */
  public static FeesUsed times(FeesUsed fees, long answers) {
    FeesUsed all = fees;
    if (answers > 1) {
      all = FeesUsed.NONE;
      for (Map.Entry<FeePiece, Long> each : fees.counts().entrySet()) {
        all = all.plus(FeesUsed.of(each.getKey(), Amounts.product(each.getValue(), answers)));
      }
    }
    return all;
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

  /** Returns stated uses, and what is missing of the expected ones of each kind. */
  static FeesUsed orMore(FeesUsed stated, FeesUsed expected) {
    FeesUsed all = stated;
    for (Map.Entry<FeePiece, Long> each : expected.counts().entrySet()) {
      FeeKind what = each.getKey().what();
      long missing = expected.count(what) - all.count(what);
      all = all.plus(FeesUsed.of(each.getKey(), Math.min(missing, each.getValue())));
    }
    return all;
  }

  /** Returns one use of each piece of a kind that is not among these. */
  public static FeesUsed onceExcept(Set<FeeKind> kinds, FeesUsed fees) {
    FeesUsed once = FeesUsed.NONE;
    for (FeePiece piece : fees.counts().keySet()) {
      if (!kinds.contains(piece.what())) {
        once = once.plus(FeesUsed.of(piece, piece.what().units()));
      }
    }
    return once;
  }

  /**
   * Returns pieces in the quality that is usual where the request leaves it open. A container is
   * then the smallest one, for example.
   */
  public static FeesUsed usual(FeesUsed fees) {
    FeesUsed usual = FeesUsed.NONE;
    for (Map.Entry<FeePiece, Long> each : fees.counts().entrySet()) {
      FeePiece piece = each.getKey();
      usual =
          usual.plus(
              FeesUsed.of(
                  piece.quality().isEmpty() ? new FeePiece(piece.what(), USUAL) : piece,
                  each.getValue()));
    }
    return usual;
  }

  /** Returns a part of the uses of each piece, rounded up. */
  static FeesUsed partOf(FeesUsed fees, double part) {
    FeesUsed all = FeesUsed.NONE;
    for (Map.Entry<FeePiece, Long> each : fees.counts().entrySet()) {
      all = all.plus(FeesUsed.of(each.getKey(), (long) Math.ceil(each.getValue() * part)));
    }
    return all;
  }

  /** Returns one use of each piece. */
  static FeesUsed once(FeesUsed fees) {
    return onceExcept(Set.of(), fees);
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
