package io.claviger.gateway.model;

import io.claviger.domain.usage.FeeKind;
import io.claviger.domain.usage.FeePiece;

/**
 * The quality and the size of the images that a body requests. If parsers might understand the body
 * differently, the images might have any quality.
 */
final class AskedImages {
  private static final String QUALITY = "quality";
  private static final String SIZE = "size";

  /** xAI's name for the size. */
  private static final String RESOLUTION = "resolution";

  /** The value with which a request lets the model choose. */
  private static final String AUTO = "auto";

  private String quality = "";
  private String size = "";

  /** The number of members that state a quality. A member with an unusual name counts as two. */
  private int qualities;

  private int sizes;
  private boolean isQuality;
  private boolean isUnclear;

  /**
   * Whether a member describes images.
   *
   * @param folded the member's name in lower case and without underscores
   */
  static boolean describe(String folded) {
    return folded.equals(QUALITY) || folded.equals(SIZE) || folded.equals(RESOLUTION);
  }

  /**
   * Begins a member that describes images.
   *
   * @param name the member's name, as the body spells it
   * @param folded the name in lower case and without underscores
   */
  void begin(String name, String folded) {
    isQuality = folded.equals(QUALITY);
    int more = name.equals(folded) ? 1 : 2;
    qualities += isQuality ? more : 0;
    sizes += isQuality ? 0 : more;
  }

  /**
   * Sets what the current member states.
   *
   * @param value the member's value; empty if the value is not a text of usual length
   */
  void state(String value) {
    String stated = value.strip();
    isUnclear |= stated.isEmpty();
    if (isQuality) {
      quality = stated;
    } else {
      size = stated;
    }
  }

  /**
   * Returns one of the images. The quality and the size are those that price lists name. If a price
   * list can't name what the body states, the image might have any quality.
   */
  FeePiece piece() {
    String ofQuality = chosen(quality);
    String ofSize = chosen(size);
    FeePiece stated = FeePiece.image(ofQuality, ofSize);
    boolean isNamed = !stated.quality().isEmpty() && !stated.hasReservedQuality();
    boolean isKnown = isNamed || (ofQuality.isEmpty() && ofSize.isEmpty());
    return isUnclear || !isKnown || qualities > 1 || sizes > 1
        ? FeePiece.dearest(FeeKind.IMAGE)
        : stated;
  }

  private static String chosen(String value) {
    return value.equals(AUTO) ? "" : value;
  }
}
