package io.claviger.domain.usage;

import io.claviger.domain.InvalidValue;
import java.util.Comparator;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A piece with a fee, such as an image or a web search.
 *
 * @param quality a further property that determines the price, such as {@code high} or {@code
 *     high/1024x1024}; empty if the property is unknown or makes no difference
 */
public record FeePiece(FeeKind what, String quality) implements Comparable<FeePiece> {
  /**
   * The usual quality: a piece of this quality is charged like a piece without a stated quality.
   */
  public static final String USUAL = "usual";

  /**
   * The quality of a piece that might have any quality: such a piece is charged at the highest fee
   * of its kind.
   */
  public static final String DEAREST = "dearest";

  /** The memory of the largest known container, in gigabytes. */
  private static final int MOST_GIGABYTES = 64;

  private static final Pattern MEMORY = Pattern.compile("([1-9][0-9]{0,3})g");
  private static final Pattern QUALITY = Pattern.compile("[a-z0-9_.:/-]{0,64}");
  private static final Comparator<FeePiece> ORDER =
      Comparator.comparing(FeePiece::what).thenComparing(FeePiece::quality);

  /** A page that a tool fetches for the model, which costs less than a search. */
  public static final FeePiece FETCH = new FeePiece(FeeKind.WEB_SEARCH, "fetch");

  /** A post that a search on X returns. Providers charge each post instead of the search. */
  public static final FeePiece POST = new FeePiece(FeeKind.WEB_SEARCH, "post");

  /** The profile of a user that a search on X returns. */
  public static final FeePiece PROFILE = new FeePiece(FeeKind.WEB_SEARCH, "profile");

  /** A search in the files of a conversation, which costs more than one in a stored collection. */
  public static final FeePiece OF_ATTACHMENTS = new FeePiece(FeeKind.FILE_SEARCH, "attachments");

  /** What a tool reads to make images: it is charged like images of the usual quality. */
  public static final FeePiece READ_IMAGE = new FeePiece(FeeKind.IMAGE, USUAL);

  private static final Set<FeePiece> APART = Set.of(FETCH, POST, PROFILE, OF_ATTACHMENTS);

  /** The number of posts that one search on X is assumed to return at most. */
  private static final int POSTS_OF_A_SEARCH = 50;

  public FeePiece {
    if (!QUALITY.matcher(quality).matches()) {
      throw new InvalidValue(
          "quality", "up to 64 characters: lower-case letters, digits, and any of _.:/-");
    }
  }

  /**
   * Returns a piece with the quality that a provider or caller states. A text that can't be a
   * quality is treated as unknown.
   */
  public static FeePiece stated(FeeKind what, String quality) {
    String lower = quality.length() > 64 ? "" : quality.toLowerCase(Locale.ROOT);
    return new FeePiece(what, QUALITY.matcher(lower).matches() ? lower : "");
  }

  /**
   * Returns an image with the quality and the size that a provider or caller states.
   *
   * @param quality empty if the quality is unknown
   * @param size empty if the size is unknown
   */
  public static FeePiece image(String quality, String size) {
    boolean both = !quality.isEmpty() && !size.isEmpty();
    return stated(FeeKind.IMAGE, quality + (both ? "/" : "") + size);
  }

  /** Returns a piece that is charged at the highest fee of its kind. */
  public static FeePiece dearest(FeeKind what) {
    return new FeePiece(what, DEAREST);
  }

  /**
   * Returns a container with the memory that a provider or caller states. A text that can't be a
   * quality counts as the memory of the largest container.
   *
   * @param memory the stated memory, such as {@code 4g}; empty if it is unknown
   */
  public static FeePiece container(String memory) {
    FeePiece stated = stated(FeeKind.CODE_INTERPRETER, memory);
    return stated.isUsual() && !memory.isEmpty()
        ? new FeePiece(FeeKind.CODE_INTERPRETER, MOST_GIGABYTES + "g")
        : stated;
  }

  /**
   * Returns the factor by which the usual fee is multiplied if the price has no fee for the piece's
   * quality: a container's memory in gigabytes, and 1 for all other pieces. A memory that can't be
   * read counts as the memory of the largest container.
   */
  public int gigabytes() {
    if (what != FeeKind.CODE_INTERPRETER || isUsual()) {
      return 1;
    }
    Matcher memory = MEMORY.matcher(quality);
    return memory.matches() ? Integer.parseInt(memory.group(1)) : MOST_GIGABYTES;
  }

  /** Whether the piece might have any quality, and is charged at the highest fee of its kind. */
  public boolean isDearest() {
    return quality.equals(DEAREST);
  }

  /** Whether the quality is a word that no price can use, because it stands for another fee. */
  public boolean hasReservedQuality() {
    return isDearest() || quality.equals(USUAL);
  }

  /**
   * Whether answers always count such pieces apart from the other pieces of the kind. So a piece
   * whose quality an answer does not state is none of these.
   */
  public boolean isCountedApart() {
    return APART.contains(this);
  }

  /** Returns the greatest number of such pieces that one use of a tool can cause. */
  public int ofOneUse() {
    return equals(POST) ? POSTS_OF_A_SEARCH : 1;
  }

  /** Whether the piece is charged like a piece without a stated quality. */
  boolean isUsual() {
    return quality.isEmpty() || quality.equals(USUAL);
  }

  @Override
  public int compareTo(FeePiece other) {
    return ORDER.compare(this, other);
  }
}
