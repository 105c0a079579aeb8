package io.claviger.domain.usage;

import io.claviger.domain.InvalidValue;
import java.util.Comparator;
import java.util.Locale;
import java.util.regex.Pattern;

/**
 * A piece with a fee, such as an image or a web search.
 *
 * @param quality a further property that determines the price, such as {@code high} or {@code
 *     high/1024x1024}; empty if the property is unknown or makes no difference
 */
public record FeePiece(FeeKind what, String quality) implements Comparable<FeePiece> {
  private static final Pattern QUALITY = Pattern.compile("[a-z0-9_.:/-]{0,64}");
  private static final Comparator<FeePiece> ORDER =
      Comparator.comparing(FeePiece::what).thenComparing(FeePiece::quality);

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

  @Override
  public int compareTo(FeePiece other) {
    return ORDER.compare(this, other);
  }
}
