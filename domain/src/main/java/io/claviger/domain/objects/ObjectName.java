package io.claviger.domain.objects;

import io.claviger.domain.InvalidValue;
import java.util.Comparator;

/**
 * The provider's name of an object: its kind and id. The name is unique among the live objects of a
 * service. Names are comparable, so that a map finds them quickly even if a provider chooses many
 * ids with the same hash.
 *
 * @param id the provider's id, 1 to 1,024 visible ASCII characters; upper and lower case are
 *     distinguished
 */
public record ObjectName(ObjectKind kind, String id) implements Comparable<ObjectName> {
  public static final int LONGEST = 1_024;

  private static final Comparator<ObjectName> ORDER =
      Comparator.comparing(ObjectName::id).thenComparing(ObjectName::kind);

  /**
   * @throws InvalidValue when the text can't be an id
   */
  public ObjectName {
    if (!isId(id)) {
      throw new InvalidValue("id", "1 to 1,024 visible ASCII characters");
    }
  }

  /** Whether a text can be a provider's id. */
  public static boolean isId(String text) {
    return !text.isEmpty()
        && text.length() <= LONGEST
        && text.chars().allMatch(c -> c > ' ' && c < 0x7f);
  }

  @Override
  public int compareTo(ObjectName other) {
    return ORDER.compare(this, other);
  }
}
