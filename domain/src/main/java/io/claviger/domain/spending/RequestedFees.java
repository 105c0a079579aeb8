package io.claviger.domain.spending;

import io.claviger.domain.Amounts;
import io.claviger.domain.formats.ObeyedCaps;
import io.claviger.domain.formats.ObeyedCaps.Fact;
import io.claviger.domain.prices.CallPrices;
import io.claviger.domain.prices.Price;
import io.claviger.domain.usage.FeeKind;
import io.claviger.domain.usage.FeePiece;
import io.claviger.domain.usage.FeesUsed;
import java.time.Duration;
import java.util.Collection;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;

/**
 * Computes the maximum number of uses, such as searches, that a request allows and that cost a fee.
 */
public final class RequestedFees {
  /** The maximum number of pages of a document that providers read in one call. */
  static final long MOST_PAGES = 1_000;

  /**
   * The minimum number of bytes for a second of recorded speech. This number corresponds to 4
   * kbit/s, which is less than any usual codec needs.
   */
  private static final long BYTES_OF_A_SECOND = 500;

  /** The length that is assumed for a recording that is not in the body. */
  private static final Duration LONGEST_RECORDING = Duration.ofHours(12);

  private static final Duration TEN_SECONDS = Duration.ofSeconds(10);

  /**
   * The number of tokens that OpenAI's tool for images can read for the price of the largest image
   * of medium quality, which has 1,584 tokens. A token that the tool reads costs a quarter of a
   * token that it writes.
   */
  private static final long READ_FOR_AN_IMAGE = 4 * 1_584;

  /** The number of tokens that the tool can read for each image without a further charge. */
  private static final long PROMPT_OF_AN_IMAGE = 500;

  /** The largest number of images that the tool reads to make one image. */
  private static final long MOST_IMAGES_READ = 16;

  /** The number of results that are charged as one search, at providers that charge by results. */
  private static final long RESULTS_OF_A_SEARCH = 10;

  /** The largest number of results that providers return for a search. */
  private static final long MOST_RESULTS = 100;

  /** The number of texts that are ranked in one search. */
  private static final long RANKED_BY_A_SEARCH = 100;

  private RequestedFees() {}

  /** Returns the fees for a recording with the given size. */
  public static FeesUsed ofRecording(long bytes) {
    return FeesUsed.of(
        FeeKind.AUDIO_MINUTE, Amounts.product(Math.ceilDiv(bytes, BYTES_OF_A_SECOND), 1_000));
  }

  /**
   * Returns the fees for a recording with the given size at a provider with the given caps. Even
   * the shortest recording costs the fees of {@link #leastOfRecording}.
   */
  public static FeesUsed ofRecording(long bytes, ObeyedCaps caps) {
    return orMore(ofRecording(bytes), leastOfRecording(caps));
  }

  /**
   * Returns the fees that a provider with the given caps charges for the shortest recording; none
   * if the provider charges for the length alone.
   */
  public static FeesUsed leastOfRecording(ObeyedCaps caps) {
    return caps.have(Fact.CHARGES_TEN_SECONDS)
        ? FeesUsed.of(FeeKind.AUDIO_MINUTE, TEN_SECONDS.toMillis())
        : FeesUsed.NONE;
  }

  /** Returns the fees for a recording of which the request states only the address. */
  public static FeesUsed ofRecordingElsewhere() {
    return FeesUsed.of(FeeKind.AUDIO_MINUTE, LONGEST_RECORDING.toMillis());
  }

  /**
   * Returns the fees for reading a document.
   *
   * @param pages the number of pages that the request selects; 0 if the request selects no pages
   * @param annotated whether the pages are also annotated; if so, each page counts a second time,
   *     as an annotated page
   */
  public static FeesUsed ofDocument(long pages, boolean annotated) {
    long most = pages == 0 ? MOST_PAGES : Math.min(pages, MOST_PAGES);
    FeesUsed read = FeesUsed.of(FeeKind.PAGE, most);
    return annotated
        ? read.plus(FeesUsed.of(FeePiece.stated(FeeKind.PAGE, "annotated"), most))
        : read;
  }

  /**
   * Returns the fees for reading the files of a conversation. The request does not say how many
   * pages a file has.
   *
   * @param files the number of files
   */
  public static FeesUsed ofFiles(int files) {
    return FeesUsed.of(FeeKind.PAGE, Amounts.product(files, MOST_PAGES));
  }

  /**
   * Returns the fees for a ranking: one search for each 100 texts.
   *
   * @param texts the number of ranked texts; each part of a long text counts as a text
   */
  public static FeesUsed ofRanking(long texts) {
    return FeesUsed.of(FeeKind.SEARCH, Math.ceilDiv(Math.max(1, texts), RANKED_BY_A_SEARCH));
  }

  /**
   * Returns the fees for uses of tools that run at the provider.
   *
   * @param pieces the kinds of pieces for which tools can be charged, each with the number of tools
   *     that are charged for it
   * @param uses a maximum for the number of uses; if empty, the request has no cap and a number is
   *     assumed
   * @param codeBySession whether all runs of code in an answer share one container, which is
   *     charged once
   */
  public static FeesUsed ofTools(
      Map<FeePiece, Integer> pieces, OptionalLong uses, boolean codeBySession) {
    FeesUsed fees = FeesUsed.NONE;
    for (Map.Entry<FeePiece, Integer> each : pieces.entrySet()) {
      long count = Amounts.product(uses.orElse(UseBounds.ASSUMED_ROUNDS), each.getKey().ofOneUse());
      boolean isSession = codeBySession && each.getKey().what() == FeeKind.CODE_INTERPRETER;
      fees =
          fees.plus(
              FeesUsed.of(each.getKey(), isSession ? Math.min(each.getValue(), count) : count));
    }
    return fees;
  }

  /**
   * Returns the fees for searches in a conversation's files. Searches in a conversation's files
   * happen even if the request allows no tool.
   */
  public static FeesUsed ofFileSearches() {
    return FeesUsed.of(FeeKind.FILE_SEARCH, UseBounds.ASSUMED_ROUNDS);
  }

  /**
   * Whether a price has no fee for tools of the provider.
   *
   * @param tools the kinds of the tools; all kinds if the kind of a tool is unknown
   * @param isStrict whether the fee of each kind of tool must be known. If {@code isStrict} is
   *     false, any known fee is enough for a tool of an unknown kind, and a free model needs no fee
   *     unless the provider charges for tools of free models
   */
  public static boolean areUnknown(Set<FeeKind> tools, Price price, boolean isStrict) {
    if (tools.isEmpty()) {
      return false;
    }
    boolean isOfAny = tools.equals(FeeKind.OF_TOOLS);
    Set<FeeKind> lacking = EnumSet.noneOf(FeeKind.class);
    for (FeeKind tool : tools) {
      boolean mayLack = tool == FeeKind.COMPUTER_USE && !isOfAny; // the caller runs this tool
      boolean unused = !mayLack && price.lacks(FeesUsed.of(tool, 1)) && lacking.add(tool);
    }
    boolean isNeeded =
        isStrict || (!price.isFreeWithTools() && (!isOfAny || lacking.equals(tools)));
    return isNeeded && !lacking.isEmpty();
  }

  /**
   * Returns the number of searches that a provider charges for one web search if the provider
   * charges by results.
   *
   * @param results the largest number of results that the request allows; 0 if the request states
   *     no number
   */
  public static int searchesFor(long results) {
    return (int) Math.ceilDiv(Math.clamp(results, 1, MOST_RESULTS), RESULTS_OF_A_SEARCH);
  }

  /** Returns the fees, with each web search counted as the given number of searches. */
  public static FeesUsed withSearchesAs(int searches, FeesUsed fees) {
    return searches == 1
        ? fees
        : fees.withCounts(
            (piece, count) -> {
              boolean isSearch = piece.what() == FeeKind.WEB_SEARCH && !piece.isCountedApart();
              return Amounts.product(count, isSearch ? searches : 1);
            });
  }

  /** Returns the fees without those for pages that a tool fetches. */
  public static FeesUsed withoutFetches(FeesUsed fees) {
    return fees.counts().containsKey(FeePiece.FETCH)
        ? fees.withCounts((piece, count) -> piece.equals(FeePiece.FETCH) ? 0 : count)
        : fees;
  }

  /**
   * Returns the fees for texts and images that a tool has read to make images. The fee for an image
   * covers a prompt. Everything else that the tool reads is charged like more images of the usual
   * quality.
   *
   * @param tokens the number of tokens that the tool has read
   * @param images the number of images that the tool has made
   */
  public static FeesUsed ofImagesRead(long tokens, long images) {
    long prompts = Amounts.product(PROMPT_OF_AN_IMAGE, Math.max(1, images));
    return FeesUsed.of(
        FeePiece.READ_IMAGE, Math.ceilDiv(Math.max(0, tokens - prompts), READ_FOR_AN_IMAGE));
  }

  /**
   * Returns the highest fees for the texts and images that a tool can read to make images. If a
   * request lets the tool make several images, the tool can read the first image to make the
   * second. If a request lets the tool make many images, this method assumes that only a few of
   * them are made from others. If the tool can read no image, its prompt can still be longer than
   * the prompt that the fee for an image covers.
   *
   * @param ofTools the highest fees for the uses of the request's tools
   * @param refers whether the request refers to images or to anything else outside of its text
   */
  public static FeesUsed ofImagesToRead(FeesUsed ofTools, boolean refers) {
    long made = ofTools.count(FeeKind.IMAGE);
    long read = refers || made > 1 ? Amounts.product(MOST_IMAGES_READ, made) : made;
    return FeesUsed.of(FeePiece.READ_IMAGE, Math.min(read, UseBounds.ASSUMED_ROUNDS));
  }

  /** Returns the fees, with at most one of the images that a tool reads to make images. */
  static FeesUsed readingOneImage(FeesUsed fees) {
    return fees.counts().containsKey(FeePiece.READ_IMAGE)
        ? fees.withCounts((piece, count) -> piece.equals(FeePiece.READ_IMAGE) ? 1 : count)
        : fees;
  }

  /** Returns the fees multiplied by the number of requested answers. */
  public static FeesUsed times(FeesUsed fees, long answers) {
    return answers > 1 ? fees.withCounts((piece, count) -> Amounts.product(count, answers)) : fees;
  }

  /**
   * Returns the fees, with containers of the given memory sizes in place of containers of unknown
   * size.
   *
   * @param memories the memory sizes of the containers that tools name by their ids; each container
   *     counts once for each answer
   * @param answers the number of requested answers
   */
  public static FeesUsed inContainers(FeesUsed fees, Collection<String> memories, long answers) {
    if (fees.isNone() || memories.isEmpty()) {
      return fees;
    }
    FeePiece unknown = FeePiece.container("");
    FeesUsed all = FeesUsed.NONE;
    long left = fees.counts().getOrDefault(unknown, 0L);
    for (String memory : memories) {
      long some = Math.min(left, Math.max(1, answers));
      all = all.plus(FeesUsed.of(FeePiece.container(memory), some));
      left -= some;
    }
    for (Map.Entry<FeePiece, Long> each : fees.counts().entrySet()) {
      boolean isUnknown = each.getKey().equals(unknown);
      all = all.plus(FeesUsed.of(each.getKey(), isUnknown ? left : each.getValue()));
    }
    return all;
  }

  /**
   * Returns the uses that the answer states. A use without a stated quality gets the requested
   * quality. If the request allows several qualities of a tool, such uses get the most expensive of
   * these qualities first. Before that, the uses whose quality the answer states are subtracted
   * from the requested uses.
   */
  public static FeesUsed likeAsked(FeesUsed stated, FeesUsed requested, CallPrices prices) {
    if (stated.isNone()) {
      return stated;
    }
    FeesUsed asked = unstated(requested, stated);
    FeesUsed like = FeesUsed.NONE;
    for (Map.Entry<FeePiece, Long> each : stated.counts().entrySet()) {
      FeePiece piece = each.getKey();
      like =
          like.plus(
              piece.quality().isEmpty()
                  ? likeAsked(piece, each.getValue(), asked, prices)
                  : FeesUsed.of(piece, each.getValue()));
    }
    return like;
  }

  /**
   * Returns the requested uses, except for uses of tools whose quality the answer states. If the
   * answer states no quality of a tool, returns all requested uses.
   */
  private static FeesUsed unstated(FeesUsed requested, FeesUsed stated) {
    return requested.withCounts(
        (piece, count) -> {
          boolean isTool = FeeKind.OF_TOOLS.contains(piece.what()) && !piece.quality().isEmpty();
          return count - (isTool ? stated.counts().getOrDefault(piece, 0L) : 0);
        });
  }

  private static FeesUsed likeAsked(FeePiece piece, long count, FeesUsed asked, CallPrices prices) {
    List<FeePiece> named =
        prices.dearestFirst(
            asked.counts().keySet().stream()
                .filter(each -> each.what() == piece.what() && !each.isCountedApart())
                .toList());
    if (named.size() == 1) {
      return FeesUsed.of(named.getFirst(), count);
    }
    // Only for tools can an answer leave out the quality of a piece: for other pieces, such as
    // annotated pages, answers state each quality separately.
    if (named.isEmpty() || !FeeKind.OF_TOOLS.contains(piece.what())) {
      return FeesUsed.of(piece, count);
    }
    FeesUsed like = FeesUsed.NONE;
    long rest = count;
    for (FeePiece each : named) {
      long some = Math.min(rest, asked.counts().getOrDefault(each, 0L));
      like = like.plus(FeesUsed.of(each, some));
      rest -= some;
    }
    return like.plus(FeesUsed.of(named.getFirst(), rest));
  }

  /**
   * Returns the uses that the answer states, but at least the expected number of uses of each kind,
   * and of each piece that answers count separately.
   */
  static FeesUsed orMore(FeesUsed stated, FeesUsed expected) {
    FeesUsed all = stated;
    for (Map.Entry<FeePiece, Long> each : expected.counts().entrySet()) {
      long missing = alike(each.getKey(), expected) - alike(each.getKey(), all);
      all = all.plus(FeesUsed.of(each.getKey(), Math.min(missing, each.getValue())));
    }
    return all;
  }

  /** Returns the number of pieces among which answers do not tell the given piece apart. */
  private static long alike(FeePiece piece, FeesUsed fees) {
    if (piece.isCountedApart()) {
      return fees.counts().getOrDefault(piece, 0L);
    }
    return fees.counts().entrySet().stream()
        .filter(each -> each.getKey().what() == piece.what() && !each.getKey().isCountedApart())
        .mapToLong(Map.Entry::getValue)
        .reduce(0, Amounts::sum);
  }

  /** Returns what one use of each tool can cause, except for pieces of the given kinds. */
  public static FeesUsed onceExcept(Set<FeeKind> kinds, FeesUsed fees) {
    return fees.withCounts(
        (piece, count) ->
            kinds.contains(piece.what()) ? 0 : (long) piece.what().units() * piece.ofOneUse());
  }

  /**
   * Returns the pieces, with the usual quality for each piece whose quality the request does not
   * state. For example, the usual container is the smallest container.
   */
  public static FeesUsed usual(FeesUsed fees) {
    return fees.withPieces(
        piece -> piece.quality().isEmpty() ? new FeePiece(piece.what(), FeePiece.USUAL) : piece);
  }

  /** Returns the uses, with the number of each piece multiplied by a factor and rounded up. */
  static FeesUsed partOf(FeesUsed fees, double part) {
    return fees.withCounts((piece, count) -> (long) Math.ceil(count * part));
  }

  /** Returns what one use of each tool can cause. */
  static FeesUsed once(FeesUsed fees) {
    return onceExcept(Set.of(), fees);
  }
}
